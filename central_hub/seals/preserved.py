"""Preserved copies: beside the bytes received, the same with validation data and time stamps, and until when these hold.

Both lie in the hub's file store and in its backups. Every function works inside the caller's transaction.
"""

from __future__ import annotations

import apsw
import msgspec

from sync_protocol.ids import BlobDigest


class Preserved(msgspec.Struct, frozen=True):
    """Where the lasting copy of a received file is, and when the newest stamp's certificate ends (ms UTC)."""

    digest: BlobDigest
    preserved: BlobDigest
    stamps: int
    stamped_ms: int
    ends_ms: int


def keep_preserved(connection: apsw.Connection, entry: Preserved, size: int, now_ms: int) -> None:
    """Remember the lasting copy of a file; a renewal takes the place of the former one. Idempotent."""
    connection.execute(
        "INSERT OR REPLACE INTO preserved_copy(digest, preserved, stamps, stamped_ms, ends_ms) VALUES(?,?,?,?,?)",
        (entry.digest, entry.preserved, entry.stamps, entry.stamped_ms, entry.ends_ms),
    )
    connection.execute(
        "INSERT OR IGNORE INTO blob(digest, size, state, reason, at_ms) VALUES(?,?,'preserved','',?)",
        (entry.preserved, size, now_ms),
    )


def preserved_of(connection: apsw.Connection, digest: BlobDigest) -> Preserved | None:
    """The lasting copy of a received file, or None."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM preserved_copy WHERE digest = ?", (digest,)).fetchone()
    return None if row is None else Preserved(*row)


def ending_before(connection: apsw.Connection, until_ms: int, now_ms: int, limit: int = 1) -> list[Preserved]:
    """Lasting copies whose newest stamp still holds but ends before an instant, the most urgent first.

    A stamp waits for half of its own life: an authority whose certificate ends soon is not asked for the same file again and again.
    """
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM preserved_copy WHERE ends_ms < ? AND ends_ms > ?"
        " AND (? - stamped_ms) * 2 >= ends_ms - stamped_ms ORDER BY ends_ms, digest LIMIT ?",
        (until_ms, now_ms, now_ms, limit),
    )
    return [Preserved(*row) for row in rows]


_COLUMNS = "digest, preserved, stamps, stamped_ms, ends_ms"
