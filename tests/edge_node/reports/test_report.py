"""The office's report: against an independent recount of invented dossiers, at the boundaries of a period, for an empty one, frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_node.app import Node
from edge_node.reports.counting import count_step, facts_since, is_behind, last_day, recount
from edge_node.reports.errors import PeriodOpen
from edge_node.reports.frozen import freeze, newest_frozen
from edge_node.reports.report import KeptReport, OfficeReport, compose, make_report
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import DecisionMade, DossierReceived, Party
from sync_protocol.calendar import VIETNAM, vietnam_date
from sync_protocol.figures.facts import DossierFacts
from sync_protocol.figures.periods import Period, ReportKind, month_period, report_period
from sync_protocol.figures.promises import Promise
from sync_protocol.figures.waiting import NOBODY
from sync_protocol.ids import OfficeCode, RecordId
from tests.browser.desk import Clock, make_node

HERE, THERE = OfficeCode("00101"), OfficeCode("03401")
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
DAYS = st.integers(0, 360).map(lambda n: FIRST + dt.timedelta(days=n))


@st.composite
def dossiers(draw: st.DrawFn) -> DossierFacts:
    """One dossier that was received, promised for a day, and perhaps resolved."""
    received = draw(DAYS)
    due = received + dt.timedelta(days=draw(st.integers(0, 40)))
    finished = draw(st.one_of(st.none(), st.integers(0, 60).map(lambda n: received + dt.timedelta(days=n))))
    return DossierFacts(
        office=draw(st.sampled_from([HERE, THERE])), custodian=draw(st.sampled_from([HERE, HERE, THERE])), procedure="1.014166",
        channel=draw(st.sampled_from(["in_person", "online"])), received_on=received, due_on=due, finished_on=finished,
        outcome="granted" if finished else "", promises=(Promise(received, due, finished),), components_due=draw(st.integers(0, 3)),
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(dossiers(), max_size=25), DAYS, DAYS)
def test_the_figures_are_those_of_an_independent_recount(
    held: list[DossierFacts], asked: dt.date, today: dt.date
) -> None:
    period = month_period(asked)
    report = compose(held, HERE, period, max(today, period.first), NOBODY)
    until = min(max(today, period.first), period.last)
    ours = [one for one in held if one.custodian == HERE]
    inside = [one for one in held if one.office == HERE and period.first <= one.received_on <= period.last]
    done = [one for one in ours if one.finished_on and period.first <= one.finished_on <= period.last]
    figures = report.figures
    assert figures.received == len(inside) and figures.received_online == sum(one.channel == "online" for one in inside)
    assert figures.finished_late == sum(one.finished_on > one.due_on for one in done if one.finished_on and one.due_on)
    assert figures.finished_early + figures.finished_on_time == len(done) - figures.finished_late
    late = [
        one for one in ours
        if one.due_on and one.due_on < until and one.received_on <= until and not (one.finished_on and one.finished_on <= until)
    ]  # fmt: skip
    assert figures.overdue == len(late)
    assert sum(one.received for one in report.load) == sum(one.received_on <= until for one in inside)


@settings(max_examples=40, deadline=None)
@given(st.lists(dossiers(), max_size=15), DAYS)
def test_of_a_closed_period_overdue_is_the_sum_of_flows_that_the_hub_adds_up(
    held: list[DossierFacts], asked: dt.date
) -> None:
    from collections import Counter

    from sync_protocol.figures.flows import Cell, flows_of
    from sync_protocol.figures.period_figures import period_figures

    period = month_period(asked)
    cells: Counter[Cell] = Counter()
    for one in held:
        cells.update({cell: n for cell, n in flows_of(one).items() if cell.office == HERE})
    report = compose(held, HERE, period, LAST + dt.timedelta(days=99), NOBODY)
    assert report.figures == period_figures(cells, period.first_month, period.last_month)


@settings(max_examples=80, deadline=None)
@given(st.lists(dossiers(), max_size=15), DAYS, DAYS)
def test_what_ended_before_a_period_adds_nothing_to_its_report(
    held: list[DossierFacts], asked: dt.date, today: dt.date
) -> None:
    period = month_period(asked)
    touching = [one for one in held if last_day(one) >= period.first]
    assert compose(touching, HERE, period, max(today, period.first), NOBODY) == compose(
        held, HERE, period, max(today, period.first), NOBODY
    )


def test_a_dossier_due_tomorrow_is_not_overdue_in_a_period_that_still_runs() -> None:
    today = dt.date(2026, 11, 20)
    due = Promise(today, today + dt.timedelta(days=1))
    facts = DossierFacts(
        office=HERE,
        custodian=HERE,
        procedure="p",
        channel="online",
        received_on=today,
        due_on=due.due_on,
        promises=(due,),
    )
    period = month_period(today)
    assert compose([facts], HERE, period, today, NOBODY).figures.overdue == 0
    assert compose([facts], HERE, period, today + dt.timedelta(days=1), NOBODY).figures.overdue == 0
    assert compose([facts], HERE, period, today + dt.timedelta(days=2), NOBODY).figures.overdue == 1


def test_an_empty_period_is_zero_everywhere_and_has_no_rate() -> None:
    report = compose([], HERE, report_period(ReportKind.HALF_YEAR, 2026), dt.date(2026, 11, 20), NOBODY)
    assert report.figures.received == 0 and all(one.percent is None for one in report.figures.rates.values())
    assert len(report.load) == 6 and sum(one.received for one in report.load) == 0 and not report.is_open


class Place:
    """A node with dossiers received at moments that tests choose."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.node: Node = make_node(root / "node", self.clock, roles=("intake", "leader"))
        self.count = 0
        self.kept = KeptReport()

    def receive(self, at: dt.datetime, *, due: str = "", decided: dt.datetime | None = None) -> RecordId:
        self.count += 1
        rid = RecordId(self.count.to_bytes(16, "big"))
        body = DossierReceived(
            code=f"00101-{self.count:04d}", procedure="1.014166", channel="in_person", office=HERE, officer="all", due_date=due,
            applicant=Party(kind="person", name="Nguyễn Thị Ẩn"), received_ms=int(at.timestamp() * 1000),
        )  # fmt: skip
        drafts = [Draft(rid, body)]
        if decided:
            decision = DecisionMade(
                outcome="granted", office=HERE, officer="all", decided_ms=int(decided.timestamp() * 1000)
            )
            drafts.append(Draft(rid, decision, fence=0))
        self.node.desk.ledger.save(Act("all", "intake", "receive"), drafts)
        return rid

    def report(self, period: Period) -> OfficeReport:
        while self.node.store.writer.run(count_step):
            pass
        asked = (HERE, period, vietnam_date(self.clock()))
        made = self.node.store.readers.run(lambda c: make_report(c, *asked))
        for _ in range(2):
            assert self.node.store.readers.run(lambda c: self.kept.read(c, *asked)) == made
        return made


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    one = Place(tmp_path)
    yield one
    one.node.close()


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def test_the_last_second_of_the_14th_and_the_first_of_the_15th_stand_in_two_months(place: Place) -> None:
    place.receive(moment("2026-11-14T23:59:59.999"))
    place.receive(moment("2026-11-15T00:00:00"))
    october, november = month_period(dt.date(2026, 11, 14)), month_period(dt.date(2026, 11, 15))
    assert (place.report(october).figures.received, place.report(november).figures.received) == (1, 1)
    assert place.report(report_period(ReportKind.YEAR, 2026)).figures.received == 2


def test_a_report_counts_what_the_log_says_step_by_step_and_all_at_once(place: Place) -> None:
    for day in range(1, 6):
        place.receive(
            moment(f"2026-11-{day:02d}T09:00:00"), due="2026-11-10", decided=moment(f"2026-11-{day + 6:02d}T09:00:00")
        )
    report = place.report(month_period(dt.date(2026, 11, 1)))
    assert (report.figures.finished_early, report.figures.finished_on_time, report.figures.finished_late) == (3, 1, 1)
    before = place.node.store.readers.run(lambda c: list(facts_since(c, FIRST)))
    place.node.store.writer.run(recount)
    assert place.node.store.readers.run(lambda c: list(facts_since(c, FIRST))) == before and len(before) == 5
    assert not place.node.store.readers.run(is_behind)


def test_a_frozen_report_stays_and_what_arrives_late_stands_in_its_own_line(place: Place) -> None:
    period = month_period(dt.date(2026, 11, 1))
    place.receive(moment("2026-11-03T09:00:00"))
    place.report(period)
    freeze(place.node.desk, "all", period)
    place.receive(moment("2026-11-14T23:00:00"))
    now, frozen = place.report(period), place.node.store.readers.run(lambda c: newest_frozen(c, period))
    assert frozen is not None and (frozen.number, frozen.account) == (1, "all")
    assert (frozen.report.figures.received, now.figures.received, frozen.change(now).received) == (1, 2, 1)
    freeze(place.node.desk, "all", period)
    again = place.node.store.readers.run(lambda c: newest_frozen(c, period))
    assert again is not None and again.number == 2 and again.change(now).received == 0


def test_a_period_that_runs_is_not_frozen(place: Place) -> None:
    with pytest.raises(PeriodOpen):
        freeze(place.node.desk, "all", month_period(dt.date(2026, 11, 20)))


def test_the_recount_can_go_red() -> None:
    """The canary: a dossier moved by one day over the boundary changes the figures."""
    facts = DossierFacts(
        office=HERE, custodian=HERE, procedure="p", channel="online", received_on=dt.date(2026, 11, 14)
    )
    period = month_period(facts.received_on)
    moved = DossierFacts(
        office=HERE, custodian=HERE, procedure="p", channel="online", received_on=dt.date(2026, 11, 15)
    )
    assert compose([facts], HERE, period, LAST, NOBODY) != compose([moved], HERE, period, LAST, NOBODY)
