"""The head of a list: which columns it has and where they run, found by the labels of the type's template.

Readers box head cells line by line: a label may wrap ("Số định danh" / "cá nhân"), stand under a wider label ("Số ngày nghỉ" above
"Từ ngày" and "Đến ngày"), or share a box with its neighbour.
All places are in px of the reading copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from edge_node.extraction.table_between import is_end
from edge_node.extraction.table_borders import between_words
from edge_node.extraction.table_lanes import Lane, lanes_between, without_ordinal
from edge_node.imaging.geometry import Box, around
from edge_node.recognition.folding import folded
from edge_node.recognition.model import Line
from edge_node.recognition.order import rows_of
from sync_protocol.paper_types import ColumnTemplate

_LIKENESS = 86.0
_ENOUGH = 3
"""Columns that must be recognised before a band of writing is a head."""

_DEEPEST = 4
"""Rows of writing that one head may have."""

_DIGITS = 8
"""Digits of a day, a personal or an insurance number at least: no head cell has as many."""

_LONGEST_LABEL = 60
_AS_WIDE = 0.45
"""How wide the narrower of two labels in one stacked head cell is at least, as a part of the wider: one over several columns is wider."""


@dataclass(frozen=True)
class TableHead:
    """Where a list begins on a page: its lanes from left to right, the first px row of the head and the first below it."""

    lanes: tuple[Lane, ...]
    bottom: int
    top: int = 0


@dataclass(frozen=True)
class _Label:
    """A head cell that says columns; `first`…`last` are the rows of writing it reaches over, counted on the page."""

    columns: tuple[ColumnTemplate, ...]
    box: Box
    likeness: float
    first: int
    last: int


def find_head(lines: Sequence[Line], columns: Sequence[ColumnTemplate]) -> TableHead | None:
    """The head of the list on a page, None where fewer than three columns can be recognised."""
    lines = [part for line in lines for part in without_ordinal(line)]
    rows = rows_of([line.box for line in lines])
    every = _labels(lines, rows, columns)
    is_body = [_has_values([lines[i] for i in row]) for row in rows]
    best: tuple[tuple[float, int], list[_Label], range] | None = None
    for first in range(len(rows)):
        for count in range(1, _DEEPEST + 1):
            if any(is_body[first + 1 : first + count]):
                break  # "Nam" over "Nữ" in two rows of workers is no label
            inside = [label for label in every if first <= label.first and label.last < first + count]
            labels = _settled(inside) if len(inside) >= min(_ENOUGH, len(columns)) else []
            found = sum(len(label.columns) for label in labels)
            rank = (found + sum(label.likeness for label in labels) / 1e4, -count)
            if found >= min(_ENOUGH, len(columns)) and (best is None or rank > best[0]):
                best = rank, labels, range(first, min(len(rows), first + count))
    if best is None:
        return None
    _, labels, span = best
    band = [lines[i] for row in span for i in rows[row]]
    bottom = max(line.box.bottom for line in band)
    under = sorted((line for line in lines if line.words and line.box.middle_y > bottom), key=lambda line: line.box.y)
    cells = [(label.box, label.columns) for label in labels]
    lanes = lanes_between(cells, band, [word.box for line in under for word in line.words])
    if (end := next((at for at, line in enumerate(under) if is_end(line, at, under, lanes)), 0)) > 0:
        lanes = lanes_between(cells, band, [word.box for line in under[:end] for word in line.words])  # who signs stands across the columns
    lanes = between_words(lanes, cells, under[:end] if end > 0 else under)
    return TableHead(lanes, bottom, min(line.box.y for line in band))


def _labels(lines: Sequence[Line], rows: Sequence[Sequence[int]], columns: Sequence[ColumnTemplate]) -> list[_Label]:
    """Everything on the page that may be a head cell, a label for each column it may mean."""
    row_of = {i: number for number, row in enumerate(rows) for i in row}
    anchors = [(column, tuple(folded(anchor) for anchor in column.anchors)) for column in columns]
    found: list[_Label] = []
    for chain in _chains(lines):
        said, at = _said([lines[i] for i in chain]), [row_of[i] for i in chain]
        box = around(lines[i].box for i in chain)
        for column, wanted in anchors:
            likeness = max(_likeness(anchor, said) for anchor in wanted)
            if likeness >= _LIKENESS:
                found.append(_Label((column,), box, likeness, min(at), max(at)))
    exact = {
        anchor: [column for column, wanted in anchors if anchor in wanted] for _, wanted in anchors for anchor in wanted
    }
    for i, line in enumerate(lines):
        found += _inside(line, exact, row_of[i])
    return found


def _has_values(row: Sequence[Line]) -> bool:
    """Whether a row of writing holds two numbers or days, as a worker's does."""
    return sum(sum(sign.isdigit() for sign in word.text) >= _DIGITS for line in row for word in line.words) > 1


def _chains(lines: Sequence[Line]) -> list[list[int]]:
    """Lines (by index) that may be one head cell: one line, or several standing closely under each other."""
    chains = [[i] for i, line in enumerate(lines) if len(line.text) <= _LONGEST_LABEL]
    short = [chain[0] for chain in chains]
    for chain in chains:  # grows while it is walked
        if len(chain) < _DEEPEST and sum(len(lines[i].text) for i in chain) < _LONGEST_LABEL:
            chains += [[*chain, i] for i in short if _goes_on(lines[chain[-1]].box, lines[i].box)]
    return chains


def _goes_on(above: Box, box: Box) -> bool:
    """Whether a line closely below another may belong to the same head cell: mostly under it, and not one of several under a wide one."""
    narrow, wide = sorted((above.w, box.w))
    shared = box.shared_columns(above)
    below = box.middle_y > above.bottom - above.h / 4 and box.y - above.bottom < above.h
    return below and shared * 2 > narrow and (wide < 4 * narrow or shared * 10 > 9 * narrow)


def _said(chain: Sequence[Line]) -> str:
    return folded(" ".join(line.text for line in chain))


def _likeness(anchor: str, said: str) -> float:
    """How alike a label and a head cell are, both folded, 0…100; spaces do not count, because readers lose them."""
    if len(said) > _LONGEST_LABEL:
        return 0.0
    wanted, heard = anchor.replace(" ", ""), said.replace(" ", "")
    return 100.0 if wanted == heard else float(fuzz.ratio(wanted, heard)) if len(wanted) >= 5 else 0.0


def _inside(line: Line, exact: Mapping[str, Sequence[ColumnTemplate]], row: int) -> list[_Label]:
    """Labels that share one box: whole words of a line, exactly as a form spells them."""
    words = [folded(word.text) for word in line.words]
    found = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + 9) + 1):
            said = " ".join(words[start:end])
            if end - start < len(words) and len(said) >= 6:
                box = around(word.box for word in line.words[start:end])
                found += [_Label((column,), box, 99.0, row, row) for column in exact.get(said, ())]
    return found if len({label.columns[0].field for label in found}) > 1 else []


def _settled(found: Sequence[_Label]) -> list[_Label]:
    """The likeliest label of each column; columns that share a head cell share its label, others never stand over each other."""
    kept: list[_Label] = []
    taken: set[str] = set()
    for label in sorted(found, key=lambda one: (-one.likeness, -one.box.h * one.box.w)):
        (column,) = label.columns
        if column.field in taken:
            continue
        clash = [n for n, one in enumerate(kept) if one.box.shared_columns(label.box) * 2 > min(one.box.w, label.box.w)]
        if clash:
            same = next((n for n in clash if kept[n].box == label.box and kept[n].columns[0].kind == column.kind), None)
            if same is not None:
                kept[same] = replace(kept[same], columns=(*kept[same].columns, column))
            elif len(clash) == 1 and _is_stacked(kept[clash[0]].box, label.box):
                kept[clash[0]] = _stacked(kept[clash[0]], label)
            else:
                continue
        else:
            kept.append(label)
        taken.add(column.field)
    return kept


def _is_stacked(one: Box, other: Box) -> bool:
    """Whether two labels stand one above the other in a head cell of two rows ("Mã số BHXH" over "Số định danh"), as their values do in each cell."""
    upper, lower = sorted((one, other), key=lambda box: box.y)
    narrow, wide = sorted((one.w, other.w))
    apart = lower.middle_y - upper.middle_y
    near = 0.6 * min(one.h, other.h) < apart and lower.y - upper.bottom < min(one.h, other.h)
    return near and narrow > _AS_WIDE * wide and abs(one.x + one.w / 2 - other.x - other.w / 2) < 0.25 * wide


def _stacked(one: _Label, other: _Label) -> _Label:
    """Both as one head cell, its columns from top to bottom."""
    upper, lower = sorted((one, other), key=lambda label: label.box.y)
    columns, box = (*upper.columns, *lower.columns), around((one.box, other.box))
    return _Label(columns, box, min(one.likeness, other.likeness), min(one.first, other.first), max(one.last, other.last))
