"""Range: an office that lacks an event, or holds one that the hub lacks, is found and healed; equal ones cost one question."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from central_hub.store.epoch import begin_epoch
from central_hub.store.hub_store import HubStore
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import NodeStore
from edge_node.sync.comparing import AGAIN_MS, EVERY_MS, Comparison, compare, is_due, last_comparison
from edge_node.sync.driver import SyncDriver
from sync_protocol import sender
from sync_protocol.adapters import projection
from sync_protocol.ids import EventId, HubEpoch, RecordId
from sync_protocol.ranges import differing, prints_of
from tests.offices import Clock, Hub, Office, drained, reception, rid

RECEIVE = Act("cb01", "intake", "receive")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(tmp_path: Path, clock: Clock) -> Iterator[Hub]:
    one = Hub(tmp_path / "hub", clock)
    one.store.writer.run(lambda c: begin_epoch(c, HubEpoch(b"e" * 16), 1))
    yield one
    one.close()


@pytest.fixture
def desks(tmp_path: Path, hub: Hub, clock: Clock) -> Iterator[tuple[Office, Office]]:
    """Two machines of one office: what one saves, the other is told."""
    one = Office(tmp_path / "a", "n00101a", "00101", clock)
    other = Office(tmp_path / "b", "n00101b", "00101", clock, seed=b"B")
    for office in (one, other):
        hub.enrol(office)
    yield one, other
    one.close()
    other.close()


async def level(hub: Hub, *offices: Office) -> list[SyncDriver]:
    """Everything saved is at the hub, all news are here."""
    drivers = []
    for office in offices:
        driver = office.join(hub)
        running = asyncio.create_task(driver.run())
        try:
            driver.tell(sender.LineUp())
            await drained(driver)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        drivers.append(driver)
    for driver in drivers:
        await driver.pull_all()
    return drivers


def save(office: Office, *numbers: int) -> None:
    for number in numbers:
        office.ledger.save(RECEIVE, [Draft(rid(number << 80), reception(number, office.office))])


def forget(store: NodeStore | HubStore, number: int) -> None:
    """All of a dossier is gone, as a fault of the disk that no checksum noticed would have it."""

    def work(connection: apsw.Connection) -> None:
        if isinstance(store, HubStore):
            connection.execute("DELETE FROM feed WHERE position IN (SELECT position FROM event WHERE rid = ?)", (rid(number << 80),))
        for table in ("event", "dossier", "search_key"):
            connection.execute(f"DELETE FROM {table} WHERE rid = ?", (rid(number << 80),))

    store.writer.run(work)


def compared(driver: SyncDriver, clock: Clock) -> Comparison | None:
    return asyncio.run(compare(driver.line, driver.store, clock))


def test_equal_replicas_cost_one_question(hub: Hub, desks: tuple[Office, Office], clock: Clock) -> None:
    save(desks[0], 1, 2, 3)
    _, driver = asyncio.run(level(hub, *desks))
    assert desks[1].carrier is not None
    asked = desks[1].carrier.requests
    found = compared(driver, clock)
    assert found is not None and found.differing == () and desks[1].carrier.requests == asked + 1


def test_an_event_that_a_desk_lost_is_found_and_comes_back(
    hub: Hub, desks: tuple[Office, Office], clock: Clock
) -> None:
    save(desks[0], 1, 2)
    _, driver = asyncio.run(level(hub, *desks))
    forget(desks[1].store, 2)
    found = compared(driver, clock)
    assert found is not None and [one for one in found.differing if rid(2 << 80).startswith(one)]
    asyncio.run(driver.pull_all())
    assert desks[1].store.readers.run(lambda c: projection.view_of(c, rid(2 << 80))) is not None
    again = compared(driver, clock)
    assert again is not None and again.differing == ()


def test_an_event_that_the_hub_lost_is_found_and_a_witness_brings_it(
    hub: Hub, desks: tuple[Office, Office], clock: Clock
) -> None:
    save(desks[0], 1, 2)
    _, driver = asyncio.run(level(hub, *desks))
    forget(hub.store, 1)  # in the middle of the feed: its head stays
    found = compared(driver, clock)
    assert found is not None and found.differing
    asyncio.run(level(hub, desks[1]))
    assert hub.store.readers.run(lambda c: projection.view_of(c, rid(1 << 80))) is not None


def test_while_something_waits_nothing_is_compared(hub: Hub, desks: tuple[Office, Office], clock: Clock) -> None:
    save(desks[0], 1)
    driver, _ = asyncio.run(level(hub, *desks))
    save(desks[0], 2)
    assert compared(driver, clock) is None
    assert desks[0].store.readers.run(last_comparison) is None


def test_it_is_due_once_a_week_and_an_hour_after_a_difference(
    hub: Hub, desks: tuple[Office, Office], clock: Clock
) -> None:
    save(desks[0], 1, 2)
    _, driver = asyncio.run(level(hub, *desks))
    due = lambda: desks[1].store.readers.run(lambda c: is_due(c, clock()))  # noqa: E731
    assert due()
    compared(driver, clock)
    clock.ms += EVERY_MS - 1
    assert not due()
    clock.ms += 1
    assert due()
    forget(desks[1].store, 2)
    compared(driver, clock)
    clock.ms += AGAIN_MS
    assert due()


def test_fingerprints_see_one_event_more_and_no_order() -> None:
    a, b, c = (EventId(bytes([n]) * 32) for n in (1, 2, 3))
    left, right = RecordId(b"\x01" * 16), RecordId(b"\x02" * 16)
    assert prints_of([(left, a), (right, b)], b"") == prints_of([(right, b), (left, a)], b"")
    assert differing(prints_of([(left, a), (right, b)], b""), prints_of([(left, a), (left, c), (right, b)], b"")) == (b"\x01",)
    assert differing(prints_of([(left, a)], b""), prints_of([(left, a), (right, b)], b"")) == (b"\x02",)
