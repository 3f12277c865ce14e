"""While a queue is drained the batch that goes next is made before its turn, and promises are made durable beside what travels."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.sync import memory, promises, pushing
from sync_protocol import sender
from sync_protocol.batch import Acknowledgement
from sync_protocol.bodies import NoteAdded
from sync_protocol.limits import BATCH_EVENTS_MAX, BATCHES_IN_FLIGHT
from sync_protocol.messages import Push
from sync_protocol.wire import unpack_request
from tests.offices import Clock, Hub, Office, drained, rid

FULL = BATCHES_IN_FLIGHT + 2


@pytest.fixture
def office(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    """An office with six full batches in its queue."""
    one = Office(tmp_path / "node", "n00101a", "00101", Clock())
    hub.enrol(one)
    notes = [Draft(rid(number), NoteAdded(text="nhẹ", officer="cb", at_ms=1)) for number in range(1, FULL * BATCH_EVENTS_MAX + 1)]
    one.ledger.save(Act("cb", "intake", "x"), notes)
    yield one
    one.close()


class Gate:
    """Holds pushes back at the carrier until it is opened, and remembers their order."""

    def __init__(self, office: Office) -> None:
        assert office.carrier is not None
        self.asked: list[int] = []
        self.open = asyncio.Event()
        self._real = office.carrier.request
        office.carrier.request = self._request  # type: ignore[method-assign]

    async def _request(self, verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
        request = unpack_request(payload)
        if isinstance(request, Push):
            self.asked.append(request.batch.first)
            await self.open.wait()
        return await self._real(verb, payload, timeout=timeout, lane=lane)


async def until(true: object) -> None:
    async with asyncio.timeout(20):
        while not true():  # type: ignore[operator]
            await asyncio.sleep(0.005)


async def test_one_batch_more_than_is_under_way_is_sealed_and_not_sent(hub: Hub, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed: list[int] = []
    real = pushing.seal_batch
    monkeypatch.setattr(pushing, "seal_batch", lambda hub, run, sign: sealed.append(run[0].header.seq) or real(hub, run, sign))  # type: ignore[func-returns-value]
    driver = office.join(hub)
    gate = Gate(office)
    running = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    firsts = [1 + BATCH_EVENTS_MAX * number for number in range(FULL)]
    await until(lambda: len(sealed) > BATCHES_IN_FLIGHT)
    assert gate.asked == firsts[:BATCHES_IN_FLIGHT] and sealed == firsts[: BATCHES_IN_FLIGHT + 1]
    gate.open.set()
    await drained(driver)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert gate.asked == sealed == firsts, "each once, in the order of the log"


async def test_what_was_made_ready_is_let_go_when_the_line_is_down(hub: Hub, office: Office) -> None:
    driver = office.join(hub)
    gate = Gate(office)
    running = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    await until(lambda: driver._pusher._ready is not None)
    driver.tell(sender.LineDown())
    await until(lambda: driver.state.phase == "offline")
    assert driver._pusher._ready is None
    gate.open.set()
    driver.tell(sender.LineUp())
    await drained(driver)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_promises_that_come_during_a_commit_are_one_commit_and_shown_when_it_is_done(
    hub: Hub, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go, kept, shown = threading.Event(), threading.Event(), [], []
    real = memory.keep_acknowledgement

    def slowly(connection: apsw.Connection, one: Acknowledgement) -> bool:
        began.set()
        assert go.wait(10)
        kept.append(one.upto)
        return real(connection, one)

    monkeypatch.setattr(memory, "keep_acknowledgement", slowly)
    driver = office.join(hub)
    gate = Gate(office)
    gate.open.set()
    running = asyncio.create_task(driver.run())
    driver.on_change = lambda: shown.append(driver.state.floor)
    driver.tell(sender.LineUp())
    await until(lambda: began.is_set() and driver.state.floor == FULL * BATCH_EVENTS_MAX)
    assert set(shown) <= {0}, "nothing that is not durable is shown"
    go.set()
    await until(lambda: shown and shown[-1] == FULL * BATCH_EVENTS_MAX)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(kept) == 2 and kept[-1] == FULL * BATCH_EVENTS_MAX


async def test_a_promise_that_cannot_be_kept_is_a_failure_to_the_engine(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    one = promises.Promises(office.store, lambda: told.append("kept"), told.append)
    monkeypatch.setattr(memory, "keep_acknowledgement", lambda *_: (_ for _ in ()).throw(OSError("the disk")))
    one.keep(Acknowledgement("hub", b"e" * 16, "n", b"i" * 16, 1, b"h" * 32, 1, 1, 0))  # type: ignore[arg-type]
    await one.settled()
    assert told == ["SYN-001"] and not one.is_busy
