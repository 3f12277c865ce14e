"""The trust folder: roots, issuers and revocation lists as files that an operator, or a fetching job, puts there."""

from __future__ import annotations

from pathlib import Path

from central_hub.seals.errors import NoTrustFolder
from sync_protocol.adapters.verification.report import Trust


def read_trust(folder: Path) -> Trust:
    """Return what lies in the folder now: `*.root.der`, `*.issuer.der`, `*.crl`, all DER.

    Raises:
        NoTrustFolder: there is no root, or the folder cannot be read.
    """
    try:
        trust = Trust(
            roots=tuple(path.read_bytes() for path in sorted(folder.glob("*.root.der"))),
            intermediates=tuple(path.read_bytes() for path in sorted(folder.glob("*.issuer.der"))),
            crls=tuple(path.read_bytes() for path in sorted(folder.glob("*.crl"))),
        )
    except OSError as error:
        raise NoTrustFolder(found=type(error).__name__) from error
    if not trust.roots:
        raise NoTrustFolder(found="no root")
    return trust
