"""Files that dossiers here refer to and that are not here: asked for again from the offices of these dossiers, which may believe that they brought them.

A hub that was put back together with its mark may have forgotten nothing of a desk but a file: no floor, feed or scope says so. A desk that was put back, or that knew a
file from another office before it made the same one, may hold a file and not know that it is wanted. So the hub itself looks, once a night, whatever the reason: most of what it finds is still on its way,
and none of it is damage (that is `lost_files`). A desk whose queue of files is empty is told, and brings what it has (sync.md 2.7; invariant I16).
"""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from sync_protocol.adapters.exits import STANDING
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.many import insert_many
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import BlobDigest, OfficeCode

AWAITED_FILES = Migration(
    "0050-awaited-files",
    "CREATE TABLE awaited_file(office TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY(office, digest)) STRICT, WITHOUT ROWID;",
)
NOTED_AT_ONCE = 20_000  # files in one night, so that the writer is held for less than a second; the rest in the next
TOLD_AT_ONCE = 32  # in one greeting: some 1 kB, also where a desk is gone and nobody has its files
TURN_MS = 300_000  # every desk greets once in so long (HELLO_INTERVAL_MS)
_STEP = 40_503  # of 65,536: the places of successive turns lie evenly, however many there were

_ABSENT = """
SELECT r.digest FROM blob_reference r WHERE r.digest > ? AND NOT EXISTS(SELECT 1 FROM blob b WHERE b.digest = r.digest)
    AND NOT EXISTS(SELECT 1 FROM lost_file l WHERE l.digest = r.digest)
GROUP BY r.digest ORDER BY r.digest LIMIT ?
"""
_OFFICES = f"""
SELECT s.office FROM blob_reference r JOIN scope s ON s.rid = r.rid WHERE r.digest = ?
UNION SELECT x.office FROM blob_reference r JOIN scope_exit x ON x.rid = r.rid WHERE r.digest = ? AND {STANDING}
"""  # who left keeps what it made itself
_OF_OFFICE = "SELECT digest FROM awaited_file WHERE office = ? AND digest >= ? ORDER BY digest LIMIT ?"


def absent_files(connection: apsw.Connection, after: bytes) -> list[tuple[OfficeCode, BlobDigest]]:
    """The files behind `after` that are referred to and not here, `NOTED_AT_ONCE` at most, each with every office that may bring it."""
    found = [BlobDigest(as_bytes(digest)) for (digest,) in connection.execute(_ABSENT, (after, NOTED_AT_ONCE))]
    return [(OfficeCode(str(office)), digest) for digest in found for (office,) in connection.execute(_OFFICES, (digest, digest)).fetchall()]


def note_awaited(connection: apsw.Connection, found: Sequence[tuple[OfficeCode, BlobDigest]]) -> None:
    """Await these files and no others, but for what came since the look."""
    connection.execute("DELETE FROM awaited_file")
    insert_many(connection, "INSERT INTO awaited_file(office, digest) VALUES(?,?)", found)
    connection.execute("DELETE FROM awaited_file WHERE EXISTS(SELECT 1 FROM blob b WHERE b.digest = awaited_file.digest)")


def no_longer_awaited(connection: apsw.Connection, digest: BlobDigest) -> None:
    """The file is here. Idempotent."""
    connection.executemany(
        "DELETE FROM awaited_file WHERE office = ? AND digest = ?",
        [(office, digest) for (office,) in connection.execute(_OFFICES, (digest, digest)).fetchall()],
    )


def awaited_of(connection: apsw.Connection, office: OfficeCode, now_ms: int) -> tuple[BlobDigest, ...]:
    """Awaited files of an office's dossiers, a few at a time: from a place that moves on with the time, so that each desk hears of all of them, whoever else greets."""
    place = (now_ms // TURN_MS * _STEP % 65_536).to_bytes(2, "big")
    rows = connection.execute(_OF_OFFICE, (office, place, TOLD_AT_ONCE)).fetchall()
    if len(rows) < TOLD_AT_ONCE:
        first = connection.execute(_OF_OFFICE, (office, b"", TOLD_AT_ONCE - len(rows))).fetchall()
        rows = list(dict.fromkeys([*rows, *first]))
    return tuple(BlobDigest(as_bytes(digest)) for (digest,) in rows)
