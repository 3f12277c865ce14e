"""Deadlines: when a dossier is due, when it must be handed over, and when a notice or an apology is still in time.

Every count starts on the day after receipt at the counter (ngày tiếp nhận không tính), in Vietnam time, never on the day
of synchronisation. A calendar-day limit that ends on a day off is due on the next working day. A completed supplement
restarts the count from zero on the day the supplement came to the counter.

Invariant: due dates depend only on the receipt, the rule and the calendar; the same arguments give the same answer.

Source: Nghị định 61/2018/NĐ-CP, Điều 18.2, 19.4, 19.9; Bộ luật Dân sự 2015, Điều 147–148 (recalled, unverified).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from sync_protocol.calendar import WorkingCalendar, vietnam_date, vietnam_time
from sync_protocol.catalogue import DeadlineRule, Procedure, Submitter
from sync_protocol.law_problems import ApologyRefused, NoDeadlineRule

HAND_OVER_CUT_OFF = dt.time(15, 0)
"""Sau 15 giờ: exactly 15:00:00 still belongs to the day (our reading of the word *sau*)."""

Punctuality = Literal["early", "on_time", "late"]


class HandOver(msgspec.Struct, frozen=True):
    """By when a received dossier goes on: within `date`, or at the start of it where `at_start` holds."""

    date: dt.date
    at_start: bool


class Apology(msgspec.Struct, frozen=True):
    """The one new appointment a dossier may get."""

    given_on: dt.date
    old_due_date: dt.date
    new_due_date: dt.date


def rule_for(procedure: Procedure, submitter: Submitter, case: str = "") -> DeadlineRule:
    """Return the rule for a submitter and case: own submitter before `any`, named case before the ordinary one.

    Raises NoDeadlineRule (LAW-005) where the procedure version has none.
    """
    fitting = [rule for rule in procedure.deadlines if rule.submitter in (submitter, "any") and rule.case in (case, "")]
    if not fitting:
        raise NoDeadlineRule(procedure=procedure.code, submitter=submitter, case=case)
    return min(fitting, key=lambda rule: (rule.case != case, rule.submitter != submitter))


def due_date(received_on: dt.date, rule: DeadlineRule, calendar: WorkingCalendar) -> dt.date:
    """Return the last day of the limit for a dossier received on a Vietnam date.

    Raises CalendarTooShort (LAW-009) where the holiday table ends before the answer.
    """
    match rule.unit:
        case "working_day":
            return calendar.add_working_days(received_on, rule.amount)
        case "calendar_day":
            return calendar.first_working_day(received_on + dt.timedelta(days=rule.amount))
        case "calendar_day_without_holidays":
            return calendar.first_working_day(calendar.add_days_without_holidays(received_on, rule.amount))


def counting_date(procedure: Procedure, received_at: dt.datetime, postmark: dt.date | None = None) -> dt.date:
    """Return the Vietnam date of receipt the count starts from: the postmark where the procedure says so and it is known.

    Raises UnzonedTime (LAW-008) for a naive moment.
    """
    if procedure.receipt_basis == "postmark" and postmark is not None:
        return postmark
    return vietnam_date(received_at)


def restarted_due_date(supplemented_at: dt.datetime, rule: DeadlineRule, calendar: WorkingCalendar) -> dt.date:
    """Return the new last day after a complete supplement, counted from zero from its time at the counter.

    Source: Nghị định 61/2018/NĐ-CP, Điều 19.4. Raises UnzonedTime (LAW-008), CalendarTooShort (LAW-009).
    """
    return due_date(vietnam_date(supplemented_at), rule, calendar)


def hand_over(received_at: dt.datetime, calendar: WorkingCalendar) -> HandOver:
    """Return by when a dossier leaves the counter: the same working day, after 15:00 the start of the next one.

    Source: Nghị định 61/2018/NĐ-CP, Điều 18.2. Raises UnzonedTime (LAW-008), CalendarTooShort (LAW-009).
    """
    local = vietnam_time(received_at)
    if local.time() <= HAND_OVER_CUT_OFF and calendar.is_working_day(local.date()):
        return HandOver(local.date(), at_start=False)
    return HandOver(calendar.next_working_day(local.date()), at_start=True)


def supplement_notice_due(procedure: Procedure, received_on: dt.date, calendar: WorkingCalendar) -> dt.date:
    """Return the last day to tell a person what is missing: three working days unless the procedure says otherwise.

    Source: Nghị định 61/2018/NĐ-CP, Điều 19.4. Raises CalendarTooShort (LAW-009).
    """
    return calendar.add_working_days(received_on, procedure.supplement_notice_working_days)


def last_apology_day(due: dt.date) -> dt.date:
    """Return the last day for the apology: at least one day before the due date (NĐ 61/2018, Điều 19.9)."""
    return due - dt.timedelta(days=1)


def apologise(given_on: dt.date, due: dt.date, new_due: dt.date, *, given_before: int) -> Apology:
    """Return the new appointment. `given_before` counts apologies this dossier already had.

    Source: Nghị định 61/2018/NĐ-CP, Điều 19.9. Raises ApologyRefused (LAW-006) for a second one, for one later than the
    day before the due date, and for a new date that is not later than the old one.
    """
    if given_before:
        raise ApologyRefused(reason="đã hẹn lại một lần rồi", rule="at most one apology per dossier")
    if given_on > last_apology_day(due):
        raise ApologyRefused(
            reason=f"hạn chót để xin gia hạn là ngày {last_apology_day(due):%d/%m/%Y}",
            rule=f"given {given_on.isoformat()}, due {due.isoformat()}",
        )
    if new_due <= due:
        raise ApologyRefused(
            reason=f"ngày hẹn mới cần sau ngày {due:%d/%m/%Y}",
            rule=f"new date {new_due.isoformat()} not after {due.isoformat()}",
        )
    return Apology(given_on, due, new_due)


def punctuality(finished_on: dt.date, due: dt.date) -> Punctuality:
    """Say whether a result came early, on the due date, or late."""
    if finished_on == due:
        return "on_time"
    return "early" if finished_on < due else "late"
