"""A sheet in a photograph: its four corners, how finely it was taken, and the sheet alone as a scanner would have seen it.

Only A4 is claimed: a photograph does not say how large its paper is, and the law's resolution is one of the paper. The photograph itself is not touched.

Source: NĐ 30/2020/NĐ-CP, Phụ lục I, phần II, mục I (at least 200 dpi, scale 100 %).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edge_node.imaging.decode import Page
from edge_node.imaging.paper_edge import Corners, paper_corners

A4_INCH = (210 / 25.4, 297 / 25.4)
DPI_MIN = 200
"""Below this the sheet is not made anew: no resampling brings back what the camera did not see."""

_PROPORTION = (1.25, 1.6)
"""Long by short side of what may be A4 (1.414) taken aslant; a card has 1.586 but seldom fills a photograph, a receipt is longer."""

_IN_PLACE = 0.015
"""Corners closer to those of the picture than this share of its side: a scan, nothing to straighten."""


@dataclass(frozen=True)
class SheetSeen:
    """The sheet in a photograph.

    Attributes:
        corners: x and y of top-left, top-right, bottom-right, bottom-left as shares (0 to 1) of the picture's width and height.
        dpi: of an A4 sheet where it was taken most coarsely, rounded down.
    """

    corners: tuple[float, ...]
    dpi: int

    @property
    def is_fine_enough(self) -> bool:
        """Whether the sheet alone would still have the law's resolution."""
        return self.dpi >= DPI_MIN


def sheet_in(page: Page) -> SheetSeen | None:
    """The sheet photographed in `page`; None where its edges are not all seen, it fills the picture, or it is no A4. Pure."""
    found = paper_corners(page)
    if found is None:
        return None
    height, width = page.shape[:2]
    shares = found / np.array([width, height], dtype=np.float64)
    if np.abs(shares - np.array([(0, 0), (1, 0), (1, 1), (0, 1)])).max() < _IN_PLACE:
        return None
    top, right, bottom, left = _sides(found)
    across, down = (top + bottom) / 2, (left + right) / 2
    if not _PROPORTION[0] <= max(across, down) / min(across, down) <= _PROPORTION[1]:
        return None
    short, long = ((top, bottom), (left, right)) if across < down else ((left, right), (top, bottom))
    dpi = int(min(min(short) / A4_INCH[0], min(long) / A4_INCH[1]))
    return SheetSeen(tuple(round(float(share), 5) for share in shares.ravel()), dpi)


def from_above(page: Page, corners: tuple[float, ...], dpi: int = DPI_MIN) -> Page:
    """The sheet alone, `(height, width, channels)`, as large as A4 at `dpi`, upright or across as it lay. Pure.

    Warped at the photograph's own fineness first and then shrunk, so that thin strokes are averaged and not skipped.
    """
    import cv2

    height, width = page.shape[:2]
    quad = np.array(corners, dtype=np.float64).reshape(4, 2) * np.array([width, height])
    top, right, bottom, left = _sides(quad)
    is_upright = top + bottom < left + right
    inches = A4_INCH if is_upright else A4_INCH[::-1]
    wanted = (round(inches[0] * dpi), round(inches[1] * dpi))
    taken = (max(wanted[0], round(max(top, bottom))), max(wanted[1], round(max(left, right))))
    sheet = np.array([(0, 0), (taken[0] - 1, 0), (taken[0] - 1, taken[1] - 1), (0, taken[1] - 1)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), sheet)
    seen = cv2.warpPerspective(page, matrix, taken, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(seen, wanted, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _sides(corners: Corners) -> tuple[float, float, float, float]:
    """Lengths of the top, right, bottom and left side."""
    top, right, bottom, left = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).tolist()
    return float(top), float(right), float(bottom), float(left)
