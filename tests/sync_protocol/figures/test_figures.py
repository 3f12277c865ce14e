"""Figures equal an independent count of the same histories, on the bounds of days and months, in any order of arrival."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.envelope import Event
from sync_protocol.figures.facts import facts_of
from sync_protocol.figures.flows import Cell, flows_of
from sync_protocol.figures.period_figures import PeriodFigures, Rate, period_figures
from sync_protocol.figures.periods import ReportKind, report_period, reporting_month
from sync_protocol.figures.promises import Promise, Wait
from sync_protocol.ids import OfficeCode, RecordId
from tests.sync_protocol.figures.stories import DAY_MS, Story, Telling, counted, events_of, stories

SPANS = tuple(
    (one.first, one.last)
    for one in (report_period(ReportKind(kind), 2021) for kind in ("quarter_1", "half_year", "quarter_3", "year"))
)
TOLD = st.integers(0, 12).flatmap(lambda size: st.tuples(*(stories(number=n + 1) for n in range(size))))


def cells_of(told: list[Story]) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    for one in told:
        facts = facts_of(events_of(one)[0].header.rid, events_of(one))
        assert facts is not None
        cells += flows_of(facts)
    return cells


def figures_of(cells: Counter[Cell], start: dt.date, end: dt.date) -> PeriodFigures:
    return period_figures(cells, reporting_month(start), reporting_month(end))


@settings(max_examples=120, deadline=None)
@given(TOLD)
def test_figures_equal_a_count_of_every_story_by_itself(told: tuple[Story, ...]) -> None:
    cells = cells_of(list(told))
    for start, end in SPANS:
        figures = figures_of(cells, start, end)
        expected = counted(list(told), start, end)
        assert {name: getattr(figures, name) for name in expected} == expected, (start, end, told)


@settings(max_examples=40, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_events_change_no_fact(story: Story, chance: random.Random) -> None:
    events = events_of(story)
    shuffled = [*events, *events[:2]]
    chance.shuffle(shuffled)
    assert facts_of(events[0].header.rid, shuffled) == facts_of(events[0].header.rid, events)


@settings(max_examples=40, deadline=None)
@given(TOLD)
def test_offices_add_up_to_the_whole(told: tuple[Story, ...]) -> None:
    cells = cells_of(list(told))
    start, end = SPANS[3]
    parts = [
        figures_of(Counter({cell: n for cell, n in cells.items() if cell.office == office}), start, end)
        for office in sorted({cell.office for cell in cells})
    ]
    total = PeriodFigures()
    for one in parts:
        total = total.plus(one)
    assert total == figures_of(cells, start, end)


def test_the_last_second_of_the_14th_and_the_first_of_the_15th_fall_into_different_periods() -> None:
    before = Story(1, "00101", dt.date(2021, 6, 14), DAY_MS - 1000, None, "in_person")
    after = Story(2, "00101", dt.date(2021, 6, 15), 0, None, "in_person")
    for told, six_months, quarter, year in (([before], 1, 0, 1), ([after], 0, 1, 1)):
        cells = cells_of(told)
        received = [figures_of(cells, *SPANS[n]).received for n in (1, 2, 3)]
        assert received == [six_months, quarter, year]


def test_what_arrives_later_shows_as_a_difference_and_nothing_else() -> None:
    first = [
        Story(
            n,
            "00101",
            dt.date(2021, 6, 1),
            0,
            dt.date(2021, 6, 10),
            "in_person",
            ended=dt.date(2021, 6, 9),
            outcome="granted",
        )
        for n in (1, 2)
    ]
    late = Story(3, "03401", dt.date(2021, 6, 14), DAY_MS - 1, dt.date(2021, 6, 20), "postal")
    frozen = figures_of(cells_of(first), *SPANS[1])
    now = figures_of(cells_of([*first, late]), *SPANS[1])
    difference = now.minus(frozen)
    assert (difference.received, difference.received_postal, difference.in_progress, difference.finished) == (
        1,
        1,
        1,
        0,
    )
    assert frozen.plus(difference) == now


def test_waiting_for_the_person_is_nobodys_delay_and_a_completed_dossier_starts_anew() -> None:
    waiting = Story(1, "00101", dt.date(2021, 1, 4), 0, dt.date(2021, 1, 11), "in_person", asked=dt.date(2021, 1, 6))
    figures = figures_of(cells_of([waiting]), *SPANS[0])
    assert (figures.overdue, figures.waiting, figures.in_progress) == (0, 1, 1)
    completed = Story(
        1, "00101", dt.date(2021, 1, 4), 0, dt.date(2021, 1, 11), "in_person", asked=dt.date(2021, 1, 6), completed=dt.date(2021, 2, 1),
        new_due=dt.date(2021, 2, 8), ended=dt.date(2021, 2, 8), outcome="granted",
    )  # fmt: skip
    figures = figures_of(cells_of([completed]), *SPANS[0])
    assert (figures.finished_on_time, figures.overdue, figures.waiting) == (1, 0, 0)


def test_an_empty_period_has_no_rate_rather_than_zero() -> None:
    assert all(rate == Rate(0, 0) and rate.percent is None for rate in PeriodFigures().rates.values())


def test_the_harness_sees_a_count_that_is_one_off() -> None:
    story = Story(1, "00101", dt.date(2021, 1, 4), 0, dt.date(2021, 1, 11), "in_person")
    cells = cells_of([story])
    cells[next(iter(cells))] += 1
    figures = figures_of(cells, *SPANS[0])
    expected = counted([story], *SPANS[0])
    assert {name: getattr(figures, name) for name in expected} != expected
    assert OfficeCode(story.office) in {cell.office for cell in cells}


def _reopened(due: str) -> list[Event]:
    """Received on 4 January for the 11th, decided on the 8th, taken up again on 1 February with this new day."""
    told = Telling(Story(
        1, "00101", dt.date(2021, 1, 4), 0, dt.date(2021, 1, 11), "in_person", ended=dt.date(2021, 1, 8), outcome="granted"
    ))  # fmt: skip
    told.reception()
    told.course()
    told.reopening(dt.date(2021, 2, 1), due)
    return told.events


def test_taking_up_again_what_was_decided_in_time_makes_no_day_overdue_that_was_not() -> None:
    before = facts_of(RecordId((1).to_bytes(16, "big")), _reopened("2021-02-15")[:-1])
    facts = facts_of(RecordId((1).to_bytes(16, "big")), _reopened("2021-02-15"))
    assert before is not None and facts is not None and facts.finished_on is None
    assert facts.promises == (*before.promises, Promise(dt.date(2021, 2, 1), dt.date(2021, 2, 15)))
    assert facts.promises[0] == Promise(dt.date(2021, 1, 4), dt.date(2021, 1, 11), dt.date(2021, 1, 8))


def test_the_promised_day_stays_where_taking_up_again_gives_no_other() -> None:
    facts = facts_of(RecordId((1).to_bytes(16, "big")), _reopened(""))
    assert facts is not None
    assert [(one.since, one.due_on, one.until) for one in facts.promises] == [
        (dt.date(2021, 1, 4), dt.date(2021, 1, 11), dt.date(2021, 1, 8)), (dt.date(2021, 2, 1), dt.date(2021, 1, 11), None)
    ]  # fmt: skip


def test_what_stood_still_until_the_end_stood_still_no_longer_when_it_was_taken_up_again() -> None:
    told = Telling(Story(
        1, "00101", dt.date(2021, 1, 4), 0, dt.date(2021, 1, 11), "in_person", asked=dt.date(2021, 1, 6), ended=dt.date(2021, 1, 20), outcome="refused"
    ))  # fmt: skip
    told.reception()
    told.course()
    told.reopening(dt.date(2021, 2, 1), "2021-02-15")
    facts = facts_of(RecordId((1).to_bytes(16, "big")), told.events)
    assert facts is not None and facts.waits == (Wait(dt.date(2021, 1, 6), dt.date(2021, 1, 20)),)
    assert facts.promises == (
        Promise(dt.date(2021, 1, 4), dt.date(2021, 1, 11), dt.date(2021, 1, 6)), Promise(dt.date(2021, 2, 1), dt.date(2021, 2, 15))
    )  # fmt: skip
