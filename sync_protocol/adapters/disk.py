"""Room on the disk: when to refuse scans, when to only read, and a reserve to give back.

Invariant: the judgement is made before a write, so that a full disk is a banner and not a failed signature. The ballast is
real blocks, not a hole; releasing it gives an operator the room to finish what is open.
"""

from __future__ import annotations

import enum
import os
import shutil
from pathlib import Path

import msgspec

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.durable_file import OWNER_ONLY

BALLAST_BYTES = 256 * 1024 * 1024
RESERVE_NAME = "ballast"


class DiskLimits(msgspec.Struct, frozen=True):
    """Free space below which something is refused, in bytes."""

    uploads_bytes: int = 2 * 1024**3
    writes_bytes: int = 512 * 1024**2


class DiskCondition(enum.StrEnum):
    """What may still be done."""

    OK = "ok"
    REFUSE_UPLOADS = "refuse_uploads"
    READ_ONLY = "read_only"


class DiskState(msgspec.Struct, frozen=True):
    """Free space with what follows from it."""

    condition: DiskCondition
    free_bytes: int
    limits: DiskLimits

    def require_uploads(self) -> None:
        """Return when scans may be taken in. Raises UploadsRefused, StorageReadOnly."""
        self.require_writes()
        if self.condition is DiskCondition.REFUSE_UPLOADS:
            raise problems.UploadsRefused(free_bytes=self.free_bytes, limit_bytes=self.limits.uploads_bytes)

    def require_writes(self) -> None:
        """Return when records may be written. Raises StorageReadOnly."""
        if self.condition is DiskCondition.READ_ONLY:
            raise problems.StorageReadOnly(free_bytes=self.free_bytes, limit_bytes=self.limits.writes_bytes)


def judge_free_space(free_bytes: int, limits: DiskLimits) -> DiskState:
    """The pure part of `disk_state`."""
    condition = DiskCondition.OK
    if free_bytes < limits.writes_bytes:
        condition = DiskCondition.READ_ONLY
    elif free_bytes < limits.uploads_bytes:
        condition = DiskCondition.REFUSE_UPLOADS
    return DiskState(condition, free_bytes, limits)


def disk_state(path: Path, limits: DiskLimits | None = None) -> DiskState:
    """What may still be done on the disk that holds `path`. Raises StorageUnavailable."""
    return judge_free_space(free_bytes(path), limits or DiskLimits())


def free_bytes(path: Path) -> int:
    """Bytes that may still be written to the disk that holds `path`. Raises StorageUnavailable."""
    try:
        return shutil.disk_usage(path).free
    except OSError as error:
        raise problems.StorageUnavailable(sqlite_code=0, what=f"asking for free space, errno {error.errno}") from error


def hold_reserve(state: Path) -> bool:
    """Keep the reserve `ballast` in a state folder while a service runs; says whether it is held. Raises StorageUnavailable."""
    return Ballast(state / RESERVE_NAME).hold()


class Ballast:
    """A file of real blocks that an operator gives back when the disk is full."""

    def __init__(self, path: Path, size_bytes: int = BALLAST_BYTES) -> None:
        """Names the place only."""
        self._path = path
        self._size_bytes = size_bytes

    @property
    def is_held(self) -> bool:
        """Whether the reserve is there in full."""
        return self._path.exists() and self._path.stat().st_size == self._size_bytes

    def hold(self, limits: DiskLimits | None = None) -> bool:
        """Take the reserve when the disk stays comfortable afterwards; says whether it is held. Idempotent."""
        if self.is_held:
            return True
        after = disk_state(self._path.parent, limits).free_bytes - self._size_bytes
        if judge_free_space(after, limits or DiskLimits()).condition is not DiskCondition.OK:
            return False
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
            try:
                os.posix_fallocate(handle, 0, self._size_bytes)
            finally:
                os.close(handle)
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> int:
        """Give the reserve back; returns the bytes freed. Idempotent."""
        freed = self._path.stat().st_size if self._path.exists() else 0
        self._path.unlink(missing_ok=True)
        return freed
