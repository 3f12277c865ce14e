"""Working days: counting in Vietnam with the published table of holidays and exchanged days.

Invariant: whether a day is worked depends on the table given and on nothing else. A Saturday worked in exchange is a
working day; a weekday rested in exchange is not. Only days named `holiday` are public holidays (nghỉ lễ, Tết).

Source: Bộ luật Lao động 45/2019/QH14, Điều 112; yearly exchanges as published by the Government.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Self

import msgspec

from sync_protocol.catalogue import Holiday
from sync_protocol.law_problems import CalendarTooShort, UnzonedTime

VIETNAM = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam has kept UTC+7 without summer time since 1975, so no time-zone data is needed."""

_SATURDAY = 5


def vietnam_date(moment: dt.datetime) -> dt.date:
    """Return the calendar day in Vietnam of an aware moment. Raises UnzonedTime (LAW-008) for a naive one."""
    return vietnam_time(moment).date()


def vietnam_time(moment: dt.datetime) -> dt.datetime:
    """Return an aware moment in Vietnam time. Raises UnzonedTime (LAW-008) for a naive one."""
    if moment.utcoffset() is None:
        raise UnzonedTime(what="a moment in Vietnam")
    return moment.astimezone(VIETNAM)


class WorkingCalendar(msgspec.Struct, frozen=True):
    """The days that differ from their weekday, and the years the table covers (inclusive)."""

    holidays: frozenset[dt.date]
    rest_days: frozenset[dt.date]
    worked_weekends: frozenset[dt.date]
    first_year: int
    last_year: int

    @classmethod
    def of(cls, days: Iterable[Holiday], *, struck_out: frozenset[dt.date] = frozenset()) -> Self:
        """Build the calendar of a catalogue's days; the years covered are those of its first and last day.

        `struck_out` are provisional days an administrator has decided not to follow; days that are not provisional
        stay. Raises CalendarTooShort (LAW-009) for an empty table.
        """
        table = tuple(day for day in days if not (day.provisional and day.date in struck_out))
        if not table:
            raise CalendarTooShort(year="đầu tiên")
        kinds = {kind: frozenset(d.date for d in table if d.kind == kind) for kind in {d.kind for d in table}}
        none: frozenset[dt.date] = frozenset()
        return cls(
            holidays=kinds.get("holiday", none),
            rest_days=kinds.get("rest_in_exchange", none),
            worked_weekends=kinds.get("work_in_exchange", none),
            first_year=min(d.date for d in table).year,
            last_year=max(d.date for d in table).year,
        )

    def is_holiday(self, day: dt.date) -> bool:
        """True on a public holiday. Raises CalendarTooShort (LAW-009) outside the table's years."""
        self._covers(day)
        return day in self.holidays

    def is_working_day(self, day: dt.date) -> bool:
        """True where offices work that day. Raises CalendarTooShort (LAW-009) outside the table's years."""
        self._covers(day)
        if day in self.worked_weekends:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays and day not in self.rest_days

    def first_working_day(self, day: dt.date) -> dt.date:
        """Return the day itself if worked, otherwise the next working day."""
        while not self.is_working_day(day):
            day += dt.timedelta(days=1)
        return day

    def next_working_day(self, day: dt.date) -> dt.date:
        """Return the first working day after a day."""
        return self.first_working_day(day + dt.timedelta(days=1))

    def previous_working_day(self, day: dt.date) -> dt.date:
        """Return the last working day before a day."""
        day -= dt.timedelta(days=1)
        while not self.is_working_day(day):
            day -= dt.timedelta(days=1)
        return day

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """Return the `count`-th working day after a day (0 or less: the day itself); the day itself is not counted."""
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def add_days_without_holidays(self, day: dt.date, count: int) -> dt.date:
        """Return the `count`-th day after a day, public holidays not counted, weekends counted."""
        while count > 0:
            day += dt.timedelta(days=1)
            count -= not self.is_holiday(day)
        return day

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Count working days after `start` up to and including `end`; 0 where `end` is not after `start`."""
        span = (end - start).days
        return sum(self.is_working_day(start + dt.timedelta(days=offset)) for offset in range(1, span + 1))

    def _covers(self, day: dt.date) -> None:
        if not self.first_year <= day.year <= self.last_year:
            raise CalendarTooShort(year=day.year)
