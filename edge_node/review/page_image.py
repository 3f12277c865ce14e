"""A page of a copy as a picture for the screen, and the coordinates in which boxes lie on it.

The picture is drawn from the signed file itself, so what an officer confirms is what was signed. One page takes about 60 ms at 110 dpi.
"""

from __future__ import annotations

import io
import threading

import msgspec

from edge_node.review.errors import PageUndrawable

SCREEN_DPI = 110
_drawing = threading.Lock()  # the library is not safe for threads


class PageSize(msgspec.Struct, frozen=True):
    """Width and height of the scanned image in px: the coordinates of boxes, origin top-left."""

    width_px: int
    height_px: int


def page_sizes(pdf: bytes) -> tuple[PageSize, ...]:
    """The scanned image's size for every page of a copy.

    Raises:
        PageUndrawable: the file is no copy of ours.
    """
    import pypdfium2

    with _drawing:
        try:
            document = pypdfium2.PdfDocument(pdf)
            try:
                return tuple(_size(document[number]) for number in range(len(document)))
            finally:
                document.close()
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise PageUndrawable(page=0) from error


def draw_page(pdf: bytes, page: int, dpi: int = SCREEN_DPI) -> bytes:
    """One page, counted from 1, as JPEG.

    Raises:
        PageUndrawable: there is no such page, or the file cannot be drawn.
    """
    import pypdfium2

    with _drawing:
        try:
            document = pypdfium2.PdfDocument(pdf)
            try:
                image = document[page - 1].render(scale=dpi / 72).to_pil()
            finally:
                document.close()
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise PageUndrawable(page=page) from error
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


def _size(page: object) -> PageSize:
    import pypdfium2
    import pypdfium2.raw

    images = list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))  # type: ignore[attr-defined]
    if images:
        width, height = max((image.get_px_size() for image in images), key=lambda one: one[0] * one[1])
        return PageSize(int(width), int(height))
    points = page.get_size()  # type: ignore[attr-defined]
    return PageSize(round(points[0] / 72 * 200), round(points[1] / 72 * 200))
