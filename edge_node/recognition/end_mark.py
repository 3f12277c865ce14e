"""The stop or comma at the end of a line, seen in the ink: both readers like to lose it in small print.

Such a mark is the last ink of its line, small, on the baseline, with nothing above it; a comma is taller than wide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box

_LOOK = 1.2
"""How much of the line's end is looked at, in line heights."""

_SMALL = (0.05, 0.24)
"""Sides of a mark as a share of the line's box, which is about twice as high as a small letter."""

_TALL = 1.35
"""Height over width from which a mark is a comma."""


_DOTS_APART = (0.12, 0.45)
"""How far above each other the two dots of a colon stand, as a share of the line's box."""


def end_mark(grey: Grey, box: Box) -> str:
    """ ".", "," or ":" where the line in `box` (px of `grey`, dark on light) ends with one, "" otherwise. Pure."""
    import cv2

    pad = max(2, round(box.h * 0.15))
    right = min(grey.shape[1], box.right + pad)
    crop = grey[box.y : box.bottom, max(0, right - round(box.h * _LOOK) - pad) : right]
    if min(crop.shape) < 12:
        return ""
    paper, ink = float(np.percentile(crop, 85)), float(np.percentile(crop, 2))
    if paper - ink < 40:
        return ""
    dark = (crop < paper - 0.4 * (paper - ink)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    marks = stats[1:][stats[1:, 4] >= 3]
    if len(marks) < 2:
        return ""
    marks = marks[np.argsort(marks[:, 0] + marks[:, 2])]
    if _is_colon(marks[-2:].astype(np.int32), crop.shape[0]):
        return ":"
    (left, top, width, height, _), before = (int(v) for v in marks[-1]), marks[-2]
    least, most = (share * crop.shape[0] for share in _SMALL)
    small = least <= width <= most and least <= height <= 1.5 * most
    if small and 0.25 * crop.shape[0] < top + height / 2 <= 0.5 * crop.shape[0] and not dark[top + height :, left : left + width].any():
        return ":"  # its lower dot went with the leader behind it
    low = 0.5 * crop.shape[0] < top + height / 2 < 0.92 * crop.shape[0]
    alone = int(before[0] + before[2]) <= left + 1 and not dark[: max(0, top - 1), left : left + width].any()
    leader = before[2] <= most and before[3] <= most and int(before[1]) > 0.5 * crop.shape[0]
    inside = left + width < crop.shape[1]
    if not (small and low and alone and inside) or leader:
        return ""
    return "," if height >= _TALL * width else "."


def _is_colon(marks: NDArray[np.int32], height: int) -> bool:
    """Whether the last two marks are small and stand above each other."""
    (x, y, w, h, _), (left, top, width, tall, _) = ([int(value) for value in one] for one in marks)
    most = _SMALL[1] * height
    apart = abs((y + h / 2) - (top + tall / 2)) / height
    return (
        max(w, h, width, tall) <= most
        and abs((x + w / 2) - (left + width / 2)) <= most / 2
        and _DOTS_APART[0] < apart < _DOTS_APART[1]
    )
