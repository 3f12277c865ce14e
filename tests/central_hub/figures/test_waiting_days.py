"""Waiting by office and day: whatever the order and the steps, what a report adds up is what all visits together say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central_hub.figures.report import make_report
from central_hub.figures.sums import POSITIONS_AN_EVENT, catch_up, position_of, recount
from central_hub.figures.waiting_days import POSITION, catch_up_waiting, waiting_between, waiting_position
from central_hub.store.hub_store import write_state
from sync_protocol.adapters import event_log
from sync_protocol.adapters.visits import visits_between
from sync_protocol.bodies import VisitFinished, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.figures.periods import midnight_ms, month_period
from sync_protocol.figures.waiting import waiting_figures
from sync_protocol.ids import GENESIS, EventId, Incarnation, NodeId, OfficeCode, RecordId
from tests.central_hub.figures.hub_with_stories import arrive, empty_hub

FIRST = dt.date(2026, 10, 15)
MINUTE_MS = 60_000
OFFICES = ("00101", "03401")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("waiting")


def told(visits: list[tuple[int, int, int, int, str]]) -> list[Event]:
    """Events of visits given as office, minutes after the first midnight, minutes waited, minutes served, outcome."""
    heads: dict[NodeId, tuple[int, EventId]] = {}
    events = []
    for number, (office, drawn, waited, served, outcome) in enumerate(visits):
        node = NodeId(f"n{OFFICES[office]}a")
        seq, prev = heads.get(node, (0, EventId(GENESIS)))
        drawn_ms = midnight_ms(FIRST) + drawn * MINUTE_MS
        called_ms = drawn_ms + waited * MINUTE_MS
        body = VisitFinished(
            office=OfficeCode(OFFICES[office]), number=number + 1, kind="submit", outcome=outcome, drawn_ms=drawn_ms, called_ms=called_ms,  # type: ignore[arg-type]
            started_ms=called_ms, ended_ms=called_ms + served * MINUTE_MS, desk=1,
        )  # fmt: skip
        event = make_event(
            node=node, inc=Incarnation(node.encode().ljust(16, b"0")), seq=seq + 1, prev=prev, type="visit.finished", tv=1,
            rid=RecordId(number.to_bytes(16, "big")), hlc=(number + 1) << 16, actor="cb01", body=encode_body(body),
        )  # fmt: skip
        heads[node] = (seq + 1, event.id)
        events.append(event)
    return events


def hub(folder: Path) -> apsw.Connection:
    (folder / "hub.db").unlink(missing_ok=True)
    return empty_hub(folder)


VISIT = st.tuples(
    st.integers(0, 1), st.integers(0, 5 * 1_440), st.integers(0, 45), st.integers(0, 30), st.sampled_from(["served", "no_show", "unserved"])
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VISIT, max_size=14), st.integers(1, 6), st.integers(0, 14))
def test_days_add_up_to_what_all_visits_say(folder: Path, visits: Any, step: int, cut: int) -> None:
    connection, events = hub(folder), told(visits)
    try:
        for some in (events[:cut], events[cut:]):
            arrive(connection, some)
            while catch_up_waiting(connection, step, event_log.settled_position(connection)):
                pass
        for first, last in ((0, 5), (1, 3), (2, 2)):
            days = FIRST + dt.timedelta(days=first), FIRST + dt.timedelta(days=last)
            wanted = waiting_figures(visits_between(connection, midnight_ms(days[0]), midnight_ms(days[1] + dt.timedelta(days=1))))
            assert waiting_between(connection, *days) == wanted
        catch_up(connection, 1_000)
        assert position_of(connection) == event_log.last_position(connection)
    finally:
        connection.close()


def test_a_report_says_what_waits_until_visits_are_counted_and_a_recount_gives_the_same(folder: Path) -> None:
    connection = hub(folder)
    arrive(connection, told([(0, 10, 5, 5, "served"), (1, 1_500, 20, 5, "served")]))
    assert position_of(connection) == 0
    while catch_up(connection):
        pass
    report = make_report(connection, month_period(FIRST), None)
    assert (report.position, report.waiting.visits, report.waiting.over_15) == (2, 2, 1)
    recount(connection)
    assert make_report(connection, month_period(FIRST), None) == report
    connection.close()


def test_a_count_that_is_behind_says_so_beside_one_that_keeps_up(folder: Path) -> None:
    connection = hub(folder)
    *before, last = told([(0, 10 * number, 5, 5, "served") for number in range(7)])
    arrive(connection, before)
    while catch_up(connection):
        pass
    write_state(connection, POSITION, b"\0")  # as after an upgrade that begins to count visits
    arrive(connection, [last])
    assert catch_up(connection) == waiting_position(connection) == 7
    assert catch_up(connection) == 0
    connection.close()


def test_a_small_step_looks_through_little_of_the_log(folder: Path) -> None:
    connection = hub(folder)
    arrive(connection, told([(0, number, 5, 5, "served") for number in range(POSITIONS_AN_EVENT + 2)]))
    catch_up(connection, 1)
    assert waiting_position(connection) == POSITIONS_AN_EVENT
    connection.close()


def test_a_ticket_of_a_clock_gone_mad_stops_no_counting(folder: Path) -> None:
    connection = hub(folder)
    arrive(connection, told([(0, 10**9, 5, 5, "served"), (0, 10**12, 5, 5, "served"), (0, 10, 5, 5, "served")]))
    while catch_up(connection):
        pass
    assert make_report(connection, month_period(FIRST), None).waiting.visits == 1
    connection.close()
