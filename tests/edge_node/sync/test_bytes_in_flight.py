"""What is under way is bounded by bytes: heavy events travel alone, light ones together, in the order of the log, on every line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.sync import memory
from edge_node.sync.errors import NoLine
from sync_protocol import sender
from sync_protocol.bodies import NoteAdded
from sync_protocol.ids import Incarnation
from sync_protocol.limits import BATCH_BYTES_MAX, BATCH_EVENTS_MAX, SLOW_LINE_BATCH_EVENTS, SLOW_LINE_BYTES_IN_FLIGHT
from sync_protocol.messages import Push
from sync_protocol.wire import unpack_request
from tests.offices import Clock, Hub, Office, drained, rid

HEAVY = "Ẵ" * 60_000  # 180 kB of UTF-8


def weight(events: list[object]) -> int:
    return sum(len(one.raw_header) + len(one.body or b"") for one in events)  # type: ignore[attr-defined]


def loaded(root: Path, texts: list[str]) -> Office:
    office = Office(root, "n00101a", "00101", Clock())
    for number, text in enumerate(texts, start=1):
        office.ledger.save(Act("cb", "intake", "x"), [Draft(rid(number), NoteAdded(text=text, officer="cb", at_ms=1))])
    return office


@pytest.mark.parametrize("most", [SLOW_LINE_BYTES_IN_FLIGHT, BATCH_BYTES_MAX])
def test_a_run_weighs_no_more_than_asked_and_never_skips_an_event(tmp_path: Path, most: int) -> None:
    office = loaded(tmp_path, [HEAVY if number % 3 == 0 else "nhẹ" for number in range(1, 31)])
    first, seen = 1, []
    while run := office.store.readers.run(lambda c, at=first: memory.unsent_run(c, at, 30, most)):  # type: ignore[misc]
        assert weight(list(run)) <= most or len(run) == 1
        seen += [one.header.seq for one in run]
        first = run[-1].header.seq + 1
    assert seen == list(range(1, 31))
    office.close()


def test_a_slow_line_carries_small_messages_and_a_fast_one_full_ones() -> None:
    slow = sender.SenderState(Incarnation(b"i" * 16), 1, batch_events=SLOW_LINE_BATCH_EVENTS)
    fast = sender.SenderState(Incarnation(b"i" * 16), 1, batch_events=BATCH_EVENTS_MAX)
    assert (sender.run_bytes(slow), sender.run_bytes(fast)) == (SLOW_LINE_BYTES_IN_FLIGHT, BATCH_BYTES_MAX)


def test_a_queue_of_heavy_events_drains_in_messages_within_the_bound_and_in_order(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "hub", Clock())
    office = loaded(tmp_path / "node", [HEAVY if number % 2 else "nhẹ" for number in range(1, 25)])
    hub.enrol(office)
    pushed: list[tuple[int, int]] = []

    async def work() -> None:
        driver = office.join(hub)
        assert office.carrier is not None
        real = office.carrier.request

        async def request(verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
            asked = unpack_request(payload)
            if isinstance(asked, Push):
                pushed.append((asked.batch.first, sum(len(one.body or b"") for one in asked.batch.events)))
            return await real(verb, payload, timeout=timeout, lane=lane)

        office.carrier.request = request  # type: ignore[method-assign]
        running = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        await drained(driver)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    try:
        asyncio.run(work())
        assert [first for first, _ in pushed] == sorted(first for first, _ in pushed) and len(pushed) >= 3
        assert all(size <= BATCH_BYTES_MAX for _, size in pushed)
    finally:
        hub.close()
        office.close()


def test_a_line_cut_in_the_middle_of_heavy_events_costs_a_repetition_and_nothing_else(tmp_path: Path) -> None:
    clock = Clock()
    hub = Hub(tmp_path / "hub", clock)
    office = loaded(tmp_path / "node", [HEAVY if number % 2 else "nhẹ" for number in range(1, 25)])
    hub.enrol(office)

    async def work() -> None:
        driver = office.join(hub)
        assert office.carrier is not None
        carrier, real, asked = office.carrier, office.carrier.request, 0

        async def request(verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
            nonlocal asked
            asked += 1
            answer = await real(verb, payload, timeout=timeout, lane=lane)
            if asked == 3:  # the hub has it, the answer is lost, and the line is gone for everything under way
                carrier.is_cut = True
                raise NoLine()
            return answer

        carrier.request = request  # type: ignore[method-assign]
        running = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        while not carrier.is_cut:
            await asyncio.sleep(0.01)
        driver.tell(sender.LineDown())
        while driver.state.phase != "offline":
            await asyncio.sleep(0.01)
        carrier.is_cut = False
        driver.tell(sender.LineUp())
        async with asyncio.timeout(20):
            await drained(driver)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    try:
        asyncio.run(work())
        held = hub.store.readers.run(
            lambda c: c.execute("SELECT count(*), count(DISTINCT id), max(seq) FROM event").fetchone()
        )
        assert held == (24, 24, 24)
    finally:
        hub.close()
        office.close()
