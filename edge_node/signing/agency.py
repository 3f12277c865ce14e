"""Agency signature: after success the clerk (văn thư) signs the copy for the agency, in the field prepared at capture.

Text only: form of copy, agency name, signing time. No image, neither of a seal nor of a signature.

Source: NĐ 30/2020/NĐ-CP Điều 25.1c, 26, Phụ lục I, phần II, mục I; QĐ 1333/QĐ-BHXH Điều 9.4 (after success only).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cryptography import x509

from edge_node.copies.typefaces import load_typeface
from edge_node.signing.certificates import require_usable
from edge_node.signing.errors import AlreadySigned, FieldMissing
from edge_node.signing.keys import SigningKey
from edge_node.signing.placement import place_in
from edge_node.signing.stamp import draw_stamp, shown_time
from sync_protocol.adapters.signature_names import AGENCY_FIELD

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

CopyForm = Literal["SAO Y", "SAO LỤC", "TRÍCH SAO"]


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """A copy with the agency's signature; `data` begins with the officer's file byte for byte."""

    data: bytes
    sha256: str
    length: int
    form: CopyForm
    agency: str
    certificate_sha256: str
    signed_at: dt.datetime


def seal_copy(
    pdf: bytes,
    key: SigningKey,
    *,
    form: CopyForm,
    agency: str,
    at: dt.datetime,
    registry: Collection[str] | None = None,
    roots: Sequence[x509.Certificate] = (),
    typefaces_dir: Path | None = None,
) -> SealedCopy:
    """Fill the agency's field of an officer-signed copy.

    Args:
        pdf: the copy, as captured or with time stamps appended since.
        key: the agency's.
        form: the form of copy that is written into the stamp.
        agency: the agency's name, wrapped at words.
        at: aware; signing time and time shown.
        registry: SHA-256 of the agency certificates in use; `None` when there is no register to ask.
        roots: authorities this office trusts.
        typefaces_dir: where the stamp's typeface is kept between runs.

    Raises:
        FieldMissing: the copy was made without the field.
        AlreadySigned: the agency has signed this copy.
        StampDoesNotFit: the name is too long for the field.
        Problem: the certificate may not sign, the file does not open, or the key's device failed.
    """
    require_usable(key.certificate, key.issuers, at=at, roots=roots, registry=registry)
    from edge_node.signing import pades

    writer = pades.open_for_signing(pdf)
    box = _empty_field_box(writer)
    place = place_in(box, pades.first_page_shape(writer).rotation)
    stamp = draw_stamp((form, agency, shown_time(at)), place, load_typeface("stamp", typefaces_dir), at=at)
    request = pades.SignatureRequest(AGENCY_FIELD, at, appearance=stamp, existing_field_only=True)
    data = pades.append_signature(writer, key, request)
    return SealedCopy(data, hashlib.sha256(data).hexdigest(), len(data), form, agency, key.certificate_sha256, at)


def _empty_field_box(writer: IncrementalPdfFileWriter) -> tuple[int, int, int, int]:
    field = _field(writer)
    if field is None or "/Rect" not in field:
        raise FieldMissing(field=AGENCY_FIELD)
    if "/V" in field:
        raise AlreadySigned(field=AGENCY_FIELD)
    left, low, right, high = (round(float(number)) for number in field["/Rect"])
    return left, low, right, high


def _field(writer: IncrementalPdfFileWriter) -> Any:
    root = writer.prev.root
    fields = root["/AcroForm"]["/Fields"] if "/AcroForm" in root else ()
    named = (one.get_object() for one in fields)
    return next((field for field in named if "/T" in field and field["/T"] == AGENCY_FIELD), None)
