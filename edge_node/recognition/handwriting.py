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


_ENOUGH_DIGITS = 5
"""Digits from which their spread is judged strictly."""


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
    # By counting levels: numpy's percentile was a quarter of this test's price, a tenth of a page's (2026-11-28).
    levels = np.cumsum(np.bincount(red.ravel(), minlength=256)) / red.size
    paper, darkest = float(np.searchsorted(levels, 0.9)), float(np.searchsorted(levels, 0.01))
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
    right, foot = marks[:, 0] + marks[:, 2], marks[:, 1] + marks[:, 3]
    # What touches the edge belongs to a neighbour, or is a digit that the box cut.
    inside = (marks[:, 0] > 0) & (marks[:, 1] > 0) & (right < crop.shape[1]) & (foot < crop.shape[0])
    tall = inside & (marks[:, 3] > 0.35 * crop.shape[0]) & (marks[:, 2] < 1.3 * marks[:, 3])
    if tall.sum() < 2:
        return False
    heights, feet = marks[tall, 3].astype(float), foot[tall].astype(float)
    digit = float(np.median(heights))
    strict = 1.0 if tall.sum() >= _ENOUGH_DIGITS else 1.6
    return bool(_spread(heights) / digit > strict * _HEIGHT_SPREAD or _spread(feet) / digit > strict * _BASELINE_SPREAD)


def _spread(numbers: NDArray[np.float64]) -> float:
    """Standard deviation; from five digits on by the median, so that slashes, taller and lower than digits, do not count."""
    if len(numbers) < _ENOUGH_DIGITS:
        return float(numbers.std())
    return float(1.4826 * np.median(np.abs(numbers - np.median(numbers))))
