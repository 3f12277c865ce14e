"""Rows of a list on a paper: one worker each, their cells kept as fields of the document under a name of their own.

A cell is the field `rows/<row>/<column>`, so it is read, confirmed, merged, disputed and settled exactly like every other field, by every
version of this program. Whether a row stands is a field too, `rows/<row>/state`: "kept" or "removed". A row that the reader found is called
`r001`, `r002` … in the order of the paper; a row that a person added carries six more hexadecimal digits of chance, so that two offices
that each add a row keep both (add-wins), and one that a colleague removes while another corrects it is a conflict shown to a person.

Source: QĐ 1333/QĐ-BHXH Điều 9.2 k (other data under sectoral law), 14.3 (templates); sync.md 2.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

STATE: Final = "state"
KEPT: Final = "kept"
REMOVED: Final = "removed"
COUNT_FIELD: Final = "rows/count"
"""How many rows the paper itself says it has ("Danh sách gồm 13 người")."""

_ROW: Final = re.compile(r"r\d{3,5}(?:-[0-9a-f]{6})?")
_CELL: Final = re.compile(rf"rows/({_ROW.pattern})/([a-z_]{{1,40}})")


def row_name(number: int, chance: str = "") -> str:
    """The name of row `number` (from 1) of a paper; `chance` is six hexadecimal digits for a row that a person adds.

    >>> row_name(7), row_name(14, "09afc3")
    ('r007', 'r014-09afc3')
    """
    return f"r{number:03d}-{chance}" if chance else f"r{number:03d}"


def cell_name(row: str, column: str) -> str:
    """The field in which a cell is kept."""
    return f"rows/{row}/{column}"


def split_cell(field: str) -> tuple[str, str] | None:
    """(row, column) of a field that is a cell, else None.

    >>> split_cell("rows/r007/full_name"), split_cell("full_name"), split_cell("rows/count")
    (('r007', 'full_name'), None, None)
    """
    found = _CELL.fullmatch(field)
    return (found[1], found[2]) if found else None


def is_row_field(field: str) -> bool:
    """Whether a field belongs to a list and not to the paper as a whole."""
    return field == COUNT_FIELD or split_cell(field) is not None


def place_of(row: str) -> tuple[int, str]:
    """Where a row stands among the others: by its number, an added one after the paper's own of that number."""
    number, _, chance = row[1:].partition("-")
    return int(number), chance


def standing_rows(values: Iterable[tuple[str, str]]) -> dict[str, Mapping[str, str]]:
    """The rows that were not removed, in the order of the paper, from (field, settled value): column → value; empty cells stay away.

    >>> standing_rows([("rows/r002/full_name", "B"), ("rows/r001/full_name", "A"), ("rows/r002/state", "removed")])
    {'r001': {'full_name': 'A'}}
    """
    cells: dict[str, dict[str, str]] = {}
    for field, value in values:
        found = split_cell(field)
        if found is not None and value:
            cells.setdefault(found[0], {})[found[1]] = value
    standing = {row: held for row, held in cells.items() if held.get(STATE) != REMOVED}
    return {
        row: {column: value for column, value in standing[row].items() if column != STATE}
        for row in sorted(standing, key=place_of)
        if len(standing[row]) > (STATE in standing[row])
    }
