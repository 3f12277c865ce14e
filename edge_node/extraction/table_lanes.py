"""The lanes of a list: where its columns run. Borders are the emptiest stretches between the words below the head.

All places are in px of the reading copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from edge_node.imaging.geometry import Box, around
from edge_node.recognition.folding import folded
from edge_node.recognition.model import Line
from sync_protocol.paper_types import ColumnTemplate

_ORDINALS, _FEW = ("stt", "tt"), 6
HeadCell = tuple[Box, tuple[ColumnTemplate, ...]]
"""A cell of the head, and the columns that it says."""


@dataclass(frozen=True)
class Lane:
    """One column on one page: `columns` are the template's columns whose values it holds, none for a column nobody asked for."""

    columns: tuple[ColumnTemplate, ...]
    left: float
    right: float

    def holds(self, box: Box) -> bool:
        """Whether a word stands in this lane."""
        return self.left <= box.x + box.w / 2 < self.right


def without_ordinal(line: Line) -> list[Line]:
    """A head cell in two where the ordinals' own label was boxed with its neighbour ("STT Người tham")."""
    first, *rest = line.words or (None,)
    if first is None or not rest or folded(first.text) not in _ORDINALS or len(rest) >= _FEW:
        return [line]
    return [msgspec.structs.replace(line, text=" ".join(word.text for word in words), box=around(word.box for word in words), words=words) for words in ((first,), tuple(rest))]


def lanes_between(labels: Sequence[HeadCell], band: Sequence[Line], below: Sequence[Box]) -> tuple[Lane, ...]:
    """The lanes of a head: `labels` are the cells that say columns, `band` all lines of the head, `below` the words under it."""
    cells = list(labels)
    covered = [box for box, _ in labels]
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
