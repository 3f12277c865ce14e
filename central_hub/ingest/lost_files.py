"""Files that the hub held and lost to its disk: asked for again from the offices that hold them, at their next greeting.

A scrub finds a damaged file and sets it aside; its row as "held" goes, and until some office has brought it again it stands here. An office is only
told of files that a dossier refers to which is in its scope, or was: what an office itself made stays at its desks (sync.md 2.7; invariant I16).
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw

from sync_protocol.adapters.exits import STANDING
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import BlobDigest, OfficeCode

LOST_FILES = Migration(
    "0040-lost-files",
    "CREATE TABLE lost_file(digest BLOB PRIMARY KEY, since_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
)
TOLD_AT_ONCE = 500  # in one greeting; the rest comes with the next one
# from the lost files to the office: as a plain join it began with every dossier of every office, in each greeting
_OF_OFFICE = f"""
SELECT l.digest FROM lost_file l WHERE EXISTS(
    SELECT 1 FROM blob_reference r JOIN scope s ON s.rid = r.rid WHERE r.digest = l.digest AND s.office = ?
) OR EXISTS(
    SELECT 1 FROM blob_reference r JOIN scope_exit x ON x.rid = r.rid WHERE r.digest = l.digest AND x.office = ? AND {STANDING}
) ORDER BY l.digest LIMIT ?
"""


def note_lost(connection: apsw.Connection, digests: Iterable[BlobDigest], now_ms: int) -> None:
    """These files are gone from the store: nothing that was made of them is offered any more. Idempotent."""
    for digest in digests:
        connection.execute("INSERT OR IGNORE INTO lost_file(digest, since_ms) VALUES(?,?)", (digest, now_ms))
        connection.execute("DELETE FROM blob WHERE digest = ? AND state <> 'preserved'", (digest,))
        offices = connection.execute("SELECT office FROM snapshot_part WHERE digest = ?", (digest,)).fetchall()
        connection.executemany("DELETE FROM snapshot WHERE office = ?", offices)
        connection.execute("DELETE FROM trust_lists WHERE digest = ?", (digest,))  # packed again at the next look
        if connection.execute("SELECT 1 FROM existence_file WHERE digest = ?", (digest,)).fetchone():
            connection.execute("DELETE FROM existence_file")  # the next publication is a whole one


def note_found(connection: apsw.Connection, digest: BlobDigest) -> None:
    """The file is here again. Idempotent."""
    connection.execute("DELETE FROM lost_file WHERE digest = ?", (digest,))


def lost_of(connection: apsw.Connection, office: OfficeCode) -> tuple[BlobDigest, ...]:
    """Lost files that this office's dossiers refer to."""
    rows = connection.execute(_OF_OFFICE, (office, office, TOLD_AT_ONCE))
    return tuple(BlobDigest(as_bytes(digest)) for (digest,) in rows)


def count_lost(connection: apsw.Connection) -> int:
    """How many files wait to be brought again."""
    row = connection.execute("SELECT count(*) FROM lost_file").fetchone()
    return int(row[0]) if row else 0
