"""The deadline tag: a second, independent mark beside a dossier's state.

Source: NĐ 61/2018 Điều 19.9 (the apology comes before the deadline, so the warning comes at two working days left).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from sync_protocol.calendar import WorkingCalendar
from sync_protocol.errors import Problem
from sync_protocol.view import DossierView

WARN_AT_DAYS = 2
LOOK_AHEAD_DAYS = 14  # calendar days that surely hold the two working days of the warning, Tết included
_OVER = frozenset({"result_returned", "archived", "returned_with_notice", "refused", "withdrawn", "stopped"})


class Deadline(msgspec.Struct, frozen=True):
    """`days` are working days left, or late; 0 for today and where nothing is promised."""

    kind: Literal["none", "left", "soon", "today", "late"]
    days: int = 0

    @property
    def colour(self) -> str:
        """The tag's colour; the words say the same."""
        return {"soon": "yellow", "today": "yellow", "late": "red"}.get(self.kind, "plain")


def deadline_of(view: DossierView, today: dt.date, calendar: WorkingCalendar | None) -> Deadline:
    """How far the promise is, as of a Vietnam date; calendar days where no table of working days is at hand."""
    if not view.due_date or view.state in _OVER:
        return Deadline("none")
    due = dt.date.fromisoformat(view.due_date)
    if due == today:
        return Deadline("today")
    days = _between(min(due, today), max(due, today), calendar)
    if due < today:
        return Deadline("late", days)
    return Deadline("soon" if days <= WARN_AT_DAYS else "left", days)


def warned_until(today: dt.date, calendar: WorkingCalendar | None) -> dt.date:
    """The last promised day that is already urgent: today's, and those `WARN_AT_DAYS` working days ahead."""
    ahead = (today + dt.timedelta(days) for days in range(LOOK_AHEAD_DAYS, 0, -1))
    return next((day for day in ahead if _between(today, day, calendar) <= WARN_AT_DAYS), today)


def _between(start: dt.date, end: dt.date, calendar: WorkingCalendar | None) -> int:
    try:
        return calendar.working_days_between(start, end) if calendar else (end - start).days
    except Problem:
        return (end - start).days
