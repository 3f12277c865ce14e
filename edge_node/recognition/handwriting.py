"""Written or printed: what the ink of a word says about the hand that made it.

Printed characters of one word stand on one baseline, digits share one height, and black print is grey. Handwriting breaks at
least one of these. The test is meant to be suspicious: a printed word called written costs a glance, a written number called
printed could become a wrong record.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Page
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import percentiles

_BLUENESS = 0.13
"""Blue over red of an ink pixel against the paper, as a share of the contrast, from which it is pen; black print is near 0."""

_BLUE_SHARE = 0.3
"""Share of a word's ink that must be blue for a pen."""

_BASELINE_SPREAD = 0.085
"""Standard deviation of digit feet as a share of digit height; print measures below 0.04."""

_HEIGHT_SPREAD = 0.09
"""Standard deviation of digit heights as a share of their mean; print measures below 0.05."""

_LEAST_SPREAD_PX = 1.5
"""Spread that print of small digits reaches by whole pixels alone: one up or down is 1.48 by the median, and on digits of 14 px more than any bound."""

_LEANS = (0.0, 0.04, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3)
_LEAN = 0.08
"""Lean from which digits that also differ in height or feet are written; italics lean and stand in line."""

_LEANING_RANGE = 0.05
"""Range of heights or feet, as a share of the height, that leaning print does not reach; two px at least.

Measured 2026-11-28 on 120 numbers of two to seven tidy digits in black or grey ink: 104 seen where the spreads alone saw about 2 in a
hundred; of two digits only 6 of 11. None of 408 printed numbers of the reading set was called written for it.
"""

_MANY = 0.25
"""Share of digits that must be out of line."""

_NO_LOW_SIGNS = {ord(c): None for c in ".,-–: "}

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


def ink_of(crop: Page) -> NDArray[np.bool_]:
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

    ink = ink_of(crop)
    if ink.sum() < 20 or ink.all():
        return False
    seen = np.asarray(cv2.blur(crop, (3, 3)), np.uint8)  # grain has a colour of its own
    colour = seen.astype(np.float32)
    colour[:, :, 0] *= _whiteness(seen, ink)
    over = colour[:, :, 0] - colour[:, :, 2]
    contrast = float(colour[:, :, 2][~ink].mean() - colour[:, :, 2][ink].mean())
    blue = (over[ink] - float(np.median(over[~ink]))) / max(contrast, 1.0)
    return float((blue > _BLUENESS).mean()) > _BLUE_SHARE


def _whiteness(colour: Page, ink: NDArray[np.bool_]) -> float:
    """By what blue is to be multiplied for the paper to be as blue as red: black print on yellow paper keeps some of the yellow, and looked blue beside it."""
    blue, red = (percentiles(colour[:, :, channel][~ink], 50)[0] for channel in (0, 2))
    return max(1.0, red / max(blue, 1.0))


def _dancing_digits(crop: Page, text: str) -> bool:
    """Whether digit-sized marks differ in height, stand on different feet, or lean without standing in line.

    Only words of digits and separators are judged; letters have ascenders and accents of their own.
    """
    import cv2

    if any(c.isalpha() for c in text):
        return False
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink_of(crop).astype(np.uint8), connectivity=8)
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
    unequal, uneven = _spread(heights), _spread(feet)
    if unequal > max(strict * _HEIGHT_SPREAD * digit, _LEAST_SPREAD_PX) or uneven > max(strict * _BASELINE_SPREAD * digit, _LEAST_SPREAD_PX):
        return True
    if (crop[:, :, 2].astype(np.int16) - crop[:, :, 0] > 60).mean() > 0.01:
        return False  # what a seal has cut cannot be judged by its shape
    order = np.flatnonzero(tall)[np.argsort(marks[tall, 0])]
    signs = text.translate(_NO_LOW_SIGNS)
    if len(signs) == len(order):
        order = order[[c.isdigit() for c in signs]]  # a stroke leans by nature
    elif not signs.isdigit():
        return False
    shapes = [_shape(labels, stats[i + 1], i + 1) for i in order]
    restless = _is_restless(marks[order, 3], digit) or _is_restless(foot[order], digit)
    return bool(restless and _lean(shapes) >= _LEAN)


def _is_restless(places: NDArray[Any], digit: float) -> bool:
    """Whether heights or feet range wider than print's, and not because one digit alone was cut by a seal."""
    least = max(2.0, _LEANING_RANGE * digit)
    if not len(places) or np.ptp(places) < least:
        return False
    return bool((np.abs(places - np.median(places)) >= least / 2).mean() > _MANY)


def _shape(labels: NDArray[Any], mark: NDArray[Any], number: int) -> NDArray[np.uint8]:
    x, y, w, h, _ = (int(v) for v in mark)
    return np.asarray(labels[y : y + h, x : x + w] == number, dtype=np.uint8) * 255


def _lean(shapes: Sequence[NDArray[np.uint8]]) -> float:
    """By how much of its height the writing leans to the right: the shear under which its stems stand steepest."""
    import cv2

    def steepness(shear: float) -> float:
        total = 0.0
        for shape in shapes:
            height, width = shape.shape
            room = int(height * _LEANS[-1]) + 2
            back = np.array([[1, shear, 1 if shear >= 0 else room], [0, 1, 0]], np.float32)
            columns = cv2.warpAffine(shape, back, (width + 2 * room, height)).sum(axis=0, dtype=np.float64)
            total += float((columns**2).sum()) / height**2
        return total

    return float(max(_LEANS, key=steepness))


def _spread(numbers: NDArray[np.float64]) -> float:
    """Standard deviation; from five digits on by the median, so that slashes, taller and lower than digits, do not count."""
    if len(numbers) < _ENOUGH_DIGITS:
        return float(numbers.std())
    return float(1.4826 * np.median(np.abs(numbers - np.median(numbers))))
