"""The mark behind a word, measured in the ink: full stop, comma, colon, semicolon or none.

Both readers see a line at 32 px and less, where a stop is two pixels and a comma three. At the page's own resolution a stop is as high as wide, stands on the
baseline of the letters beside it and fades above as below; a comma is taller and reaches below the baseline; a colon and a semicolon have a second
blob above. Of 2,590 marks on 110 pages with known text 4 were seen as another one and 6 not at all, 400 were left open; behind 19,500 words without one a colon
was seen once, and a stop never (2026-11-30).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import percentiles

LOW, STACKED = "low", "stacked"
"""What is seen where a stop and a comma, or a colon and a semicolon, cannot be told apart."""

_ROOM = 0.15
"""What is looked at above and below a line's box, as a share of its height: the detector likes to cut a comma's tail."""

_FAINTEST = 40.0
"""Grey levels between ink and paper below which nothing is measured."""

_INK = 0.45
"""Share of the contrast from which a pixel is ink."""

_LETTERS = 9
"""Nearest letters of which baseline and height are taken; the medians, so that descenders and accents do not count."""

_TALL = 1.25
"""Height over width from which a mark may be a comma; a stop has less than `_ROUND`."""
_ROUND = 1.35

_EVEN = 1.25
"""How much farther a stop may fade below its middle than above; a comma whose tail a blur has thinned fades farther."""
_TAILED = 1.15

_LEAN = 0.45
"""How far to the right the upper blob may stand in leaning print, as a share of the letters' height."""

_RIM = 0.18
"""Share of the letters' height, at the right end of the last letter, in which a mark may have run into it."""

_FADED = 0.22
"""Share of a blob's own darkness at which it ends for that."""


@dataclass(frozen=True)
class LineInk:
    """The ink of one line: `blobs` is `(n, 4)` left, top, width, height, px of the page; `strip` the picture of the line, its corner at `x`, `y`."""

    strip: Grey
    x: int
    y: int
    height: int
    paper: float
    blobs: NDArray[np.int32]


def line_ink(grey: Grey, box: Box, left: int) -> LineInk | None:
    """The ink of the line in `box` from column `left` to a little behind its end; None where there is too little contrast. Pure."""
    import cv2

    room = max(2, round(box.h * _ROOM))
    x, y = max(0, left), max(0, box.y - room)
    strip = grey[y : box.bottom + room, x : box.right + box.h]
    if min(strip.shape) < 12:
        return None
    ink, paper = percentiles(strip[::2, ::3], 2, 85)
    if paper - ink < _FAINTEST:
        return None
    dark = (strip < paper - _INK * (paper - ink)).view(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    blobs = stats[1:][stats[1:, 4] >= 3, :4].astype(np.int32) + np.asarray([x, y, 0, 0], np.int32)
    return LineInk(strip, x, y, box.h, paper, blobs)


def mark_behind(ink: LineInk, word: Box) -> str | None:
    """ ".", ",", ":", ";" or "" for none, where the ink behind the last letter of `word` shows it clearly. Pure.

    Where it is one of the first two or of the last two, but not clear which, `LOW` or `STACKED`; None where nothing can be said.
    `word` ends in the gap behind the word, mark and all.
    """
    level = _level(ink, word.right)
    if level is None:
        return None
    base, height = level
    left, top, wide, high = ink.blobs.T
    middle = top + high / 2
    here = (left >= word.x - 1) & (left + wide <= word.right + 2) & (middle > base - 1.6 * height) & (middle < base + 0.5 * height)
    letters = np.flatnonzero(here & (high >= 0.55 * height) & (top < base - 0.4 * height))
    if not letters.size:
        return None
    last = letters[np.argmax(left[letters] + wide[letters])]
    end, foot = left[last] + wide[last], top[last] + high[last]
    small = here & (left + wide / 2 > left[last] + 0.6 * wide[last]) & (high < 0.72 * height) & (wide < 0.55 * height)
    behind = left >= end - 1
    is_low = small & (middle > base - 0.4 * height) & (top > base - 0.75 * height) & (behind | (top > foot - 0.5 * height))
    is_high = small & ~is_low & behind & (middle > base - 1.05 * height)
    low, above = np.flatnonzero(is_low), np.flatnonzero(is_high)
    other = here & (left >= end) & ~is_low & ~is_high
    if other.any() or len(above) > 1 or (len(above) and not len(low)):
        return None
    if not len(low):
        beside = small & (middle > base - 0.95 * height) & (left + wide >= end)
        return "" if not beside.any() and _ends_high(ink, ink.blobs[last], base, height) else None
    if len(low) > 1:
        return "" if not len(above) and _is_leader(ink.blobs[low], height) else None
    kind = _kind(ink, ink.blobs[low[0]], base, height)
    if not len(above) or kind is None:
        return kind
    return _stacked(kind, ink.blobs[low[0]], ink.blobs[above[0]], height)


def _is_leader(dots: NDArray[np.int32], height: float) -> bool:
    """Whether small blobs stand on one line: dots to write on, no mark."""
    return int(dots[:, 3].max()) <= 0.35 * height and int(np.ptp(dots[:, 1])) <= 2


def _ends_high(ink: LineInk, letter: NDArray[np.int32], base: float, height: float) -> bool:
    """Whether the letter's right end is not all near the baseline, where a mark that has run into it would be."""
    _, top, _, high = (int(value) for value in letter)
    end = int(letter[0] + letter[2]) - ink.x
    rim = ink.strip[top - ink.y : top + high - ink.y, max(0, end - max(1, round(_RIM * height))) : end]
    return bool((rim[: max(1, round(base - 0.45 * height) - top)] < ink.paper - _FAINTEST).any())


def _level(ink: LineInk, right: int) -> tuple[float, float] | None:
    """The baseline, px of the page, and the usual height of the letters near column `right`; None where there are too few."""
    left, top, wide, high = ink.blobs.T
    letters = ink.blobs[(high >= 0.28 * ink.height) & (high < 1.15 * ink.height) & (wide < 3 * ink.height)]
    if len(letters) < 3:
        return None
    away = np.abs(letters[:, 0] + letters[:, 2] / 2 - right)
    near = letters[np.argsort(away, kind="stable")[:_LETTERS]]
    return float(np.median(near[:, 1] + near[:, 3])), float(np.median(near[:, 3]))


def _kind(ink: LineInk, blob: NDArray[np.int32], base: float, height: float) -> str | None:
    """ "." or "," where the blob on the baseline is clearly that, else `LOW`; None where it is no mark."""
    _, top, wide, high = (int(value) for value in blob)
    if not 0.09 * height <= wide <= 0.5 * height or high < 0.09 * height or wide > 1.35 * high + 1 or top > base - 0.06 * height:
        return None
    drop, tall, fading = top + high - base, high / wide, _fading(ink, blob)
    sinks = drop >= 1 and high > wide
    if drop <= max(0.09 * height, 1) and tall <= _ROUND and high <= 0.42 * height and fading <= _EVEN and not sinks:
        return "."
    if drop >= max(0.12 * height, 1.6) and tall >= _TALL and (fading >= _TAILED or tall >= 1.5):
        return ","
    return LOW


def _stacked(kind: str, low: NDArray[np.int32], above: NDArray[np.int32], height: float) -> str | None:
    """The colon or semicolon that the lower blob makes with one above it."""
    lean = above[0] + above[2] - low[0] - low[2]
    if not -0.3 * height <= lean <= _LEAN * height or above[3] > 1.6 * above[2] + 1 or above[2] > 0.5 * height:
        return None
    return {".": ":", ",": ";"}.get(kind, STACKED)


def _fading(ink: LineInk, blob: NDArray[np.int32]) -> float:
    """How far the blob reaches below its darkest rows against how far above, down to a share of its darkness that a blur does not hide."""
    left, top, wide, high = (int(value) for value in blob)
    start = max(0, top - ink.y - 6)
    rows = ink.paper - ink.strip[start : top - ink.y + high + 8, left - ink.x : left - ink.x + wide].mean(axis=1)
    own = rows[top - ink.y - start :][:high]
    peak = float(own.max())
    full = np.flatnonzero(own >= 0.85 * peak) + (top - ink.y - start)
    middle = (full[0] + full[-1]) / 2
    above = _reach(rows[: full[0] + 1][::-1], _FADED * peak) + middle - full[0]
    below = _reach(rows[full[-1] :], _FADED * peak) + full[-1] - middle
    return float(below / max(above, 0.5))


def _reach(rows: NDArray[np.floating], least: float) -> float:
    """Rows from the first until the darkness falls below `least`, with the part of the last one."""
    faint = np.flatnonzero(rows < least)
    if not faint.size:
        return float(len(rows) - 1)
    at = int(faint[0])
    return at - 1 + min(1.0, float((rows[at - 1] - least) / (rows[at - 1] - rows[at]))) if at else 0.0
