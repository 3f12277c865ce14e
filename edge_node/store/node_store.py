"""Opening the node's encrypted database: one writer, readers beside it, and the single values that belong to nobody else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import apsw

from edge_node.store.schema import MIGRATIONS
from sync_protocol.adapters.disk import free_bytes
from sync_protocol.adapters.projection_upgrade import VIEWS_MADE_WITH, bring_up, folds_all
from sync_protocol.adapters.sqlite import Checkpoints, Readers, Writer, migrate, open_database, require_room, room_at
from sync_protocol.adapters.sqlite.connection import WAL_AUTOCHECKPOINT_PAGES, WRITER_CACHE_KIB

LOG_PAGES_MAX = 32_000  # 128 MB: then the writer copies before anybody saves again
# While a node is filled, every part changes pages all over the index of ids: held in memory they are not read and decrypted again for each
# part, and left in a longer log they are copied home once for many parts. (1 M dossiers: 12.6 GB written before.)
BULK_CACHE_KIB = 128 * 1024
BULK_LOG_PAGES, BULK_LOG_PAGES_MAX = 48_000, 96_000  # 192 and 384 MB


class NodeStore:
    """The node's database. `writer` commits one officer's action as one transaction; `readers` serve the screens.

    `free` says how many bytes are free where a folder lies. Raises UpgradeNeedsRoom.
    """

    def __init__(self, path: Path, key: bytes, free: Callable[[Path], int] = free_bytes) -> None:
        self.path = path
        self._key = key
        connection = self._open()
        try:
            require_room(connection, MIGRATIONS, room_at(path, free), lambda c: folds_all(read_state(c, VIEWS_MADE_WITH)))
            migrate(connection, MIGRATIONS)
            _bring_views_up(connection)
        finally:
            connection.close()
        self._checkpoints = Checkpoints(self._open, pages=WAL_AUTOCHECKPOINT_PAGES, most_pages=LOG_PAGES_MAX)
        self.writer = Writer(lambda: self._checkpoints.watch(self._open()))
        self.readers = Readers(self._open_reader)

    @contextlib.asynccontextmanager
    async def in_bulk(self) -> AsyncIterator[None]:
        """More memory and a longer log for the writer, to the end of the block; what it commits is as durable as ever. Not nested."""
        await self.writer.run_async(lambda c: _cache(c, BULK_CACHE_KIB))
        self._checkpoints.allow(BULK_LOG_PAGES, BULK_LOG_PAGES_MAX)
        try:
            yield
        finally:
            self._checkpoints.allow(WAL_AUTOCHECKPOINT_PAGES, LOG_PAGES_MAX)
            await self.writer.run_async(lambda c: _cache(c, WRITER_CACHE_KIB))

    def _open(self) -> apsw.Connection:
        return open_database(self.path, self._key)

    def _open_reader(self) -> apsw.Connection:
        return open_database(self.path, self._key, read_only=True)

    def close(self) -> None:
        """Finish queued work and close every connection."""
        self._checkpoints.close()
        self.writer.close()
        self.readers.close()


def _cache(connection: apsw.Connection, size_kib: int) -> None:
    connection.pragma("cache_size", -size_kib)
    connection.pragma("shrink_memory")


def _bring_views_up(connection: apsw.Connection) -> None:
    with connection:
        made_with = bring_up(connection, read_state(connection, VIEWS_MADE_WITH))
        if made_with is not None:
            write_state(connection, VIEWS_MADE_WITH, made_with)
            connection.execute("UPDATE tombstone SET is_bare = 0")  # rows that went with a scope may be back: they go at the next greeting


def read_state(connection: apsw.Connection, key: str) -> bytes | None:
    """A single value of the node."""
    row = connection.execute("SELECT value FROM node_state WHERE key = ?", (key,)).fetchone()
    return None if row is None else bytes(row[0])


def read_number(connection: apsw.Connection, key: str) -> int:
    """A single whole number of the node, 0 when it was never set."""
    raw = read_state(connection, key)
    return 0 if raw is None else int.from_bytes(raw, "big")


def clock_offset_ms(connection: apsw.Connection) -> int | None:
    """How far the hub's clock was ahead of this desk's at the last greeting (ms); None before the first."""
    raw = read_state(connection, "clock_offset_ms")
    return None if raw is None else int(raw)


def write_state(connection: apsw.Connection, key: str, value: bytes) -> None:
    """Set a single value of the node."""
    connection.execute("INSERT OR REPLACE INTO node_state(key, value) VALUES(?, ?)", (key, value))


def write_number(connection: apsw.Connection, key: str, value: int) -> None:
    """Set a single whole number of the node."""
    write_state(connection, key, value.to_bytes(8, "big"))
