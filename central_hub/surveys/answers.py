"""Taking an answer: the ticket must be a desk's own, still open, and not answered before.

Source: TT 01/2018/TT-VPCP Điều 12.2; NĐ 61/2018/NĐ-CP Điều 31.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256

import apsw
import msgspec

from central_hub.surveys.errors import AnswerIncomplete, TicketUnknown, TicketUsed
from sync_protocol.adapters import signatures
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.errors import Problem
from sync_protocol.ids import OfficeCode
from sync_protocol.survey import GRADES, QUESTIONS, SATISFIED_FROM, Ticket, read_ticket


class SurveyFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of one office or of all: how many, how many satisfied (4 or 5 as a whole), and the sum of grades by question."""

    answers: int = 0
    satisfied: int = 0
    sums: tuple[int, ...] = (0,) * len(QUESTIONS)

    @property
    def percent(self) -> float | None:
        """Satisfied of a hundred, one decimal; None where nobody answered."""
        return None if not self.answers else round(100 * self.satisfied / self.answers, 1)

    @property
    def averages(self) -> tuple[float | None, ...]:
        """The average grade by question, one decimal."""
        return tuple(None if not self.answers else round(one / self.answers, 1) for one in self.sums)

    def plus(self, other: SurveyFigures) -> SurveyFigures:
        """Both together."""
        return SurveyFigures(
            answers=self.answers + other.answers, satisfied=self.satisfied + other.satisfied,
            sums=tuple(one + two for one, two in zip(self.sums, other.sums, strict=True)),
        )  # fmt: skip


def proven_ticket(connection: apsw.Connection, text: str, today: dt.date) -> Ticket:
    """The ticket that this text is, signed by a desk of that office and open on a Vietnam day. Raises TicketUnknown, TicketUsed."""
    found = read_ticket(text)
    if found is None:
        raise TicketUnknown()
    ticket, mark = found
    row = connection.execute("SELECT public_key, office FROM node WHERE node = ?", (ticket.node,)).fetchone()
    if row is None or str(row[1]) != ticket.office or not ticket.is_open(today):
        raise TicketUnknown()
    try:
        signatures.verify(as_bytes(row[0]), ticket.message(), mark)
    except Problem as problem:
        raise TicketUnknown() from problem
    if connection.execute("SELECT 1 FROM survey_answer WHERE ticket = ?", (_hash(ticket),)).fetchone():
        raise TicketUsed()
    return ticket


def keep_answer(connection: apsw.Connection, text: str, grades: Mapping[str, str], today: dt.date) -> Ticket:
    """Keep one answer in the caller's transaction. Raises TicketUnknown, TicketUsed, AnswerIncomplete."""
    ticket = proven_ticket(connection, text, today)
    if not all(grades.get(one) in {str(grade) for grade in GRADES} for one in QUESTIONS):
        raise AnswerIncomplete()
    connection.execute(
        "INSERT INTO survey_answer(ticket, office, form, day, q_time, q_contacts, q_attitude, q_clarity, q_overall) VALUES(?,?,?,?,?,?,?,?,?)",
        (_hash(ticket), ticket.office, ticket.form, today.isoformat(), *(int(grades[one]) for one in QUESTIONS)),
    )
    return ticket


def answers_between(connection: apsw.Connection, first: dt.date, last: dt.date) -> dict[OfficeCode, SurveyFigures]:
    """The answers given on the Vietnam days `first` … `last`, by the office whose slip it was."""
    rows = connection.execute(
        "SELECT office, count(*), sum(CASE WHEN q_overall >= ? THEN 1 ELSE 0 END), sum(q_time), sum(q_contacts), sum(q_attitude), sum(q_clarity),"
        " sum(q_overall) FROM survey_answer WHERE day >= ? AND day <= ? GROUP BY office",
        (SATISFIED_FROM, first.isoformat(), last.isoformat()),
    )
    found: defaultdict[OfficeCode, SurveyFigures] = defaultdict(SurveyFigures)
    for office, answers, satisfied, *sums in rows:
        found[OfficeCode(str(office))] = SurveyFigures(
            answers=int(str(answers)), satisfied=int(str(satisfied)), sums=tuple(int(str(one)) for one in sums)
        )
    return dict(found)


def _hash(ticket: Ticket) -> bytes:
    return sha256(ticket.message()).digest()
