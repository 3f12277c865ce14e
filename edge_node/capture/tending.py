"""Tending the tray while the node serves: files that wait are looked at and laid, pictures nobody needs go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from edge_node.capture.handing_in import tidy
from edge_node.capture.landing import lay_waiting
from edge_node.desk import Desk
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
LOOK_S = 0.5
TIDY_S = 60.0
TROUBLE_S = 15.0


async def tend(desk: Desk, stop: asyncio.Event, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Lay what waits until `stop` is set; where the machine cannot open files now, they go on waiting."""
    since_tidy, is_start = TIDY_S, True
    while not stop.is_set():
        pause = LOOK_S
        try:
            if since_tidy >= TIDY_S:
                await asyncio.to_thread(tidy, desk, is_start=is_start)
                since_tidy, is_start = 0.0, False
            await asyncio.to_thread(lay_waiting, desk)
        except Problem as problem:
            _log.error(problem.event, code=problem.code)
            pause = TROUBLE_S
        since_tidy += pause
        await sleep(pause)
