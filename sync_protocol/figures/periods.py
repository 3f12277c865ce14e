"""Reporting periods: windows that run from a 15th to a 14th in Vietnam, and which of them a moment belongs to.

Only four reports exist. *Six months* and *year* begin on 15 December of the year before; there is no report of quarter II or IV. A
window is named by its first and its last day, both included; its last moment is 23:59:59.999 of that day in Vietnam (UTC+7).

Source: 002 (KH 4269/KH-BHXH) Phụ lục 2, note on data cut-offs, given for 2021 [S]; taken over for later years [D]: a row of `REPORTS` is
all that changes when a year is cut otherwise. Units send their report by day 18 of its last month.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from sync_protocol.calendar import VIETNAM, vietnam_date
from sync_protocol.figures.errors import PeriodUnknown

FIRST_DAY: Final = 15
LAST_DAY: Final = 14
SEND_BY_DAY: Final = 18
YEAR_MIN, YEAR_MAX = 2000, 2999
_ONE_DAY = dt.timedelta(days=1)


class ReportKind(StrEnum):
    """The four reports, the month they are made of, and a single day; labels come from the glossary under `report_kind`."""

    QUARTER_1 = "quarter_1"
    HALF_YEAR = "half_year"
    QUARTER_3 = "quarter_3"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


REPORTS: Final[dict[ReportKind, tuple[tuple[int, int], int]]] = {
    ReportKind.QUARTER_1: ((-1, 12), 3),
    ReportKind.HALF_YEAR: ((-1, 12), 6),
    ReportKind.QUARTER_3: ((0, 6), 9),
    ReportKind.YEAR: ((-1, 12), 12),
}
"""Of each report: (years before, month) of its first 15th, and the month of its 14th."""


class Period(msgspec.Struct, frozen=True, order=True):
    """A window of whole days in Vietnam. `first` and `last` are both included."""

    first: dt.date
    last: dt.date
    kind: ReportKind = ReportKind.DAY

    @property
    def start_ms(self) -> int:
        """The first moment, UTC ms."""
        return midnight_ms(self.first)

    @property
    def end_ms(self) -> int:
        """The first moment after, UTC ms."""
        return midnight_ms(self.last + _ONE_DAY)

    @property
    def year(self) -> int:
        """The year whose report this is."""
        return self.last.year

    @property
    def id(self) -> str:
        """How an address names it: `half_year-2021`, `month-2021-05-15`, `day-2021-06-14`. `read_period_id` reads it back."""
        return f"{self.kind}-{self.year if self.kind in REPORTS else self.first.isoformat()}"

    @property
    def first_month(self) -> dt.date:
        """The 15th that names the first reporting month touched."""
        return reporting_month(self.first)

    @property
    def last_month(self) -> dt.date:
        """The 15th that names the last reporting month touched."""
        return reporting_month(self.last)

    @property
    def send_by(self) -> dt.date:
        """The day by which the unit sends this report."""
        return self.last.replace(day=SEND_BY_DAY)

    def holds(self, at_ms: int) -> bool:
        """Whether a moment (UTC ms) lies in the window.

        >>> half_year = report_period(ReportKind.HALF_YEAR, 2021)
        >>> half_year.holds(1_623_689_999_999), half_year.holds(1_623_690_000_000)
        (True, False)
        """
        return self.start_ms <= at_ms < self.end_ms


def midnight_ms(day: dt.date) -> int:
    """The first moment of a Vietnam date, UTC ms."""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp()) * 1000


@lru_cache(maxsize=2_048)
def reporting_month(day: dt.date) -> dt.date:
    """The 15th that begins the reporting month of a Vietnam date.

    >>> reporting_month(dt.date(2021, 6, 14)), reporting_month(dt.date(2021, 6, 15))
    (datetime.date(2021, 5, 15), datetime.date(2021, 6, 15))
    """
    if day.day >= FIRST_DAY:
        return day.replace(day=FIRST_DAY)
    return (day.replace(day=1) - _ONE_DAY).replace(day=FIRST_DAY)


def report_period(kind: ReportKind, year: int) -> Period:
    """The window of one of the four reports. Raises PeriodUnknown (FIG-001) for another kind or a year outside 2000–2999."""
    if kind not in REPORTS or not YEAR_MIN <= year <= YEAR_MAX:
        raise PeriodUnknown(asked=str(year) if kind in REPORTS else f"{kind} {year}")
    (years_before, month), last_month = REPORTS[kind]
    return Period(dt.date(year + years_before, month, FIRST_DAY), dt.date(year, last_month, LAST_DAY), kind)


def month_period(day: dt.date) -> Period:
    """The reporting month, 15th to 14th, that holds a Vietnam date."""
    first = reporting_month(day)
    following = reporting_month(first + dt.timedelta(days=31))
    return Period(first, following - _ONE_DAY, ReportKind.MONTH)


def day_period(day: dt.date) -> Period:
    """A single Vietnam date."""
    return Period(day, day, ReportKind.DAY)


def read_period_id(text: str) -> Period:
    """The period of an id. Raises PeriodUnknown (FIG-001).

    >>> read_period_id("quarter_1-2026").first
    datetime.date(2025, 12, 15)
    """
    kind, _, rest = text.partition("-")
    try:
        if kind in REPORTS:
            return report_period(ReportKind(kind), int(rest))
        day = dt.date.fromisoformat(rest)
        if YEAR_MIN <= day.year <= YEAR_MAX:
            return {ReportKind.MONTH: month_period, ReportKind.DAY: day_period}[ReportKind(kind)](day)
    except (ValueError, KeyError) as error:
        raise PeriodUnknown(asked=text[:40]) from error
    raise PeriodUnknown(asked=text[:40])


def begun_periods(today: dt.date, months: int = 12) -> tuple[Period, ...]:
    """What can be asked for on a day: the last `months` reporting months and the reports of two years that have begun, newest first."""
    found, day = [], today
    for _ in range(months):
        found.append(month_period(day))
        day = found[-1].first - _ONE_DAY
    years = (today.year + 1, today.year, today.year - 1)
    reports = [report_period(kind, year) for year in years for kind in REPORTS]
    return (
        *found,
        *sorted((one for one in reports if one.first <= today), key=lambda one: (one.last, one.first), reverse=True)[
            :8
        ],
    )


def reports_holding(at: dt.datetime) -> tuple[Period, ...]:
    """Every one of the four reports that counts a moment, shortest first. Raises UnzonedTime (LAW-008) for a naive one."""
    day = vietnam_date(at)
    candidates = [report_period(kind, year) for year in (day.year, day.year + 1) for kind in REPORTS]
    return tuple(
        sorted((one for one in candidates if one.first <= day <= one.last), key=lambda one: one.last - one.first)
    )
