"""Upright rules: the lines between the columns of a table, found on a level page and taken out of the reading copy.

A detector likes to join two narrow cells, and a reader takes the rule beside a cell for "1", "[" or a full stop. A rule is told from
a letter's stem by its length alone: no stem of print below 25 pt is as high.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.dotted import dotted_lines
from edge_node.imaging.ink import darker_than_around

_A4_INCHES = 11.69

_LEAST_INCHES = 0.32
"""Height from which an upright line is a rule: two lines of 12 pt, and more than a capital of 25 pt."""

_BOX_INCHES = 0.17
"""Height from which upright strokes may be the sides of boxes for single digits: capitals of 16 pt are lower."""

_MOST = 0.6
"""Share of the distances between boxes that are one and the same: a day's three parts stand farther apart."""

_LEAST_SIDES = 6
"""Sides from which a row of boxes is one."""

_THICKEST_INCHES = 0.05
"""Width up to which it is one: beyond, it is the edge of a picture or of a shadow."""


@dataclass(frozen=True)
class Rule:
    """An upright line in px of the page: columns `left` … `right`, rows `top` … `bottom`, ends excluded.

    `divides`: whether it parts two cells; the sides of boxes for the digits of one number do not.
    """

    left: int
    right: int
    top: int
    bottom: int
    divides: bool = True

    @property
    def middle(self) -> float:
        """Its centre column."""
        return (self.left + self.right) / 2


def upright_rules(grey: Grey, page_px: int = 0) -> list[Rule]:
    """All rules of a level page, or of a part of one whose longest side is `page_px`. Pure."""
    import cv2

    per_inch = (page_px or max(grey.shape)) / _A4_INCHES
    least, thickest = round(per_inch * _LEAST_INCHES) | 1, max(3, round(per_inch * _THICKEST_INCHES))
    short = round(per_inch * _BOX_INCHES) | 1
    if min(grey.shape) < 2 * short:
        return []
    dark = darker_than_around(grey)
    dotted = [Rule(*line) for line in dotted_lines(dark, per_inch, least)]
    lines = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((short, 1), np.uint8))
    if not lines.any():  # to number the parts of an empty picture costs as much as to find them
        return dotted
    _, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    strokes = [Rule(int(x), int(x + w), int(y), int(y + h)) for x, y, w, h, _ in stats[1:] if w <= thickest]
    high = [stroke for stroke in strokes if stroke.bottom - stroke.top >= least]
    sides = _sides_of_boxes([stroke for stroke in strokes if stroke.bottom - stroke.top < least])
    return high + dotted + [replace(side, divides=False) for side in sides]


def _sides_of_boxes(strokes: list[Rule]) -> list[Rule]:
    """Strokes that are the sides of a row of boxes, one digit each: equally high, on one level, at one distance.

    No line of print has six such stems: those of "H" and "I" in large capitals do not stand at one distance.
    """
    found: list[Rule] = []
    left = sorted(strokes, key=lambda stroke: stroke.middle)
    while left:
        first = left[0]
        level = [s for s in left if abs(s.top - first.top) <= 3 and abs(s.bottom - first.bottom) <= 3]
        left = [s for s in left if s not in level]
        gaps = np.diff([stroke.middle for stroke in level])
        if len(level) >= _LEAST_SIDES:
            high = first.bottom - first.top
            if _is_even(gaps, high) or (_is_even(gaps[::2], high) and _is_even(gaps[1::2], high, _MOST)):
                found += level  # side by side, or each with its own two sides
    return found


def _is_even(gaps: NDArray[np.float64], high: int, share: float = 0.75) -> bool:
    """Whether so many of these distances are one and the same, which is no wider than two boxes of this height."""
    pitch = float(np.median(gaps))
    return bool((np.abs(gaps - pitch) < max(1.5, 0.12 * pitch)).mean() > share) and pitch < 2 * high


def without_rules(grey: Grey, rules: list[Rule]) -> Grey:
    """A copy with the rules painted over by the paper beside them; the page itself stays. Pure."""
    if not rules:
        return grey
    import cv2

    clean = grey.copy()
    paper = cv2.dilate(grey, np.ones((1, 15), np.uint8))
    for rule in rules:
        rows, columns = slice(rule.top, rule.bottom), slice(max(0, rule.left - 1), rule.right + 1)
        clean[rows, columns] = paper[rows, columns]
    return clean
