"""A hub that answers busy, late, twice or not at all: nothing is lost, nothing is doubled, and the queue goes on when it is woken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.sync.driver import REOPENED_MAX, SyncDriver
from edge_node.sync.errors import NoLine
from sync_protocol import sender
from sync_protocol.adapters import event_log
from sync_protocol.ids import EventId
from sync_protocol.messages import Busy, Fork, Push
from sync_protocol.subjects import Verb
from sync_protocol.wire import pack, unpack_request
from tests.offices import Clock, DirectLine, Hub, Office, drained, reception, rid

Answer = Callable[[bytes], Awaitable[bytes]]
SAVED = 5


class StrangeLine(DirectLine):
    """What becomes of the first push is for `strange` to say."""

    strange: Callable[[Answer, bytes], Awaitable[bytes]] | None = None

    async def request(self, verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
        strange, is_push = self.strange, verb == Verb.PUSH

        async def answer(frame: bytes) -> bytes:
            return await super(StrangeLine, self).request(verb, frame, timeout=timeout, lane=lane)

        if strange is None or not is_push:
            return await answer(payload)
        self.strange = None
        return await strange(answer, payload)


@pytest.fixture
def office(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    hub.enrol(one)
    for number in range(1, SAVED + 1):
        one.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(number), reception(number, "00101"))])
    yield one
    one.close()


def promised(office: Office) -> int:
    """How far the hub's signature is held."""
    return int(office.store.readers.run(lambda c: c.execute("SELECT coalesce(max(upto), 0) FROM acknowledgement").get))


async def until(driver: SyncDriver, claim: Callable[[], bool]) -> None:
    """Return as soon as the claim holds after some change."""
    changed = asyncio.Event()
    driver.on_change = changed.set
    while not claim():
        await asyncio.wait_for(changed.wait(), 30)
        changed.clear()


async def _played(office: Office, hub: Hub, strange: Callable[[Answer, bytes], Awaitable[bytes]], *, wakes: bool) -> None:
    driver = office.join(hub)
    line = StrangeLine(office.node, hub)
    line.strange = strange
    driver.line._carrier = line
    running = asyncio.create_task(driver.run())
    try:
        driver.tell(sender.LineUp())
        if wakes:
            await until(driver, lambda: driver.state.phase == "waiting")
            driver.tell(sender.Woken())
        await until(driver, lambda: promised(office) == SAVED)  # the hub's word is not enough: its signature is
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def play(office: Office, hub: Hub, strange: Callable[[Answer, bytes], Awaitable[bytes]], *, wakes: bool = True) -> None:
    """Drain through a strange hub; then every event stands there once and the promise names the last one."""
    asyncio.run(_played(office, hub, strange, wakes=wakes))
    held = [event.header.seq for _, _, event in hub.store.readers.run(lambda c: list(event_log.all_events(c)))]
    assert held == list(range(1, SAVED + 1))


def test_a_busy_hub_is_asked_again_when_it_said(office: Office, hub: Hub) -> None:
    async def busy(answer: Answer, frame: bytes) -> bytes:
        return pack(Busy(60_000))

    play(office, hub, busy)


def test_a_hub_that_took_the_batch_and_said_nothing_is_asked_again(office: Office, hub: Hub) -> None:
    async def silent(answer: Answer, frame: bytes) -> bytes:
        await answer(frame)
        raise NoLine()

    play(office, hub, silent)


def test_a_hub_that_never_got_the_batch_is_asked_again(office: Office, hub: Hub) -> None:
    async def deaf(answer: Answer, frame: bytes) -> bytes:
        raise NoLine()

    play(office, hub, deaf)


def test_a_batch_that_arrives_twice_is_stored_once(office: Office, hub: Hub) -> None:
    async def twice(answer: Answer, frame: bytes) -> bytes:
        first, second = await answer(frame), await answer(frame)
        assert first == second
        return second

    play(office, hub, twice, wakes=False)


def test_an_answer_that_comes_after_the_line_was_given_up_changes_nothing_that_holds(office: Office, hub: Hub) -> None:
    async def scene() -> None:
        driver = office.join(hub)
        line = StrangeLine(office.node, hub)
        given_up, arrived = asyncio.Event(), asyncio.Event()

        async def late(answer: Answer, frame: bytes) -> bytes:
            reply = await answer(frame)
            arrived.set()
            await given_up.wait()
            return reply

        line.strange = late
        driver.line._carrier = line
        running = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        await arrived.wait()
        driver.tell(sender.LineDown())
        await until(driver, lambda: driver.state.phase == "offline")
        driver.tell(sender.LineUp())
        await drained(driver)
        given_up.set()
        await asyncio.sleep(0)
        await drained(driver)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(scene())
    assert hub.store.readers.run(lambda c: c.execute("SELECT count(*) FROM event").get) == SAVED


def test_a_hub_that_knows_another_history_of_everything_makes_no_endless_incarnations(office: Office, hub: Hub) -> None:
    async def scene() -> SyncDriver:
        driver = office.join(hub)
        line = StrangeLine(office.node, hub)

        async def fork(answer: Answer, frame: bytes) -> bytes:
            line.strange = fork  # this one goes on like that
            request = unpack_request(frame)
            assert isinstance(request, Push)
            return pack(Fork(request.batch.inc, 1, EventId(b"x" * 32)))

        line.strange = fork
        driver.line._carrier = line
        running = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        await until(driver, lambda: driver.state.phase == "waiting")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return driver

    driver = asyncio.run(scene())
    assert driver.state.reason == "SYN-012" and sender.waiting(driver.state) == SAVED
    assert office.store.readers.run(lambda c: c.execute("SELECT count(*) FROM lane WHERE kind IN ('own', 'retired')").get) == 1 + REOPENED_MAX
