"""The faulty disk as an SQLite VFS, in pure Python: the real SQLite, ciphers and writer run on it.

There is no shared memory, so databases on it are opened with `exclusive=True`.
"""

from __future__ import annotations

import itertools
from typing import Any

import apsw

from tests.faults.disk import SECTOR_BYTES, FaultyDisk, StoredFile, overwrite

_numbers = itertools.count()


class FaultVfs(apsw.VFS):
    """A VFS whose files live on `disk`; exchange `disk` for a new run, unregister it at the end."""

    def __init__(self, disk: FaultyDisk) -> None:
        self.name = f"fault-{next(_numbers)}"
        self.disk = disk
        unwanted = {"xCurrentTime", "xSetSystemCall", "xGetSystemCall", "xNextSystemCall"}
        super().__init__(self.name, base="", exclude=unwanted)

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        """A handle on a file, made where it is absent."""
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        flags[1] = flags[0]
        return FaultFile(self.disk, path or f"temporary-{next(_numbers)}", flags[0])

    def xDelete(self, name: str, syncdir: bool) -> None:
        """Remove a name; it may come back at a power loss unless the folder was synced."""
        self.disk.operate()
        file = self.disk.files.pop(name, None)
        if file is not None and not syncdir:
            self.disk.unlinked[name] = file
        if syncdir:
            self.disk.unlinked.pop(name, None)

    def xAccess(self, name: str, flags: int) -> bool:
        """Whether the file is there."""
        return name in self.disk.files

    def xFullPathname(self, name: str) -> str:
        """Names are whole already."""
        return name


class FaultFile:
    """One open handle."""

    def __init__(self, disk: FaultyDisk, name: str, flags: int) -> None:
        self._disk, self._name = disk, name
        self._is_temporary = bool(flags & apsw.SQLITE_OPEN_DELETEONCLOSE)
        if name not in disk.files:
            disk.operate(takes_room=True)
            disk.files[name] = StoredFile()
        self._file = disk.files[name]

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.operate(takes_room=True)
        overwrite(self._file.seen, offset, bytes(data))
        self._file.pending.append((offset, bytes(data)))

    def xTruncate(self, length: int) -> None:
        self._disk.operate()
        del self._file.seen[length:]
        self._file.pending.append((length, None))

    def xSync(self, flags: int) -> None:
        self._disk.sync(self._file)

    def xFileSize(self) -> int:
        return len(self._file.seen)

    def xLock(self, level: int) -> None:
        return None

    def xUnlock(self, level: int) -> None:
        return None

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, operation: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:
        return 0

    def xClose(self) -> None:
        if self._is_temporary:
            self._disk.files.pop(self._name, None)
