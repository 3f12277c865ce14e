"""A picture strip by strip: shrunk for reading without a second whole copy in memory.

Source: measured 2026-11-30 (deploy/decisions/0022): shrinking a whole page of 60 million pixels at once held it three times.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

STEPS = 64
"""Rows of the copy that a whole number of the picture's rows becomes, so that strips end where rows of both end. With 16, A4 at 600 dpi became
A4 at 300 dpi, 3,508 px high instead of 3,600, and of 14 such pages 0.46 instead of 0.37 % of words were wrong; with 64, 0.41 % (2026-11-30)."""

_STRIP_PIXELS = 2_000_000
"""About as many pixels of the picture are looked at at once; they are held up to four times over."""

Rows = Callable[[int, int], NDArray[np.uint8]]
"""Gives the rows from the first up to the second as `(rows, width, 3) uint8`, BGR."""


def in_strips(rows: Rows, width: int, height: int, side_px: int | None = None) -> NDArray[np.uint8]:
    """`(height, width, 3) uint8`, BGR: the picture as it is, or, where a side is longer than `side_px`, shrunk by areas.

    The longest side of a shrunk copy is at most `side_px` and, but for rounding, at least 64/65 of it.
    """
    import cv2

    longest = max(width, height)
    step = STEPS if side_px is None or longest <= side_px else -(-STEPS * longest // side_px)
    units = max(1, _STRIP_PIXELS // (step * width))
    copy = np.empty((max(1, _shorter(height, step)), max(1, _shorter(width, step)), 3), np.uint8)
    for number, top in enumerate(range(0, height, units * step)):
        part = copy[number * units * STEPS : (number + 1) * units * STEPS]
        if part.shape[0]:
            found = rows(top, min(height, top + units * step))
            part[:] = found if step == STEPS else cv2.resize(found, part.shape[1::-1], interpolation=cv2.INTER_AREA)
    return copy


def _shorter(side: int, step: int) -> int:
    """Pixels of a side in the copy."""
    return (side * STEPS + step // 2) // step
