"""What the sandbox does with a signed copy: its pages as pictures and their sizes in px, nothing else leaves it.

Registered by the composition root as `PAGES_TASK`. Importing this module loads pdfium and Pillow; only the sandboxed process does.
"""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pypdfium2
import pypdfium2.raw

from edge_node.review.page_image import DrawnPages, PageSize

_SCAN_DPI = 200  # a page without an image has the size of its paper at this resolution
_JPEG_QUALITY = 82


def draw(content: bytes, arguments: dict[str, Any]) -> bytes:
    """The sizes of all pages and the pictures of `count` pages from page `first` (from 1) on; a `DrawnPages`, empty where pdfium refuses."""
    first, count, dpi = (int(arguments[name]) for name in ("first", "count", "dpi"))
    try:
        document = pypdfium2.PdfDocument(content)
        numbers = range(len(document))
        sizes = tuple(_size(document[number]) for number in numbers)
        drawn = tuple(_drawn(document[number], dpi) for number in numbers[first - 1 : first - 1 + count])
    except (pypdfium2.PdfiumError, IndexError):
        return msgspec.msgpack.encode(DrawnPages())
    return msgspec.msgpack.encode(DrawnPages(sizes, first, drawn))


def _drawn(page: pypdfium2.PdfPage, dpi: int) -> bytes:
    out = io.BytesIO()
    page.render(scale=dpi / 72).to_pil().convert("RGB").save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()


def _size(page: pypdfium2.PdfPage) -> PageSize:
    points = page.get_size()
    images = list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    if images:
        width, height = max((image.get_px_size() for image in images), key=lambda one: int(one[0] * one[1]))
        return (
            PageSize(int(height), int(width))
            if _is_turned(width / height, points)
            else PageSize(int(width), int(height))
        )
    return PageSize(round(points[0] / 72 * _SCAN_DPI), round(points[1] / 72 * _SCAN_DPI))


def _is_turned(proportion: float, points: tuple[float, float]) -> bool:
    """Whether the page shows its image by a quarter turn: a page turned in the tray keeps the image as it was scanned."""
    shown = points[0] / points[1]
    return abs(shown - 1 / proportion) < abs(shown - proportion)
