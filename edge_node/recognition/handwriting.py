"""Written or printed: what the ink of a word says about the hand that made it.

Printed characters of one word stand on one baseline, digits share one height, and black print is grey. Handwriting breaks at
least one of these. The test is meant to be suspicious: a printed word called written costs a glance, a written number called
printed could become a wrong record.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Page
from edge_node.imaging.geometry import Box

_BLUENESS = 0.13
"""Blue over red of an ink pixel against the paper, as a share of the contrast, from which it is pen; black print is near 0."""

_BLUE_SHARE = 0.3
"""Share of a word's ink that must be blue for a pen."""

_BASELINE_SPREAD = 0.085
"""Standard deviation of digit feet as a share of digit height; print measures below 0.04."""

_HEIGHT_SPREAD = 0.09
"""Standard deviation of digit heights as a share of their mean; print measures below 0.05."""


def looks_written(page: Page, box: Box, text: str) -> bool:
    """Whether the ink in `box` (px of `page`) looks like a pen. `text` is what was read there; pure."""
    if box.h < 8 or box.w < 4:
        return False
    crop = page[box.y : box.bottom, box.x : box.right]
    if not crop.size:
        return False
    return _pen_coloured(crop) or (sum(c.isdigit() for c in text) >= 2 and _dancing_digits(crop, text))


def _ink(crop: Page) -> NDArray[np.bool_]:
    """Dark pixels of the red channel, so that red seals are paper."""
    red = crop[:, :, 2]
    paper = float(np.percentile(red, 90))
    darkest = float(np.percentile(red, 1))
    return (
        np.asarray(red < (paper + darkest) / 2, dtype=np.bool_)
        if paper - darkest > 40
        else np.zeros_like(red, np.bool_)
    )


def _pen_coloured(crop: Page) -> bool:
    import cv2

    ink = _ink(crop)
    if ink.sum() < 20 or ink.all():
        return False
    colour = cv2.blur(crop, (3, 3)).astype(np.float32)  # grain has a colour of its own
    over = colour[:, :, 0] - colour[:, :, 2]
    contrast = float(colour[:, :, 2][~ink].mean() - colour[:, :, 2][ink].mean())
    blue = (over[ink] - float(np.median(over[~ink]))) / max(contrast, 1.0)
    return float((blue > _BLUENESS).mean()) > _BLUE_SHARE


def _dancing_digits(crop: Page, text: str) -> bool:
    """Whether digit-sized marks differ in height or stand on different feet.

    Only words of digits and separators are judged; letters have ascenders and accents of their own.
    """
    import cv2

    if any(c.isalpha() for c in text):
        return False
    count, _, stats, _ = cv2.connectedComponentsWithStats(_ink(crop).astype(np.uint8), connectivity=8)
    if count < 3:
        return False
    marks = stats[1:]
    tall = marks[marks[:, cv2.CC_STAT_HEIGHT] > 0.35 * crop.shape[0]]
    tall = tall[tall[:, cv2.CC_STAT_WIDTH] < 1.3 * tall[:, cv2.CC_STAT_HEIGHT]]
    if len(tall) < 2:
        return False
    heights = tall[:, cv2.CC_STAT_HEIGHT].astype(float)
    feet = (tall[:, cv2.CC_STAT_TOP] + tall[:, cv2.CC_STAT_HEIGHT]).astype(float)
    mean = float(np.median(heights))
    if "/" in text or "-" in text or "." in text or "," in text:
        keep = np.abs(heights - mean) < 0.25 * mean  # a slash is taller and hangs lower than digits
        heights, feet = heights[keep], feet[keep]
    if len(heights) < 2:
        return False
    return bool(heights.std() / mean > _HEIGHT_SPREAD or feet.std() / mean > _BASELINE_SPREAD)
