"""Reporting windows: the four reports and the month, at the last millisecond of a 14th and the first of a 15th."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.calendar import VIETNAM
from sync_protocol.figures.errors import PeriodUnknown
from sync_protocol.figures.periods import (
    ReportKind,
    begun_periods,
    day_period,
    midnight_ms,
    month_period,
    read_period_id,
    report_period,
    reporting_month,
    reports_holding,
)
from sync_protocol.law_problems import UnzonedTime

Q1, HALF, Q3, YEAR = ReportKind.QUARTER_1, ReportKind.HALF_YEAR, ReportKind.QUARTER_3, ReportKind.YEAR


def at(day: str, time: str = "12:00:00") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at("2021-06-14", "23:59:59"), {(HALF, 2021), (YEAR, 2021)}),
        (at("2021-06-15", "00:00:00"), {(Q3, 2021), (YEAR, 2021)}),
        (at("2021-03-15"), {(HALF, 2021), (YEAR, 2021)}),
        (at("2021-03-14", "23:59:59"), {(Q1, 2021), (HALF, 2021), (YEAR, 2021)}),
        (at("2021-09-15"), {(YEAR, 2021)}),
        (at("2021-12-14"), {(YEAR, 2021)}),
        (at("2021-12-15", "00:00:00"), {(Q1, 2022), (HALF, 2022), (YEAR, 2022)}),
    ],
)
def test_a_moment_belongs_to_the_reports_of_the_worked_examples(
    moment: dt.datetime, expected: set[tuple[ReportKind, int]]
) -> None:
    assert {(one.kind, one.year) for one in reports_holding(moment)} == expected


def test_the_windows_are_those_of_the_note() -> None:
    assert [(p.first, p.last) for p in (report_period(kind, 2021) for kind in (Q1, HALF, Q3, YEAR))] == [
        (dt.date(2020, 12, 15), dt.date(2021, 3, 14)),
        (dt.date(2020, 12, 15), dt.date(2021, 6, 14)),
        (dt.date(2021, 6, 15), dt.date(2021, 9, 14)),
        (dt.date(2020, 12, 15), dt.date(2021, 12, 14)),
    ]
    assert report_period(HALF, 2026).send_by == dt.date(2026, 6, 18)


def test_the_window_ends_with_the_last_millisecond_of_the_14th_in_vietnam() -> None:
    period = report_period(HALF, 2026)
    end = int(at("2026-06-15", "00:00:00").timestamp()) * 1000
    assert period.end_ms == end and period.holds(end - 1) and not period.holds(end)
    assert end == int(dt.datetime(2026, 6, 14, 17, tzinfo=dt.UTC).timestamp()) * 1000
    assert period.holds(period.start_ms) and not period.holds(period.start_ms - 1)


@settings(max_examples=60, deadline=None)
@given(st.dates(dt.date(2001, 1, 1), dt.date(2900, 1, 1)))
def test_reporting_months_follow_each_other_without_gap_or_overlap(day: dt.date) -> None:
    month = month_period(day)
    assert month.first <= day <= month.last and (month.first.day, month.last.day) == (15, 14)
    assert month_period(month.last + dt.timedelta(days=1)).start_ms == month.end_ms
    assert month.first_month == month.last_month == reporting_month(day)


@settings(max_examples=60, deadline=None)
@given(st.integers(2001, 2900), st.sampled_from(sorted({Q1, HALF, Q3, YEAR})))
def test_a_report_is_made_of_whole_reporting_months(year: int, kind: ReportKind) -> None:
    period = report_period(kind, year)
    day, months = period.first, 0
    while day <= period.last:
        months += 1
        day = month_period(day).last + dt.timedelta(days=1)
    assert day == period.last + dt.timedelta(days=1)
    assert months == {Q1: 3, HALF: 6, Q3: 3, YEAR: 12}[kind]


def test_a_day_is_a_vietnam_day() -> None:
    day = day_period(dt.date(2026, 11, 22))
    assert day.end_ms - day.start_ms == 86_400_000
    assert day.start_ms == midnight_ms(dt.date(2026, 11, 22)) == int(at("2026-11-22", "00:00:00").timestamp()) * 1000


@pytest.mark.parametrize(("kind", "year"), [(ReportKind.DAY, 2026), (Q1, 1999), (Q1, 3000)])
def test_a_report_that_does_not_exist_is_refused_by_name(kind: ReportKind, year: int) -> None:
    with pytest.raises(PeriodUnknown) as caught:
        report_period(kind, year)
    assert str(year) in caught.value.clerk_sentence


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(UnzonedTime):
        reports_holding(dt.datetime(2026, 1, 1))  # noqa: DTZ001


@settings(max_examples=60, deadline=None)
@given(st.dates(dt.date(2001, 1, 1), dt.date(2900, 1, 1)))
def test_every_period_that_can_be_asked_for_is_read_back_from_its_name(today: dt.date) -> None:
    found = begun_periods(today)
    assert [read_period_id(one.id) for one in found] == list(found) and len(set(found)) == len(found) in (19, 20)
    assert all(one.first <= today for one in found) and found[0] == month_period(today)
    assert read_period_id(day_period(today).id) == day_period(today)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "month",
        "month-",
        "half_year-x",
        "half_year-1999",
        "week-2026-01-01",
        "month-0001-01-01",
        "day-9999-12-31",
        "a" * 5000,
    ],
)
def test_a_name_of_no_period_is_refused(name: str) -> None:
    with pytest.raises(PeriodUnknown):
        read_period_id(name)
