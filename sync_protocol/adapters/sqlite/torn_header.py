"""A database whose first page was torn on its way home: the write-ahead log has it whole, but SQLite asks the file's own header for the size of a page before it looks there.

Mostly garbage names no size of a page, the usual one is taken and the log mends the page. One sector of garbage in 8,192 names a size that there is: then no page of the log
decrypts, and the database looks as if the key were wrong (found by 20,000 power losses on the model of a disk, seed 9001080). Here such a file is opened once more by
somebody who does not believe its header, and the log's pages are copied home.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import apsw

from sync_protocol.adapters.sqlite.translation import close_quietly, storage_problems
from sync_protocol.adapters.storage_errors import StorageCorrupt

PAGE_BYTES = 4_096  # of every database of this product: SQLite's own choice
_SIZE_AT = slice(16, 18)  # in the header, big endian
_HEADER_BYTES = 100
_PLAIN = "unix"  # below the ciphers, which are laid over the doubt again
_numbers = itertools.count()

Open = Callable[[str], apsw.Connection]
"""A connection with its key on a VFS of this name, without anything read yet."""


def is_torn(unread: apsw.Connection) -> bool:
    """Whether the file names a size of a page that no database of this product has. `unread` has no key yet, and nothing was read through it."""
    _, header = unread.read("main", 0, 0, _HEADER_BYTES)
    return len(header) == _HEADER_BYTES and header[_SIZE_AT] != PAGE_BYTES.to_bytes(2, "big")


def bring_home(opened: Open, vfs: str | None) -> bool:
    """Whether the log mended the first page: not where it lacks it, or where the key is another. `vfs` is what the file lies on; nobody else may have it open.

    Raises:
        StorageProblem: the disk, not the page.
    """
    shim = _Doubting(vfs or _PLAIN)
    try:
        connection = opened(shim.name)
        try:
            with storage_problems("copying the first page home"):
                connection.pragma("locking_mode", "exclusive")  # without it the log's index would lie in memory that others share
                connection.pragma("schema_version")
                connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except StorageCorrupt:
            return False
        finally:
            close_quietly(connection)
    finally:
        shim.unregister()
    return True


class _Doubting(apsw.VFS):
    def __init__(self, base: str) -> None:
        self.name, self._base = f"doubting-{next(_numbers)}", base
        super().__init__(self.name, base=base)

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        kind = _DoubtedFile if flags[0] & apsw.SQLITE_OPEN_MAIN_DB else apsw.VFSFile
        return kind(self._base, name, flags)


class _DoubtedFile(apsw.VFSFile):
    def xRead(self, amount: int, offset: int) -> bytes:
        read = super().xRead(amount, offset)
        if offset or amount > _HEADER_BYTES or len(read) < _SIZE_AT.stop:
            return read
        doubted = bytearray(read)
        doubted[_SIZE_AT] = b"\0\0"  # no size: the usual one is taken
        return bytes(doubted)
