"""Opening the node's encrypted database: one writer, readers beside it, and the single values that belong to nobody else."""

from __future__ import annotations

from pathlib import Path

import apsw

from edge_node.store.schema import MIGRATIONS
from sync_protocol.adapters.projection_upgrade import VIEWS_MADE_WITH, bring_up
from sync_protocol.adapters.sqlite import Checkpoints, Readers, Writer, migrate, open_database
from sync_protocol.adapters.sqlite.connection import WAL_AUTOCHECKPOINT_PAGES

LOG_PAGES_MAX = 32_000  # 128 MB: then the writer copies before anybody saves again


class NodeStore:
    """The node's database. `writer` commits one officer's action as one transaction; `readers` serve the screens."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        connection = self._open()
        migrate(connection, MIGRATIONS)
        _bring_views_up(connection)
        connection.close()
        self._checkpoints = Checkpoints(self._open, pages=WAL_AUTOCHECKPOINT_PAGES, most_pages=LOG_PAGES_MAX)
        self.writer = Writer(lambda: self._checkpoints.watch(self._open()))
        self.readers = Readers(self._open_reader)

    def _open(self) -> apsw.Connection:
        return open_database(self.path, self._key)

    def _open_reader(self) -> apsw.Connection:
        return open_database(self.path, self._key, read_only=True)

    def close(self) -> None:
        """Finish queued work and close every connection."""
        self._checkpoints.close()
        self.writer.close()
        self.readers.close()


def _bring_views_up(connection: apsw.Connection) -> None:
    with connection:
        made_with = bring_up(connection, read_state(connection, VIEWS_MADE_WITH))
        if made_with is not None:
            write_state(connection, VIEWS_MADE_WITH, made_with)


def read_state(connection: apsw.Connection, key: str) -> bytes | None:
    """A single value of the node."""
    row = connection.execute("SELECT value FROM node_state WHERE key = ?", (key,)).fetchone()
    return None if row is None else bytes(row[0])


def read_number(connection: apsw.Connection, key: str) -> int:
    """A single whole number of the node, 0 when it was never set."""
    raw = read_state(connection, key)
    return 0 if raw is None else int.from_bytes(raw, "big")


def write_state(connection: apsw.Connection, key: str, value: bytes) -> None:
    """Set a single value of the node."""
    connection.execute("INSERT OR REPLACE INTO node_state(key, value) VALUES(?, ?)", (key, value))


def write_number(connection: apsw.Connection, key: str, value: int) -> None:
    """Set a single whole number of the node."""
    write_state(connection, key, value.to_bytes(8, "big"))
