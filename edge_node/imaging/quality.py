"""Verdicts on a picture before it is read: blank, grain, blurred, pale, too coarse. Each has a reason and a next step (Vietnamese).

Blank and grain stop the reading; the others are advice, because only a person decides whether a page is scanned again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.errors import BlankPage, DarkPage, NoisePage
from edge_node.imaging.ink import ink_mask, ink_share, luminance, percentiles, shrunk_by
from edge_node.imaging.limits import MIN_DPI

_BLANK_SHARE = 0.00015
"""Ink share below which a side is blank: one short line of 12 pt text on A4 has 0.0006."""

_SURELY_WRITTEN = 20 * _BLANK_SHARE
"""Ink share of every second pixel from which nobody need look closer: that costs a quarter."""

_DARK = 60
"""Grey level below which bare "paper" is none."""

_PALE_CONTRAST = 70.0
"""Difference of paper and ink in grey levels below which print is called pale; office print has 150 to 230."""

_BLURRED_EDGE = 0.16
"""Steepest steps between neighbouring pixels as a share of contrast, below which edges are called blurred."""


@dataclass(frozen=True)
class Doubt:
    """A reason to look at the picture again; `code` is stable, the sentences are for the clerk."""

    code: str
    sentence: str
    next_step: str


BLURRED = Doubt("IMG-011", "Ảnh trang này mờ.", "Lau mặt kính và quét lại, hoặc chọn “Vẫn dùng”.")
PALE = Doubt(
    "IMG-012",
    "Chữ trên ảnh quá nhạt so với nền giấy.",
    "Tăng độ tương phản máy quét và quét lại, hoặc chọn “Vẫn dùng”.",
)
COARSE = Doubt(
    "IMG-013",
    "Độ phân giải thấp hơn 150 dpi, chữ nhỏ dễ đọc sai.",
    "Quét lại ở 200 hoặc 300 dpi, hoặc chọn “Vẫn dùng”.",
)


def refuse_empty(page: Page, shrunk: float = 1.0) -> None:
    """Let only pages pass on which something may be written. `shrunk`: how many pixels of the picture became one of the page, a side.

    Raises:
        BlankPage: (almost) no ink.
        DarkPage: the same, on black.
        NoisePage: grain without structure.
    """
    grey = luminance(page)
    if _is_grain(grey, shrunk):
        raise NoisePage()
    if ink_share(grey[::2, ::2]) > _SURELY_WRITTEN:
        return
    share = ink_share(grey)
    if share < _BLANK_SHARE:
        raise DarkPage(ink_share=share) if np.median(grey[::4, ::4]) < _DARK else BlankPage(ink_share=share)


def doubts(page: Page, dpi: int) -> tuple[Doubt, ...]:
    """What speaks against this picture, worst first; empty when nothing does. Judged at the resolution given."""
    grey = luminance(page)
    found = []
    contrast = _contrast(grey)
    if contrast < _PALE_CONTRAST:
        found.append(PALE)
    elif edge_sharpness(grey, contrast) < _BLURRED_EDGE:
        found.append(BLURRED)
    if dpi < MIN_DPI:
        found.append(COARSE)
    return tuple(found)


def _contrast(grey: Grey) -> float:
    """Grey levels between paper and the darker half of the ink; 0 when there is no ink."""
    ink = grey[ink_mask(grey) > 0]
    if ink.size < 50:
        return 0.0
    return percentiles(grey[::4, ::4], 75)[0] - percentiles(ink, 30)[0]


def edge_sharpness(grey: Grey, contrast: float) -> float:
    """How steep the steepest 1 % of inked steps are, as a share of the contrast; 1 is a step within one pixel."""
    import cv2

    steps = cv2.absdiff(grey[:, 1:], grey[:, :-1])
    inked = steps[steps > 0.08 * max(contrast, 1.0)]
    if inked.size < 50:
        return 0.0
    return percentiles(np.asarray(inked, np.uint8), 90)[0] / max(contrast, 1.0)


def _is_grain(grey: Grey, shrunk: float) -> bool:
    """Strong contrast between neighbours that vanishes when 8 × 8 px are averaged: no writing does that. Shrinking has weakened it already."""
    import cv2

    if min(grey.shape) < 64:
        return False
    spread, averaged = (float(cv2.meanStdDev(seen)[1][0, 0]) for seen in (grey, shrunk_by(grey, 8)))
    return spread * shrunk > 35.0 and averaged < 0.22 * spread
