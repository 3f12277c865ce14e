"""Pieces of writing in one column, and how they are shared out among the rows of a list when cells wrap.

All places are in px of the reading copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge_node.imaging.geometry import Box, around
from edge_node.recognition.model import Line, Word

_MOST_LINES = 6
"""Lines that one cell may have."""


@dataclass(frozen=True)
class Piece:
    """The part of one boxed line that lies in one lane."""

    lane: int
    words: tuple[Word, ...]
    line: Line

    @property
    def text(self) -> str:
        """The words, with one space between."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """Around the words."""
        return around(word.box for word in self.words)


def shared_out(stack: Sequence[Piece], levels: Sequence[float], pitch: float) -> list[list[Piece]]:
    """One lane's pieces, top to bottom, cut into one block a row (empty ones too) so that blocks lie best around the rows' heights.

    Cells are centred on their row in most forms, in some they hang from its top; the better of the two is taken for the whole lane.
    """
    best = min((_cut(stack, levels, hang, pitch) for hang in (False, True)), key=lambda found: found[0])
    return best[1]


def _cut(stack: Sequence[Piece], levels: Sequence[float], hangs: bool, pitch: float) -> tuple[float, list[list[Piece]]]:
    pieces, rows = len(stack), len(levels)
    worst = float("inf")
    cost = [[worst] * (pieces + 1) for _ in range(rows + 1)]
    taken = [[0] * (pieces + 1) for _ in range(rows + 1)]
    cost[0][0] = 0.0
    for row in range(1, rows + 1):
        for end in range(pieces + 1):
            for start in range(max(0, end - _MOST_LINES), end + 1):
                if cost[row - 1][start] == worst:
                    continue
                price = cost[row - 1][start] + _price(stack[start:end], levels[row - 1], hangs, pitch)
                if price < cost[row][end]:
                    cost[row][end], taken[row][end] = price, start
    blocks: list[list[Piece]] = []
    end = min(range(pieces + 1), key=lambda n: (cost[rows][n] + (pieces - n) * pitch**2, -n))
    total = cost[rows][end] + (pieces - end) * pitch**2  # what lies below the last row belongs to none
    for row in range(rows, 0, -1):
        start = taken[row][end]
        blocks.append(list(stack[start:end]))
        end = start
    return total, blocks[::-1]


def _price(block: Sequence[Piece], level: float, hangs: bool, pitch: float) -> float:
    if not block:
        return 0.0
    first, last = block[0].box.middle_y, block[-1].box.middle_y
    spot = first if hangs else (first + last) / 2
    return (spot - level) ** 2 + 0.02 * (last - first) ** 2
