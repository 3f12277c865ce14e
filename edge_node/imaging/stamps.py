"""Round stamps without their colour: on a grey copy of a sealed paper the ring and letters of the seal, taken out of the reading copy.

A red stamp is gone in the red channel. In a grey scan or a photocopy it lies over the text as a paler ink, and both readers take its letters for
words of the line. Its ink is told from writing by being pale *by itself*: pale pixels of print lie at the rim of a dark stroke, those of a stamp
do not. Only inside a ring of a seal's size is anything taken away, and never what is as dark as the print.

Source: NĐ 30/2020/NĐ-CP, Phụ lục I (the seal covers about a third of the signature, and so its text); seals are 30 to 42 mm wide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.ink import shrunk_by

_A4_INCHES = 11.69

_LOOK_DPI = 50
"""Resolution at which rings are looked for."""

_RADIUS_INCHES = (0.5, 0.92)
"""Radius of a seal: 25 to 47 mm across."""

_DARK = 0.68
"""Share of the print's depth from which ink is print, before a ring is known."""

_SURELY = 0.85
"""Share from which ink within a ring is surely print: where a stamp's ink runs together it is deeper than on its ring."""

_MARK_PX = 4
"""How far a mark stands from its letter, px."""

_DARKEST_STAMP = 0.8
"""Share of the print's depth at which a stamp can no longer be told from print and stays."""

_PALE = 0.15
"""Share of the print's depth below which there is paper."""

_FAINTEST = 60
"""Grey levels between print and paper below which nothing is taken away: the page is too pale to tell two inks apart."""

_CLOSED = 0.8
"""Share of a ring's course, where no print hides it, on which it must be seen."""

_FILLED = 0.3
"""Share of the ring's band that its ink must fill; the grain of a noisy page lies everywhere thinly."""

_OUTERMOST = 0.6
"""Share of the fullest ring's ink from which a wider one is the seal's edge: most seals have two or three rings."""

_MOST = 3
"""Rings looked at on one page, those first that most speaks for."""


@dataclass(frozen=True)
class _Ring:
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class _Inks:
    """`depth` of ink below the paper around, what is `full` depth, where print is or borders (`near`), and pale ink that is neither."""

    depth: Grey
    paper: Grey
    full: float
    near: Grey
    pale: Grey


def without_stamps(grey: Grey) -> Grey:
    """A copy of a page without the pale round stamps on it, or the page itself where there is none. Pure."""
    inks = _inks(grey)
    rings = _rings(inks) if inks else []
    if inks is None or not rings:
        return grey
    clean = grey.copy()
    for ring in rings:
        _wipe(clean, inks, ring)
    return clean


def _inks(grey: Grey) -> _Inks | None:
    import cv2

    if min(grey.shape) < 200:
        return None
    small = cv2.medianBlur(cv2.dilate(shrunk_by(grey, 8), np.ones((3, 3), np.uint8)), 31)
    paper = np.asarray(cv2.resize(small, (grey.shape[1], grey.shape[0])), np.uint8)
    depth = np.asarray(cv2.subtract(paper, grey), np.uint8)
    counts = np.bincount(depth[::2, ::2].ravel(), minlength=256)
    counts[:40] = 0
    if counts.sum() < 100:
        return None
    full = float(np.searchsorted(np.cumsum(counts), 0.9 * counts.sum()))
    if full < _FAINTEST:
        return None
    near = np.asarray(cv2.dilate((depth > _DARK * full).view(np.uint8), np.ones((5, 5), np.uint8)), np.uint8)
    pale = (depth > _PALE * full).view(np.uint8) & (1 - near)
    return _Inks(depth, paper, full, near, pale)


def _rings(inks: _Inks) -> list[_Ring]:
    """Rings of a seal's size in the pale ink, px of the page."""
    import cv2

    per_inch = max(inks.pale.shape) / _A4_INCHES
    times = max(1, round(per_inch / _LOOK_DPI))
    pale, near = shrunk_by(inks.pale * np.uint8(255), times), shrunk_by(inks.near * np.uint8(255), times)
    least, most = (round(inches * per_inch / times) for inches in _RADIUS_INCHES)
    found = cv2.HoughCircles(
        pale, cv2.HOUGH_GRADIENT, dp=1.5, minDist=least, param1=120, param2=40, minRadius=least, maxRadius=most
    )
    guesses = [] if found is None else [_Ring(*map(float, one)) for one in found[0][:_MOST]]
    sharp = [ring for guess in guesses if (ring := _sharpened(pale > 64, near > 64, guess, (least, most)))]
    return [_Ring((r.x + 0.5) * times, (r.y + 0.5) * times, r.radius * times) for r in sharp]


def _sharpened(pale: NDArray[np.bool_], near: NDArray[np.bool_], guess: _Ring, radii: tuple[int, int]) -> _Ring | None:
    """The ring near the guess that its ink fills best; None where it is not closed, or hardly denser than what lies outside of it.

    The centre is off by a px or two and the radius may be of another of the seal's rings: first the radius is looked for, then both.
    """
    reach = radii[1] + 8
    y0, x0 = max(0, int(guess.y - reach)), max(0, int(guess.x - reach))
    pale, near = (one[y0 : int(guess.y + reach), x0 : int(guess.x + reach)] for one in (pale, near))
    rows, columns = np.mgrid[y0 : y0 + pale.shape[0], x0 : x0 + pale.shape[1]]
    distance = np.hypot(columns - guess.x, rows - guess.y)
    roughly = [pale[np.abs(distance - radius) <= 1.6].mean() for radius in range(radii[0], radii[1] + 1)]
    outermost = np.flatnonzero(np.array(roughly) >= _OUTERMOST * max(roughly))[-1]
    near_by = radii[0] + int(outermost) + np.arange(-3, 3)
    best, ring = 0.0, None
    for dx, dy in ((dx, dy) for dx in (-2, -1, 0, 1, 2) for dy in (-2, -1, 0, 1, 2)):
        x, y = guess.x + dx, guess.y + dy
        across, down = columns - x, rows - y
        distance = np.hypot(across, down)
        sector = ((np.arctan2(down, across) / np.pi + 1) * 24).astype(np.intp) % 48
        for radius in near_by:
            filled = _filled(pale, near, distance - radius, sector)
            if filled > best:
                best, ring = filled, _Ring(x, y, float(radius))
    return ring if best >= _FILLED else None


def _filled(
    pale: NDArray[np.bool_], near: NDArray[np.bool_], off: NDArray[np.float64], sector: NDArray[np.intp]
) -> float:
    """How much of the band one pixel wide its pale ink fills, less twice what lies outside; 0 where the ring is not closed."""
    band, outside = np.abs(off) <= 0.8, (off > 2.5) & (off < 5)
    seen = np.bincount(sector[band & pale], minlength=48) > 0
    hidden = np.bincount(sector[band & near], minlength=48) > 0
    if seen.sum() < _CLOSED * np.count_nonzero(seen | ~hidden) or not seen.sum() * 4 > len(seen):
        return 0.0
    inside, free = pale[band & ~near], pale[outside & ~near]
    return float(inside.mean() - 2 * free.mean()) if inside.size and free.size else 0.0


def _wipe(clean: Grey, inks: _Inks, ring: _Ring) -> None:
    """Set the stamp's ink to paper, in place: what is no deeper than the ring's own ink and does not border on deeper ink."""
    import cv2

    reach = ring.radius * 1.06
    rows = slice(max(0, round(ring.y - reach)), round(ring.y + reach))
    columns = slice(max(0, round(ring.x - reach)), round(ring.x + reach))
    depth = inks.depth[rows, columns]
    y, x = np.mgrid[rows.start : rows.start + depth.shape[0], columns.start : columns.start + depth.shape[1]]
    distance = np.hypot(x - ring.x, y - ring.y)
    own = depth[(np.abs(distance - ring.radius) < 0.03 * ring.radius) & (inks.pale[rows, columns] > 0)]
    if not own.size:
        return
    deepest = float(np.percentile(own, 95))
    if deepest > _DARKEST_STAMP * inks.full:
        return
    print_there = cv2.dilate(_print(depth, deepest, _SURELY * inks.full), np.ones((3, 3), np.uint8))
    wiped = (distance < reach) & (print_there == 0)
    clean[rows, columns][wiped] = inks.paper[rows, columns][wiped]


def _print(depth: Grey, deepest: float, surely: float) -> Grey:
    """1 where the ink is deeper than the stamp's and hangs together with, or stands near, ink that is surely print."""
    import cv2

    count, parts = cv2.connectedComponents((depth > deepest).view(np.uint8), connectivity=8)
    reach = np.ones((2 * _MARK_PX + 1, 2 * _MARK_PX + 1), np.uint8)
    sure = np.bincount(parts[depth > surely], minlength=count) > 0
    sure[0] = False
    close = cv2.dilate(sure[parts].view(np.uint8), reach)
    near = np.bincount(parts[close > 0], minlength=count) > 0
    near[0] = False
    return np.asarray(near[parts]).view(np.uint8)
