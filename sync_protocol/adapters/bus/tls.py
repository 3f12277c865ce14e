"""The node's side of TLS: version 1.3 only, one authority only, the name always checked."""

from __future__ import annotations

import ssl

from sync_protocol.adapters.bus.errors import ServerNotTrusted


def client_context(ca_pem: bytes) -> ssl.SSLContext:
    """A context that trusts `ca_pem` and nothing else (not even the machine's own list of authorities).

    Raises:
        ServerNotTrusted: `ca_pem` is not a certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = True
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_verify_locations(cadata=ca_pem.decode("ascii"))
    except (ssl.SSLError, UnicodeDecodeError, ValueError):
        raise ServerNotTrusted(server="?", reason="the enrolment's authority certificate is unreadable") from None
    return context
