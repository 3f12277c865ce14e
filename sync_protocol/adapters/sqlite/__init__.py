"""The SQLite policy of this product: one way to open, one writer, many readers, append-only migrations, checks, backup.

One process, one SQLite library: this package (apsw) is the only one a serving process uses, and nothing else ever opens a
database file, because closing a plain file handle drops the POSIX locks SQLite holds on it.
"""

from __future__ import annotations

from sync_protocol.adapters.sqlite.care import FullRead, backup, full_read_check, quick_check
from sync_protocol.adapters.sqlite.checkpoints import Checkpoints
from sync_protocol.adapters.sqlite.connection import Cipher, manifest, open_database, preferred_cipher
from sync_protocol.adapters.sqlite.group import Ending
from sync_protocol.adapters.sqlite.migrations import Migration, migrate
from sync_protocol.adapters.sqlite.readers import Readers
from sync_protocol.adapters.sqlite.room import Room, require_room, room_at
from sync_protocol.adapters.sqlite.translation import close_quietly, problem_for, storage_problems
from sync_protocol.adapters.sqlite.writer import Turn, Writer

__all__ = [
    "Checkpoints",
    "Cipher",
    "Ending",
    "FullRead",
    "Migration",
    "Readers",
    "Room",
    "Turn",
    "Writer",
    "backup",
    "close_quietly",
    "full_read_check",
    "manifest",
    "migrate",
    "open_database",
    "preferred_cipher",
    "problem_for",
    "quick_check",
    "require_room",
    "room_at",
    "storage_problems",
]
