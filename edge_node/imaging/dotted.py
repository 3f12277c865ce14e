"""Upright dotted and dashed lines: what many programs draw between the columns of a table instead of a rule.

Their pieces are no higher than a full stop or a dash, so that length alone tells nothing; that many of them stand one below the other at one
distance does. No print has that: full stops and the dots of "i" stand in one column by chance, and not at one distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey

_WIDEST_INCHES = 0.03
_HIGHEST_INCHES = 0.09
"""Pieces no larger than this are dots or dashes of a line."""

_STEP_INCHES = 0.12
"""The distance from one piece's top to the next one's, at most."""

_BAND_INCHES = 0.06
"""The width in which the pieces of one line lie, on a page that is level."""

_LEAST_PIECES = 8
_LEAST_FILLED = 0.2
_EVEN = 0.35
"""Share of the usual distance by which a piece may stand off, in three of four."""

_PIECES_MAX = 100_000

Pieces = NDArray[np.int32]
"""One row each: left, top, width, height, area in px."""


def dotted_lines(dark: Grey, per_inch: float, least_px: int) -> list[tuple[int, int, int, int]]:
    """Left, right, top and bottom (ends excluded, px of `dark`) of all upright lines of pieces that are at least `least_px` high. Pure.

    `dark` is 1 where there is ink. A picture with more than 100,000 pieces is grain and has none.
    """
    import cv2

    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    is_piece = (stats[:, 2] <= max(3.0, per_inch * _WIDEST_INCHES)) & (stats[:, 3] <= max(4.0, per_inch * _HIGHEST_INCHES))
    pieces: Pieces = stats[1:][is_piece[1:]].astype(np.int32)
    if not _LEAST_PIECES <= len(pieces) <= _PIECES_MAX:
        return []
    band = max(4.0, per_inch * _BAND_INCHES)
    lines = {line for shift in (0.0, band / 2) for line in _in_bands(pieces, band, shift, per_inch * _STEP_INCHES, least_px)}
    return _joined(sorted(lines, key=lambda line: line[2] - line[3]), band)


def _in_bands(pieces: Pieces, band: float, shift: float, step: float, least_px: int) -> list[tuple[int, int, int, int]]:
    """Lines among the pieces whose middles lie in one upright band of the page."""
    bands = ((pieces[:, 0] + pieces[:, 2] / 2 + shift) // band).astype(np.int32)
    order = np.lexsort((pieces[:, 1], bands))
    ordered, bands = pieces[order], bands[order]
    ends = np.flatnonzero((np.diff(bands) != 0) | (np.diff(ordered[:, 1]) > step)) + 1
    runs = (run for run in np.split(ordered, ends) if len(run) >= _LEAST_PIECES)
    return [_around(run) for run in runs if run[-1, 1] + run[-1, 3] - run[0, 1] >= least_px and _is_line(run)]


def _around(run: Pieces) -> tuple[int, int, int, int]:
    left, top = run[:, :2].min(axis=0)
    right, bottom = (run[:, :2] + run[:, 2:4]).max(axis=0)
    return int(left), int(right), int(top), int(bottom)


def _is_line(pieces: Pieces) -> bool:
    """Whether pieces one below the other are the dots of one line: close enough and at one distance."""
    middles = pieces[:, 1] + pieces[:, 3] / 2
    if pieces[:, 3].sum() < _LEAST_FILLED * (middles[-1] - middles[0]):
        return False
    steps = np.diff(middles)
    usual = float(np.median(steps))
    return usual > 0 and bool((np.abs(steps - usual) <= max(1.0, _EVEN * usual)).mean() >= 0.75)


def _joined(lines: list[tuple[int, int, int, int]], widest: float) -> list[tuple[int, int, int, int]]:
    """The lines of overlapping bands put together, as long as they make a line no wider than `widest`."""
    kept: list[tuple[int, int, int, int]] = []
    for left, right, top, bottom in lines:
        for number, (x, r, t, b) in enumerate(kept):
            if left <= r and right >= x and top <= b and bottom >= t and max(right, r) - min(left, x) <= widest:
                kept[number] = (min(left, x), max(right, r), min(top, t), max(bottom, b))
                break
        else:
            kept.append((left, right, top, bottom))
    return kept
