"""Which report is asked for: a kind and a year, or a reporting month, as they stand in an address or a form."""

from __future__ import annotations

import datetime as dt

from sync_protocol.figures.errors import PeriodUnknown
from sync_protocol.figures.periods import FIRST_DAY, YEAR_MAX, YEAR_MIN, Period, ReportKind, month_period, report_period

KINDS = (ReportKind.QUARTER_1, ReportKind.HALF_YEAR, ReportKind.QUARTER_3, ReportKind.YEAR, ReportKind.MONTH)


def asked_period(kind: str, year: str, month: str, today: dt.date) -> Period:
    """The period named by three texts; nothing named: the reporting month of today. Raises PeriodUnknown (FIG-001).

    >>> asked_period("half_year", "2021", "", dt.date(2026, 11, 22)).last
    datetime.date(2021, 6, 14)
    >>> asked_period("month", "2026", "11", dt.date(2026, 11, 22)).first
    datetime.date(2026, 11, 15)
    """
    if not kind:
        return month_period(today)
    try:
        asked_year = int(year) if year else today.year
        if ReportKind(kind) is not ReportKind.MONTH:
            return report_period(ReportKind(kind), asked_year)
        if YEAR_MIN <= asked_year <= YEAR_MAX:
            return month_period(dt.date(asked_year, int(month) if month else today.month, FIRST_DAY))
    except (ValueError, OverflowError) as error:  # a month beyond what a machine's integer holds
        raise PeriodUnknown(asked=_said(kind, year, month)) from error
    raise PeriodUnknown(asked=_said(kind, year, month))


def _said(kind: str, year: str, month: str) -> str:
    """What was asked for as a person writes it: "13/2021", "1900", or the word that names no kind of report."""
    if kind == ReportKind.MONTH:
        return f"{month[:20]}/{year[:20]}".strip("/")
    return year[:20] if kind in KINDS and year else kind[:20]


def address_of(period: Period) -> str:
    """The part of an address that asks for a period."""
    if period.kind is ReportKind.MONTH:
        return f"kind=month&year={period.first.year}&month={period.first.month}"
    return f"kind={period.kind.value}&year={period.year}"
