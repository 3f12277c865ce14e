"""How the line is, told to the other processes of this desk through the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import apsw
import structlog

from edge_node.store.node_store import NodeStore, write_state
from edge_node.sync import refusal
from sync_protocol import sender
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
SHOW_AGAIN_S = 2.0


class ShownLine:
    """Writes the outbox's phase, and a refusal by the hub, once per change: a commit costs as much as sending a record.

    `again` is called SHOW_AGAIN_S after a phase could not be written, and has to lead to another `show`. That the disk is full says nothing
    about the line: taken for a failed request it was a change of phase to be written, and so on a thousand times a second.
    """

    def __init__(self, store: NodeStore, again: Callable[[], None], now_ms: Callable[[], int]) -> None:
        self._store = store
        self._again = again
        self._now_ms = now_ms
        self._shown: tuple[sender.Phase, str] | None = None
        self._waiting: asyncio.TimerHandle | None = None

    async def show(self, phase: sender.Phase, reason: str) -> None:
        """Tell them, where it is news. Never raises a Problem."""
        news = (phase, refusal.refusing(phase, reason))
        if news == self._shown:
            return
        try:
            await self._store.writer.run_async(lambda c: self._write(c, *news))
        except Problem as problem:
            if self._waiting is None:
                _log.warning("sync.line.not_shown", code=problem.code)
                self._waiting = asyncio.get_running_loop().call_later(SHOW_AGAIN_S, self._try_again)
        else:
            self._shown = news

    def _write(self, connection: apsw.Connection, phase: sender.Phase, code: str) -> None:
        write_state(connection, "line", phase.encode())
        refusal.note(connection, phase, code, self._now_ms())

    def close(self) -> None:
        """Nothing is tried again."""
        if self._waiting is not None:
            self._waiting.cancel()

    def _try_again(self) -> None:
        self._waiting = None
        self._again()
