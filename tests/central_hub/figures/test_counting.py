"""Counting keeps out of the way of an office that drains its queue, and never stands still."""

from __future__ import annotations

import asyncio
from pathlib import Path

from central_hub.figures.counting import BETWEEN_STEPS_S, LOOK_S, WHILE_DRAINING_S, pause_s
from central_hub.figures.sums import STEP_EVENTS
from central_hub.ingest.service import ACT_EVENTS, DRAIN_MS
from edge_node.store.ledger import Act, Draft
from sync_protocol import sender
from tests.offices import Clock, Hub, Office, drained, reception, rid


def test_beside_a_queue_that_is_drained_steps_are_rare_but_come() -> None:
    assert pause_s(200, is_draining=True) == WHILE_DRAINING_S < LOOK_S
    assert pause_s(200, is_draining=False) == BETWEEN_STEPS_S < WHILE_DRAINING_S
    assert pause_s(0, is_draining=True) == LOOK_S


def test_what_a_day_brings_push_by_push_is_gathered_until_the_next_look() -> None:
    assert pause_s(4, is_draining=False) == pause_s(STEP_EVENTS - 1, is_draining=False) == LOOK_S
    assert pause_s(STEP_EVENTS, is_draining=False) == BETWEEN_STEPS_S


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

    assert not hub.service.is_draining()
    asyncio.run(send(1, 1))
    assert not hub.service.is_draining()
    asyncio.run(send(ACT_EVENTS + 1, 10))
    assert hub.service.is_draining()
    clock.ms += DRAIN_MS
    assert not hub.service.is_draining()
    clock.ms -= 10 * DRAIN_MS  # a clock put back
    assert not hub.service.is_draining()
    hub.close()
    office.close()
