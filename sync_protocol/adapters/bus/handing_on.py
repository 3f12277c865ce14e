"""A node's long pushes go to one worker: whoever receives one hands it on to its owner (`crew.py`) and passes the owner's answer back.

Spread over a queue group, every second batch of an office overtakes its predecessor, which another worker still holds, and is asked for again and again.

- At most one hop: what comes in on a worker's own subject is answered there, whoever it thinks the owner is. The subject itself is the mark. It stands in the
  hub's account only, so that no node can write or hear it; a header could come from a node.
- The message server refuses the reply subject of a request from another account as that of a new message, so the answer comes back the way the push went, and
  who received the push keeps it until then. An owner that ends, stands still or says nothing is replaced by the one who received it: the hub is idempotent.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from sync_protocol.adapters.bus.crew import Crew
from sync_protocol.adapters.bus.errors import BusProblem
from sync_protocol.adapters.bus.lane import Lane
from sync_protocol.adapters.task_ending import end_task
from sync_protocol.subjects import BEAT_SUBJECT, handed_subject, handed_to_subject, is_worker_name

OWNER_S: Final = 45.0  # an owner that lives and does not answer; a node waits for 60 s

_log = structlog.get_logger(__name__)


class HandingOn:
    """One worker's place in its crew.

    Args:
        lane: the worker's connection.
        accept: begins to answer what was handed on to this worker.
    """

    def __init__(self, crew: Crew, lane: Lane, accept: Callable[[Msg], Awaitable[None]]) -> None:
        self._crew = crew
        self._lane = lane
        self._accept = accept
        self._subscription: Subscription | None = None
        self._beating: asyncio.Task[None] | None = None
        self.under_way = 0

    async def open(self, client: Client) -> None:
        """Join the crew on a new connection. Raises what the client raises."""
        await client.subscribe(BEAT_SUBJECT, cb=self._on_beat)
        self._subscription = await client.subscribe(handed_to_subject(self._crew.name), cb=self._accept)
        await self._beat()
        if self._beating is None:
            self._beating = asyncio.create_task(self._keep_beating(), name="crew-beat")

    async def by_owner(self, node: str, payload: bytes) -> bytes | None:
        """What the owner of this node's queue answers; None where that is this worker, or the owner gave no answer."""
        if self._crew.sees_queue(node):
            await self._beat()  # a queue is drained within seconds: the others are not to share out without it until the next beat
        owner = self._crew.owner_of(node)
        if owner == self._crew.name:
            return None
        self.under_way += 1
        asked = asyncio.create_task(self._lane.request(handed_subject(owner, node), payload, OWNER_S))
        try:
            while not asked.done() and self._crew.lives(owner):
                await asyncio.wait({asked}, timeout=self._crew.beat_s)
            if asked.done():
                return asked.result()
            _log.warning("bus.owner.silent", node=node, owner=owner)
        except BusProblem as problem:
            self._crew.forget(owner)
            _log.warning("bus.owner.gone", node=node, owner=owner, code=problem.code)
        finally:
            self.under_way -= 1
            await end_task(asked)
        return None

    async def close(self) -> None:
        """Leave the crew: what was handed on is still begun, what comes later finds nobody and stays where it was received. Idempotent."""
        beating, self._beating = self._beating, None
        if beating is not None:
            await end_task(beating)
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            with contextlib.suppress(nats.errors.Error, OSError):
                await subscription.drain()  # type: ignore[no-untyped-call]

    async def _on_beat(self, message: Msg) -> None:
        name, *nodes = message.data.decode("ascii", "replace").split(" ")
        if not is_worker_name(name) or name == self._crew.name:
            return
        self._crew.told_of(nodes)
        if self._crew.heard(name):
            await self._beat()  # the new one need not wait for the next beat to know this one

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self._crew.beat_s)
            await self._beat()

    async def _beat(self) -> None:
        with contextlib.suppress(BusProblem, nats.errors.Error, OSError):
            await self._lane.client.publish(BEAT_SUBJECT, " ".join((self._crew.name, *self._crew.own_queues())).encode("ascii"))
