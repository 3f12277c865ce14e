"""Dotted leaders: the rows of dots on which forms are filled in, taken out of the reading copy.

Readers take leader dots for commas, or for the dot below of a letter ("Lê" on dots becomes "Lệ"). A leader is told from
writing by its regularity: many specks of one size, on one level, at one distance. No Vietnamese text has eight of these in a row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.ink import darker_than_around, inked_part

_MIN_DOTS = 8
_A4_INCHES = 11.69

Specks = NDArray[np.int32]
"""One row each: left, top, width, height, area in px."""


def without_leaders(grey: Grey) -> Grey:
    """A copy of a level page without its dotted leaders; the page itself stays. Pure."""
    import cv2

    per_inch = max(grey.shape) / _A4_INCHES
    part = inked_part(grey)
    specks = _specks(grey[part], per_inch)
    dots = [specks[i] for chain in _chains(specks, per_inch) for i in chain]
    if not dots:
        return grey
    whole = grey.copy()
    clean = whole[part]
    paper = cv2.dilate(grey[part], np.ones((11, 11), np.uint8))
    for left, top, width, height, _ in dots:
        rows, columns = slice(max(0, top - 2), top + height + 2), slice(max(0, left - 2), left + width + 2)
        clean[rows, columns] = np.maximum(clean[rows, columns], paper[rows, columns])
    return whole


def _specks(grey: Grey, per_inch: float) -> Specks:
    """Marks no larger than a leader's dot, sorted by height on the page."""
    import cv2

    dark = darker_than_around(grey)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    largest = max(4.0, per_inch / 26)
    small = stats[(stats[:, 2] <= largest) & (stats[:, 3] <= largest)].astype(np.int32)
    return small[np.argsort(small[:, 1], kind="stable")] if len(small) < 60_000 else small[:0]


def _chains(specks: Specks, per_inch: float) -> list[list[int]]:
    """Runs of at least eight specks on one level at a regular distance."""
    found: list[list[int]] = []
    if len(specks) < _MIN_DOTS:
        return found
    middle = specks[:, 1] + specks[:, 3] / 2
    band = max(3.0, per_inch / 45)
    taken = np.zeros(len(specks), dtype=bool)
    for top in np.arange(middle.min() - 1, middle.max() + 1, band / 2):
        members = np.flatnonzero((middle >= top) & (middle < top + band) & ~taken)
        if len(members) < _MIN_DOTS:
            continue
        members = members[np.argsort(specks[members, 0], kind="stable")]
        for chain in _regular_runs(members, specks, per_inch):
            taken[chain] = True
            found.append(chain)
    return found


def _regular_runs(members: NDArray[np.intp], specks: Specks, per_inch: float) -> list[list[int]]:
    """Cut a level's specks where the distance is wide, keep of each run what fits one line, one pitch and one size.

    Letters over a leader hide some of its dots, so a distance may be a small multiple of the pitch. What does not fit is
    writing, most often the dot below of a letter that stands on the leader.
    """
    centres = specks[members, 0] + specks[members, 2] / 2
    gaps = np.diff(centres)
    runs = []
    for part in np.split(np.arange(len(members)), np.flatnonzero(gaps > per_inch / 3) + 1):
        if len(part) < _MIN_DOTS:
            continue
        steps = np.diff(centres[part])
        pitch = float(np.median(steps))
        if 2 <= pitch <= per_inch / 8 and (steps < 1.6 * pitch).mean() > 0.5:
            fitting = _fitting(specks[members[part]], pitch)
            if fitting.sum() >= _MIN_DOTS and fitting.mean() > 0.6:
                runs.append([int(members[i]) for i in part[fitting]])
    return runs


def _fitting(dots: Specks, pitch: float) -> NDArray[np.bool_]:
    """Which dots lie on the common line, at the common pitch, with the common size."""
    x, y = dots[:, 0] + dots[:, 2] / 2, dots[:, 1] + dots[:, 3] / 2
    size = np.median(dots[:, 4])
    fits = (dots[:, 4] < 1.6 * size) & (dots[:, 4] > 0.35 * size)
    numbers = np.concatenate(([0.0], np.cumsum(np.round(np.diff(x) / pitch))))
    for _ in range(2):
        if fits.sum() < _MIN_DOTS:
            return np.zeros(len(dots), dtype=bool)
        level = np.polyval(np.polyfit(x[fits], y[fits], 1), x)
        place = np.polyval(np.polyfit(numbers[fits], x[fits], 1), numbers)
        fits &= (np.abs(y - level) < 1.1) & (np.abs(x - place) < max(1.3, 0.18 * pitch))
    return np.asarray(fits | _beside(x, (np.abs(y - level) < 1.1) & (dots[:, 4] < 1.6 * size), pitch), dtype=np.bool_)


def _beside(x: NDArray[np.float64], level: NDArray[np.bool_], pitch: float) -> NDArray[np.bool_]:
    """Dots on the leader's level that have a companion one pitch away: a leader that starts anew under each value."""
    on = np.flatnonzero(level)
    near = np.abs(np.diff(x[on]) - pitch) < max(1.3, 0.18 * pitch)
    paired = np.zeros(len(x), dtype=bool)
    paired[on[1:][near]] = paired[on[:-1][near]] = True
    return paired
