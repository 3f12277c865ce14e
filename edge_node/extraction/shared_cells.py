"""What a column has in a cell that it shares with others: "từ ngày - đến ngày", a name over its number, a day of birth over the sex."""

from __future__ import annotations

from collections.abc import Sequence

from edge_node.extraction.find import Find
from edge_node.extraction.free_text import Value
from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.rows import Row
from sync_protocol.paper_types import ColumnTemplate

_SURE = ("personal_id", "bhxh_number", "date")
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
        return _alone(column, written)
    alike = [n for n, one in enumerate(columns) if one.kind == column.kind]
    if not is_countable(column):
        free = [one for one in columns if not is_countable(one)]
        return _text(column, written, [place for one in columns if is_countable(one) for place in _places(one, written, columns)]) if len(free) == 1 else None
    places = _places(column, written, columns)
    if len(places) != len(alike):
        return None
    number, start, end = places[alike.index(turn)]
    row = written[number]
    return Find(column.kind, _with_second_of(alike.index(turn), row, column, written, columns), start, end)


def _alone(column: ColumnTemplate, written: tuple[Row, ...]) -> Find:
    """The whole cell; or of a cell that has a number of a column nobody asked for below its own, the one row that has such a number, for a person to see."""
    if column.kind in NUMERIC_KINDS and not values(column.kind, " ".join(row.text for row in written), column.precision):
        own = [row for row in written if values(column.kind, row.text, column.precision)]
        if len(own) == 1:
            return Find(column.kind, own[0], 0, len(own[0].text), is_open=True)
    return Find(column.kind, written[0], 0, len(written[0].text), written[1:])


def is_countable(column: ColumnTemplate) -> bool:
    """Whether the shape of a column's values tells where they are in a cell."""
    return column.kind in NUMERIC_KINDS or column.kind == "sex"


def _places(column: ColumnTemplate, written: Sequence[Row], columns: Sequence[ColumnTemplate]) -> list[_Place]:
    return [(n, value.start, value.end) for n, row in enumerate(written) for value in own_values(column, row.text, columns)]


def own_values(column: ColumnTemplate, text: str, columns: Sequence[ColumnTemplate]) -> list[Value]:
    """A column's values in a text of its cell that are no number of another of the cell's `columns`: ten digits over an amount are no amount."""
    found = values(column.kind, text, column.precision)
    if column.kind not in ("money", "phone", "tax_code"):
        return found
    others = [value for one in columns if one.kind in _SURE for value in values(one.kind, text)]
    return [value for value in found if all(value.end <= other.start or other.end <= value.start for other in others)]


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


def _with_second_of(turn: int, row: Row, column: ColumnTemplate, written: tuple[Row, ...], columns: Sequence[ColumnTemplate]) -> Row:
    """The row with the second reader's own value of that turn, so that the first date is never held against the second."""
    said = [one.second for one in written]
    if all(text is None for text in said):
        return row
    options = [value for text in dict.fromkeys(said) if text for value in own_values(column, text, columns)]
    text = options[turn].text if turn < len(options) else ""
    return Row(row.text, row.words, row.box, row.score, text, row.page_number, row.page)
