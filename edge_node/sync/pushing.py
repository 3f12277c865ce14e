"""Own events on their way: sealed in batches, sent, and the hub's promise proven before anybody hears of it.

While a queue is drained the next batch is read, sealed and packed before its turn comes: made only when an answer had made room for it, it reached
the hub 15 to 20 ms later, and the hub's writer had committed all it had by then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from edge_node.store.node_store import NodeStore
from edge_node.sync import memory, witness
from edge_node.sync.errors import BUSY, HubRefused
from edge_node.sync.line import Line
from sync_protocol.adapters import signatures
from sync_protocol.batch import check_acknowledgement, seal_batch
from sync_protocol.envelope import Event
from sync_protocol.errors import Problem
from sync_protocol.ids import EventId, NodeId
from sync_protocol.messages import Busy, Push, PushReply, Reply
from sync_protocol.wire import pack


class HubKnown:
    """What the enrolment told this node about its hub."""

    def __init__(self, hub: str, public_key: bytes) -> None:
        self.hub = hub
        self.public_key = public_key

    def verify(self, message: bytes, mark: bytes) -> None:
        """Prove a signature of the hub. Raises a Problem when it does not hold."""
        signatures.verify(self.public_key, message, mark)


Begun = asyncio.Task[tuple[Reply, int]]
"""A message under way: its proven answer, and the milliseconds it took."""


class _Sealed(NamedTuple):
    """A message made ready: as it travels, and where to go on after it."""

    push: Push
    frame: bytes
    following: int


_Asked = tuple[int, int, int]
"""A run as `begin_run` is asked for it: first, last, most plain bytes."""


class Pusher:
    """Sends consecutive events of one lane. Keeps nothing but the message that goes next; every try may be repeated."""

    def __init__(self, store: NodeStore, line: Line, node: NodeId, hub: HubKnown, signer: signatures.Signer) -> None:
        self._store = store
        self._line = line
        self._node = node
        self._hub = hub
        self._signer = signer
        self._ready: tuple[_Asked, asyncio.Task[_Sealed | None]] | None = None

    async def begin_run(self, first: int, last: int, limit: int) -> tuple[Begun | None, int]:
        """Start one message of own events from `first` on, of at most `limit` plain bytes; None when `last` was passed. Also where to go on."""
        if first > last:
            return None, first
        ready = await self._taken((first, last, limit))
        if ready is not None:
            return asyncio.create_task(self._asked(ready.push, ready.frame)), ready.following
        run = await self._read(first, last, limit)
        return (await self.begin(run), run[-1].header.seq + 1) if run else (None, first)

    def make_ready(self, first: int, last: int, limit: int) -> None:
        """Begin to make the message that `begin_run` will be asked for next, in the place of any other. Never raises: what does not succeed is made
        when its turn comes."""
        self.forget()
        self._ready = (first, last, limit), asyncio.create_task(self._made_ready(first, last, limit))

    def forget(self) -> None:
        """Let go of what was made ready: nobody knows when the line will take it, and an order may take a body out of it meanwhile."""
        ready, self._ready = self._ready, None
        if ready is not None:
            ready[1].cancel()

    async def _taken(self, asked: _Asked) -> _Sealed | None:
        ready, self._ready = self._ready, None
        if ready is None:
            return None
        if ready[0] != asked:
            ready[1].cancel()
            return None
        return await ready[1]

    async def _made_ready(self, first: int, last: int, limit: int) -> _Sealed | None:
        """None where it needs more than sealing, or could not be read."""
        try:
            run = await self._read(first, last, limit)
            if not run or any(event.body is None for event in run):
                return None
            return _Sealed(*await asyncio.to_thread(self._sealed, run, ()), run[-1].header.seq + 1)
        except Problem:
            return None

    async def _read(self, first: int, last: int, limit: int) -> list[Event]:
        return await self._store.readers.run_async(lambda c: memory.unsent_run(c, first, last, limit))

    def _sealed(self, run: Sequence[Event], behind: tuple[EventId, ...]) -> tuple[Push, bytes]:
        push = Push(seal_batch(self._hub.hub, run, self._signer.sign), behind)
        return push, pack(push)

    async def begin(self, run: Sequence[Event]) -> Begun:
        """Seal consecutive events and start to push them, orders that took a body out of one before it.

        Raises (from the task; of an order on its way at once):
            Problem: no line, or an acknowledgement that proves nothing.
        """
        behind = await self._send_orders(run) if any(event.body is None for event in run) else ()
        return asyncio.create_task(self._asked(*await asyncio.to_thread(self._sealed, run, behind)))

    async def _send_orders(self, run: Sequence[Event]) -> tuple[EventId, ...]:
        """What took bodies out of these events goes first (witness.py); returns the orders that the hub holds now. A hub that will not hear of
        an order gets the events all the same."""
        heard: list[EventId] = []
        for order in await self._store.readers.run_async(lambda c: witness.orders_over(c, run)):
            reply = await self._line.ask(order)
            if isinstance(reply, Busy):
                raise HubRefused(refusal=BUSY, detail="busy")
            heard += witness.heard(order, reply)
        return tuple(heard)

    async def send(self, run: Sequence[Event]) -> Reply:
        """Push consecutive events to their answer. Raises a Problem as `begin` does."""
        return (await (await self.begin(run)))[0]

    async def _asked(self, push: Push, frame: bytes) -> tuple[Reply, int]:
        asked_s = asyncio.get_running_loop().time()
        reply = await self._line.ask(push, frame)
        if isinstance(reply, PushReply):
            check_acknowledgement(reply.acknowledgement, hub=self._hub.hub, node=self._node, verify=self._hub.verify)
        return reply, ms_since(asked_s)


def ms_since(asked_s: float) -> int:
    """Milliseconds since a moment of the loop's clock, in seconds."""
    return int((asyncio.get_running_loop().time() - asked_s) * 1000)
