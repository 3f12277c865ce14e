"""PDF files become pages: a scan keeps its own JPEG, everything else is rendered at the profile's resolution.

Runs inside the sandbox. qpdf judges the structure, pdfium draws; both see the same bytes.
"""

from __future__ import annotations

import io
import itertools

import pikepdf
import pypdfium2
import pypdfium2.raw

from edge_node.capture.active_content import refuse_active_content
from edge_node.capture.pdf_scan import scan_of
from edge_node.capture.raster import check_size, encode_page
from edge_node.capture.untrusted import DecodedPage, DecodeLimits, Refusal

_POINTS_PER_INCH = 72
_FORM_DEPTH, _PICTURES_MAX = 5, 500
_LOST = ("limits error", "excessively deep", "treating as null", "error decoding", "recover stream length")
# A stream whose length is wrong lost bytes on its way: decoders fill the rest of a scan with grey and say nothing.


def read_pages(content: bytes, limits: DecodeLimits, first: int, count: int) -> tuple[int, list[DecodedPage], set[str]]:
    """Check the whole file (on its first stretch) and decode pages: (pages in the file, pages, warning words).

    Raises:
        Refusal: encrypted, damaged, active_content, too_many_pages, image_too_big or too_complex.
    """
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refusal("encrypted")
            warnings: set[str] = set()
            page_count = _count_pages(pdf, limits)
            if first == 0:
                warnings |= refuse_active_content(pdf, limits)
            pages = _pages(pdf, content, limits, range(first, min(first + count, page_count)))
            warnings |= _repairs(pdf)
            return page_count, pages, warnings
    except pikepdf.PasswordError as problem:
        raise Refusal("encrypted") from problem
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Refusal("damaged", type(problem).__name__) from problem
    except RecursionError as problem:
        raise Refusal("too_complex", "recursion") from problem
    except RuntimeError as problem:
        # To open a locked file qpdf wants a random device, which the sandbox does not have.
        raise Refusal("encrypted" if b"/Encrypt" in content else "damaged", type(problem).__name__) from problem


def _repairs(pdf: pikepdf.Pdf) -> set[str]:
    """Warning words for what qpdf mended; a mended table of contents is fine, a lost object is not.

    Raises:
        Refusal: `damaged` when part of the document was dropped: a copy must be whole.
    """
    told = pdf.get_warnings()
    if any(sign in str(warning) for warning in told for sign in _LOST):
        raise Refusal("damaged", "pdf object lost")
    return {"pdf_repaired"} if told else set()


def _count_pages(pdf: pikepdf.Pdf, limits: DecodeLimits) -> int:
    # The declared count may lie either way; it is only a cheap early exit before the tree is walked.
    declared = pdf.Root.Pages.get("/Count", 0)
    if isinstance(declared, int) and declared > limits.pages:
        raise Refusal("too_many_pages", "pdf")
    page_count = len(pdf.pages)
    if page_count > limits.pages:
        raise Refusal("too_many_pages", "pdf")
    if page_count == 0:
        raise Refusal("damaged", "pdf without pages")
    return page_count


def _pages(pdf: pikepdf.Pdf, content: bytes, limits: DecodeLimits, wanted: range) -> list[DecodedPage]:
    renderer: pypdfium2.PdfDocument | None = None
    pages = []
    try:
        for number in wanted:
            page = scan_of(pdf.pages[number], number, limits)
            if page is None:
                _refuse_undecodable(pdf.pages[number])
                if renderer is None:
                    renderer = pypdfium2.PdfDocument(content)
                    # Signature stamps are form widgets; without this they are not drawn.
                    renderer.init_forms()
                page = _render(renderer, number, limits)
            pages.append(page)
    finally:
        if renderer is not None:
            renderer.close()
    return pages


def _refuse_lost_pictures(page: pypdfium2.PdfPage, limits: DecodeLimits) -> None:
    """Refuse a page with a picture pdfium cannot decode: it would draw white paper there and say nothing.

    Raises:
        Refusal: `damaged`: a copy must be whole. `image_too_big` by the size a picture states.
    """
    pictures = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=_FORM_DEPTH)
    for picture in itertools.islice(pictures, _PICTURES_MAX):
        width_px, height_px = picture.get_px_size()
        check_size(max(1, int(width_px)), max(1, int(height_px)), limits)
        try:
            picture.get_bitmap(render=False).close()
        except pypdfium2.PdfiumError as problem:
            raise Refusal("damaged", "picture inside pdf") from problem


def _refuse_undecodable(page: pikepdf.Page) -> None:
    """The same for what is squeezed without loss, where pdfium draws black or white instead of failing."""
    for image in page.images.values():
        filters = image.get("/Filter")
        named = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
        if named == [pikepdf.Name.FlateDecode]:
            try:
                image.read_bytes()
            except pikepdf.PdfError as problem:
                raise Refusal("damaged", "picture inside pdf") from problem


def _render(renderer: pypdfium2.PdfDocument, number: int, limits: DecodeLimits) -> DecodedPage:
    page = renderer[number]
    _refuse_lost_pictures(page, limits)
    scale = limits.render_dpi / _POINTS_PER_INCH
    width_pt, height_pt = page.get_size()
    width_px, height_px = round(width_pt * scale), round(height_pt * scale)
    check_size(width_px, height_px, limits)
    if width_px * height_px > limits.rendered_megapixels * 1_000_000:
        raise Refusal("image_too_big", f"{width_px}x{height_px}")
    picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_pil()
    page.close()
    return encode_page(picture.convert("RGB"), limits.render_dpi, number, "rendered")
