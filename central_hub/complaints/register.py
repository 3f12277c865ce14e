"""The register: a complaint is entered once, answered once, and never taken out. Days are days in Vietnam.

Source: TT 01/2018/TT-VPCP Điều 13 (indicators 7 and 8); domain.md A.9.1.
"""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal, get_args

import apsw
import msgspec

from central_hub.complaints.errors import ComplaintAnswered, ComplaintKnown, DaysReversed
from central_hub.lookup.audit import record_act
from sync_protocol.ids import OfficeCode

About = Literal["attitude", "delay", "papers", "result", "other"]
ABOUT: Final[tuple[About, ...]] = get_args(About)
Outcome = Literal["", "upheld", "partly", "disproved"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("upheld", "partly", "disproved")
SHOWN = 300
_COLUMNS = "id, office, letter, dossier, about, received_day, due_day, answered_day, outcome, entered_by, answered_by"


class Complaint(msgspec.Struct, frozen=True):
    """One complaint. `letter` is the number of the written complaint, `dossier` the code it is about, "" for none. Days ISO, "" for not yet."""

    id: int
    office: OfficeCode
    letter: str
    dossier: str
    about: About
    received_day: str
    due_day: str
    answered_day: str
    outcome: Outcome
    entered_by: str
    answered_by: str

    @property
    def is_disproved(self) -> bool:
        """Whether the answer found it without ground; one that is open counts against the office."""
        return self.outcome == "disproved"

    def is_timely(self, today: dt.date) -> bool | None:
        """Whether it was answered in time; None while it is open and not yet due."""
        if self.answered_day:
            return self.answered_day <= self.due_day
        return None if today.isoformat() <= self.due_day else False


class Entry(msgspec.Struct, frozen=True):
    """What an officer writes down."""

    office: OfficeCode
    letter: str
    dossier: str
    about: About
    received: dt.date
    due: dt.date


def enter(
    connection: apsw.Connection, entry: Entry, *, account: str, roles: tuple[str, ...], today: dt.date, now_ms: int
) -> None:
    """Write a complaint down, with its audit row. Raises ComplaintKnown, DaysReversed."""
    if entry.received > today or entry.due < entry.received:
        raise DaysReversed(label="nhận" if entry.received > today else "hạn trả lời")
    if connection.execute(
        "SELECT 1 FROM complaint WHERE office = ? AND letter = ?", (entry.office, entry.letter)
    ).fetchone():
        raise ComplaintKnown(letter=entry.letter)
    connection.execute(
        "INSERT INTO complaint(office, letter, dossier, about, received_day, due_day, entered_by, entered_ms) VALUES(?,?,?,?,?,?,?,?)",
        (
            entry.office,
            entry.letter,
            entry.dossier,
            entry.about,
            entry.received.isoformat(),
            entry.due.isoformat(),
            account,
            now_ms,
        ),
    )
    record_act(
        connection,
        at_ms=now_ms,
        officer=account,
        roles=roles,
        what="complaint.enter",
        subject=f"{entry.office} {entry.letter}",
    )


def answer(
    connection: apsw.Connection, number: int, outcome: Outcome, day: dt.date, *, account: str, roles: tuple[str, ...], today: dt.date, now_ms: int
) -> None:  # fmt: skip
    """Write down the answer, once. Raises ComplaintAnswered, DaysReversed."""
    row = connection.execute(
        "SELECT office, letter, received_day FROM complaint WHERE id = ? AND answered_day = ''", (number,)
    ).fetchone()
    if row is None or outcome not in OUTCOMES:
        raise ComplaintAnswered()
    if day > today or day.isoformat() < str(row[2]):
        raise DaysReversed(label="trả lời")
    connection.execute(
        "UPDATE complaint SET answered_day = ?, outcome = ?, answered_by = ? WHERE id = ?",
        (day.isoformat(), outcome, account, number),
    )
    record_act(
        connection, at_ms=now_ms, officer=account, roles=roles, what="complaint.answer", subject=f"{row[0]} {row[1]}", outcome=outcome
    )  # fmt: skip


def complaints(connection: apsw.Connection) -> list[Complaint]:
    """The open ones first, by the day they are due; then the newest."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM complaint ORDER BY answered_day <> '', CASE WHEN answered_day = '' THEN due_day ELSE '' END, id DESC LIMIT ?",  # names of columns
        (SHOWN,),
    )
    return [_complaint(row) for row in rows]


def received_between(connection: apsw.Connection, first: dt.date, last: dt.date) -> list[Complaint]:
    """Complaints received on these days, in order of entry."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM complaint WHERE received_day >= ? AND received_day <= ? ORDER BY id",
        (first.isoformat(), last.isoformat()),  # names of columns
    )
    return [_complaint(row) for row in rows]


def _complaint(row: tuple[object, ...]) -> Complaint:
    return msgspec.convert(dict(zip(Complaint.__struct_fields__, row, strict=True)), Complaint)
