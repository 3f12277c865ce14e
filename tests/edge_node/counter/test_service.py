"""The counter over a real database: numbers of the day, one person per desk, visits in the log, days that nobody closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.app import Node
from edge_node.counter import line, service
from edge_node.counter.errors import NumbersExhausted, OutOfTurn, TicketUnknown
from sync_protocol.adapters.event_log import all_events
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.adapters.visits import visits_between
from sync_protocol.bodies import TICKET_NUMBER_MAX, VisitFinished
from tests.browser.desk import Clock, make_node


class Place:
    """One node with a clock that tests move."""

    def __init__(self, root: Path) -> None:
        self.root, self.clock = root / "node", Clock()
        self.node = make_node(self.root, self.clock, roles=("intake",))

    def restart(self) -> None:
        self.node.close()
        self.node = Node(self.root, KeyFileOnDisk(self.root / "unattended.key"), now=self.clock)

    def wait(self, minutes: float) -> None:
        self.clock.at += dt.timedelta(minutes=minutes)

    def view(self) -> service.CounterView:
        return self.node.store.readers.run(service.read_counter(self.node.desk))

    def visits(self) -> list[VisitFinished]:
        return self.node.store.readers.run(lambda c: list(visits_between(c, 0, 2**60)))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    one = Place(tmp_path)
    yield one
    one.node.close()


def test_a_visit_from_the_ticket_to_the_end_is_one_event_with_its_times(place: Place) -> None:
    desk = place.node.desk
    drawn = service.draw(desk, "all", "submit")
    place.wait(16)
    called = service.call_next(desk, "all", 3)
    assert called is not None and (called.number, called.desk, called.state) == (1, 3, "called")
    place.wait(1)
    service.start(desk, called.id, 3)
    place.wait(7)
    visit = service.end(desk, "all", called.id, 3)
    assert visit is not None and place.visits() == [visit]
    assert (visit.called_ms - visit.drawn_ms, visit.ended_ms - visit.started_ms) == (16 * 60_000, 7 * 60_000)
    today = place.view().today
    assert (today.served, today.average_ms, today.longest_ms, today.over_15, today.over_30) == (
        1,
        960_000,
        960_000,
        1,
        0,
    )
    assert drawn.id == called.id and [
        e.header.type for _, _, e in place.node.store.readers.run(lambda c: list(all_events(c)))
    ] == ["visit.finished"]


def test_people_are_called_in_the_order_of_their_tickets_and_desks_do_not_meet(place: Place) -> None:
    desk = place.node.desk
    for _ in range(3):
        service.draw(desk, "all", "advice")
        place.wait(1)
    first, second = service.call_next(desk, "all", 1), service.call_next(desk, "all", 2)
    assert first is not None and second is not None and (first.number, second.number) == (1, 2)
    with pytest.raises(OutOfTurn):
        service.start(desk, first.id, 2)
    held = place.view().line
    assert [one.number for one in held.waiting] == [3] and [one.number for one in held.at_desks] == [2, 1]


def test_a_double_click_calls_nobody_else_and_ends_nothing_twice(place: Place) -> None:
    desk = place.node.desk
    service.draw(desk, "all", "submit")
    service.draw(desk, "all", "submit")
    first, again = service.call_next(desk, "all", 1), service.call_next(desk, "all", 1)
    assert first is not None and again is not None and first.id == again.id
    assert first.called_ms == again.called_ms
    service.start(desk, first.id, 1)
    service.start(desk, first.id, 1)
    assert service.end(desk, "all", first.id, 1) is not None
    assert service.end(desk, "all", first.id, 1) is None and len(place.visits()) == 1


def test_a_desk_that_serves_calls_nobody_until_it_has_ended(place: Place) -> None:
    desk = place.node.desk
    for _ in range(2):
        service.draw(desk, "all", "submit")
    first = service.call_next(desk, "all", 1)
    assert first is not None
    service.start(desk, first.id, 1)
    with pytest.raises(OutOfTurn):
        service.call_next(desk, "all", 1)


def test_a_call_in_vain_is_kept_apart_from_the_waiting_times(place: Place) -> None:
    desk = place.node.desk
    service.draw(desk, "all", "collect")
    place.wait(40)
    called = service.call_next(desk, "all", 1)
    assert called is not None
    service.no_show(desk, "all", called.id, 1)
    today = place.view().today
    assert (today.no_shows, today.timed, today.over_30) == (1, 0, 0)


def test_the_line_lives_through_a_restart(place: Place) -> None:
    service.draw(place.node.desk, "all", "submit")
    called = service.call_next(place.node.desk, "all", 4)
    service.draw(place.node.desk, "all", "submit")
    place.restart()
    held = place.view().line
    assert called is not None and held.at_desk(4) == called and [one.number for one in held.waiting] == [2]


def test_what_a_day_left_open_is_ended_by_the_next_without_an_invented_time(place: Place) -> None:
    desk = place.node.desk
    for _ in range(3):
        service.draw(desk, "all", "submit")
    place.wait(5)
    serving, called = service.call_next(desk, "all", 1), service.call_next(desk, "all", 2)
    assert serving is not None and called is not None
    service.start(desk, serving.id, 1)
    place.clock.at += dt.timedelta(days=1)
    fresh = service.draw(desk, "all", "submit")
    assert fresh.number == 1 and [one.number for one in place.view().line.waiting] == [1]
    assert sorted((one.number, one.outcome, one.started_ms) for one in place.visits()) == [
        (1, "served", 0), (2, "no_show", 0), (3, "unserved", 0),
    ]  # fmt: skip
    with pytest.raises(TicketUnknown):
        service.end(desk, "all", called.id, 2)


def test_numbers_begin_anew_at_midnight_in_vietnam(place: Place) -> None:
    place.clock.at = dt.datetime(2026, 11, 20, 16, 59, 59, tzinfo=dt.UTC)
    last = service.draw(place.node.desk, "all", "submit")
    place.clock.at += dt.timedelta(seconds=1)
    first = service.draw(place.node.desk, "all", "submit")
    assert (last.day, first.day, first.number) == ("2026-11-20", "2026-11-21", 1)


def test_the_last_number_of_a_day_is_given_and_the_next_refused(place: Place) -> None:
    desk = place.node.desk
    drawn = service.draw(desk, "all", "submit")
    place.node.store.writer.run(
        lambda c: c.execute("UPDATE ticket SET number = ? WHERE id = ?", (TICKET_NUMBER_MAX - 1, drawn.id)).fetchone()
    )
    assert service.draw(desk, "all", "submit").number == TICKET_NUMBER_MAX
    with pytest.raises(NumbersExhausted):
        service.draw(desk, "all", "submit")


def test_an_account_keeps_its_desk(place: Place) -> None:
    place.node.store.writer.run(lambda c: line.sit_down(c, "all", 7))
    place.restart()
    assert place.node.store.readers.run(lambda c: (line.desk_of(c, "all"), line.desk_of(c, "other"))) == (7, 0)


def test_a_ticket_has_no_column_that_could_name_a_person(place: Place) -> None:
    columns = {
        row[1] for row in place.node.store.readers.run(lambda c: c.execute("PRAGMA table_info(ticket)").fetchall())
    }
    assert columns == {
        "id",
        "day",
        "number",
        "kind",
        "state",
        "desk",
        "drawn_ms",
        "called_ms",
        "last_called_ms",
        "started_ms",
        "series",
    }
