"""Boxes: the form of one entry, made from the entry's own description, and read back into the same cells a spreadsheet holds.

Every kind of entry gets its form here; a field added to the law's description appears by itself. Rows of an inner table (deadlines,
components, fields of a paper) carry numbered names; a row whose written cells are all empty is no row.
"""

from __future__ import annotations

import re
import typing
from collections import defaultdict
from collections.abc import Mapping

import msgspec

from central_hub.directory.cells import choices_of, clean, is_table, read_cells, shape, write_cells
from central_hub.directory.changes import PLACES
from central_hub.directory.complaint import Complaint
from central_hub.directory.errors import EntryUnreadable

Cells = dict[str, str]
Inner = dict[str, list[Cells]]
BLANK_ROWS, ROWS_MAX = 2, 80
_LONG = frozenset({"source", "warning", "keywords", "pattern", "text", "anchors", "prevailing", "condition", "submitted_forms"})
_ROW = re.compile(r"([a-z_]+)-(\d{1,3})-([a-z_]+)")


class Box(msgspec.Struct, frozen=True):
    """One box: its name in the form, its column, how it is drawn (`text`, `long`, `choice`, `truth`, `day`), what stands in it, and whether that is
    several values between semicolons."""

    name: str
    column: str
    kind: str
    value: str
    options: tuple[str, ...] = ()
    is_list: bool = False


class BoxTable(msgspec.Struct, frozen=True):
    """An inner table: rows of boxes, the last ones blank."""

    name: str
    rows: tuple[tuple[Box, ...], ...]


class EntryForm(msgspec.Struct, frozen=True):
    """The whole form."""

    boxes: tuple[Box, ...]
    tables: tuple[BoxTable, ...]


def inner_tables(entry: type[msgspec.Struct]) -> dict[str, type[msgspec.Struct]]:
    """Name and row of each inner table of an entry."""
    hints, _ = shape(entry)
    return {name: typing.get_args(hint)[0] for name, hint in hints.items() if is_table(hint)}


def cells_of(entry: msgspec.Struct) -> tuple[Cells, Inner]:
    """An entry as cells."""
    return write_cells(entry), {
        name: [write_cells(row) for row in getattr(entry, name)] for name in inner_tables(type(entry))
    }


def form_of(place: str, cells: Mapping[str, str], inner: Mapping[str, list[Cells]]) -> EntryForm:
    """The form of an entry of a place with these cells in it."""
    entry = PLACES[place]
    tables = []
    for name, row in inner_tables(entry).items():
        held = [*inner.get(name, []), *({} for _ in range(BLANK_ROWS))]
        tables.append(BoxTable(name, tuple(_boxes(row, one, f"{name}-{number}-") for number, one in enumerate(held))))
    return EntryForm(_boxes(entry, cells, ""), tuple(tables))


def _boxes(entry: type[msgspec.Struct], cells: Mapping[str, str], prefix: str) -> tuple[Box, ...]:
    hints, _ = shape(entry)
    return tuple(
        _box(prefix + name, name, hint, cells.get(name, _default(entry, name)))
        for name, hint in hints.items()
        if not is_table(hint)
    )


def _box(name: str, column: str, hint: object, value: str) -> Box:
    if hint is bool:
        return Box(name, column, "truth", value or "no", ("yes", "no"))
    if choices_of(hint):
        return Box(name, column, "choice", value or choices_of(hint)[0], choices_of(hint))
    if "date" in str(hint):
        return Box(name, column, "day", value)
    is_list = typing.get_origin(hint) is tuple
    return Box(name, column, "long" if column in _LONG else "text", value, is_list=is_list)


def _default(entry: type[msgspec.Struct], name: str) -> str:
    field = next(one for one in msgspec.structs.fields(entry) if one.name == name)
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return str(field.default) if isinstance(field.default, str | int) else ""


def read_form(place: str, form: Mapping[str, object]) -> tuple[Cells, Inner]:
    """The cells that a form sends; rows marked `drop` and blank rows are left out."""
    entry = PLACES[place]
    hints, _ = shape(entry)
    cells = {name: clean(str(form.get(name, ""))) for name, hint in hints.items() if not is_table(hint)}
    rows: defaultdict[tuple[str, int], Cells] = defaultdict(dict)
    for name, value in form.items():
        found = _ROW.fullmatch(name)
        if found and int(found[2]) < ROWS_MAX:
            rows[found[1], int(found[2])][found[3]] = clean(str(value))
    inner: Inner = {}
    for name, row in inner_tables(entry).items():
        held = [one for (table, _), one in sorted(rows.items()) if table == name]
        inner[name] = [one for one in held if not one.pop("drop", "") and not _is_blank(row, one)]
    return cells, inner


def _is_blank(row: type[msgspec.Struct], cells: Cells) -> bool:
    hints, _ = shape(row)
    written = (name for name, hint in hints.items() if hint is not bool and not choices_of(hint))
    return all(cells.get(name, "") in ("", _default(row, name)) for name in written)


def entry_of(place: str, cells: Cells, inner: Inner) -> msgspec.Struct:
    """The entry in these cells. Raises EntryUnreadable with every box that cannot be read."""
    entry, tables = PLACES[place], inner_tables(PLACES[place])
    complaints: list[Complaint] = []
    values: dict[str, object] = dict(cells)
    for name, row in tables.items():
        made = []
        for number, one in enumerate(inner.get(name, []), start=1):
            read, wrong = read_cells({column: one.get(column, "") for column in shape(row)[0]}, row)
            complaints += [Complaint(name, number, f"{column}: {what}") for column, what in wrong]
            made.append(read)
        values[name] = tuple(made)
    known = {name: value for name, value in values.items() if name not in tables}
    found, wrong = read_cells(known, entry)
    complaints = [Complaint("", 0, f"{column}: {what}") for column, what in wrong] + complaints
    if found is None or complaints:
        raise EntryUnreadable(count=len(complaints), complaints=tuple(complaints))
    return msgspec.structs.replace(found, **{name: values[name] for name in tables})
