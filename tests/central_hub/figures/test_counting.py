"""Counting keeps out of the way of an office that drains its queue, and never stands still."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from central_hub.figures import counting
from central_hub.figures.counting import (
    BESIDE_LOOKS_S,
    BETWEEN_STEPS_S,
    LOOK_S,
    STEP_BESIDE_LOOKS,
    WHILE_DRAINING_S,
    keep_counting,
    pause_s,
    step_events,
)
from central_hub.figures.sums import STEP_EVENTS, catch_up, position_of
from central_hub.ingest.pushing import ACT_EVENTS, DRAIN_MS
from edge_node.store.ledger import Act, Draft
from sync_protocol import sender
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite import Turn
from tests.offices import Clock, Hub, Office, drained, reception, rid


def test_beside_a_queue_that_is_drained_steps_are_rare_but_come() -> None:
    assert pause_s(200, STEP_EVENTS, is_draining=True) == WHILE_DRAINING_S <= LOOK_S
    assert pause_s(200, STEP_EVENTS, is_draining=False) == BETWEEN_STEPS_S < WHILE_DRAINING_S
    assert pause_s(0, STEP_EVENTS, is_draining=True) == LOOK_S


def test_what_a_day_brings_push_by_push_is_gathered_until_the_next_look() -> None:
    assert pause_s(4, STEP_EVENTS, is_draining=False) == pause_s(STEP_EVENTS - 1, STEP_EVENTS, is_draining=False) == LOOK_S
    assert pause_s(STEP_EVENTS, STEP_EVENTS, is_draining=False) == BETWEEN_STEPS_S


def test_beside_looks_steps_are_small_and_keep_pace_with_the_peak_of_a_day() -> None:
    most = step_events(is_looked_at=True)
    assert most == STEP_BESIDE_LOOKS < step_events(is_looked_at=False) == STEP_EVENTS
    assert pause_s(most, most, is_draining=False) == BESIDE_LOOKS_S
    assert pause_s(most, most, is_draining=True) == WHILE_DRAINING_S
    assert pause_s(most - 1, most, is_draining=False) == LOOK_S
    assert most / BESIDE_LOOKS_S > 300, "documents a second at the peak of 700 offices, thrice"


@pytest.mark.parametrize(("turn", "asked"), [(Turn.LOOK, [STEP_BESIDE_LOOKS] * 3), (Turn.ACT, [STEP_EVENTS])])
def test_what_waits_is_counted_in_small_steps_while_somebody_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: Turn, asked: list[int]
) -> None:
    monkeypatch.setattr(counting, "BESIDE_LOOKS_S", 0.0)
    monkeypatch.setattr("sync_protocol.adapters.sqlite.writer.LOOKED_S", 3_600.0)
    clock = Clock()
    hub, office = Hub(tmp_path / "hub", clock), Office(tmp_path / "a", "n00101a", "00101", clock)
    hub.enrol(office)
    limits: list[int] = []
    monkeypatch.setattr(counting, "catch_up", lambda c, limit: limits.append(limit) or catch_up(c, limit))  # type: ignore[func-returns-value]

    async def send_and_count() -> None:
        count = 3 * STEP_BESIDE_LOOKS
        office.ledger.save(Act("cb", "intake", "x"), [Draft(rid(n), reception(n, "00101")) for n in range(count)])
        driver = office.join(hub)
        running = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        await drained(driver)
        clock.ms += DRAIN_MS
        await hub.store.writer.run_async(lambda _: None, turn=turn)
        working = asyncio.create_task(keep_counting(hub))  # type: ignore[arg-type]  # a hub without its folder
        while hub.store.readers.run(position_of) < hub.store.readers.run(event_log.last_position):
            await asyncio.sleep(0)
        for task in (running, working):
            task.cancel()
        await asyncio.gather(running, working, return_exceptions=True)

    asyncio.run(send_and_count())
    assert limits[:3] == asked
    hub.close()
    office.close()


def test_a_queue_is_drained_from_its_batches_until_shortly_after_and_a_single_act_is_none(tmp_path: Path) -> None:
    clock = Clock()
    hub, office = Hub(tmp_path / "hub", clock), Office(tmp_path / "a", "n00101a", "00101", clock)
    hub.enrol(office)

    async def send(count: int, first: int) -> None:
        office.ledger.save(Act("cb", "intake", "x"), [Draft(rid(n), reception(n, "00101")) for n in range(first, first + count)])
        driver = office.join(hub)
        running = asyncio.create_task(driver.run())
        driver.tell(sender.LineUp())
        await drained(driver)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert not hub.service.pushes.is_draining()
    asyncio.run(send(1, 1))
    assert not hub.service.pushes.is_draining()
    asyncio.run(send(ACT_EVENTS + 1, 10))
    assert hub.service.pushes.is_draining()
    clock.ms += DRAIN_MS
    assert not hub.service.pushes.is_draining()
    clock.ms -= 10 * DRAIN_MS  # a clock put back
    assert not hub.service.pushes.is_draining()
    hub.close()
    office.close()
