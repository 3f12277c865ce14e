"""Every time rule of the one-stop decree, by example."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from sync_protocol.calendar import VIETNAM
from sync_protocol.catalogue import DeadlineRule, Procedure, Submitter
from sync_protocol.deadlines import (
    HandOver,
    apologise,
    counting_date,
    due_date,
    hand_over,
    last_apology_day,
    punctuality,
    restarted_due_date,
    rule_for,
    supplement_notice_due,
)
from sync_protocol.law_problems import ApologyRefused, NoDeadlineRule, UnzonedTime
from tests.central_hub.directory.published import (
    TODAY,
    calendar_without_culture_day,
    published,
    working_calendar,
)


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 11) -> dt.datetime:
    """Return a moment of 2026 in Vietnam."""
    return dt.datetime(2026, month, day, hour, minute, second, tzinfo=VIETNAM)


def procedure(code: str) -> Procedure:
    found = published().procedure(code, TODAY)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("received_at", "expected"),
    [
        (at(16, 14, 59), HandOver(dt.date(2026, 11, 16), at_start=False)),
        (at(16, 15, 1), HandOver(dt.date(2026, 11, 17), at_start=True)),
        (at(20, 16), HandOver(dt.date(2026, 11, 23), at_start=True)),
        (at(23, 15, 0, 0), HandOver(dt.date(2026, 11, 23), at_start=False)),
        (at(23, 15, 0, 1), HandOver(dt.date(2026, 11, 25), at_start=True)),
        (at(22, 9), HandOver(dt.date(2026, 11, 23), at_start=True)),
        (at(21, 16, month=8), HandOver(dt.date(2026, 8, 22), at_start=True)),
    ],
)
def test_a_dossier_received_after_three_leaves_on_the_next_working_day(
    received_at: dt.datetime, expected: HandOver
) -> None:
    assert hand_over(received_at, working_calendar()) == expected
    assert hand_over(received_at.astimezone(dt.UTC), working_calendar()) == expected


def test_the_supplement_notice_depends_on_whether_24_november_is_a_holiday() -> None:
    monday = dt.date(2026, 11, 23)
    sickness = procedure("1.014163")
    assert supplement_notice_due(sickness, monday, calendar_without_culture_day()) == dt.date(2026, 11, 26)
    assert supplement_notice_due(sickness, monday, working_calendar()) == dt.date(2026, 11, 27)
    assert supplement_notice_due(procedure("1.014140"), monday, calendar_without_culture_day()) == dt.date(2026, 11, 30)


def test_a_complete_supplement_restarts_from_its_day_at_the_counter() -> None:
    rule = rule_for(procedure("1.014163"), "worker")
    wednesday, synced_on_friday = at(4, 10), dt.date(2026, 11, 6)
    new = restarted_due_date(wednesday, rule, calendar_without_culture_day())
    assert new == dt.date(2026, 11, 13)
    assert new != due_date(synced_on_friday, rule, calendar_without_culture_day())


@pytest.mark.parametrize(
    ("code", "submitter", "case", "amount", "unit"),
    [
        ("1.014166", "employer", "", 7, "working_day"),
        ("1.014166", "worker", "", 5, "working_day"),
        ("1.014171", "worker", "", 20, "calendar_day_without_holidays"),
        ("1.014185", "worker", "", 15, "working_day"),
        ("1.014185", "worker", "verification", 45, "working_day"),
        ("2.000762", "worker", "funeral", 15, "working_day"),
        ("2.000762", "worker", "unheard of", 30, "working_day"),
        ("1.014140", "worker", "", 25, "calendar_day"),
        ("2.000693", "employer", "", 6, "working_day"),
        ("1.001710", "worker", "", 12, "calendar_day"),
    ],
)
def test_the_limit_is_a_rule_by_submitter_and_case(
    code: str, submitter: Submitter, case: str, amount: int, unit: str
) -> None:
    rule = rule_for(procedure(code), submitter, case)
    assert (rule.amount, rule.unit) == (amount, unit)


def test_the_fifty_days_of_the_portal_are_flagged_and_not_promised() -> None:
    rule = rule_for(procedure("1.014176"), "worker")
    assert rule.amount == 5
    assert "50" in rule.warning
    assert rule.trust == "D"


def test_a_procedure_without_a_rule_cannot_promise_a_date() -> None:
    with pytest.raises(NoDeadlineRule) as caught:
        rule_for(procedure("1.014745"), "worker")
    assert "1.014745" in caught.value.clerk_sentence


@pytest.mark.parametrize(
    ("unit", "amount", "received_on", "due"),
    [
        ("working_day", 1, dt.date(2026, 11, 20), dt.date(2026, 11, 23)),
        ("calendar_day", 1, dt.date(2026, 11, 20), dt.date(2026, 11, 23)),
        ("calendar_day", 12, dt.date(2026, 11, 2), dt.date(2026, 11, 16)),
        ("calendar_day_without_holidays", 20, dt.date(2026, 2, 12), dt.date(2026, 3, 9)),
        ("working_day", 5, dt.date(2026, 2, 13), dt.date(2026, 2, 27)),
    ],
)
def test_each_unit_of_days_counts_from_the_day_after_receipt(
    unit: str, amount: int, received_on: dt.date, due: dt.date
) -> None:
    rule = msgspec.convert({"amount": amount, "unit": unit, "source": "", "trust": "D"}, DeadlineRule)
    assert due_date(received_on, rule, working_calendar()) == due


def test_a_posted_unemployment_claim_counts_from_the_postmark() -> None:
    received_at, postmark = at(20, 9), dt.date(2026, 11, 17)
    assert counting_date(procedure("1.014748"), received_at, postmark) == postmark
    assert counting_date(procedure("1.014163"), received_at, postmark) == dt.date(2026, 11, 20)
    assert counting_date(procedure("1.014748"), received_at) == dt.date(2026, 11, 20)


def test_an_apology_comes_a_day_before_and_only_once() -> None:
    friday, later = dt.date(2026, 11, 27), dt.date(2026, 12, 4)
    thursday = friday - dt.timedelta(days=1)
    assert last_apology_day(friday) == thursday
    assert apologise(thursday, friday, later, given_before=0).new_due_date == later
    with pytest.raises(ApologyRefused, match="at most one"):
        apologise(thursday, friday, later, given_before=1)
    with pytest.raises(ApologyRefused) as caught:
        apologise(friday, friday, later, given_before=0)
    assert "26/11/2026" in caught.value.clerk_sentence
    with pytest.raises(ApologyRefused):
        apologise(thursday, friday, friday, given_before=0)


def test_punctuality_has_three_words() -> None:
    due = dt.date(2026, 11, 27)
    days = (due - dt.timedelta(days=1), due, due + dt.timedelta(days=1))
    assert [punctuality(day, due) for day in days] == ["early", "on_time", "late"]


def test_a_time_without_zone_is_our_own_bug() -> None:
    with pytest.raises(UnzonedTime):
        hand_over(dt.datetime(2026, 11, 23, 9), working_calendar())  # noqa: DTZ001
