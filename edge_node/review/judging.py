"""From what a person said about a paper to the values that person stands for.

A value whose trust is not "agrees" is never taken over by itself: it is accepted by name, replaced, called unreadable, or the confirmation
stops and names it. An empty row is no row. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from edge_node.review.errors import ConfirmedMeanwhile, FieldsMissing, NotLookedAt, RowsDiffer
from edge_node.review.lines import ReviewLine, line_of
from edge_node.review.table import ReviewRow, ReviewTable
from sync_protocol.bodies import ConfirmedValue
from sync_protocol.table_rows import COUNT_FIELD, KEPT, REMOVED, STATE, cell_name, place_of, split_cell

_NAMED_AT_MOST = 8
"""Fields that an answer names; of a long list nobody reads more."""


class Told(msgspec.Struct, frozen=True):
    """What a person said, by the names of fields: typed values, proposals accepted as read, values that nobody can read."""

    typed: Mapping[str, str]
    accepted: frozenset[str]
    unreadable: frozenset[str]

    def about(self, field: str) -> bool:
        """Whether the person said anything that gives the field a value."""
        return bool(tidy(self.typed.get(field, ""))) or field in self.unreadable


class Judged:
    """Gathers the values of one confirmation, and what keeps it from being whole."""

    def __init__(self) -> None:
        self.values: list[ConfirmedValue] = []
        self.looked_at = 0
        self._labels: dict[str, str] = {}
        self._missing: list[str] = []
        self._unseen: list[str] = []
        self._rows: RowsDiffer | None = None

    def add(self, line: ReviewLine, told: Told, of: str = "") -> None:
        """Judge one field. `of` says whose it is ("dòng 3"), for the answer."""
        given = told.typed.get(line.field)
        label = self._labels[line.field] = f"{of}, {line.label}" if of else line.label
        if line.field in told.unreadable:
            self.values.append(ConfirmedValue(line.field, "", "typed", True, unreadable=True))
        elif given is not None and (tidy(given) or not line.required):
            self.looked_at += 1
            self.values.append(ConfirmedValue(line.field, tidy(given), "typed", tidy(given) != line.proposal))
        elif given is None and line.settled and line.field not in told.accepted:  # somebody stands for it already
            self.values.append(ConfirmedValue(line.field, line.settled, "typed"))
        elif given is None and line.proposal and (not line.needs_person or line.field in told.accepted):
            self.looked_at += line.field in told.accepted
            self.values.append(ConfirmedValue(line.field, line.proposal, "ocr"))
        elif given is None and line.proposal:
            self._unseen.append(label)
        elif line.required:
            self._missing.append(label)

    def add_rows(self, table: ReviewTable, told: Told, removed: frozenset[str], *, recounted: bool) -> None:
        """Judge the list: its rows, and those the person added. `recounted`: their number counts, whatever the paper states."""
        rows = [*table.rows, *_added(table, told)]
        standing = 0
        for row in rows:
            self._labels[cell_name(row.row, STATE)] = f"dòng {row.number}"
            if row.row in removed:
                self.values.append(ConfirmedValue(cell_name(row.row, STATE), REMOVED))
            elif any(cell.proposal or cell.settled or told.about(cell.field) for cell in row.cells):
                standing += 1
                self.values.append(ConfirmedValue(cell_name(row.row, STATE), KEPT))
                for cell in row.cells:
                    self.add(cell, told, f"dòng {row.number}")
        if table.stated and standing != table.stated and not recounted:
            self._rows = RowsDiffer(stated=table.stated, rows=standing)
        if standing or table.stated:
            self.values.append(ConfirmedValue(COUNT_FIELD, str(standing), "typed", standing != table.stated))

    def require_agreement(self, who: str, fields: tuple[str, ...]) -> None:
        """Raises ConfirmedMeanwhile where `who` stands for other values in these fields."""
        known = tuple(one for one in fields if one in self._labels)
        if known:
            labels = _named([self._labels[one] for one in known])
            raise ConfirmedMeanwhile(who=who, count=len(known), labels=labels, fields=known)

    def require_whole(self) -> None:
        """Raises RowsDiffer, FieldsMissing or NotLookedAt where the confirmation is not whole."""
        if self._rows is not None:
            raise self._rows
        if self._missing:
            raise FieldsMissing(count=len(self._missing), labels=_named(self._missing))
        if self._unseen:
            raise NotLookedAt(count=len(self._unseen), labels=_named(self._unseen))


def _added(table: ReviewTable, told: Told) -> list[ReviewRow]:
    """Rows that only the person's own words name, in their order."""
    known = {row.row for row in table.rows}
    columns = {column.field: column for column in table.columns}
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for field in (*told.typed, *told.unreadable):
        found = split_cell(field)
        if found is not None and found[0] not in known and found[1] in columns:
            fields[found[0]].append(found[1])
    return [
        ReviewRow(
            row, number, tuple(line_of(column.as_field(), None, "", row=row) for column in table.columns), False, True
        )
        for number, row in enumerate(sorted(fields, key=place_of), start=len(table.rows) + 1)
    ]


def _named(labels: list[str]) -> str:
    shown = ", ".join(labels[:_NAMED_AT_MOST])
    return f"{shown} …" if len(labels) > _NAMED_AT_MOST else shown


def tidy(text: str) -> str:
    """A value without surplus space."""
    return " ".join(text.split())
