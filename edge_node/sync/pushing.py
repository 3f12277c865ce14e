"""Own events on their way: sealed in batches, sent, and the hub's promise proven before anybody hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from edge_node.store.node_store import NodeStore
from edge_node.sync import memory, witness
from edge_node.sync.errors import BUSY, HubRefused
from edge_node.sync.line import Line
from sync_protocol.adapters import signatures
from sync_protocol.batch import check_acknowledgement, seal_batch
from sync_protocol.envelope import Event
from sync_protocol.ids import EventId, NodeId
from sync_protocol.messages import Busy, Push, PushReply, Reply


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


class Pusher:
    """Sends consecutive events of one lane. Keeps nothing; every try may be repeated."""

    def __init__(self, store: NodeStore, line: Line, node: NodeId, hub: HubKnown, signer: signatures.Signer) -> None:
        self._store = store
        self._line = line
        self._node = node
        self._hub = hub
        self._signer = signer

    async def begin_run(self, first: int, last: int, limit: int) -> tuple[Begun | None, int]:
        """Start one message of own events from `first` on, of at most `limit` plain bytes; None when `last` was passed. Also where to go on."""
        run = (
            await self._store.readers.run_async(lambda c: memory.unsent_run(c, first, last, limit))
            if first <= last
            else []
        )
        return (await self.begin(run), run[-1].header.seq + 1) if run else (None, first)

    async def begin(self, run: Sequence[Event]) -> Begun:
        """Seal consecutive events and start to push them, orders that took a body out of one before it.

        Raises (from the task; of an order on its way at once):
            Problem: no line, or an acknowledgement that proves nothing.
        """
        behind = await self._send_orders(run) if any(event.body is None for event in run) else ()
        batch = await asyncio.to_thread(seal_batch, self._hub.hub, run, self._signer.sign)
        return asyncio.create_task(self._asked(Push(batch, behind)))

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

    async def _asked(self, push: Push) -> tuple[Reply, int]:
        asked_s = asyncio.get_running_loop().time()
        reply = await self._line.ask(push)
        if isinstance(reply, PushReply):
            check_acknowledgement(reply.acknowledgement, hub=self._hub.hub, node=self._node, verify=self._hub.verify)
        return reply, ms_since(asked_s)


def ms_since(asked_s: float) -> int:
    """Milliseconds since a moment of the loop's clock, in seconds."""
    return int((asyncio.get_running_loop().time() - asked_s) * 1000)
