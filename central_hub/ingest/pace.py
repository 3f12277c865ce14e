"""How fast queues are stored while people look things up: by what those who looked really waited.

A look is a person who waits, a queue is not. While somebody looks, all queues together have one step under way, a piece of one batch with its COMMIT, and after
it comes a rest, in which database, disk and interpreter are free. A look that waited longer than `TARGET_S` halves the step, one that did not lets it grow again;
below a smallest size it never goes, so that a queue goes on however slow the machine is. Where nobody has looked for a while a batch is one step, without rests.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final, TypeVar

from sync_protocol.envelope import Event

T = TypeVar("T")
TARGET_S: Final = 0.015
WAITING: Final = (25, 125)  # where looks wait for the writer: 125 are some 5 to 15 ms of it, and its COMMIT writes a quarter of a batch's pages
BESIDE: Final = (100, 250)  # where they do not, but share processors and interpreter: a step is some thirty journeys, whatever its size
MORE: Final = 25  # of the largest step, after each look that was quick
REST: Final = 0.5  # of what the step took
REST_MAX_S: Final = 0.025  # whatever a slow disk makes of a step: a queue goes on


class Pace:
    """The size of the next step, and the order of queues. For the event loop's thread alone.

    Args:
        steps: the smallest and the largest step, in events.
        is_looked_at: whether somebody looks things up, and mostly goes on doing so.
    """

    def __init__(
        self, steps: tuple[int, int], is_looked_at: Callable[[], bool], *, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._is_looked_at, self._clock, self._sleep = is_looked_at, clock, sleep
        self._one_at_a_time = asyncio.Lock()
        self._least, self._most = steps
        self.step = self._most

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """Somebody waits for what is looked up, to the end of the block."""
        began = self._clock()
        try:
            yield
        finally:
            self.waited(self._clock() - began)

    def waited(self, seconds: float) -> None:
        """So long a look took, from its arrival here to its answer."""
        self.step = max(self._least, self.step // 2) if seconds > TARGET_S else min(self._most, self.step + self._most // MORE)

    async def in_steps(self, events: Sequence[Event], store: Callable[[Sequence[Event]], Awaitable[T]], goes_on: Callable[[T], bool]) -> list[T]:
        """Store consecutive pieces of a proven batch, one after another; what became of each, to the first after which it does not go on."""
        if not self._is_looked_at():
            return [await store(events)]
        done: list[T] = []
        async with self._one_at_a_time:
            while events and (not done or goes_on(done[-1])):
                step = self.step if self._is_looked_at() else len(events)
                began = self._clock()
                done.append(await store(events[:step]))
                events = events[step:]
                if self._is_looked_at():
                    await self._sleep(min(REST_MAX_S, REST * (self._clock() - began)))
        return done
