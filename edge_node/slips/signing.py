"""Signing a slip: the officer's own key, nothing drawn on the page (the form has its own place for the name).

Source: TT 01/2018/TT-VPCP Điều 9–10 (slips are digitally signed).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence

from cryptography import x509

from edge_node.copies.archival import require_archival
from edge_node.signing.certificates import require_usable
from edge_node.signing.errors import AlreadySigned
from edge_node.signing.keys import SigningKey
from edge_node.signing.personal import SignedCopy
from sync_protocol.adapters.signature_names import SLIP_FIELD


def sign_slip(
    pdf: bytes,
    key: SigningKey,
    *,
    at: dt.datetime,
    registry: Collection[str] | None = None,
    roots: Sequence[x509.Certificate] = (),
) -> SignedCopy:
    """Sign a finished slip at `at` (aware); no change is allowed afterwards but time stamps.

    Raises:
        AlreadySigned: the slip has a signature.
        Problem: the certificate may not sign, the file does not open, or the key's device failed.
    """
    require_usable(key.certificate, key.issuers, at=at, roots=roots, registry=registry)
    from edge_node.signing import pades

    writer = pades.open_for_signing(pdf)
    if "/AcroForm" in writer.prev.root:
        raise AlreadySigned(field=SLIP_FIELD)
    require_archival(pdf)
    data = pades.append_signature(writer, key, pades.SignatureRequest(SLIP_FIELD, at, certify=True))
    return SignedCopy(data, hashlib.sha256(data).hexdigest(), len(data), key.signer_name, key.certificate_sha256, at)
