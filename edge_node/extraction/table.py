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
from dataclasses import dataclass

import msgspec

from edge_node.extraction.cross_check import cross_checked
from edge_node.extraction.field import propose
from edge_node.extraction.find import Find
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.half_rows import Halves, halves_of, parted
from edge_node.extraction.model import FieldReading, FieldTrust, Place, RowReading, TableReading
from edge_node.extraction.rows import Row
from edge_node.extraction.shared_cells import find_in_cell, is_countable
from edge_node.extraction.table_grid import GridRow, grid, row_of
from edge_node.extraction.table_head import TableHead, find_head
from edge_node.extraction.table_lanes import Lane
from edge_node.imaging.geometry import Box
from edge_node.recognition.folding import folded
from edge_node.recognition.model import DocumentReading, PageReading
from sync_protocol.paper_types import ColumnTemplate
from sync_protocol.table_rows import row_name

_STATED = re.compile(r"danh sach (?:nay )?(?:gom|co)\D{0,20}?(\d{1,4})\s?(?:nguoi|lao dong|truong hop)")
_NUMBERS = ("personal_id", "bhxh_number")
_WHICH_ROW = "có thể là của dòng trên hoặc dòng dưới"
_WHICH_COLUMN = "có thể thiếu chữ nằm sang cột bên cạnh, hoặc lẫn chữ của cột đó"


@dataclass(frozen=True)
class ListOnPage:
    """A list's part on one page: its lanes, its rows, and from where to where it reaches in px; `said` is how many rows the page says there are."""

    number: int
    page: PageReading
    lanes: tuple[Lane, ...]
    rows: tuple[GridRow, ...]
    top: float
    bottom: float
    said: int

    def holds(self, row: Row) -> bool:
        """Whether a row of writing stands in the list, which says nothing of the paper itself: "Từ ngày" in its head is no label of the paper's day."""
        return row.page_number == self.number and self.top < row.box.middle_y < self.bottom


def lists_in(reading: DocumentReading, columns: Sequence[ColumnTemplate]) -> list[ListOnPage]:
    """The paper's list, page by page; a page without a head goes on under the one before. Pure."""
    head: TableHead | None = None
    found = []
    for number, page in reading.readable() if columns else ():
        here = find_head(page.lines, columns)
        head = here or (TableHead(head.lanes, 0) if head is not None else None)
        rows = tuple(grid(page, head)) if head is not None else ()
        boxes = [piece.box for row in rows for pieces in row.cells.values() for piece in pieces]
        said = max((int(m[1]) for line in page.lines if (m := _STATED.search(folded(line.text)))), default=0)
        bottom = max((box.bottom for box in boxes), default=head.bottom if head else 0)
        found.append(ListOnPage(number, page, head.lanes if head else (), rows, head.top if head else 0, bottom if head else 0, said))
    return found


def read_table(lists: Sequence[ListOnPage], gazetteer: Gazetteer, today: dt.date | None = None) -> TableReading:
    """All rows of the paper's list in the order of its pages; empty where the type has no columns or no head was found. Pure."""
    found: list[tuple[list[FieldReading], int]] = []
    for part in lists:
        for row in part.rows:
            written = {n: row_of(row.cells.get(n, ()), row, part.number, part.page) for n in range(len(part.lanes))}
            halves = halves_of(written, part.lanes)
            cells = [cell for n, lane in enumerate(part.lanes) for cell in _cells(row, n, lane, written[n], halves, (part.number, part.page), gazetteer)]
            if any(cell.proposal for cell in cells):
                found.append((cross_checked(cells, today), row.ordinal))
    counted = max([0, *(part.said for part in lists), *(ordinal for _, ordinal in found if ordinal <= 2 * len(found))])
    rows = _without_empty_columns([cells for cells, _ in found])
    twice = _twins(rows)
    return TableReading(
        tuple(
            RowReading(
                row_name(n), tuple(_doubted(cell, "số này có ở nhiều dòng") if (cell.field, cell.proposal) in twice else cell for cell in cells)
            )
            for n, cells in enumerate(rows, start=1)
        ),
        counted,
    )


def _cells(
    row: GridRow, at: int, lane: Lane, written: tuple[Row, ...], halves: Halves | None, where: tuple[int, PageReading], gazetteer: Gazetteer
) -> list[FieldReading]:
    """The cells of one row in one lane: mostly one, several where columns share a head cell, none where nobody asked for it."""
    cells = []
    for turn, column in enumerate(lane.columns):
        find = find_in_cell(column, written, turn, lane.columns) or _in_half(column, written, turn, lane, halves)
        cell = propose(column.as_field(), find, bool(find or not written), gazetteer, is_cell=True)
        if cell.place is None:
            cell = msgspec.structs.replace(
                cell, place=_place(row, lane, where), first=" ".join(one.text for one in written)
            )
            if written:
                reason = "có chữ nhưng không đọc ra giá trị"
                cell = msgspec.structs.replace(cell, trust=FieldTrust.UNREADABLE, reason=reason)
        if cell.trust is FieldTrust.AGREES and (at in row.unsure or _says_more(find)):
            cell = _doubted(cell, _WHICH_ROW)
        if cell.trust is FieldTrust.AGREES and at in row.parted:
            cell = _doubted(cell, _WHICH_COLUMN)
        cells.append(cell)
    return cells


def _in_half(column: ColumnTemplate, written: tuple[Row, ...], turn: int, lane: Lane, halves: Halves | None) -> Find | None:
    """The text of one half-row, where a cell holds two columns of words; a person sees whether it was cut where it ends."""
    if halves is None or not written or len(lane.columns) != 2 or any(is_countable(one) for one in lane.columns):
        return None
    cut = parted(written, halves)
    own = written[cut:] if turn else written[:cut]
    return Find(column.kind, own[0], 0, len(own[0].text), own[1:], is_open=True) if own else None


def _says_more(find: Find | None) -> bool:
    """Whether a cell for one number or day holds several different ones: two rows' may have run together."""
    if find is None or find.kind not in NUMERIC_KINDS:
        return False
    text = " ".join([find.row.text[find.start : find.end], *(row.text for row in find.more)])
    return len({value.text for value in values(find.kind, text)}) > 1


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


def _doubted(cell: FieldReading, reason: str) -> FieldReading:
    return msgspec.structs.replace(cell, trust=FieldTrust.CHECK, reason=reason)
