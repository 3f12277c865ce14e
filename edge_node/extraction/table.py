"""The list on a paper: a row for each worker, each cell proposed and judged like any other field.

The head is found on each page; a page without one goes on under the head of the page before. A row is held against itself (number, birth
date and sex of one person) and against the other rows (a number that stands twice). How many rows the paper says it has, by its last
ordinal or by "Danh sách gồm … người", is kept beside them, because a row that no reader saw shows itself in no cell.

Source: QĐ 1333/QĐ-BHXH Điều 9.2 k; the columns are those of the catalogue's template.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from edge_node.extraction.cross_check import cross_checked
from edge_node.extraction.field import propose
from edge_node.extraction.find import Find
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.grammar import values
from edge_node.extraction.model import FieldReading, FieldTrust, Place, RowReading, TableReading
from edge_node.extraction.rows import Row
from edge_node.extraction.table_grid import GridRow, grid, row_of
from edge_node.extraction.table_head import Lane, TableHead, find_head
from edge_node.imaging.geometry import Box
from edge_node.recognition.folding import folded
from edge_node.recognition.model import DocumentReading, PageReading
from sync_protocol.paper_types import ColumnTemplate
from sync_protocol.table_rows import row_name

_STATED = re.compile(r"danh sach (?:nay )?(?:gom|co)\D{0,20}?(\d{1,4})\s?(?:nguoi|lao dong|truong hop)")
_NUMBERS = ("personal_id", "bhxh_number")


def read_table(
    reading: DocumentReading, columns: Sequence[ColumnTemplate], gazetteer: Gazetteer, today: dt.date | None = None
) -> TableReading:
    """All rows of the paper's list in the order of its pages; empty where the type has no columns or no head was found. Pure."""
    head: TableHead | None = None
    found: list[tuple[list[FieldReading], int]] = []
    counted = 0
    for number, page in reading.readable() if columns else ():
        here = find_head(page.lines, columns)
        head = here or (TableHead(head.lanes, 0) if head is not None else None)
        lanes = head.lanes if head is not None else ()
        for row in grid(page, head) if head is not None else ():
            cells = [cell for n, lane in enumerate(lanes) for cell in _cells(row, n, lane, (number, page), gazetteer)]
            if any(cell.proposal for cell in cells):
                found.append((cross_checked(cells, today), row.ordinal))
        counted = max([counted, *(int(m[1]) for line in page.lines if (m := _STATED.search(folded(line.text))))])
    counted = max([counted, *(ordinal for _, ordinal in found if ordinal <= 2 * len(found))])
    rows = _without_empty_columns([cells for cells, _ in found])
    twice = _twins(rows)
    return TableReading(
        tuple(
            RowReading(
                row_name(n), tuple(_doubted(cell) if (cell.field, cell.proposal) in twice else cell for cell in cells)
            )
            for n, cells in enumerate(rows, start=1)
        ),
        counted,
    )


def _cells(
    row: GridRow, at: int, lane: Lane, where: tuple[int, PageReading], gazetteer: Gazetteer
) -> list[FieldReading]:
    """The cells of one row in one lane: mostly one, several where columns share a head cell, none where nobody asked for it."""
    written = row_of(row.cells.get(at, ()), row, *where)
    cells = []
    for turn, column in enumerate(lane.columns):
        find = _find(column, written, turn, len(lane.columns))
        cell = propose(column.as_field(), find, bool(find or not written), gazetteer)
        if cell.place is None:
            cell = msgspec.structs.replace(
                cell, place=_place(row, lane, where), first=" ".join(one.text for one in written)
            )
            if written:
                reason = "có chữ nhưng không đọc ra giá trị"
                cell = msgspec.structs.replace(cell, trust=FieldTrust.UNREADABLE, reason=reason)
        cells.append(cell)
    return cells


def _find(column: ColumnTemplate, written: tuple[Row, ...], turn: int, sharing: int) -> Find | None:
    """Where a column's value stands in its cell. Columns that share a cell take its values in turn, and only as many as there are columns."""
    if not written:
        return None
    if sharing == 1:
        return Find(column.kind, written[0], 0, len(written[0].text), written[1:])
    places = [(row, value) for row in written for value in values(column.kind, row.text)]
    if len(places) != sharing:
        return None
    row, value = places[turn]
    return Find(column.kind, _with_second_of(turn, row, column, written), value.start, value.end)


def _with_second_of(turn: int, row: Row, column: ColumnTemplate, written: tuple[Row, ...]) -> Row:
    """The row with the second reader's own value of that turn, so that the first date is never held against the second."""
    said = [one.second for one in written]
    if all(text is None for text in said):
        return row
    options = [value for text in dict.fromkeys(said) if text for value in values(column.kind, text)]
    text = options[turn].text if turn < len(options) else ""
    return Row(row.text, row.words, row.box, row.score, text, row.page_number, row.page)


def _place(row: GridRow, lane: Lane, where: tuple[int, PageReading]) -> Place:
    """Where an empty cell is, so that a person can look there."""
    number, page = where
    heights = [piece.box for pieces in row.cells.values() for piece in pieces]
    top, bottom = min(box.y for box in heights), max(box.bottom for box in heights)
    left, right = max(0.0, lane.left), min(float(page.width_px), lane.right)
    return Place(number, page.to_page.box(Box(round(left), top, max(1, round(right - left)), bottom - top)), page.dpi)


def _without_empty_columns(rows: Sequence[Sequence[FieldReading]]) -> list[list[FieldReading]]:
    """The rows without empty cells of columns that few rows fill ("Ghi chú"): there an empty cell is no doubt, elsewhere it is one."""
    filled = Counter(cell.field for cells in rows for cell in cells if cell.proposal or cell.first)
    return [
        [cell for cell in cells if cell.proposal or cell.first or cell.required or 2 * filled[cell.field] >= len(rows)]
        for cells in rows
    ]


def _twins(rows: Sequence[Sequence[FieldReading]]) -> frozenset[tuple[str, str]]:
    """Numbers of one worker that stand in more than one row."""
    said = Counter(
        (cell.field, cell.proposal) for cells in rows for cell in cells if cell.kind in _NUMBERS and cell.proposal
    )
    return frozenset(one for one, times in said.items() if times > 1)


def _doubted(cell: FieldReading) -> FieldReading:
    return msgspec.structs.replace(cell, trust=FieldTrust.CHECK, reason="số này có ở nhiều dòng")
