"""The watched folder in the serving node: what settles there lands in the tray, for as long as the node runs.

A folder that disappears (cable, scanner off) is looked for again; until then the tray says so. A file is moved to `received/` when it is
whole, sealed, and only then moved on to `taken/`: killed anywhere, it is found again in `received/` at the next start and taken once.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from edge_node.capture.landing import take
from edge_node.capture.piles import places_taken
from edge_node.capture.settling import SETTLE_MS, Watched
from edge_node.capture.source_errors import WatchFolderUnreachable
from edge_node.capture.watch_folder import RECEIVED, TAKEN, WatchFolder, free_name, watch
from edge_node.desk import Desk
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
RETRY_S = 10.0


@dataclass
class FolderState:
    """What the tray's screen knows of the watched folder. `folder` is None where the office has set none."""

    folder: WatchFolder | None = None
    problem: Problem | None = None

    @property
    def waiting(self) -> tuple[Watched, ...]:
        """Files that are not whole yet, each with its reason."""
        return self.folder.waiting if self.folder is not None else ()


async def watch_on(
    desk: Desk, folder: Path, state: FolderState, stop: asyncio.Event, *, settle_ms: int = SETTLE_MS,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:  # fmt: skip
    """Take arrivals until `stop` is set, whatever happens to the folder."""
    watched = WatchFolder(folder, clock_ms=desk.now_ms, settle_ms=settle_ms)
    state.folder = watched
    while not stop.is_set():
        try:
            await asyncio.to_thread(take_received, desk, folder)
            state.problem = None
            async for _ in watch(folder, watched, stop=stop):
                await asyncio.to_thread(take_received, desk, folder)
        except Problem as problem:
            state.problem = problem
            _log.warning(problem.event, code=problem.code)
            await sleep(RETRY_S)


def take_received(desk: Desk, folder: Path) -> int:
    """Seal every file that lies in `received/`, then move it to `taken/`; how many were new. Repeating it is harmless.

    Raises:
        WatchFolderUnreachable: CAP-027. Problem: the store is full; the files stay where they are.
    """
    received, new = folder / RECEIVED, 0
    try:
        if not folder.is_dir():
            raise WatchFolderUnreachable(reason="no such folder")
        for path in sorted(one for one in received.rglob("*") if one.is_file() and not one.is_symlink()):
            counter = path.parent.relative_to(received)
            content = path.read_bytes()
            known = desk.store.readers.run(lambda c, d=content: places_taken(c, hashlib.sha256(d).digest()))  # type: ignore[misc]
            left = [place for place in known if not (folder / TAKEN / place).exists()]
            target = folder / TAKEN / left[0] if left else free_name(folder / TAKEN / counter, path.name)
            if not left:
                place = target.relative_to(folder / TAKEN).as_posix()
                take(desk, "", "folder", [(path.name, content)], place=place)
                new += 1
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    except OSError as cause:
        raise WatchFolderUnreachable(reason=cause.strerror or type(cause).__name__) from cause
    return new
