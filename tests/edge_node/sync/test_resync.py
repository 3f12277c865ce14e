"""A desk that comes on line with nothing new on either side asks once; and the greeting that spares it the question for news hides none."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from central_hub.store.epoch import begin_epoch
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import read_number, write_number
from edge_node.sync import asking
from edge_node.sync.service import PULL_S, synchronise
from sync_protocol.adapters.bus.state import BusState, LaneState
from sync_protocol.ids import HubEpoch
from tests.edge_node.sync.test_greeting_size import GREETING_BYTES_MAX, NODES, _enrol_country
from tests.edge_node.sync.test_set_aside import Joined
from tests.offices import Clock, DirectLine, Hub, Office, drained, on_line, reception, rid

RECEIVE = Act("cb01", "intake", "receive")


def save(office: Office, number: int) -> None:
    office.ledger.save(RECEIVE, [Draft(rid(number), reception(number, office.office))])


async def _at_rest(office: Office, hub: Hub) -> None:
    """Everything that comes but rarely has come: the list of offices, the comparison of the week."""
    one = Joined(office, hub)
    async with on_line(one.sync.driver):
        await drained(one.sync.driver)
        await one.rounds(2)


def _cursor(office: Office) -> int:
    return office.store.readers.run(lambda c: read_number(c, "cursor"))


async def test_a_resync_with_nothing_new_among_700_nodes_is_one_request_below_a_kilobyte(hub: Hub, hanoi: Office) -> None:
    _enrol_country(hub)
    for number in range(1, 30):
        save(hanoi, number)
    await _at_rest(hanoi, hub)
    again = Joined(hanoi, hub)
    async with on_line(again.sync.driver):
        await drained(again.sync.driver)
        await again.rounds(3)
    line, beside = again.sync.driver.line, again.sync.line  # the product has one; here files would go beside
    assert (line.requests, beside.requests) == (1, 0)
    assert 0 < line.sent_bytes + line.received_bytes < GREETING_BYTES_MAX
    assert hanoi.store.readers.run(lambda c: int(c.execute("SELECT count(*) FROM peer_office").get)) == NODES


class Bus:
    """The bus as the whole synchronisation sees it, over a direct line: it says that the line is up while it connects."""

    def __init__(self, line: DirectLine) -> None:
        self.request = line.request
        self.told: list[Callable[[BusState], None]] = []

    def on_state(self, callback: Callable[[BusState], None]) -> None:
        self.told.append(callback)

    def on_hint(self, callback: object) -> None: ...

    async def connect(self, wait_s: float) -> None:
        up = LaneState("connected", dt.datetime.now(dt.UTC))
        for callback in self.told:
            callback(BusState(up, up))

    async def close(self) -> None: ...


async def test_one_synchronisation_with_nothing_new_greets_once(hub: Hub, hanoi: Office) -> None:
    save(hanoi, 1)
    await _at_rest(hanoi, hub)
    one = Joined(hanoi, hub)
    one.sync.node.bus = lambda: Bus(one.line)  # type: ignore[assignment,arg-type,method-assign,return-value]
    report = await synchronise(one.sync.node)
    assert (report.acknowledged, report.pulled, one.line.requests) == (0, 0, 1)  # type: ignore[union-attr]


async def test_news_whose_hint_was_lost_behind_the_greeting_come_when_a_page_would_have_been_due(hub: Hub, hanoi: Office, other: Office) -> None:
    await _scene(hub, hanoi, other)
    one = Joined(hanoi, hub)
    async with on_line(one.sync.driver):
        await drained(one.sync.driver)
        save(other, 2)
        await other.exchange(hub)
        await one.rounds()
        assert (one.news(), one.line.requests) == (1, 1)
        assert one.sync._due_s == one.sync.driver.welcomed_s + PULL_S
        one.sync.driver.welcomed_s -= PULL_S
        await one.rounds()
        assert one.news() == 2


async def test_a_hint_behind_the_greeting_is_heeded_at_once(hub: Hub, hanoi: Office, other: Office) -> None:
    await _scene(hub, hanoi, other)
    one = Joined(hanoi, hub)
    async with on_line(one.sync.driver):
        await drained(one.sync.driver)
        save(other, 2)
        await other.exchange(hub)
        await one.sync._on_hint(b"")
        await one.sync._round()
        assert one.news() == 2


async def _scene(hub: Hub, hanoi: Office, other: Office) -> None:
    save(hanoi, 1)
    await _at_rest(hanoi, hub)
    await _at_rest(other, hub)
    await _at_rest(hanoi, hub)


async def test_a_hub_put_back_with_its_mark_that_has_another_event_at_the_same_place_is_found_out(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "hub", Clock())
    hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(b"e" * 16), 1))
    a, b, c = (Office(tmp_path / name, f"n00101{name}", "00101", Clock(), name.encode()) for name in "abc")
    for one in (a, b, c):
        hub.enrol(one)
    save(a, 1)
    await _at_rest(a, hub)
    hub.close()
    shutil.copytree(tmp_path / "hub", tmp_path / "copy")
    hub = Hub(tmp_path / "hub", Clock())
    save(a, 2)
    await a.exchange(hub)
    await _at_rest(b, hub)
    hub.close()
    shutil.rmtree(tmp_path / "hub")
    shutil.copytree(tmp_path / "copy", tmp_path / "hub")
    hub = Hub(tmp_path / "hub", Clock())
    save(c, 3)
    await c.exchange(hub)
    joined = Joined(b, hub)
    async with on_line(joined.sync.driver):
        await drained(joined.sync.driver)
        assert joined.sync.driver.welcome is not None and joined.sync.driver.welcome.feed_head == _cursor(b) == 2
        before = hub.service.identity.epoch
        await joined.rounds()
    assert hub.service.identity.epoch != before
    for office in (a, b, c):
        office.close()
    hub.close()


async def test_who_did_something_since_the_greeting_asks(hub: Hub, hanoi: Office, other: Office) -> None:
    await _scene(hub, hanoi, other)
    driver = hanoi.join(hub)
    await driver.greet_once()
    assert await driver.has_all()
    save(hanoi, 5)
    assert not await driver.has_all()


async def test_a_hub_of_the_version_before_names_no_mark_and_is_asked(hub: Hub, hanoi: Office, other: Office) -> None:
    await _scene(hub, hanoi, other)
    driver = hanoi.join(hub)
    await driver.greet_once()
    reply = driver.welcome
    assert reply is not None and hanoi.store.readers.run(lambda c: asking.has_all(c, reply))
    old = msgspec.structs.replace(reply, feed_mark=b"")
    assert not hanoi.store.readers.run(lambda c: asking.has_all(c, old))


async def test_who_owes_a_hub_what_it_may_have_lost_takes_no_greeting_for_a_page(hub: Hub, hanoi: Office, other: Office) -> None:
    await _scene(hub, hanoi, other)
    driver = hanoi.join(hub)
    await driver.greet_once()
    hanoi.store.writer.run(lambda c: write_number(c, "offers_owed", 1))
    assert not await driver.has_all()
