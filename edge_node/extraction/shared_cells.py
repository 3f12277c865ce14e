"""What a column has in a cell that it shares with others: "từ ngày - đến ngày", a name over its number, a day of birth over the sex."""

from __future__ import annotations

from collections.abc import Sequence

from edge_node.extraction.find import Find
from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.rows import Row
from sync_protocol.paper_types import ColumnTemplate

_Place = tuple[int, int, int]
"""A stretch of the cell: which row of writing, from where to where."""


def find_in_cell(column: ColumnTemplate, written: tuple[Row, ...], turn: int, columns: Sequence[ColumnTemplate]) -> Find | None:
    """Where a column's value stands in its cell; `turn` is its place among the lane's `columns`.

    Columns of one kind take the values of that kind in turn, and only if there are as many as columns. What no number, day or sex takes is the text's:
    of one column of words at most.
    """
    if not written:
        return None
    if len(columns) == 1:
        return Find(column.kind, written[0], 0, len(written[0].text), written[1:])
    alike = [n for n, one in enumerate(columns) if one.kind == column.kind]
    if not _is_countable(column):
        free = [one for one in columns if not _is_countable(one)]
        return _text(column, written, [place for one in columns if _is_countable(one) for place in _places(one, written)]) if len(free) == 1 else None
    places = _places(column, written)
    if len(places) != len(alike):
        return None
    number, start, end = places[alike.index(turn)]
    row = written[number]
    return Find(column.kind, _with_second_of(alike.index(turn), row, column, written), start, end)


def _is_countable(column: ColumnTemplate) -> bool:
    return column.kind in NUMERIC_KINDS or column.kind == "sex"


def _places(column: ColumnTemplate, written: Sequence[Row]) -> list[_Place]:
    return [(n, value.start, value.end) for n, row in enumerate(written) for value in values(column.kind, row.text, column.precision)]


def _text(column: ColumnTemplate, written: tuple[Row, ...], taken: Sequence[_Place]) -> Find | None:
    """The rows of writing of which nothing is taken, and what stands before the first thing that is."""
    rows: list[Row] = []
    for n, row in enumerate(written):
        starts = [start for number, start, _ in taken if number == n]
        if not starts:
            rows.append(row)
        elif any(sign.isalpha() for sign in row.text[: min(starts)]):
            return Find(column.kind, rows[0], 0, len(rows[0].text), (*rows[1:], _cut(row, min(starts)))) if rows else Find(column.kind, row, 0, min(starts))
    return Find(column.kind, rows[0], 0, len(rows[0].text), tuple(rows[1:])) if rows else None


def _cut(row: Row, end: int) -> Row:
    """The beginning of a row of writing; the second reader saw no such border."""
    return Row(row.text[:end].rstrip(), row.words_between(0, end), row.box, row.score, row.second, row.page_number, row.page)


def _with_second_of(turn: int, row: Row, column: ColumnTemplate, written: tuple[Row, ...]) -> Row:
    """The row with the second reader's own value of that turn, so that the first date is never held against the second."""
    said = [one.second for one in written]
    if all(text is None for text in said):
        return row
    options = [value for text in dict.fromkeys(said) if text for value in values(column.kind, text, column.precision)]
    text = options[turn].text if turn < len(options) else ""
    return Row(row.text, row.words, row.box, row.score, text, row.page_number, row.page)
