"""The head of a list: which columns it has and where they run, found by the labels of the type's template.

Readers box head cells line by line: a label may wrap ("Số định danh" / "cá nhân"), stand under a wider label ("Số ngày nghỉ" above
"Từ ngày" and "Đến ngày"), or share a box with its neighbour. Boundaries between columns are the empty lanes between the words below.
All places are in px of the reading copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

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

_LONGEST_LABEL = 60


@dataclass(frozen=True)
class Lane:
    """One column on one page: `columns` are the template's columns whose values it holds, none for a column nobody asked for."""

    columns: tuple[ColumnTemplate, ...]
    left: float
    right: float

    def holds(self, box: Box) -> bool:
        """Whether a word stands in this lane."""
        return self.left <= box.x + box.w / 2 < self.right


@dataclass(frozen=True)
class TableHead:
    """Where a list begins on a page: its lanes from left to right, and the first px row below the head."""

    lanes: tuple[Lane, ...]
    bottom: int


@dataclass(frozen=True)
class _Label:
    columns: tuple[ColumnTemplate, ...]
    box: Box
    likeness: float


def find_head(lines: Sequence[Line], columns: Sequence[ColumnTemplate]) -> TableHead | None:
    """The head of the list on a page, None where fewer than three columns can be recognised."""
    rows = rows_of([line.box for line in lines])
    best: tuple[tuple[float, int], list[_Label], list[Line]] | None = None
    for first in range(len(rows)):
        for count in range(1, _DEEPEST + 1):
            band = [lines[i] for row in rows[first : first + count] for i in row]
            labels = _labels(band, columns)
            found = sum(len(label.columns) for label in labels)
            rank = (found + sum(label.likeness for label in labels) / 1e4, -count)
            if found >= min(_ENOUGH, len(columns)) and (best is None or rank > best[0]):
                best = rank, labels, band
    if best is None:
        return None
    _, labels, band = best
    bottom = max(line.box.bottom for line in band)
    below = [word.box for line in lines if line.box.middle_y > bottom for word in line.words]
    return TableHead(_lanes(labels, band, below), bottom)


def _labels(band: Sequence[Line], columns: Sequence[ColumnTemplate]) -> list[_Label]:
    """The head cells of a band, each column at most once, the likeliest first."""
    candidates = [(around(line.box for line in chain), _said(chain)) for chain in _chains(band)]
    found = [
        _Label((column,), box, likeness)
        for column in columns
        for box, said in candidates
        if (likeness := max(_likeness(anchor, said) for anchor in column.anchors)) >= _LIKENESS
    ]
    found += [label for line in band for label in _inside(line, columns)]
    return _settled(found)


def _chains(band: Sequence[Line]) -> list[list[Line]]:
    """Lines that may be one head cell: one line, or several standing closely under each other."""
    chains = [[line] for line in band]
    for chain in chains:  # grows while it is walked
        if len(chain) < _DEEPEST:
            chains += [[*chain, line] for line in band if _goes_on(chain[-1].box, line.box)]
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
    """How alike a label and a head cell are, 0…100; spaces do not count, because readers lose them."""
    if len(said) > _LONGEST_LABEL:
        return 0.0
    wanted, heard = folded(anchor).replace(" ", ""), said.replace(" ", "")
    return 100.0 if wanted == heard else float(fuzz.ratio(wanted, heard)) if len(wanted) >= 5 else 0.0


def _inside(line: Line, columns: Sequence[ColumnTemplate]) -> list[_Label]:
    """Labels that share one box: whole words of a line that is not much more than several labels."""
    words = [folded(word.text) for word in line.words]
    found = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + 9) + 1):
            if end - start == len(words):
                continue
            said = " ".join(words[start:end])
            for column in columns:
                if any(folded(anchor) == said and len(said) >= 6 for anchor in column.anchors):
                    found.append(_Label((column,), around(word.box for word in line.words[start:end]), 99.0))
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
            if same is None:
                continue
            kept[same] = _Label((*kept[same].columns, column), label.box, kept[same].likeness)
        else:
            kept.append(label)
        taken.add(column.field)
    return kept


def _lanes(labels: Sequence[_Label], band: Sequence[Line], below: Sequence[Box]) -> tuple[Lane, ...]:
    cells = [(label.box, label.columns) for label in labels]
    covered = [label.box for label in labels]
    for line in band:  # columns nobody asked for are borders all the same: "TT", "Ghi chú"
        if not any(line.box.shared_columns(box) * 3 > min(line.box.w, box.w) for box in covered):
            cells.append((line.box, ()))
            covered.append(line.box)
    cells.sort(key=lambda cell: cell[0].x + cell[0].w / 2)
    borders = [_border(one[0], other[0], below) for one, other in zip(cells, cells[1:], strict=False)]
    edges = [float("-inf"), *borders, float("inf")]
    return tuple(Lane(columns, left, right) for (_, columns), left, right in zip(cells, edges, edges[1:], strict=False))


def _border(left: Box, right: Box, below: Sequence[Box]) -> float:
    """The middle of the emptiest stretch between two head cells' middles, of the widest where several are equally empty."""
    start, end = round(left.x + left.w / 2), round(right.x + right.w / 2)
    counts = [0] * max(1, end - start)
    for box in (*below, left, right):
        weight = 1 if box is not left and box is not right else 3
        for x in range(max(start, box.x), min(end, box.right)):
            counts[x - start] += weight
    fewest = min(counts)
    best, run = (0, 0), 0
    for at, count in enumerate([*counts, fewest + 1]):
        if count == fewest:
            run += 1
            continue
        best, run = max(best, (run, at - run)), 0
    return start + best[1] + best[0] / 2
