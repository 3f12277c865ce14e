"""Figures, frozen reports, cases, numbers, looks and marks with PostgreSQL under the hub: the same statements, the same answers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import apsw

from central_hub.cases import decisions
from central_hub.cases.decisions import Decider
from central_hub.cases.model import read_cases
from central_hub.figures.report import make_report
from central_hub.figures.snapshots import broken_at, freeze, frozen_report, late_lines
from central_hub.figures.sums import catch_up, recount
from central_hub.figures.typed import APPENDIX, keep_value, typed_values
from central_hub.ingest.commit import spread_events
from central_hub.lookup.at_hub import ask, looks_at, open_at_hub
from central_hub.lookup.gauges import oversight_gauges
from central_hub.lookup.heads import mark_own, tamper_report
from central_hub.numbers import changes
from sync_protocol.adapters import event_log
from sync_protocol.figures.periods import ReportKind, report_period
from sync_protocol.ids import HubEpoch, RecordId
from sync_protocol.messages import Purpose
from tests.central_hub.cases.heard import say
from tests.offices import Clock, Hub, reception
from tests.sync_protocol.figures.stories import Story, counted, events_of

HALF_YEAR = report_period(ReportKind.HALF_YEAR, 2021)
EPOCH = HubEpoch(b"e" * 16)
FOR = Purpose("00101-9", "giải quyết", "lan", "conflict_officer")


def tell(connection: apsw.Connection, story: Story) -> None:
    for event in events_of(story):
        lane = event_log.open_lane(connection, event.header.node, event.header.inc, "peer")
        _, placed = event_log.append(connection, lane, [event], 1)
        spread_events(connection, EPOCH, placed, 1)


def test_figures_cases_numbers_and_looks_say_the_same_on_postgres(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "hub", Clock())
    run = hub.store.writer.run
    day = dt.date(2021, 6, 1)
    told = [
        Story(
            n,
            "00101",
            day,
            0,
            dt.date(2021, 6, 10),
            "online",
            ended=dt.date(2021, 6, 7 + n),
            outcome="granted",
            coded=(day,),
            reused=1,
            open_parts=1,
        )
        for n in (1, 2, 3, 4)
    ]
    for story in told:
        run(lambda c, s=story: tell(c, s))  # type: ignore[misc]
    while run(lambda c: catch_up(c, 7)):
        pass
    report = run(lambda c: make_report(c, HALF_YEAR, None))
    expected = counted(told, HALF_YEAR.first, HALF_YEAR.last)
    assert {name: getattr(report.whole, name) for name in expected} == expected and report.units[0].indicators[0] == 1.2
    run(lambda c: keep_value(c, HALF_YEAR, APPENDIX, "1.1", "3", account="leader", now_ms=1))
    number = run(lambda c: freeze(c, HALF_YEAR, None, account="leader", now_ms=HALF_YEAR.end_ms))
    run(lambda c: tell(c, Story(5, "03401", dt.date(2021, 6, 14), 0, None, "postal")))
    run(catch_up)
    late = run(lambda c: late_lines(frozen_report(c, number).report, make_report(c, HALF_YEAR, None)))
    assert [(one.office, one.change.received) for one in late] == [("", 1), ("03401", 1)]
    assert (
        run(broken_at) is None
        and run(recount) == 5
        and run(lambda c: typed_values(c, HALF_YEAR, APPENDIX)) == {"1.1": "3"}
    )
    _settle(hub)
    hub.close()


def _settle(hub: Hub) -> None:
    run = hub.store.writer.run

    class Told:  # what `say` asks of a hub
        identity = hub.service.identity

        def now_ms(self) -> int:
            return hub.service._now_ms()

    for one, office in ((101, "00101"), (102, "03401")):
        body = reception(one, office, "Lê Thị Ổn", "001185000001")
        run(lambda c, n=one, o=office, b=body: say(c, Told(), n, o, b))  # type: ignore[misc,arg-type]
    case = next(one for one in run(read_cases) if one.kind == "dossier")
    decider = Decider("lan", ("conflict_officer",), EPOCH, 5)
    run(lambda c: decisions.take(c, case.rid, case.id, decider))
    assert run(lambda c: decisions.decide(c, case.rid, case.id, "not_same", "x", decider))[1] == {"00101", "03401"}
    rid = RecordId((101).to_bytes(16, "big"))
    change = run(
        lambda c: changes.propose(
            c, "corrected", "001185000001", "001185000777", [rid], proof="x", reason="y", decider=decider
        )
    )
    run(lambda c: changes.approve(c, change, Decider("minh", (), EPOCH, 6)))
    assert [one.state for one in run(changes.changes)] == ["approved"] and run(changes.unassigned) != []
    found = run(lambda c: ask(c, "personal_id", "001185000001", "", FOR, 10))
    assert {one.rid for one in found.found} == {rid, RecordId((102).to_bytes(16, "big"))}
    run(lambda c: open_at_hub(c, rid, FOR, 20))
    assert [one.what for one in run(lambda c: looks_at(c, "personal_id", "001185000777", "", FOR, 30))][:2] == [
        "open",
        "find:personal_id",
    ]
    assert run(lambda c: mark_own(c, "hub-test", 40, hub.signer.sign)) is not None
    assert run(tamper_report).is_clean and len(run(lambda c: oversight_gauges(c, 50))) == 3
