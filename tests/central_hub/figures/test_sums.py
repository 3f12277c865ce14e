"""The hub's sums equal a count of every story, whatever order and whatever batches the events came in."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central_hub.directory.build import SOURCES
from central_hub.directory.sources import read_sources
from central_hub.figures.errors import FiguresBehind, ItemUnknown, PeriodStillOpen, ReportUnknown, ValueUnreadable
from central_hub.figures.report import make_report
from central_hub.figures.snapshots import broken_at, freeze, frozen_report, frozen_reports, late_lines
from central_hub.figures.sums import catch_up, cells_until, position_of, recount
from central_hub.figures.typed import APPENDIX, QUALITY, UNIT, keep_value, typed_values
from sync_protocol.adapters import event_log
from sync_protocol.catalogue import Catalogue, UnitSuccession
from sync_protocol.clock import wall_ms
from sync_protocol.figures.period_figures import PeriodFigures, period_figures
from sync_protocol.figures.periods import Period, ReportKind, report_period
from sync_protocol.figures.promises import vietnam_day
from tests.central_hub.figures.hub_with_stories import arrive, empty_hub, tell
from tests.sync_protocol.figures.stories import DAY_MS, Story, counted, events_of, stories

PERIODS = tuple(report_period(ReportKind(kind), 2021) for kind in ("quarter_1", "half_year", "quarter_3", "year"))
HALF_YEAR = PERIODS[1]
AFTER_MS = HALF_YEAR.end_ms + DAY_MS
TOLD = st.integers(1, 6).flatmap(lambda size: st.tuples(*(stories(number=n + 1) for n in range(size))))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[apsw.Connection]:
    connection = empty_hub(tmp_path)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_sources(SOURCES, version="1", built_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))[0]


def rows(connection: apsw.Connection) -> list[Any]:
    found: list[Any] = []
    for table in ("figure", "figure_score", "figure_fact", "figure_due"):
        found += sorted(connection.execute(f"SELECT * FROM {table}").fetchall())
    return found


def count(connection: apsw.Connection) -> None:
    with connection:
        while catch_up(connection, limit=7):
            pass


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TOLD, st.randoms(use_true_random=False))
def test_sums_follow_the_log_through_any_interleaving_of_dossiers(
    tmp_path_factory: pytest.TempPathFactory, told: tuple[Story, ...], chance: random.Random
) -> None:
    connection = empty_hub(tmp_path_factory.mktemp("hub"))
    waiting = [events_of(story) for story in told]
    while waiting:
        lane = chance.choice(waiting)
        arrive(connection, [lane.pop(0)])
        waiting = [one for one in waiting if one]
        if chance.random() < 0.4:
            with connection:
                catch_up(connection, limit=chance.randint(1, 5))
    count(connection)
    for period in PERIODS:
        figures = period_figures(cells_until(connection, period.last_month), period.first_month, period.last_month)
        expected = counted(list(told), period.first, period.last)
        assert {name: getattr(figures, name) for name in expected} == expected, (period, told)
        total = PeriodFigures()
        for line in make_report(connection, period, None).offices:
            total = total.plus(line.figures)
        assert total == figures, "offices add up to the whole"
    before = rows(connection)
    with connection:
        assert recount(connection) == len(told)
    assert rows(connection) == before and position_of(connection) == event_log.last_position(connection)
    connection.close()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TOLD, st.integers(0, 29))
def test_a_period_still_running_counts_as_overdue_what_is_overdue_today_and_not_what_falls_due_later(
    tmp_path_factory: pytest.TempPathFactory, told: tuple[Story, ...], days: int
) -> None:
    connection = empty_hub(tmp_path_factory.mktemp("hub"))
    for story in told:
        arrive(connection, events_of(story))
    count(connection)
    for period in (HALF_YEAR, PERIODS[2]):
        today = period.last - dt.timedelta(days=days)
        happened = [one for one in told if all(day is None or day <= today for day in days_of(one))]
        if len(happened) < len(told):
            continue  # an event of tomorrow is no business of today's report
        report = make_report(connection, period, None, today)
        expected = counted(list(told), period.first, today)["overdue"]
        assert report.whole.overdue == expected == sum(one.figures.overdue for one in report.offices), (today, told)
        assert report.months[-1].figures.overdue == expected and report.as_of == today
    connection.close()


def days_of(story: Story) -> list[dt.date | None]:
    return [wall(one) for one in events_of(story)]


def wall(event: Any) -> dt.date:
    return vietnam_day(wall_ms(event.header.hlc))


def test_what_falls_due_later_in_a_running_month_is_not_overdue_until_its_day_has_passed(hub: apsw.Connection) -> None:
    tell(hub, told_in_june(1, ended=None), told_in_june(2, "03401", ended=None))
    count(hub)
    for day, overdue in ((9, 0), (10, 0), (11, 2), (14, 2)):
        report = make_report(hub, HALF_YEAR, None, dt.date(2021, 6, day))
        assert (report.whole.overdue, [one.figures.overdue for one in report.offices]) == (
            overdue,
            [overdue // 2] * 2,
        ), day
    assert make_report(hub, HALF_YEAR, None).whole.overdue == 2


def told_in_june(number: int, office: str = "00101", *, received: int = 1, ended: int | None = 9) -> Story:
    day = dt.date(2021, 6, received)
    done = dt.date(2021, 6, ended) if ended else None
    return Story(
        number, office, day, 0, dt.date(2021, 6, 10), "in_person", ended=done, outcome="granted" if done else ""
    )


def test_a_report_is_frozen_only_after_its_last_day_and_when_nothing_waits(hub: apsw.Connection) -> None:
    tell(hub, told_in_june(1))
    with pytest.raises(PeriodStillOpen):
        freeze(hub, HALF_YEAR, None, account="leader", now_ms=HALF_YEAR.end_ms - 1)
    with pytest.raises(FiguresBehind):
        freeze(hub, HALF_YEAR, None, account="leader", now_ms=AFTER_MS)
    count(hub)
    number = freeze(hub, HALF_YEAR, None, account="leader", now_ms=HALF_YEAR.end_ms)
    assert frozen_report(hub, number).report.whole.received == 1
    with pytest.raises(ReportUnknown):
        frozen_report(hub, number + 1)


def test_a_dossier_that_syncs_after_the_freeze_is_a_late_line_and_never_changes_the_frozen_report(
    hub: apsw.Connection,
) -> None:
    tell(hub, told_in_june(1))
    count(hub)
    number = freeze(hub, HALF_YEAR, None, account="leader", now_ms=AFTER_MS)
    late = told_in_june(2, "03401", received=14, ended=None)
    after = Story(3, "03401", dt.date(2021, 6, 15), 0, None, "in_person")
    tell(hub, late, after)
    count(hub)
    frozen = frozen_report(hub, number).report
    lines = late_lines(frozen, make_report(hub, HALF_YEAR, None))
    assert [(line.office, line.change.received, line.change.in_progress) for line in lines] == [
        ("", 1, 1),
        ("03401", 1, 1),
    ]
    assert frozen.whole.received == 1 and frozen_reports(hub, HALF_YEAR)[0].number == number
    again = freeze(hub, HALF_YEAR, None, account="leader", now_ms=AFTER_MS)
    assert late_lines(frozen_report(hub, again).report, make_report(hub, HALF_YEAR, None)) == ()


def test_what_an_office_did_before_a_merger_stands_under_its_successor(
    hub: apsw.Connection, catalogue: Catalogue
) -> None:
    merged = msgspec.structs.replace(
        catalogue,
        successions=(
            *catalogue.successions,
            UnitSuccession("00102", "00101", "merge", dt.date(2021, 6, 2), "", "thử", "D"),
        ),
    )
    tell(hub, told_in_june(1, "00101"), told_in_june(2, "00102"))
    count(hub)
    apart = make_report(hub, HALF_YEAR, catalogue)
    together = make_report(hub, HALF_YEAR, merged)
    assert [line.figures.received for line in apart.offices] == [1, 1]
    assert [(line.office, line.codes, line.figures.received) for line in together.offices] == [
        ("00101", ("00101", "00102"), 2)
    ]
    assert together.whole == apart.whole


def test_a_changed_frozen_report_shows(hub: apsw.Connection) -> None:
    for _ in range(2):
        freeze(hub, HALF_YEAR, None, account="leader", now_ms=AFTER_MS)
    assert broken_at(hub) is None
    hub.execute("UPDATE report SET account = 'other' WHERE id = 2")
    assert broken_at(hub) == 2


def test_officers_and_units_get_their_points(hub: apsw.Connection) -> None:
    tell(hub, told_in_june(1), told_in_june(2, ended=10))
    count(hub)
    report = make_report(hub, HALF_YEAR, None)
    assert [(line.officer, line.dossiers, line.indicators[0]) for line in report.officers] == [
        ("cb01", 2, 1.5),
        ("cb02", 2, 1.5),
    ]
    assert report.units[0].indicators[0] == 1.5 and report.units[0].indicators[5] is None
    with hub:
        keep_value(hub, HALF_YEAR, UNIT, "6", "2", account="leader", now_ms=1, office="00101")
    assert make_report(hub, HALF_YEAR, None).units[0].indicators[5] == 2.0


def test_typed_values_are_kept_newest_first_and_only_in_cells_that_people_fill(hub: apsw.Connection) -> None:
    def put(form: str, item: str, value: str, period: Period = HALF_YEAR) -> None:
        keep_value(hub, period, form, item, value, account="leader", now_ms=1)

    put(APPENDIX, "1.1", "3")
    put(APPENDIX, "1.1", " 4,5 ")
    put(QUALITY, "satisfaction", "17")
    put(QUALITY, "publication", "9")
    put(QUALITY, "publication", "")
    assert typed_values(hub, HALF_YEAR, APPENDIX) == {"1.1": "4,5"} and typed_values(hub, HALF_YEAR, QUALITY) == {
        "satisfaction": "17"
    }
    assert typed_values(hub, PERIODS[0], APPENDIX) == {}
    for form, item in ((APPENDIX, "2.4"), (QUALITY, "progress"), (UNIT, "1"), ("other", "x")):
        with pytest.raises(ItemUnknown):
            put(form, item, "1")
    for value in ("x", "-1", "1e9", "19"):
        with pytest.raises(ValueUnreadable):
            put(QUALITY, "satisfaction", value)


def test_the_harness_sees_a_sum_that_was_tampered_with(hub: apsw.Connection) -> None:
    tell(hub, told_in_june(1))
    count(hub)
    before = rows(hub)
    hub.execute("UPDATE figure SET n = n + 1")
    assert rows(hub) != before
    recount(hub)
    assert rows(hub) == before
