"""Counting while the hub serves: the sums follow the log in small steps, and stand still when nothing arrives."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import structlog

from central_hub.figures.sums import STEP_EVENTS, catch_up
from sync_protocol.errors import Problem

if TYPE_CHECKING:
    from central_hub.app import Hub

_log = structlog.get_logger(__name__)
LOOK_S = 2.0
BETWEEN_STEPS_S = 0.02
WHILE_DRAINING_S = 2.0  # a step takes the writer for as long as two batches, and a COMMIT of its own; it is caught up behind the queue
# A look waits for the step in hand. After a queue of 40,000 dossiers half of all looks met one of 16 ms; small ones keep pace with 500 events a
# second, nearly twice what arrives at the peak of 700 offices.
STEP_BESIDE_LOOKS = 25
BESIDE_LOOKS_S = 0.05
RETRY_S = 30.0


async def keep_counting(hub: Hub) -> None:
    """Count what arrives, until cancelled. A step that fails is logged and tried again; nothing of it stays half done."""
    while True:
        most = step_events(is_looked_at=hub.store.writer.is_looked_at)
        try:
            counted = await hub.store.follower.run_async(partial(catch_up, limit=most))
        except Problem as problem:
            _log.error("hub.figures.stopped", code=problem.code, detail=problem.operator_line)
            await asyncio.sleep(RETRY_S)
            continue
        await asyncio.sleep(pause_s(counted, most, is_draining=hub.service.pushes.is_draining()))


def step_events(*, is_looked_at: bool) -> int:
    """How many events a step counts at most. `is_looked_at` says that somebody looks things up through the same writer."""
    return STEP_BESIDE_LOOKS if is_looked_at else STEP_EVENTS


def pause_s(counted: int, most: int, *, is_draining: bool) -> float:
    """How long to wait after a step that counted so many events of `most`. Offices that wait go first, but the sums never stand still.

    A step that was not full has counted all there was. What a day's pushes bring one by one is gathered until the next look:
    counted after each of them, a push of four events cost 750 us and a commit of its own instead of 200 us.
    """
    if counted < most:
        return LOOK_S
    if is_draining:
        return WHILE_DRAINING_S
    return BETWEEN_STEPS_S if most == STEP_EVENTS else BESIDE_LOOKS_S


def count_all(hub: Hub) -> int:
    """Count everything that waits, now; returns the events counted. For commands and tests."""
    total = 0
    while counted := hub.store.follower.run(catch_up):
        total += counted
    return total
