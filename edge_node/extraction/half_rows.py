"""Rows of a list that are two half-rows: a name over an address in one cell, as the heads are set over each other.

What no number or day says apart by its shape is parted by height: the numbers and days of the row stand in both halves, and say where those are.
All places are in px of the reading copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from edge_node.extraction.rows import Row
from edge_node.extraction.shared_cells import is_countable, own_values
from edge_node.extraction.table_lanes import Lane

Halves = tuple[float, float]
"""Heights at which the values of the upper and of the lower half-row stand."""


def halves_of(written: Mapping[int, Sequence[Row]], lanes: Sequence[Lane]) -> Halves | None:
    """Where a row's half-rows are: as the lanes say in which two columns have one value each, one above the other; None where no lane does."""
    upper, lower = [], []
    for at, rows in written.items():
        columns = lanes[at].columns
        if len(columns) != 2 or not all(is_countable(column) for column in columns):
            continue
        first, second = ([row.box.middle_y for row in rows if own_values(column, row.text, columns)] for column in columns)
        heights = first if columns[0].kind == columns[1].kind else [*first, *second]
        if len(heights) == 2 and heights[1] - heights[0] > 0.5 * rows[0].box.h:
            upper.append(heights[0])
            lower.append(heights[1])
    return (median(upper), median(lower)) if upper else None


def parted(written: Sequence[Row], halves: Halves) -> int:
    """How many of a cell's rows of writing, top to bottom, belong to the upper half: the cut whose parts lie best at both heights, by their middles or by
    their first rows.
    """
    middles = [row.box.middle_y for row in written]

    def off(part: Sequence[float], height: float, hangs: bool) -> float:
        return ((part[0] if hangs else (part[0] + part[-1]) / 2) - height) ** 2 if part else 0.0

    prices = [(off(middles[:cut], halves[0], hangs) + off(middles[cut:], halves[1], hangs), cut) for cut in range(1, len(middles)) for hangs in (False, True)]
    return min(prices)[1] if prices else int(abs(middles[0] - halves[0]) < abs(middles[0] - halves[1]))
