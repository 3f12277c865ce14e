"""Codes on paper: the QR of an identity card, of our own slips and separator sheets, and line codes, by zxing-cpp.

Measured 2026-11-22: a card's QR on a 200-dpi copy reads 20 of 20 as it is, on a 150-dpi copy 2 of 20, and 20 of 20 after doubling
the picture. So a coarse page without a code is looked at once more at twice its size.
"""

from __future__ import annotations

from dataclasses import dataclass

from edge_node.imaging.decode import Page
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import luminance

_DOUBLING_LIMIT_PX = 16_000_000
"""Pixels above which a page is not doubled: 300 dpi needs no second look, and memory stays bounded."""

_COARSE_SIDE_PX = 2100
"""Longest side below which an A4 page is coarser than 180 dpi and is looked at twice without being asked."""


@dataclass(frozen=True)
class FoundCode:
    """Text, format as zxing names it, and box in px of the page given."""

    text: str
    format: str
    box: Box


def find_codes(page: Page, expected: bool = False) -> tuple[FoundCode, ...]:
    """All readable codes on a page, top to bottom; empty when there is none. Pure.

    The second look costs 0.2 CPU seconds, so it is taken on coarse pages and where a code is `expected`.
    """
    import cv2

    grey = luminance(page)
    found = _read(grey, 1)
    if not found and grey.size <= _DOUBLING_LIMIT_PX and (expected or max(grey.shape) < _COARSE_SIDE_PX):
        found = _read(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), 2)
    return tuple(sorted(found, key=lambda code: (code.box.y, code.box.x)))


def _read(grey: object, scale: int) -> list[FoundCode]:
    import zxingcpp

    wanted = zxingcpp.BarcodeFormat.QRCode | zxingcpp.BarcodeFormat.Code128 | zxingcpp.BarcodeFormat.DataMatrix
    found = []
    # Codes on paper are dark on light; to look for light ones as well costs a third more.
    for code in zxingcpp.read_barcodes(grey, formats=wanted, try_invert=False):
        corners = (
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_right,
            code.position.bottom_left,
        )
        xs, ys = [p.x // scale for p in corners], [p.y // scale for p in corners]
        box = Box(min(xs), min(ys), max(1, max(xs) - min(xs)), max(1, max(ys) - min(ys)))
        found.append(FoundCode(code.text, str(code.format).rsplit(".", 1)[-1], box))
    return found
