"""Who goes next among the requests that wait at a hub worker: each office in its turn, and small requests past the long ones.

After an outage seven hundred offices drain their queues at once. A button pressed at an office that was never away must not wait behind all of them, and
an office that asks for more at a time gets no more turns than the others. There are places for everybody, and a few more that only small requests take;
so neither kind waits for the other for good. Where nobody waits long ones leave places free, small ones take those too: they are committed together.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class _Line:
    """Those who wait for a place, by office: the next of each in turn. Each is told whether it is called to a small place."""

    def __init__(self) -> None:
        self._offices: OrderedDict[str, deque[asyncio.Future[bool]]] = OrderedDict()
        self.length = 0

    def join(self, office: str) -> asyncio.Future[bool]:
        called: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._offices.setdefault(office, deque()).append(called)
        self.length += 1
        return called

    def call(self, *, to_small: bool) -> bool:
        """Let the next one go; says whether there was one. Who gave up meanwhile is passed over."""
        while self._offices:
            office, waiting = self._offices.popitem(last=False)
            called = waiting.popleft()
            self.length -= 1
            if waiting:
                self._offices[office] = waiting  # its next request stands behind everybody else's first
            if not called.done():
                called.set_result(to_small)
                return True
        return False


class Turns:
    """Places for requests.

    Args:
        places: requests of any kind that run at once.
        small_places: small requests that run beside them.
    """

    def __init__(self, places: int, small_places: int) -> None:
        self._free, self._free_small = places, small_places
        self._line, self._small_line = _Line(), _Line()

    def waiting(self, *, is_small: bool) -> int:
        """How many of a kind wait now."""
        return (self._small_line if is_small else self._line).length

    @asynccontextmanager
    async def turn(self, office: str, *, is_small: bool) -> AsyncIterator[None]:
        """Hold a place for the length of the block, as soon as it is this office's turn."""
        in_small = await self._take(office, is_small)
        try:
            yield
        finally:
            self._give_back(in_small)

    async def _take(self, office: str, is_small: bool) -> bool:
        """A place; says whether it is one of the small ones."""
        if is_small and self._free_small:
            self._free_small -= 1
            return True
        if self._free:
            self._free -= 1
            return False
        called = (self._small_line if is_small else self._line).join(office)
        try:
            return await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._give_back(called.result())  # called and cancelled at once: the place goes on to the next
            raise

    def _give_back(self, in_small: bool) -> None:
        if in_small:
            self._free_small += not self._small_line.call(to_small=True)
        elif not self._line.call(to_small=False):
            self._free += not self._small_line.call(to_small=False)
