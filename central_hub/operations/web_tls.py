"""TLS of the hub's pages: IT's certificate where the settings name one, else one of the hub's own authority, made anew at each start."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from central_hub.app import Hub
from central_hub.enrolment.certificates import KeyAndCertificate, issue_server
from central_hub.enrolment.private_files import read_private, write_private


class WebTls(NamedTuple):
    """PEM files for the web server."""

    certificate: Path
    key: Path


def web_tls(hub: Hub) -> WebTls | None:
    """The files, or None where the pages have no name and stay on this machine. Raises MaterialDamaged."""
    web, root = hub.settings.web, hub.folder.root
    if not web.name:
        return None
    if web.certificate_file and web.key_file:
        return WebTls(root / web.certificate_file, root / web.key_file)
    authority = KeyAndCertificate(hub.authority_pem, read_private(hub.folder.authority_key))
    made = issue_server(authority, (web.name, "localhost", "127.0.0.1"), hub.now())
    files = WebTls(hub.folder.trust / "web.crt", hub.folder.trust / "web.key")
    write_private(files.certificate, made.certificate_pem)
    write_private(files.key, made.key_pem)
    return files
