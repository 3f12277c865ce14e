"""Opening the hub's embedded database: one writer that commits for many offices at once, and readers beside it."""

from __future__ import annotations

from pathlib import Path

import apsw

from central_hub.store.schema import MIGRATIONS
from sync_protocol.adapters.sqlite import Readers, Writer, migrate, open_database

GROUP_LIMIT = 64  # push requests that share one COMMIT (hub rule H1)


class HubStore:
    """The hub's database. `writer.run_async(f)` commits f's work; `readers.run_async(f)` reads a consistent state."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        connection = self._open()
        migrate(connection, MIGRATIONS)
        connection.close()
        self.writer = Writer(self._open, group_limit=GROUP_LIMIT)
        self.readers = Readers(self._open_reader)

    def _open(self) -> apsw.Connection:
        return open_database(self.path, self._key)

    def _open_reader(self) -> apsw.Connection:
        return open_database(self.path, self._key, read_only=True)

    def close(self) -> None:
        """Finish queued work and close every connection."""
        self.writer.close()
        self.readers.close()


def read_state(connection: apsw.Connection, key: str) -> bytes | None:
    """A single value of the hub (epoch, hub id)."""
    row = connection.execute("SELECT value FROM hub_state WHERE key = ?", (key,)).fetchone()
    return None if row is None else bytes(row[0])


def write_state(connection: apsw.Connection, key: str, value: bytes) -> None:
    """Set a single value of the hub."""
    connection.execute("INSERT OR REPLACE INTO hub_state(key, value) VALUES(?, ?)", (key, value))
