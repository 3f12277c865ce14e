"""Batches of one lane that are here together go to the writer in their order, as far as this process sees it.

A batch that came by another worker (`handing_on`) is some milliseconds late, one whose proof took longer too, and the next one would be tried first: under the
lock, in vain. So a batch waits for those before it which are here, and a piece of a queue a moment for one that is not, where its lane has been whole here until
now: a queue goes to one worker, an act to whoever gets it. It waits outside of the order, and for a beginning, not for an end: both may share a transaction. Whether
it follows is judged by the database alone; what is remembered here decides how soon that is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from sync_protocol.ids import Incarnation, NodeId

Held = Callable[[], Awaitable[int]]


@dataclass
class _Lane:
    """What is known here of one lane: `upto` is the last event that began, `firsts` what has not begun, `is_whole` whether no wait was in vain since two followed."""

    inc: Incarnation
    upto: int = 0
    is_whole: bool = True
    firsts: list[int] = field(default_factory=list)
    waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def wake(self) -> None:
        for one in self.waiting:
            if not one.done():
                one.set_result(None)

    async def change(self, within_s: float | None) -> bool:
        """Wait until something began or left; False when nothing did within so many seconds."""
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(called)
        try:
            return bool((await asyncio.wait({called}, timeout=within_s))[0])
        finally:
            self.waiting.remove(called)


class Following:
    """Remembers for every node how far its lane began here.

    Args:
        wait_s: how long at most a batch waits for one that is not here; 0 for never waiting for anything.
    """

    def __init__(self, wait_s: float) -> None:
        self._wait_s = wait_s
        self._lanes: dict[NodeId, _Lane] = {}

    @contextlib.contextmanager
    def here(self, node: NodeId, inc: Incarnation, first: int, last: int, *, is_queue: bool) -> Iterator[Callable[[Held], Awaitable[None]]]:
        """A batch of events `first … last` is here for the length of the block; what it gives returns when the batch may begin.

        Who awaits that begins the batch before anything else runs on the loop. `held` says how far the lane is held; it is asked before a piece of a queue waits
        for what is not here.
        """
        lane = self._lanes.get(node)
        if lane is None or lane.inc != inc:
            lane = self._lanes[node] = _Lane(inc)
        lane.firsts.append(first)
        is_waiting = True

        def leave() -> None:
            nonlocal is_waiting
            if is_waiting:
                is_waiting = False
                lane.firsts.remove(first)
                lane.wake()

        async def turn(held: Held) -> None:
            if self._wait_s:
                await self._turn(lane, first, held if is_queue else None)
                lane.upto = max(lane.upto, last)
            leave()

        try:
            yield turn
        finally:
            leave()

    async def _turn(self, lane: _Lane, first: int, held: Held | None) -> None:
        while first > lane.upto + 1:
            if min(lane.firsts) < first:
                await lane.change(None)
            elif held is None or not lane.is_whole:
                return
            elif (upto := await held()) > lane.upto:  # what another worker has taken meanwhile
                lane.upto = upto
            else:
                lane.is_whole = await lane.change(self._wait_s)
        lane.is_whole = True
