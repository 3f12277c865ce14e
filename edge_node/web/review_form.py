"""The review screen's form: what an officer typed, accepted, called unreadable, removed; and the rows that were added to a list.

Names: `v-<field>` a value, `s-<field>` looked at, `u-<field>` unreadable, `x-<row>` no row of the paper, `recounted` the rows were counted again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

import msgspec

from edge_node.review.lines import ReviewLine
from edge_node.review.meanwhile import SeenPage
from edge_node.review.table import ReviewTable
from edge_node.web.form_reading import tidy
from sync_protocol.table_rows import KEPT, REMOVED, STATE, cell_name, place_of, row_name, split_cell


class ReviewForm(msgspec.Struct, frozen=True):
    """What the form says, in the words of the review service."""

    typed: dict[str, str]
    accepted: list[str]
    unreadable: list[str]
    removed: list[str]
    recounted: bool


class NewRow(msgspec.Struct, frozen=True):
    """A row that no reader saw: its name, and its number on the screen."""

    row: str
    number: int


def read_form(lines: Sequence[ReviewLine], table: ReviewTable | None, form: Mapping[str, object]) -> ReviewForm:
    """Read the form against what the screen showed; an untouched doubtful proposal is in none of the lists."""
    said = ReviewForm({}, [], [], [], bool(form.get("recounted")))
    rows = table.rows if table is not None else ()
    for line in (*lines, *(cell for row in rows for cell in row.cells)):
        _read_line(line, form, said)
    said.removed.extend(row.row for row in rows if form.get(f"x-{row.row}"))
    for row in _added(table, form):
        if form.get(f"x-{row}"):
            said.removed.append(row)
        else:
            _read_new(row, form, said)
    return said


def read_page(form: Mapping[str, object]) -> SeenPage | None:
    """The page as it was when it was sent, None where the form does not say what it was held against."""
    values: dict[str, str] = {}
    for name, value in form.items():
        if name.startswith("v-"):
            field = name[2:]
            values[field] = "" if form.get(f"u-{field}") else tidy(str(value))
            cell = split_cell(field)
            if cell is not None:
                values[cell_name(cell[0], STATE)] = REMOVED if form.get(f"x-{cell[0]}") else KEPT
    return SeenPage(str(form["state"]), values) if form.get("state") else None


def new_rows(table: ReviewTable, form: Mapping[str, object]) -> tuple[NewRow, ...]:
    """The added rows that the screen shows again, and one blank row behind them."""
    added = _added(table, form)
    last = max((place_of(row)[0] for row in (*added, *(one.row for one in table.rows))), default=0)
    names = [*added, row_name(last + 1, secrets.token_hex(3))]
    return tuple(NewRow(row, number) for number, row in enumerate(names, start=len(table.rows) + 1))


def _read_line(line: ReviewLine, form: Mapping[str, object], said: ReviewForm) -> None:
    if f"v-{line.field}" not in form:
        return  # a column that this screen did not show
    value = tidy(str(form[f"v-{line.field}"]))
    if form.get(f"u-{line.field}"):
        said.unreadable.append(line.field)
    elif value and value == line.settled and value != line.proposal:
        pass  # stands already
    elif value != line.proposal and value:
        said.typed[line.field] = value
    elif value and (form.get(f"s-{line.field}") or line.settled == value):
        said.accepted.append(line.field)
    elif not value and (line.proposal or line.settled):
        said.typed[line.field] = ""


def _read_new(row: str, form: Mapping[str, object], said: ReviewForm) -> None:
    for name, value in form.items():
        field = name[2:]
        if (split_cell(field) or ("",))[0] == row:
            if name.startswith("v-") and tidy(str(value)):
                said.typed[field] = tidy(str(value))
            elif name.startswith("u-") and value:
                said.unreadable.append(field)


def _added(table: ReviewTable | None, form: Mapping[str, object]) -> list[str]:
    """Rows of the form that the list does not hold, if anything is written in them."""
    known = {row.row for row in table.rows} if table is not None else set()
    found = {
        split[0]
        for name, value in form.items()
        if name[:2] in ("v-", "u-")
        and tidy(str(value))
        and (split := split_cell(name[2:])) is not None
        and split[0] not in known
    }
    return sorted(found, key=place_of)
