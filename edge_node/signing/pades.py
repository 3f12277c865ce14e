"""PAdES: one signature appended to a PDF as an incremental update, never touching a byte that is already there.

The only module that speaks to pyHanko's signing side. Level B-B: the office has no line; time stamps and validation data
are appended later at the hub. One instant is used for `/M` and for the visible words.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle

from edge_node.signing.errors import FileNotSignable
from edge_node.signing.keys import SigningKey
from edge_node.signing.loaded_key import LoadedKeySigner
from edge_node.signing.placement import PageShape
from sync_protocol.errors import Problem

RESERVED_BYTES = 16384
"""Room for the CMS object. Reserving it saves a trial signature; real ones took at most 8.2 KB (signing.md §6)."""


@dataclass(frozen=True)
class SignatureRequest:
    """What one signature is to be.

    `box` places a new visible field; with `None` an existing field is filled, or an invisible one is made.
    `appearance` is a one-page PDF as large as the field.
    """

    field: str
    at: dt.datetime
    certify: bool = False
    box: tuple[int, int, int, int] | None = None
    appearance: bytes | None = None
    existing_field_only: bool = False


def open_for_signing(pdf: bytes) -> IncrementalPdfFileWriter:
    """Open a PDF for appending.

    Raises:
        FileNotSignable: the file does not parse or is encrypted.
    """
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        if writer.prev.encrypted:
            raise FileNotSignable(found="encryption")
        return writer
    except Problem:
        raise
    except Exception as error:  # the parser raises many kinds on hostile files
        raise FileNotSignable(found=type(error).__name__) from error


def append_signature(writer: IncrementalPdfFileWriter, key: SigningKey, request: SignatureRequest) -> bytes:
    """Sign and return the whole file. Uses the key once. Runs its own event loop: call it from a worker thread.

    Raises:
        FileNotSignable: the document refuses the signature.
        Problem: whatever the key's device reported.
    """
    metadata = PdfSignatureMetadata(
        field_name=request.field,
        md_algorithm="sha256",
        name=key.signer_name or None,
        subfilter=SigSeedSubFilter.PADES,
        certify=request.certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    signer = _InstantSigner(
        metadata,
        LoadedKeySigner(key),
        stamp_style=_style(request.appearance),
        new_field_spec=None if request.existing_field_only else SigFieldSpec(request.field, on_page=0, box=request.box),
    )
    signer.instant = request.at
    try:
        signed = signer.sign_pdf(
            writer, existing_fields_only=request.existing_field_only, bytes_reserved=RESERVED_BYTES
        )
    except Problem:
        raise
    except Exception as error:  # pyHanko has no single base class
        raise FileNotSignable(found=type(error).__name__) from error
    return bytes(signed.getbuffer())


def first_page_shape(writer: IncrementalPdfFileWriter) -> PageShape:
    """Return the shape of page 1; boxes and rotation may be inherited from the page tree.

    Raises:
        FileNotSignable: there is no page 1 with a box.
    """
    try:
        untyped: Any = writer
        page = untyped.find_page_for_modification(0)[0]
        while isinstance(page, IndirectObject):
            reference: Any = page
            page = reference.get_object()
        return _page_shape(page)
    except Exception as error:  # a broken page tree raises many kinds
        raise FileNotSignable(found=type(error).__name__) from error


def _page_shape(page: Any) -> PageShape:
    box = _inherited(page, "/CropBox") or _inherited(page, "/MediaBox")
    x0, y0, x1, y1 = (float(number) for number in box)
    rotation = int(_inherited(page, "/Rotate") or 0) % 360
    return PageShape(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), rotation if rotation in (90, 180, 270) else 0)


def _inherited(page: Any, name: str) -> Any:
    node = page
    for _ in range(64):  # deeper trees are refused at the hub
        if name in node:
            return node[name]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]  # not `.get`, which would give the bare reference
    return None


class _InstantSigner(PdfSigner):
    """Signs at the given instant instead of asking the machine's clock; pyHanko offers no public parameter for it."""

    instant: dt.datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.instant
        return session


class _DrawnPage(PdfContent):
    """A one-page PDF as content of a stamp."""

    def __init__(self, page: bytes) -> None:
        self._page = page
        super().__init__()

    def render(self) -> bytes:
        drawn = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._page)))
        self.resources.xobject["/Stamp"] = drawn
        left, low, right, high = drawn.get_object()["/BBox"]
        self.box = BoxConstraints(width=right - left, height=high - low)
        return b"/Stamp Do"


def _style(appearance: bytes | None) -> StaticStampStyle | None:
    if appearance is None:
        return None
    exact = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MIN,
        y_align=AxisAlignment.ALIGN_MIN,
        margins=Margins(0, 0, 0, 0),
        inner_content_scaling=InnerScaling.NO_SCALING,
    )
    return StaticStampStyle(border_width=0, background=_DrawnPage(appearance), background_layout=exact)
