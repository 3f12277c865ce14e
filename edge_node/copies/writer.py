"""Writer: page images and words → one PDF/A-2b file, in one pass.

Invariant: the JPEG bytes go into the file untouched, so a page's picture is the evidence that was scanned, also where a person
turned the page: it is the page that draws it turned. The file has passed the PDF/A-2b gate before anybody sees it.

Source: NĐ 30/2020/NĐ-CP, Phụ lục I, phần II, mục I (PDF from version 1.4, colour, at least 200 dpi, scale 100 %).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from edge_node.copies import archival
from edge_node.copies.embedding import EmbeddedFont, embed
from edge_node.copies.errors import PageCountRefused, PageSizeMismatch, PageUnreadable
from edge_node.copies.model import MAX_PAGES, CopyPage
from edge_node.copies.text_layer import POINTS_PER_INCH, normal_text, text_operators
from edge_node.copies.typefaces import load_typeface


def make_copy(
    pages: Sequence[CopyPage],
    *,
    title: str,
    captured_at: dt.datetime,
    typefaces_dir: Path | None = None,
    note: str = "",
) -> bytes:
    """Return the copy of one component.

    Pages keep their order and their real size (px / dpi). Characters the typeface lacks are left out of the text layer
    and stay in the picture. The same arguments give the same bytes.

    Args:
        pages: at least one page, at most `MAX_PAGES`.
        title: what a reader shows in its window title, e.g. the document's name.
        captured_at: aware; written as Vietnam time.
        typefaces_dir: where the cut-down typeface is kept between runs; `None` keeps it in memory.
        note: what was done to pictures before they became pages; written as the document's subject.

    Raises:
        PageCountRefused: no page, or too many.
        PageUnreadable: a page is not a JPEG in RGB or grey.
        PageSizeMismatch: a page's image is not as large as declared.
        TimeWithoutZone: `captured_at` is naive.
        NotArchival: the finished file did not pass the gate.
    """
    if not 1 <= len(pages) <= MAX_PAGES:
        raise PageCountRefused(count=len(pages), limit=MAX_PAGES)
    with pikepdf.new() as pdf:
        profile = archival.add_colour_intent(pdf)
        text = normal_text(word for page in pages for word in page.words)
        font = embed(pdf, load_typeface("text", typefaces_dir), text) if text else None
        for number, page in enumerate(pages, start=1):
            pdf.pages.append(pikepdf.Page(_page_object(pdf, page, number, profile, font)))
        archival.describe(pdf, title=title, made_at=captured_at, subject=note)
        data = archival.save(pdf)
    archival.require_archival(data)
    return data


def _page_object(
    pdf: pikepdf.Pdf, page: CopyPage, number: int, profile: pikepdf.Object, font: EmbeddedFont | None
) -> pikepdf.Object:
    width_pt, height_pt = (side * POINTS_PER_INCH / page.dpi for side in page.shown_px)
    picture = f"q {_drawing_matrix(page.turns, width_pt, height_pt)} cm /Im0 Do Q\n".encode()
    resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(_image_object(pdf, page, number, profile))))
    if font is not None and page.words:
        resources.Font = Dictionary(F0=font.font)
        picture += text_operators(page, font)
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(width_pt, 3), round(height_pt, 3)]),
            Resources=resources,
            Contents=pdf.make_indirect(Stream(pdf, picture)),
        )
    )


def _drawing_matrix(turns: int, width_pt: float, height_pt: float) -> str:
    """The six numbers that lay the stored image, turned clockwise, over a page of this shown size."""
    w, h = f"{width_pt:.3f}", f"{height_pt:.3f}"
    return (f"{w} 0 0 {h} 0 0", f"0 -{h} {w} 0 0 {h}", f"-{w} 0 0 -{h} {w} {h}", f"0 {h} -{w} 0 {w} 0")[turns % 4]


def _image_object(pdf: pikepdf.Pdf, page: CopyPage, number: int, profile: pikepdf.Object) -> Stream:
    mode = _checked_mode(page, number)
    image = Stream(pdf, page.jpeg)
    image.Type = Name.XObject
    image.Subtype = Name.Image
    image.Width, image.Height = page.width_px, page.height_px
    image.BitsPerComponent = 8
    image.ColorSpace = Array([Name.ICCBased, profile]) if mode == "RGB" else Name.DeviceGray
    image.Filter = Name.DCTDecode
    return image


def _checked_mode(page: CopyPage, number: int) -> str:
    try:
        with Image.open(io.BytesIO(page.jpeg), formats=("JPEG",)) as image:
            mode, size = image.mode, image.size
    except Exception as error:  # the decoder raises many kinds; all mean the same to the clerk
        raise PageUnreadable(page=number, found=type(error).__name__) from error
    if mode not in ("RGB", "L"):
        raise PageUnreadable(page=number, found=f"colour mode {mode}")
    if size != (page.width_px, page.height_px) or page.dpi <= 0:
        raise PageSizeMismatch(page=number, declared=f"{page.width_px}x{page.height_px}", found=f"{size[0]}x{size[1]}")
    return mode
