"""The signs "≥" and "≤" before a number, seen in the ink: a wedge above a stroke, where a digit is one piece.

Neither reader's alphabet has them: both read "≥14" as "214", well and alike. So the first piece of a number is looked at as the page has it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import percentiles

_FAINTEST = 40.0
"""Grey levels between ink and paper below which nothing is measured."""
_INK = 0.45
"""Share of the contrast from which a pixel is ink."""
_BEFORE = 0.35
"""How far left of the word its first piece may begin, in heights of the box."""
_BORDER = 0.8
"""Share of a word's width and height from which one piece is the border of its cell."""
_NARROW = 0.33
"""Width over height up to which a piece may be a bracket."""
_FLAT, _LONG, _FILLED = 0.42, 0.3, 0.55
"""A stroke: at most so high as wide, at least so wide as the digits are high, and so full of ink."""
_WEDGE = 0.3
"""How high and wide a wedge is at least, in heights of the digits."""
_ABOVE = 0.7
"""Share of the narrower of both pieces that stands above or below the other."""
_POINTED = 0.12
"""How much farther to the right the middle third of a wedge lies than its ends, as a share of its width."""


def sign_before(grey: Grey, box: Box, skipped: int = 0) -> tuple[str, int] | None:
    """ "≥" or "≤" where the first piece of the word in `box`, px of `grey`, is one, and how many digits stand behind it; None where it is not. Pure.

    `skipped`: brackets that stand before it.
    """
    import cv2

    left = max(0, box.x - round(_BEFORE * box.h))
    strip = grey[max(0, box.y) : box.bottom, left : box.right]
    if min(strip.shape) < 8:
        return None
    ink, paper = percentiles(strip, 2, 85)
    if paper - ink < _FAINTEST:
        return None
    dark = (strip < paper - _INK * (paper - ink)).view(np.uint8)
    _, pieces, found, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    stats = found.astype(np.int32)
    inside = (stats[:, 0] > 0) & (stats[:, 4] >= 6) & ~((stats[:, 2] > _BORDER * strip.shape[1]) & (stats[:, 3] > _BORDER * strip.shape[0]))  # no end of the word before, no cell's border
    order = [int(n) for n in np.argsort(stats[:, 0], kind="stable") if inside[n]]
    height = float(max((int(stats[n, 3]) for n in order if stats[n, 2] > _NARROW * stats[n, 3] > 0), default=0))  # a bracket is higher, and narrow
    if height < 0.22 * box.h:
        return None
    for n in order:
        if stats[n, 3] > 0.85 * height and stats[n, 2] > 0.2 * height:
            skipped -= 1
            if skipped < 0:
                return None  # a digit comes first
            continue
        if (stroke := _stroke_below(n, order, stats, height)) is not None:
            end = max(stats[n, 0] + stats[n, 2], stats[stroke, 0] + stats[stroke, 2])
            sign = _points_to(pieces[_part(stats[n])] == n)
            digits = sum(1 for other in order if stats[other, 0] >= end - 1 and stats[other, 3] > 0.7 * height)
            return (sign, digits) if sign else None
    return None


def _part(piece: NDArray[np.int32]) -> tuple[slice, slice]:
    x, y, wide, high, _ = (int(value) for value in piece)
    return slice(y, y + high), slice(x, x + wide)


def _stroke_below(wedge: int, order: list[int], stats: NDArray[np.int32], height: float) -> int | None:
    """The flat piece right below another one that may be a wedge."""
    x, y, wide, high, _ = (int(value) for value in stats[wedge])
    if high < _WEDGE * height or wide < _WEDGE * height:
        return None
    for n in order:
        left, top, w, h, area = (int(value) for value in stats[n])
        is_flat = h <= _FLAT * w and w >= _LONG * height and area >= _FILLED * w * h
        shared = min(left + w, x + wide) - max(left, x)
        if n != wedge and is_flat and y + 0.5 * high < top and top + h > y + high and top - y - high < 0.35 * height and shared >= _ABOVE * min(w, wide):
            return n
    return None


def _points_to(wedge: NDArray[np.bool_]) -> str:
    """ "≥" for a wedge that points to the right, "≤" for one that points to the left, "" for neither."""
    third = max(1, len(wedge) // 3)
    parts = [np.flatnonzero(part.any(axis=0)) for part in (wedge[:third], wedge[third:-third], wedge[-third:])]
    if any(not part.size for part in parts):
        return ""
    wide, (top, middle, foot) = wedge.shape[1], parts
    right = middle.max() - max(top.max(), foot.max())
    left = min(top.min(), foot.min()) - middle.min()
    return "≥" if right > _POINTED * wide and left < right else "≤" if left > _POINTED * wide else ""
