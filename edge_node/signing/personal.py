"""Personal signature: the officer who captured a paper signs its copy before anything is read from it.

Invariant: the agency's field is put into the file before this signature and stays empty; a field added afterwards would
break the signature (measured, signing.md §2b). The signature certifies the file at level 2: only filling that field
and appending time stamps is still allowed.

Source: QĐ 1333/QĐ-BHXH Điều 8.1 (personal signature before extraction), 13.3b (name and time, top-left of page 1).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from edge_node.copies.archival import require_archival
from edge_node.copies.typefaces import load_typeface
from edge_node.signing.certificates import require_usable
from edge_node.signing.errors import AlreadySigned
from edge_node.signing.keys import SigningKey
from edge_node.signing.placement import place_on
from edge_node.signing.stamp import draw_stamp, shown_time
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """A copy with the officer's signature: what the record binds and the log keeps.

    `sha256` and `length` stay true of `data[:length]` of every later version, because later steps only append.
    """

    data: bytes
    sha256: str
    length: int
    signer_name: str
    certificate_sha256: str
    signed_at: dt.datetime


def sign_capture(
    pdf: bytes,
    key: SigningKey,
    *,
    captured_at: dt.datetime,
    registry: Collection[str] | None = None,
    roots: Sequence[x509.Certificate] = (),
    typefaces_dir: Path | None = None,
    seal_is_final: bool = False,
) -> SignedCopy:
    """Sign a finished copy; `captured_at` is both the signing time and the time shown.

    Args:
        pdf: a PDF/A-2b file without signatures.
        key: the capturing officer's.
        captured_at: aware.
        registry: SHA-256 of the certificates registered for this officer; `None` when there is no register to ask.
        roots: authorities this office trusts; empty: the chain is checked as far as the key's own issuers go.
        typefaces_dir: where the stamp's typeface is kept between runs.
        seal_is_final: the agency's signature will close the file: no further signature then, only validation data and time stamps.

    Raises:
        NotArchival: the file does not pass the PDF/A-2b gate.
        AlreadySigned: the file carries a personal signature.
        Problem: the certificate may not sign, the file does not open, or the key's device failed.
    """
    require_usable(key.certificate, key.issuers, at=captured_at, roots=roots, registry=registry)
    from edge_node.signing import pades

    writer = pades.open_for_signing(pdf)
    if "/AcroForm" in writer.prev.root:
        raise AlreadySigned(field=OFFICER_FIELD)
    require_archival(pdf)
    data = certify(writer, key, at=captured_at, typefaces_dir=typefaces_dir, seal_is_final=seal_is_final)
    return SignedCopy(
        data, hashlib.sha256(data).hexdigest(), len(data), key.signer_name, key.certificate_sha256, captured_at
    )


def certify(
    writer: IncrementalPdfFileWriter,
    key: SigningKey,
    *,
    at: dt.datetime,
    typefaces_dir: Path | None = None,
    seal_is_final: bool = False,
) -> bytes:
    """Put the empty agency field and the visible personal signature into an opened file and return it.

    The checks of `sign_capture` are the caller's.
    """
    from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field

    from edge_node.signing import pades

    shape = pades.first_page_shape(writer)
    agency = place_on(shape, "top-right")
    # The lock is part of the empty field, so the officer signs that the agency's signature closes the file (signing.md §2b, row D).
    lock = FieldMDPSpec(FieldMDPAction.ALL) if seal_is_final else None
    perms = MDPPerm.NO_CHANGES if seal_is_final else None
    append_signature_field(
        writer, SigFieldSpec(AGENCY_FIELD, on_page=0, box=agency.box, field_mdp_spec=lock, doc_mdp_update_value=perms)
    )
    place = place_on(shape, "top-left")
    words = (f"Người quét: {key.signer_name}", f"Thời gian quét: {shown_time(at)}")
    stamp = draw_stamp(words, place, load_typeface("stamp", typefaces_dir), at=at)
    request = pades.SignatureRequest(OFFICER_FIELD, at, certify=True, box=place.box, appearance=stamp)
    return pades.append_signature(writer, key, request)
