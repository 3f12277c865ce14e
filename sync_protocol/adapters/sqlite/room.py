"""Room for an upgrade of the tables, asked for before its first step: a disk that is too small is said at once, not after an hour's work undone.

How the need is reckoned: twice what the database holds, its file and its write-ahead log. A step is one transaction, and every page it changes stands in
the log until it is committed: at most the whole file once, if everything is written anew. The second time is for what the file grows by, which is written
twice, to the log and to the file; a table that is copied and then dropped leaves its old pages behind as room for later.

Measured (2026-11-29 and 30), more at the peak than file and log before: 1.8 times them where a hub holds little but papers and the table of papers is copied
(1 M dossiers), 1.3 times with 100,000; 0.4 to 0.6 times for all steps since the first release over real dossiers and for a fold of everything anew.

SQLite's steps are not asked for their size one by one: a small step wants little of this, but which one is small is only known once it ran.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import apsw
import msgspec

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.disk import free_bytes
from sync_protocol.adapters.sqlite.migrations import Migration, applied

TIMES_HELD = 2
_MB = 2**20


class Room(msgspec.Struct, frozen=True):
    """What an upgrade of a database wants free on its volume, and what is free there, in bytes."""

    needed_bytes: int
    free_bytes: int

    @property
    def is_enough(self) -> bool:
        """Whether an upgrade may begin."""
        return self.free_bytes >= self.needed_bytes

    @property
    def in_mb(self) -> tuple[int, int]:
        """Needed and free for people to read: what is lacking never rounds to nothing."""
        return -(-self.needed_bytes // _MB), self.free_bytes // _MB


def room_at(database: Path, free: Callable[[Path], int] = free_bytes) -> Room:
    """The room for an upgrade of this database file. `free` says how many bytes are free where a folder lies.

    Only names and sizes are read: opening the file here would drop the locks of the connections that have it open. Raises StorageUnavailable.
    """
    held = sum(one.stat().st_size for one in (database, database.with_name(database.name + "-wal")) if one.exists())
    return Room(TIMES_HELD * held, free(database.parent))


def require_room(
    connection: apsw.Connection, steps: Sequence[Migration], room: Room, is_folded_anew: Callable[[apsw.Connection], bool]
) -> None:
    """Return when this database may be brought to `steps`: it is new, there is nothing to do, or there is room. Changes nothing.

    `is_folded_anew` says whether all views are to be made again afterwards; it is asked only where all steps were applied.

    Raises:
        UpgradeNeedsRoom: less is free than the upgrade may want.
    """
    done = applied(connection)
    if room.is_enough or not done or (done >= len(steps) and not is_folded_anew(connection)):
        return
    needed_mb, free_mb = room.in_mb
    raise problems.UpgradeNeedsRoom(
        steps=max(len(steps) - done, 0), needed_bytes=room.needed_bytes, free_bytes=room.free_bytes, needed_mb=needed_mb, free_mb=free_mb
    )
