"""Pieces of writing in one column, and how they are shared out among the rows of a list when cells wrap.

All places are in px of the reading copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from edge_node.imaging.geometry import Box, around
from edge_node.recognition.model import Line, Word

_MOST_LINES = 6
"""Lines that one cell may have."""

_REACH, _SKIPPED, _OFF = 1.5, 0.6, 0.42
"""Lines of one cell are at most so many of their usual distances apart; what is farther off every row than such a part of the rows' distance is left out,
and what is farther off its own than the last goes to a person."""

_OWN = 0.55
"""A line that stands within such a part of the rows' distance of a row is that row's, or nobody's."""

_MARGIN = 0.35
"""A cut that is worse by less than such a part of the lines' distance is as good."""


Span = tuple[int, int]
"""From which to which piece of a lane a row's block reaches."""


@dataclass(frozen=True)
class Piece:
    """The part of one boxed line that lies in one lane. `is_loose`: the line runs over a border, so that nobody can be sure which words are this lane's;
    `is_cut`: a border parts two of its words that stand no farther apart than words of one cell do.
    """

    lane: int
    words: tuple[Word, ...]
    line: Line
    is_loose: bool = False
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The words, with one space between."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """Around the words."""
        return around(word.box for word in self.words)


@dataclass(frozen=True)
class Block:
    """What one row has in one lane. `is_unsure`: some of it could as well be the row's above or below."""

    pieces: tuple[Piece, ...] = ()
    is_unsure: bool = False


@dataclass(frozen=True)
class _Rows:
    """The rows of a list as one lane sees them: middles, the usual distance, how far two lines of one cell are apart at most, whether cells hang from the
    top; and how far they may be where no other row is near.
    """

    levels: Sequence[float]
    pitch: float
    reach: float
    hangs: bool = False
    wide: float = 0.0

    def are_apart(self, above: Piece, below: Piece, row: int) -> bool:
        """Whether two lines are too far from each other for one cell of this row: rows of one line stand nearly as close as the lines of a cell do."""
        far = below.box.middle_y - above.box.middle_y
        return far > self.reach and (far > self.wide or any(self._is_near_another(piece.box.middle_y, row) for piece in (above, below)))

    def _is_near_another(self, middle: float, row: int) -> bool:
        return any(abs(middle - level) < _OWN * self.pitch for n, level in enumerate(self.levels) if n != row)

    @property
    def skip(self) -> float:
        """Price of leaving a piece out: a heading between rows is nearer to no row than this."""
        return (_SKIPPED * self.pitch) ** 2


def shared_out(stack: Sequence[Piece], levels: Sequence[float], pitch: float, step: float) -> list[Block]:
    """One lane's pieces, top to bottom, cut into one block a row (empty ones too) so that blocks lie best around the rows' heights.

    Cells are centred on their row in most forms, in some they hang from its top; the better of the two is taken for the whole lane. `step` is the
    usual distance of two lines of one cell: what stands farther apart is not one cell, and what lies between rows is none.
    """
    reach = min(_REACH * step, 0.8 * pitch)
    cuts = [(rows, *_cut(stack, rows)) for hangs in (False, True) for rows in [_Rows(levels, pitch, reach, hangs, _REACH * step)]]
    rows, _, spans = min(cuts, key=lambda found: found[1])
    unsure = _unsure(stack, rows, spans, step)
    return [Block(tuple(stack[start:end]), row in unsure) for row, (start, end) in enumerate(spans)]


def _cut(stack: Sequence[Piece], rows: _Rows) -> tuple[float, list[Span]]:
    """The cheapest cut: its price, and from where to where each row reaches."""
    count, worst = len(stack), float("inf")
    cost = [[worst] * (count + 1) for _ in range(len(rows.levels) + 1)]
    start_of = [[-1] * (count + 1) for _ in cost]  # -1: the last piece is left out
    cost[0][0] = 0.0
    for row, line in enumerate(cost):
        for end in range(count + 1):
            for start in range(max(0, end - _MOST_LINES), end + 1) if row else ():
                price = cost[row - 1][start] + _price(stack[start:end], rows, row - 1)
                if price < line[end]:
                    line[end], start_of[row][end] = price, start
            if end and line[end - 1] + rows.skip < line[end]:
                line[end], start_of[row][end] = line[end - 1] + rows.skip, -1
    spans: list[Span] = []
    row, end = len(rows.levels), count
    while row:
        if (start := start_of[row][end]) < 0:
            end -= 1
            continue
        spans.append((start, end))
        row, end = row - 1, start
    return cost[-1][count], spans[::-1]


def _price(block: Sequence[Piece], rows: _Rows, row: int) -> float:
    """Infinite where the pieces cannot be one cell."""
    if not block:
        return 0.0
    if any(rows.are_apart(above, below, row) for above, below in pairwise(block)):
        return float("inf")
    middles = [piece.box.middle_y for piece in block]
    spot = middles[0] if rows.hangs else (middles[0] + middles[-1]) / 2
    return (spot - rows.levels[row]) ** 2 + 0.02 * (middles[-1] - middles[0]) ** 2


def _unsure(stack: Sequence[Piece], rows: _Rows, spans: Sequence[Span], step: float) -> set[int]:
    """The rows whose block would lie nearly as well with one piece more or less, which their neighbour would have instead, or lies far off its row."""
    found: set[int] = set()
    for row, (one, other) in enumerate(pairwise(spans)):
        now = _price(stack[slice(*one)], rows, row) + _price(stack[slice(*other)], rows, row + 1)
        for mine, theirs in _shifted(one, other):
            if _price(stack[slice(*mine)], rows, row) + _price(stack[slice(*theirs)], rows, row + 1) - now < (_MARGIN * step) ** 2:
                found |= {row, row + 1}
    found |= {row for row, span in enumerate(spans) if _has_stray(stack, spans, span, _REACH * step)}
    return found | {row for row, span in enumerate(spans) if _price(stack[slice(*span)], rows, row) > (_OFF * rows.pitch) ** 2}


def _has_stray(stack: Sequence[Piece], spans: Sequence[Span], span: Span, reach: float) -> bool:
    """Whether a line that no row was given stands close to this row's block: it may be its end or its beginning."""
    (start, end), taken = span, {n for one in spans for n in range(*one)}
    beside = [(n, piece) for n, piece in ((start - 1, start), (end, end - 1)) if start < end and 0 <= n < len(stack) and n not in taken]
    return any(abs(stack[n].box.middle_y - stack[piece].box.middle_y) < reach for n, piece in beside)


def _shifted(one: Span, other: Span) -> Iterator[tuple[Span, Span]]:
    """The blocks of two rows with one piece given over the border, either way."""
    (start, end), (begin, last) = one, other
    if start < end and (end == begin or begin == last):
        yield (start, end - 1), (end - 1, last if begin < last else end)
    if begin < last and (end == begin or start == end):
        yield (start if start < end else begin, begin + 1), (begin + 1, last)
