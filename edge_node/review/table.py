"""The list of a paper as the review screen shows it: a row for each worker, a cell for each column the paper has.

Rows come from the reading and from people who added some; a removed row stays visible until it is confirmed away, and can be taken back.
"""

from __future__ import annotations

import msgspec

from edge_node.review.lines import ReviewLine, line_of
from sync_protocol.paper_types import ColumnTemplate
from sync_protocol.table_rows import COUNT_FIELD, REMOVED, STATE, cell_name, place_of, split_cell
from sync_protocol.view import DocumentView


class ReviewRow(msgspec.Struct, frozen=True):
    """One row. `is_added`: a person added it, no reader saw it."""

    row: str
    number: int
    cells: tuple[ReviewLine, ...]
    is_removed: bool
    is_added: bool


class ReviewTable(msgspec.Struct, frozen=True):
    """The list: the columns the paper has (all of the template where nothing was read), its rows, and how many rows the paper states (0: unknown)."""

    columns: tuple[ColumnTemplate, ...]
    rows: tuple[ReviewRow, ...]
    stated: int

    @property
    def differs(self) -> bool:
        """The paper states another number of rows than the list has."""
        return self.stated not in (0, sum(not row.is_removed for row in self.rows))


def table_of(
    document: DocumentView, columns: tuple[ColumnTemplate, ...], *, every_column: bool = False
) -> ReviewTable | None:
    """The list of a document, None for a type without columns. `every_column`: also those that no reader found on this paper."""
    if not columns:
        return None
    read = {one.field: one for one in document.readings}
    settled = {one.field: one.settled.value for one in document.fields if one.is_confirmed}
    known = [found for field in (*read, *settled) if (found := split_cell(field)) is not None]
    on_paper = {column for _, column in known}
    shown = tuple(column for column in columns if every_column or not on_paper or column.field in on_paper)
    rows = []
    for number, row in enumerate(sorted({row for row, _ in known}, key=place_of), start=1):
        cells = tuple(
            line_of(
                column.as_field(),
                read.get(cell_name(row, column.field)),
                settled.get(cell_name(row, column.field), ""),
                row=row,
            )
            for column in shown
        )
        rows.append(ReviewRow(row, number, cells, settled.get(cell_name(row, STATE)) == REMOVED, "-" in row))
    stated = read.get(COUNT_FIELD)
    return ReviewTable(shown, tuple(rows), int(stated.value) if stated is not None and stated.value.isdecimal() else 0)
