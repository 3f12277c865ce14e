"""Where the rows of a list are: the heights of what stands once in each row, its numbers before all.

In a list whose rows are two half-rows (one number over another, "từ ngày" over "đến ngày") the numbers stand above the row's middle, its ordinal and its
name in it; so the levels are moved to where most of a row's single values are. All places are in px of the reading copy.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from edge_node.extraction.grammar import values
from edge_node.extraction.shared_cells import own_values
from edge_node.extraction.table_cells import Piece
from edge_node.extraction.table_head import TableHead
from sync_protocol.paper_types import ColumnTemplate

ORDINAL = re.compile(r"^\W*(\d{1,4})\W*$")
_SINGLE = frozenset({"personal_id", "bhxh_number", "date", "money", "phone", "tax_code"})
"""Kinds that stand once in a row of a list and rarely wrap."""

_NUMBERS = ("personal_id", "bhxh_number")
_Key = tuple[int, str]
"""A lane and the column, or what else is single there."""


def levels_of(pieces: Sequence[Piece], head: TableHead) -> list[float]:
    """Heights of the rows' middles: from the column that has most numbers, completed from the other columns of single values.

    Numbers never wrap; dates may, most of all where two share a cell, so they only count where no number is.
    """
    single = _single(pieces, head)
    found = {key: heights for key, heights in single.items() if key[1] in _SINGLE} or _named(pieces, head)
    if not found:
        return []
    best, *others = sorted(found, key=lambda key: (key[1] not in _NUMBERS, -len(found[key])))
    levels = sorted(found[best])
    height = median(piece.box.h for piece in pieces)
    pitch = min((pitch_of(sorted(heights)) for heights in found.values() if len(heights) > 2), default=pitch_of(levels))
    for key in others:
        room = 0.7 * pitch if len(levels) > 1 else 1.2 * height
        off = _off(found[key], levels, pitch) or 0.0
        levels = sorted([*levels, *(one - off for one in found[key] if all(abs(one - off - known) > room for known in levels))])
    shift = _shift(levels, [*single.values(), *_named(pieces, head).values(), _ordinals(pieces, head)])
    return [level + shift for level in levels]


def _single(pieces: Sequence[Piece], head: TableHead) -> dict[_Key, list[float]]:
    """Heights of values that stand once in a row, by lane and kind."""
    found: dict[_Key, list[float]] = defaultdict(list)
    for piece in pieces:
        columns = head.lanes[piece.lane].columns
        for column in columns:
            if column.kind in _SINGLE and sum(one.kind == column.kind for one in columns) == 1 and _is_whole(column, piece.text, columns):
                found[piece.lane, column.kind].append(piece.box.middle_y)
    return found


def _named(pieces: Sequence[Piece], head: TableHead) -> dict[_Key, list[float]]:
    """Heights of names, for lists in which no number could be read at all."""
    found: dict[_Key, list[float]] = defaultdict(list)
    for piece in pieces:
        if any(column.kind == "name" and any(v.holds for v in values("name", piece.text)) for column in head.lanes[piece.lane].columns):
            found[piece.lane, "name"].append(piece.box.middle_y)
    return found


def _ordinals(pieces: Sequence[Piece], head: TableHead) -> list[float]:
    return [piece.box.middle_y for piece in pieces if piece.lane == 0 and not head.lanes[0].columns and ORDINAL.match(piece.text)]


def _is_whole(column: ColumnTemplate, text: str, columns: Sequence[ColumnTemplate]) -> bool:
    """Whether a value of the kind makes up most of a piece, or of its part of a cell that columns share."""
    found = own_values(column, text, columns)
    return bool(found) and (len(columns) > 1 or 2 * sum(value.end - value.start for value in found) > len(text))


def _off(heights: Sequence[float], levels: Sequence[float], pitch: float) -> float | None:
    """How far below the levels a column's values stand; None where it has them in few rows."""
    near = [off for one in heights if abs(off := min((one - level for level in levels), key=abs)) < 0.55 * pitch]
    return median(near) if 2 * len(near) > len(levels) else None


def _shift(levels: Sequence[float], columns: Sequence[Sequence[float]]) -> float:
    """How far below the levels most single values of a row stand."""
    offs = [off for heights in columns if (off := _off(heights, levels, pitch_of(levels))) is not None]
    return median(offs) if len(offs) > 1 else 0.0


def pitch_of(levels: Sequence[float]) -> float:
    """The usual distance of two rows."""
    return median(b - a for a, b in pairwise(levels)) if len(levels) > 1 else 60.0


def step_of(pieces: Sequence[Piece], levels: Sequence[float]) -> float:
    """The usual distance of two lines of one cell: the lower quartile of all that stand under each other; where nothing wraps, that of the rows."""
    lanes: dict[int, list[float]] = defaultdict(list)
    for piece in pieces:
        lanes[piece.lane].append(piece.box.middle_y)
    height = median(piece.box.h for piece in pieces)
    steps = sorted(b - a for heights in lanes.values() for a, b in pairwise(sorted(heights)) if b - a > 0.4 * height)
    return min(steps[len(steps) // 4], pitch_of(levels)) if steps else pitch_of(levels)
