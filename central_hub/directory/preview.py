"""Preview: what a draft changes, entry by entry, and what that means for the dossiers that are open now, in numbers.

A dossier keeps the procedure version in force on the day it was received, so a new version touches only dossiers received on or after the
day it applies from. The promised date never changes by itself: where another calendar or another limit would give another day, that is
counted and shown, and people decide.

Source: domain.md C.7 (3), D.9; NĐ 61/2018 Điều 19.4.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

import apsw
import msgspec

from central_hub.directory.cells import is_table, shape, write_cells
from central_hub.directory.changes import Change
from central_hub.directory.tables import OPEN_DOSSIER
from sync_protocol.adapters.sqlite.rows import as_int
from sync_protocol.calendar import WorkingCalendar
from sync_protocol.catalogue import Catalogue, Procedure
from sync_protocol.deadlines import due_date
from sync_protocol.errors import Problem

_EPOCH = dt.date(1970, 1, 1)
_VIETNAM_MS = 7 * 3_600_000  # days are counted in Vietnam, in words both database engines know


class Difference(msgspec.Struct, frozen=True):
    """One column of an entry that changes. For an inner table, one row that goes or comes, as (column, text) pairs."""

    column: str
    before: str = ""
    after: str = ""
    row_before: tuple[tuple[str, str], ...] = ()
    row_after: tuple[tuple[str, str], ...] = ()


class Line(msgspec.Struct, frozen=True):
    """One changed entry. `is_in_force` marks an edit of an entry that dossiers were already received under."""

    change: Change
    kind: str
    name: str
    differences: tuple[Difference, ...]
    is_in_force: bool


class Effect(msgspec.Struct, frozen=True, order=True):
    """Open dossiers of one procedure at one office. `under_new` fall under another version than before, `moved` would get
    another day by the changed calendar or limit, `unsure` were extended or restarted, so that only people can say."""

    procedure: str
    name: str
    office: str
    open: int
    under_new: int
    moved: int
    unsure: int


class Group(msgspec.Struct, frozen=True):
    """Open dossiers that no rule can tell apart: procedure, office, Vietnam day of receipt and promised day."""

    procedure: str
    office: str
    received: dt.date
    due: str
    count: int


def lines_of(changes: Iterable[Change], today: dt.date, base: Catalogue) -> list[Line]:
    """Every change as people read it; a new version is compared with the version before it."""
    return [_line(change, today, base) for change in changes]


def _line(change: Change, today: dt.date, base: Catalogue) -> Line:
    shown = change.entry or change.former
    kind = "new" if change.former is None else "removed" if change.entry is None else "changed"
    before = change.former or _predecessor(change, base)
    differences = () if change.entry is None else _differences(before, change.entry)
    began = getattr(change.former, "valid_from", None)
    is_ending = kind == "changed" and {one.column for one in differences} == {"valid_to"}
    is_in_force = began is not None and began <= today and not is_ending
    return Line(change, kind, getattr(shown, "name", getattr(shown, "text", "")), differences, is_in_force)


def _predecessor(change: Change, base: Catalogue) -> msgspec.Struct | None:
    """The last published version of a new entry's code."""
    code = getattr(change.entry, "code", None)
    same = [one for one in getattr(base, change.place) if code is not None and getattr(one, "code", None) == code]
    return same[-1] if same else None


def _differences(former: msgspec.Struct | None, entry: msgspec.Struct) -> tuple[Difference, ...]:
    before, after = {} if former is None else write_cells(former), write_cells(entry)
    found = [
        Difference(name, before.get(name, ""), after[name]) for name in after if before.get(name, "") != after[name]
    ]
    hints, _ = shape(type(entry))
    for name in (name for name, hint in hints.items() if is_table(hint)):
        old, new = (tuple(_row_cells(row) for row in getattr(one, name, ())) for one in (former, entry))
        found += [Difference(name, row_before=row) for row in old if row not in new]
        found += [Difference(name, row_after=row) for row in new if row not in old]
    return tuple(found)


def _row_cells(row: msgspec.Struct) -> tuple[tuple[str, str], ...]:
    return tuple((name, cell) for name, cell in write_cells(row).items() if cell)


def open_groups(connection: apsw.Connection) -> list[Group]:
    """Open dossiers, counted."""
    rows = connection.execute(
        "SELECT procedure, custodian, (received_ms + ?) / 86400000, due_date, count(*) FROM dossier"
        f" WHERE {OPEN_DOSSIER} AND procedure <> '' GROUP BY 1, 2, 3, 4",
        (_VIETNAM_MS,),
    )
    return [
        Group(str(p), str(o), _EPOCH + dt.timedelta(days=as_int(day)), str(due), as_int(n))
        for p, o, day, due, n in rows
    ]


def effects_of(groups: Iterable[Group], old: Catalogue, new: Catalogue) -> list[Effect]:
    """What changes for open dossiers, per procedure and office; offices and procedures that nothing touches are left out."""
    calendars = _calendar(old), _calendar(new)
    is_calendar_new = calendars[0] != calendars[1]
    cases: dict[tuple[str, dt.date], _Case] = {}
    totals: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for group in groups:
        key = (group.procedure, group.received)
        case = cases.get(key)
        if case is None:
            case = cases[key] = _case(old.procedure(*key), new.procedure(*key), group.received, *calendars)
        counted = totals[group.procedure, group.office]
        counted["open"] += group.count
        counted["under_new"] += group.count if case.is_other else 0
        if case.is_other or is_calendar_new:
            counted[case.days.get(group.due, "unsure")] += group.count
    return sorted(
        Effect(procedure, _name(new, old, procedure), office, n["open"], n["under_new"], n["moved"], n["unsure"])
        for (procedure, office), n in totals.items()
        if n["under_new"] or n["moved"] or n["unsure"] or _is_changed(old, new, procedure)
    )


class _Case(msgspec.Struct, frozen=True):
    """What holds for every dossier of a procedure received on a day: `days` tells of each promised day whether it stays."""

    is_other: bool
    days: dict[str, str]


def _case(
    before: Procedure | None,
    after: Procedure | None,
    received: dt.date,
    old: WorkingCalendar | None,
    new: WorkingCalendar | None,
) -> _Case:
    """Judge every day that a rule of the former version could have promised; any other day follows from no rule any more."""
    is_other = _rules(before) != _rules(after)
    if before is None or after is None or old is None or new is None:
        return _Case(is_other, {})
    heirs = {(rule.submitter, rule.case): rule for rule in after.deadlines}
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for rule in before.deadlines:
        heir = heirs.get((rule.submitter, rule.case))
        try:
            promised = due_date(received, rule, old).isoformat()
            wanted[promised].add("" if heir is None else due_date(received, heir, new).isoformat())
        except Problem:  # the table of holidays ends before the answer
            continue
    verdicts = {day: "unsure" if "" in days else "same" if days == {day} else "moved" for day, days in wanted.items()}
    return _Case(is_other, verdicts)


def _rules(procedure: Procedure | None) -> Procedure | None:
    """What a version says, however long it stays in force."""
    return None if procedure is None else msgspec.structs.replace(procedure, valid_to=None)


def _calendar(catalogue: Catalogue) -> WorkingCalendar | None:
    return WorkingCalendar.of(catalogue.holidays()) if catalogue.days else None


def _is_changed(old: Catalogue, new: Catalogue, code: str) -> bool:
    return [p for p in old.procedures if p.code == code] != [p for p in new.procedures if p.code == code]


def _name(new: Catalogue, old: Catalogue, code: str) -> str:
    found = [p.name for p in (*old.procedures, *new.procedures) if p.code == code]
    return found[-1] if found else ""


def papers_open(connection: apsw.Connection, codes: Iterable[str]) -> list[tuple[str, str, int]]:
    """(document type or result code, office, open dossiers that hold such a paper) for changed types of paper."""
    found = []
    for code in sorted(set(codes)):
        rows = connection.execute(
            "SELECT custodian, count(DISTINCT d.rid) FROM document p JOIN dossier d ON d.rid = p.rid"
            f" WHERE p.document_type = ? AND d.{OPEN_DOSSIER} GROUP BY custodian ORDER BY custodian",
            (code,),
        )
        found += [(code, str(office), int(str(count))) for office, count in rows]
    return found
