"""The body of a list: which pieces of writing make which row, cell by cell, by geometry alone.

Numbers, dates and amounts stand once in a row, so their heights say where rows are; a cell whose writing wraps is then cut so that its
blocks lie best around those heights. All places are in px of the reading copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from edge_node.extraction.grammar import values
from edge_node.extraction.rows import Row
from edge_node.extraction.table_between import is_end, without_headings
from edge_node.extraction.table_borders import with_neighbours
from edge_node.extraction.table_cells import Block, Piece, shared_out
from edge_node.extraction.table_head import TableHead
from edge_node.extraction.table_lanes import Lane
from edge_node.extraction.table_levels import ORDINAL, levels_of, pitch_of, step_of
from edge_node.recognition.model import Line, PageReading
from edge_node.recognition.order import rows_of
from sync_protocol.paper_types import FieldKind

_NUMBERS: tuple[FieldKind, ...] = ("bhxh_number", "date")
_SPACE = 0.35
"""Gap, in heights, that two words of one cell have at most."""

_FEW = 6
"""Words that a line has at least which runs on as a sentence does."""


@dataclass(frozen=True)
class GridRow:
    """One row: its pieces by lane (from 0), the ordinal printed before it (0 where none was read), the lanes in which some of the writing could as
    well be another row's, and those in which it could be the next column's, or some of it stand there.
    """

    cells: dict[int, tuple[Piece, ...]]
    ordinal: int
    middle: float
    unsure: frozenset[int] = frozenset()
    parted: frozenset[int] = frozenset()


def grid(page: PageReading, head: TableHead) -> list[GridRow]:
    """The rows below a head, top to bottom."""
    pieces, guessed = without_headings(_pieces(page, head), head.lanes)
    levels = levels_of(pieces, head) if pieces else []
    if not levels:
        return []
    pitch, step = pitch_of(levels), step_of(pieces, levels)
    end = levels[-1] + max(1.6 * pitch, 60.0) if len(levels) > 1 else levels[-1] + 120.0
    inside = [piece for piece in pieces if levels[0] - 1.6 * pitch < piece.box.middle_y < end]
    cells: list[dict[int, tuple[Piece, ...]]] = [{} for _ in levels]
    unsure: list[set[int]] = [set() for _ in levels]
    for lane in range(len(head.lanes)):
        stack = sorted(
            (piece for piece in inside if piece.lane == lane), key=lambda piece: (piece.box.middle_y, piece.box.x)
        )
        for row, doubts, block in zip(cells, unsure, shared_out(stack, levels, pitch, step), strict=True):
            if block.pieces:
                row[lane] = tuple(block.pieces[n] for level in rows_of([piece.box for piece in block.pieces]) for n in level)
            if block.is_unsure or _may_go_on(block, guessed, 1.5 * step):
                doubts.add(lane)
    _doubt_loose(cells, unsure)
    wrong = _cutting(inside, head.lanes)
    parted = [frozenset(n for n, own in row.items() if n in wrong or any(piece.is_cut for piece in own)) | with_neighbours(row, head.lanes) for row in cells]
    return [GridRow(row, _ordinal(row, head), level, frozenset(doubts), cut) for row, doubts, level, cut in zip(cells, unsure, levels, parted, strict=True)]


def row_of(pieces: Sequence[Piece], row: GridRow, number: int, page: PageReading) -> tuple[Row, ...]:
    """A cell's pieces as rows of writing, each with what the second reader saw in that cell."""
    others = [piece for cell in row.cells.values() for piece in cell]
    return tuple(
        Row(piece.text, piece.words, piece.box, piece.line.score, _second_there(piece, others), number, page)
        for piece in pieces
    )


def _doubt_loose(cells: Sequence[dict[int, tuple[Piece, ...]]], unsure: Sequence[set[int]]) -> None:
    """Doubt every cell of a row whose line ran over borders, and its neighbours' cells of several lines: the rest of its cells may have gone there."""
    for at, row in enumerate(cells):
        if any(piece.is_loose for pieces in row.values() for piece in pieces):
            unsure[at].update(row)
            for beside in (at - 1, at + 1):
                if 0 <= beside < len(cells):
                    unsure[beside].update(lane for lane, pieces in cells[beside].items() if len(pieces) > 1)


def _may_go_on(block: Block, headings: Sequence[Piece], reach: float) -> bool:
    """Whether what was taken for a heading may be the rest of the cell above it."""
    last = block.pieces[-1] if block.pieces else None
    return last is not None and any(one.lane == last.lane and 0 < one.box.middle_y - last.box.middle_y < reach for one in headings)


def _pieces(page: PageReading, head: TableHead) -> list[Piece]:
    """Everything below the head that can be cell text, cut at the borders of the lanes, up to where the list ends."""
    found: list[Piece] = []
    lines = sorted((one for one in page.lines if one.words and one.box.middle_y > head.bottom), key=lambda one: one.box.y)
    for at, line in enumerate(lines):
        if is_end(line, at, lines, head.lanes):
            break
        cut = [(n, tuple(word for word in line.words if lane.holds(word.box))) for n, lane in enumerate(head.lanes)]
        filled = [(n, words) for n, words in cut if words]
        is_loose = len(filled) > 1 and _straddles(line, head.lanes)
        if not is_loose or _has_numbers(line):
            cut_at = [lane.right for lane in head.lanes if _is_cut_at(lane, line)]
            found += [Piece(n, words, line, is_loose, bool({head.lanes[n].left, head.lanes[n].right}.intersection(cut_at))) for n, words in filled]
    return found


def _is_cut_at(lane: Lane, line: Line) -> bool:
    """Whether a lane's right border parts two words of one line that stand as close as words of one cell do, so that it may lie wrong."""
    return any(
        one.box.x + one.box.w / 2 < lane.right <= other.box.x + other.box.w / 2
        and other.box.x - one.box.right < _SPACE * line.box.h
        and one.text[-1:].isalpha()
        and other.text[:1].isalpha()
        for one, other in pairwise(line.words)
    )


def _cutting(pieces: Sequence[Piece], lanes: Sequence[Lane]) -> set[int]:
    """The lanes beside a border that cuts through cells of several rows: there even a cell that looks whole may have its first word next door, or stand
    on the wrong side as a whole.
    """
    lines = list({id(piece.line): piece.line for piece in pieces}.values())
    cutting = [n for n, lane in enumerate(lanes[:-1]) if sum(_is_cut_at(lane, line) for line in lines) > 1]
    return {beside for n in cutting for beside in (n, n + 1)}


def _has_numbers(line: Line) -> bool:
    """Whether a line holds a worker's numbers: it is a row whose cells ran together, and no sentence."""
    return bool(values("personal_id", line.text)) or sum(len(values(kind, line.text)) for kind in _NUMBERS) > 1


def _straddles(line: Line, lanes: Sequence[Lane]) -> bool:
    """Whether a line runs across a border as running text does: a word lies on it, or words on both sides stand as close as in a sentence."""
    for lane in lanes[:-1]:
        for word, after in zip(line.words, [*line.words[1:], None], strict=True):
            if word.box.x + 0.7 * word.box.h < lane.right < word.box.right - 0.7 * word.box.h and not any(
                c.isdigit() for c in word.text
            ):
                return True
            if (
                after is not None
                and word.box.right <= lane.right <= after.box.x
                and after.box.x - word.box.right < 0.22 * word.box.h
            ):
                return any(c.isalpha() for c in word.text[-1:] + after.text[:1]) and len(line.words) > _FEW
    return False


def _ordinal(cells: dict[int, tuple[Piece, ...]], head: TableHead) -> int:
    first = cells.get(0, ())
    found = ORDINAL.match(" ".join(piece.text for piece in first)) if first and not head.lanes[0].columns else None
    return int(found[1]) if found else 0


def _second_there(piece: Piece, others: Sequence[Piece]) -> str | None:
    """What the second reader saw in this cell alone. Its box may reach over neighbouring cells, its words even run together; so as many
    letters and digits as the first reader saw in those cells are taken off its two ends, and never more: whatever only one of them saw
    stays a difference."""
    said = piece.line.second
    if not said:
        return said
    level = [one for one in others if one is not piece and one.box.same_row(piece.box) and _shares(one, piece, said)]
    before = sum(_signs(one.text) for one in level if one.box.x < piece.box.x)
    after = sum(_signs(one.text) for one in level if one.box.x > piece.box.x)
    places = [at for at, sign in enumerate(said) if sign.isalnum()]
    if before + after >= len(places) or not level:
        return said
    return said[places[before] : places[len(places) - after - 1] + 1]


def _signs(text: str) -> int:
    """How many letters and digits a text has: the only signs that both readers always see."""
    return sum(sign.isalnum() for sign in text)


def _shares(other: Piece, piece: Piece, said: str) -> bool:
    """Whether the second reader's text holds another cell too: the same line, the same text, or the ordinal before it."""
    if other.line is piece.line or other.line.second == said:
        return True
    return bool(ORDINAL.match(other.text)) and other.lane == piece.lane - 1 and said.startswith(f"{other.text} ")
