"""Borders that the words themselves say: a column's values that stand right of its label, or left, closer to the neighbour's than to its middle.

The emptiest stretch between two labels then lies on the wrong side of the values (sums set to the right under a label set to the left), and one lane has
both columns' writing, the other none. Where the values of the empty one all stand on its side of the rest, the border goes between them. Where they do
not, no such cell is sure. All places are in px of the reading copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.table_cells import Piece
from edge_node.extraction.table_lanes import HeadCell, Lane
from edge_node.imaging.geometry import Box
from edge_node.recognition.model import Line, Word
from sync_protocol.paper_types import ColumnTemplate

_ENOUGH = 3
"""Rows at least that say so."""

_DIGITS = 4
"""Digits of a word that counts as a value: "3" may belong to anything."""


def between_words(lanes: Sequence[Lane], labels: Sequence[HeadCell], lines: Sequence[Line]) -> tuple[Lane, ...]:
    """The lanes, with each border moved that left a lane of numbers empty and all its values next door."""
    heads = {id(columns): box for box, columns in labels}
    found = list(lanes)
    for at in range(len(found) - 1):
        for empty, full, edge in ((at, at + 1, 0), (at + 1, at, -1)):
            head = heads.get(id(found[empty].columns))
            border = _border(found[empty], found[full], head, lines, edge) if head is not None else None
            if border is not None:
                found[at], found[at + 1] = replace(found[at], right=border), replace(found[at + 1], left=border)
    return tuple(found)


def with_neighbours(cells: Mapping[int, Sequence[Piece]], lanes: Sequence[Lane]) -> frozenset[int]:
    """The lanes of one row whose words begin or end with a value of the neighbour's kind, while the neighbour's own cell is empty."""
    return frozenset(
        n
        for n, pieces in cells.items()
        for beside, edge in ((n - 1, 0), (n + 1, -1))
        if 0 <= beside < len(lanes) and not cells.get(beside) and any(_is_others(piece.words[edge], lanes[beside], lanes[n]) for piece in pieces)
    )


def _border(empty: Lane, full: Lane, head: Box, lines: Sequence[Line], edge: int) -> float | None:
    """Where the border between a lane without a word and its neighbour must lie, None where the words do not say; `edge` is 0 where the empty one is left."""
    if any(empty.holds(word.box) for line in lines for word in line.words):
        return None
    rows = [words for line in lines if (words := [word for word in line.words if full.holds(word.box)])]
    taken = [words[edge] for words in rows if _has_digits(words[edge]) and not _is_own(words[edge], full)]  # a misread sum stands among sums
    rest = [word for words in rows for word in words if not any(word is one for one in taken)]
    sure = [word for word in taken if _is_others(word, empty, full)]
    if len(sure) < _ENOUGH or 2 * len(sure) < len(rows) or 2 * sum(word.box.shared_columns(head) > 0 for word in sure) < len(sure):
        return None
    own, others = [_middle(word) for word in taken], [_middle(word) for word in rest]
    if edge == 0:
        left, right = max(own), min(others, default=max(word.box.right for word in taken) + 1.0)
    else:
        left, right = max(others, default=min(word.box.x for word in taken) - 1.0), min(own)
    return (left + right) / 2 if left < right else None


def _is_others(word: Word, other: Lane, own: Lane) -> bool:
    """Whether a word is as a whole a value of the other lane's one column and can be none of its own."""
    if len(other.columns) != 1 or not own.columns or not _has_digits(word):
        return False
    return _is_value(word.text, other.columns[0]) and not _is_own(word, own)


def _has_digits(word: Word) -> bool:
    return sum(sign.isdigit() for sign in word.text) >= _DIGITS


def _is_own(word: Word, lane: Lane) -> bool:
    return any(_is_value(word.text, column) for column in lane.columns)


def _is_value(text: str, column: ColumnTemplate) -> bool:
    if column.kind not in NUMERIC_KINDS:
        return False
    found = values(column.kind, text, column.precision)
    return len(found) == 1 and (found[0].start, found[0].end) == (0, len(text))


def _middle(word: Word) -> float:
    return word.box.x + word.box.w / 2
