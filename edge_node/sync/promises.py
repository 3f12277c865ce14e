"""The hub's promises, made durable here before a screen shows them, while the next batches already travel.

Each is a FULL commit of this node, which on a busy disk takes as long as the hub takes for a batch. Where several come meanwhile, the newest says what
all of them say: they are one commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import apsw
import structlog

from edge_node.store.node_store import NodeStore
from edge_node.sync import memory
from sync_protocol.batch import Acknowledgement
from sync_protocol.errors import Problem
from sync_protocol.ids import Incarnation

_log = structlog.get_logger(__name__)


class Promises:
    """Keeps acknowledgements in the order in which they came, one transaction at a time.

    `kept` is called when all that came is durable, `failed` with the code of what prevented one: what was not kept is promised anew at the next greeting.
    """

    def __init__(self, store: NodeStore, kept: Callable[[], None], failed: Callable[[str], None]) -> None:
        self._store = store
        self._kept = kept
        self._failed = failed
        self._waiting: dict[Incarnation, Acknowledgement] = {}
        self._work: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether one is not durable yet."""
        return self._work is not None and not self._work.done()

    def keep(self, one: Acknowledgement) -> None:
        """Begin to keep it. From the event loop."""
        held = self._waiting.get(one.inc)
        if held is None or held.epoch != one.epoch or held.upto <= one.upto:
            self._waiting[one.inc] = one
        if not self.is_busy:
            self._work = asyncio.create_task(self._keep_all())

    async def settled(self) -> None:
        """Return when nothing waits to be kept."""
        while self._work is not None and not self._work.done():
            await asyncio.wait({self._work})

    def close(self) -> None:
        """Hand nothing more to the database; what it has in hand it ends."""
        if self._work is not None:
            self._work.cancel()

    async def _keep_all(self) -> None:
        while self._waiting:
            some, self._waiting = list(self._waiting.values()), {}
            try:
                await self._store.writer.run_async(lambda c, some=some: _keep(c, some))  # type: ignore[misc]
            except Problem as problem:  # a full disk must not end the queue: it waits, and starts again from the hub's floor
                _log.error("sync.promise.not_kept", code=problem.code)
                self._failed(problem.code)
            except Exception as error:
                _log.error("sync.promise.broke", exc_info=error)
                self._failed("SYN-001")
            else:
                if not self._waiting:
                    self._kept()


def _keep(connection: apsw.Connection, some: list[Acknowledgement]) -> None:
    for one in some:
        memory.keep_acknowledgement(connection, one)
