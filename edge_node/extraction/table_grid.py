"""The body of a list: which pieces of writing make which row, cell by cell, by geometry alone.

Numbers, dates and amounts stand once in a row, so their heights say where rows are; a cell whose writing wraps is then cut so that its
blocks lie best around those heights. Totals, headings between rows ("A. Chế độ ốm đau") and the line of column numbers are no rows.
All places are in px of the reading copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from edge_node.extraction.rows import Row
from edge_node.extraction.table_cells import Piece, shared_out
from edge_node.extraction.table_head import TableHead
from edge_node.extraction.table_lanes import Lane
from edge_node.extraction.table_levels import ORDINAL, levels_of, pitch_of, step_of
from edge_node.recognition.folding import bare, folded
from edge_node.recognition.model import Line, PageReading
from edge_node.recognition.order import rows_of

_TOTAL_OF = re.compile(r"^\W*(?:tong|cong)\b(?=[^:(]{0,40}[:(]|.*\d)")
"""How a total's cell begins where it goes on ("Cộng tăng: 07 lao động", "Cộng (I + II)")."""

_TOTAL = re.compile(r"\W*(?:tong cong|tong so|tong|cong)(?: (?:trang|luy ke|so tien)\b.*)?\W*")
"""The whole text of a total's cell; "Tống Thị Công" is a worker."""

_AFTER = re.compile(
    r"^\W*(?:danh sach (?:nay )?(?:gom|co)|bang chu|so tien bang chu|nguoi lap|noi nhan|thu truong|giam doc|ke toan|trang \d+\b)|^(?:\w+ ){0,6}ngay \d{1,2} thang \d{1,2} nam \d{4}\W*$"
)
_HEADING = re.compile(r"^\s*(?:[A-ZĐ]|[IVX]{1,4})\s?(?:[.)/:-]\s?\D|$)")


@dataclass(frozen=True)
class GridRow:
    """One row: its pieces by lane (from 0), the ordinal printed before it (0 where none was read), and the lanes in which some of the writing could as
    well be another row's.
    """

    cells: dict[int, tuple[Piece, ...]]
    ordinal: int
    middle: float
    unsure: frozenset[int] = frozenset()


def grid(page: PageReading, head: TableHead) -> list[GridRow]:
    """The rows below a head, top to bottom."""
    pieces = _pieces(page, head)
    levels = levels_of(pieces, head)
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
            if block.is_unsure:
                doubts.add(lane)
    return [GridRow(row, _ordinal(row, head), level, frozenset(doubts)) for row, doubts, level in zip(cells, unsure, levels, strict=True)]


def row_of(pieces: Sequence[Piece], row: GridRow, number: int, page: PageReading) -> tuple[Row, ...]:
    """A cell's pieces as rows of writing, each with what the second reader saw in that cell."""
    others = [piece for cell in row.cells.values() for piece in cell]
    return tuple(
        Row(piece.text, piece.words, piece.box, piece.line.score, _second_there(piece, others), number, page)
        for piece in pieces
    )


def _pieces(page: PageReading, head: TableHead) -> list[Piece]:
    """Everything below the head that can be cell text, cut at the borders of the lanes, up to where the list ends."""
    found: list[Piece] = []
    for line in sorted(
        (one for one in page.lines if one.words and one.box.middle_y > head.bottom), key=lambda one: one.box.y
    ):
        if _AFTER.match(folded(line.text)):
            break
        cut = [(n, tuple(word for word in line.words if lane.holds(word.box))) for n, lane in enumerate(head.lanes)]
        filled = [(n, words) for n, words in cut if words]
        if not (len(filled) > 1 and _straddles(line, head.lanes)):
            found += [Piece(n, words, line) for n, words in filled]
    return _without_headings(found, next((n for n, lane in enumerate(head.lanes) if any(column.kind == "name" for column in lane.columns)), 1))


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
                return any(c.isalpha() for c in word.text[-1:] + after.text[:1]) and len(line.words) > 6
    return False


def _without_headings(pieces: Sequence[Piece], named: int) -> list[Piece]:
    """Pieces without headings between rows, totals, and the line of column numbers "(1) (2) (3)". `named` is the lane of names."""
    kept = []
    for piece in pieces:
        level = [one for one in pieces if one.box.same_row(piece.box)]
        alone = not any(_has_digits(one) for one in level)
        first = min(level, key=lambda one: one.box.x)
        if alone and (_HEADING.match(first.text) or (len(level) == 1 and piece.lane == 0 and len(piece.text) > 8)):
            continue
        if any(_TOTAL.fullmatch(folded(one.text)) or (one.lane <= named and _TOTAL_OF.match(bare(one.text))) for one in level):
            continue
        if len(level) > 2 and all(len(re.sub(r"\W", "", one.text)) <= 2 for one in level):
            continue
        kept.append(piece)
    return kept


def _has_digits(piece: Piece) -> bool:
    return sum(c.isdigit() for c in piece.text) >= 4


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
