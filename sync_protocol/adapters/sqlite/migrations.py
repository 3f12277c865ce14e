"""Append-only migrations: each step is applied once, in order, and can never change afterwards.

Invariant: the table `migration` is a prefix of the steps this release knows, name by name and hash by hash. A step and its
record are one transaction, so a power loss leaves a step either wholly applied or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import apsw
import msgspec

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.adapters.sqlite.translation import storage_problems

_TABLE = """
CREATE TABLE IF NOT EXISTS migration(
    position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL
) STRICT
"""


class Migration(msgspec.Struct, frozen=True):
    """One step forward: a stable name (`0003-add-custody`) and its SQL, several statements allowed."""

    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Hash of the SQL text as released."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrate(connection: apsw.Connection, steps: Sequence[Migration]) -> list[str]:
    """Apply what is missing; returns the names applied now. Idempotent: a second call returns an empty list.

    Raises:
        MigrationChanged: an applied step has another name or text now.
        DatabaseNewer: the database holds more steps than this release knows.
    """
    with storage_problems("migrating the database"):
        with connection:
            connection.execute(_TABLE)
        done = list(connection.execute("SELECT name, sha256 FROM migration ORDER BY position"))
        for (name, sha256), step in zip(done, steps, strict=False):
            if (name, sha256) != (step.name, step.sha256):
                raise problems.MigrationChanged(name=name, expected=sha256[:12], found=step.sha256[:12])
        if len(done) > len(steps):
            raise problems.DatabaseNewer(found=len(done), known=len(steps))
        for position, step in enumerate(steps[len(done) :], start=len(done)):
            _apply(connection, position, step)
    return [step.name for step in steps[len(done) :]]


def applied(connection: apsw.Connection) -> int:
    """How many steps this database has behind it; 0 for a new one, which is left as it is. SQLite only."""
    with storage_problems("counting the steps of the database"):
        if not connection.table_exists("main", "migration"):
            return 0
        return one_int(connection.execute("SELECT count(*) FROM migration").fetchone())


def _apply(connection: apsw.Connection, position: int, step: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(step.sql)
        connection.execute("INSERT INTO migration VALUES(?, ?, ?)", (position, step.name, step.sha256))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
