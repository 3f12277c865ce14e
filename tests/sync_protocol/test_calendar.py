"""Working days with the shipped table, checked against a library that was made by others."""

from __future__ import annotations

import datetime as dt

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.calendar import WorkingCalendar, vietnam_date
from sync_protocol.law_problems import CalendarTooShort, UnzonedTime
from tests.central_hub.directory.published import calendar_without_culture_day, published, working_calendar

DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2026, 10, 31))
KNOWN_DIFFERENCES = {
    dt.date(2026, 1, 2): "exchange of 25/12/2025, absent from the library",
    dt.date(2026, 1, 10): "the Saturday worked for it",
}


def differences(calendar: WorkingCalendar) -> set[dt.date]:
    """Return the days of 2025–2027 on which our calendar and the library disagree."""
    table = holidays.country_holidays("VN", years=range(2025, 2028))
    days = (dt.date(2025, 1, 1) + dt.timedelta(days=n) for n in range(3 * 365))
    return {day for day in days if calendar.is_working_day(day) != table.is_working_day(day)}


def test_the_shipped_table_agrees_with_the_library_but_for_the_named_days() -> None:
    assert differences(working_calendar()) == set(KNOWN_DIFFERENCES)


def test_the_comparison_notices_a_missing_holiday() -> None:
    tet = dt.date(2026, 2, 17)
    without = WorkingCalendar.of(day for day in published().holidays() if day.date != tet)
    assert tet in differences(without)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (dt.date(2026, 8, 22), True),
        (dt.date(2026, 8, 31), False),
        (dt.date(2026, 8, 29), False),
        (dt.date(2026, 2, 17), False),
        (dt.date(2026, 11, 23), True),
        (dt.date(2026, 11, 24), False),
    ],
)
def test_exchanged_saturdays_are_worked_and_exchanged_weekdays_rested(day: dt.date, worked: bool) -> None:
    assert working_calendar().is_working_day(day) is worked


def test_a_provisional_holiday_can_be_struck_out_and_a_settled_one_cannot() -> None:
    assert calendar_without_culture_day().is_working_day(dt.date(2026, 11, 24))
    settled = dt.date(2026, 9, 2)
    assert not WorkingCalendar.of(published().holidays(), struck_out=frozenset({settled})).is_working_day(settled)


@settings(deadline=None)
@given(day=DAYS, count=st.integers(0, 30))
def test_adding_working_days_is_undone_by_counting_them(day: dt.date, count: int) -> None:
    calendar = working_calendar()
    end = calendar.add_working_days(day, count)
    assert calendar.working_days_between(day, end) == count


@settings(deadline=None)
@given(day=DAYS)
def test_the_previous_working_day_is_followed_by_the_first_one(day: dt.date) -> None:
    calendar = working_calendar()
    first = calendar.first_working_day(day)
    if first.year > 2025 or first > dt.date(2025, 1, 2):
        assert calendar.next_working_day(calendar.previous_working_day(first)) == first


def test_days_without_holidays_count_weekends() -> None:
    calendar = working_calendar()
    assert calendar.add_days_without_holidays(dt.date(2026, 4, 29), 3) == dt.date(2026, 5, 4)


def test_a_year_outside_the_table_is_refused() -> None:
    with pytest.raises(CalendarTooShort) as caught:
        working_calendar().is_working_day(dt.date(2031, 1, 5))
    assert "2031" in caught.value.clerk_sentence
    with pytest.raises(CalendarTooShort):
        WorkingCalendar.of(())


def test_the_day_in_vietnam_begins_seven_hours_before_utc() -> None:
    assert vietnam_date(dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)) == dt.date(2026, 11, 23)
    with pytest.raises(UnzonedTime):
        vietnam_date(dt.datetime(2026, 11, 22, 17, 0))  # noqa: DTZ001
