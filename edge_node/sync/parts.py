"""The parts of an exchange, each done alone: what one of them meets holds back no other (N6), and is kept for people where somebody must act."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Literal

import structlog

from edge_node.store.node_store import NodeStore
from edge_node.sync.errors import HubRefused, NoLine
from edge_node.sync.not_taken import Kind, not_taken, note
from sync_protocol.adapters.bus.errors import BusProblem
from sync_protocol.adapters.files.errors import FileStoreUnavailable
from sync_protocol.adapters.storage_errors import StatementRejected, StorageProblem
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
Outcome = Literal["done", "later", "refused"]
AGAIN_S = 0.5
COME_BACK_S = 2.0  # after "not yet" to a question whose answer is being made


class Parts:
    """Does one part after the other while `is_open` says that the hub is there. `rest_s` is the rest that their failures ask for."""

    def __init__(self, store: NodeStore, is_open: Callable[[], bool]) -> None:
        self._store = store
        self._is_open = is_open
        self._noted = set(store.readers.run(not_taken))
        self.rest_s = 0.0

    async def do(self, kind: Kind, work: Callable[[], Awaitable[object]]) -> Outcome:
        """Do one part. "later": only time is needed (the line, the disk here, a busy hub); "refused": its code is kept until it succeeds."""
        if not self._is_open():
            return "later"
        try:
            if await self.bear(kind, work):
                return "done"
        except Problem as problem:
            _log.info("sync.part.waiting", part=kind, code=problem.code)
            self._rest(COME_BACK_S if isinstance(problem, HubRefused) else AGAIN_S)
            return "later"
        self._rest(AGAIN_S)
        return "refused"

    async def bear(self, kind: Kind, work: Callable[[], Awaitable[object]]) -> bool:
        """Do one part and say whether it was done; where a person must act, its code is kept until it succeeds.

        Raises:
            Problem: only time is needed.
        """
        try:
            await work()
        except Problem as problem:
            if _passes(problem):
                raise
            code = str(problem.facts["refusal"]) if isinstance(problem, HubRefused) else problem.code
            _log.warning("sync.part.refused", part=kind, code=code)
            await self._note(kind, code)
            return False
        except Exception as error:  # not foreseen: the other parts have nothing to do with it
            _log.error("sync.part.broke", part=kind, exc_info=error)
            await self._note(kind, "SYN-001")
            return False
        if kind in self._noted:
            await self._note(kind, "")
        return True

    def _rest(self, seconds: float) -> None:
        self.rest_s = max(self.rest_s, seconds)

    async def _note(self, kind: Kind, code: str) -> None:
        with contextlib.suppress(Problem):  # said again at the next try
            await self._store.writer.run_async(lambda c: note(c, kind, code))
            self._noted = self._noted | {kind} if code else self._noted - {kind}


def _passes(problem: Problem) -> bool:
    if isinstance(problem, HubRefused):
        return problem.is_busy
    away = isinstance(problem, BusProblem | NoLine | StorageProblem | FileStoreUnavailable)
    return away and not isinstance(problem, StatementRejected)
