"""The file store of one machine: sealed files in folders, written so that a power loss leaves all or nothing.

    objects/ab/<name>   whole files      incoming/<name>   uploads under way
    partial/            being written    damaged/          set aside by a scrub, kept as evidence

Invariant: temporary file, fsync, rename, fsync of the folder, and only then does `put` or `finish` return; the database row
comes after it. A temporary file is locked while it is written, so the sweep at the start removes only orphans.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import fcntl
import hashlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from sync_protocol.adapters.durable_file import OWNER_ONLY, sync_folder
from sync_protocol.adapters.files import errors as problems
from sync_protocol.adapters.files.collecting import kept_names
from sync_protocol.adapters.files.sealing import (
    HEADER_BYTES,
    OVERHEAD_BYTES,
    Sealing,
    segment_place,
    segment_range,
)
from sync_protocol.adapters.files.store import (
    COLLECT_AGE_MIN,
    SEGMENT_BYTES,
    Scrubbed,
    always,
    checked_digest,
    checked_size,
    in_segments,
    missing_ranges,
    proven,
    scrubbed,
)
from sync_protocol.adapters.files.uploads import Upload


class FilesOnDisk:
    """`FileStore` in the folder `root`, which it makes with mode 0700. Safe for several threads."""

    def __init__(self, root: Path, sealing: Sealing, now_s: Callable[[], float] = time.time) -> None:
        """Make the folders and sweep orphaned temporary files; by `now_s` (seconds UTC) files age. Raises FileStoreUnavailable."""
        self._root, self._now_s = root, now_s
        self._sealing = sealing
        self._uploads = threading.RLock()
        self._ages = threading.Lock()
        with _reported():
            for name in ("objects", "incoming", "partial", "damaged"):
                (root / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sweep()

    def sweep(self) -> int:
        """Remove temporary files nobody is writing any more; returns how many."""
        swept = 0
        with _reported():
            for path in (self._root / "partial").iterdir():
                with contextlib.suppress(BlockingIOError, FileNotFoundError), path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink(missing_ok=True)
                    swept += 1
        return swept

    def put(self, content: bytes) -> str:
        """See FileStore.put."""
        digest = hashlib.sha256(content).hexdigest()
        size = checked_size(len(content))
        with _reported():
            if not self._refreshed(digest):
                self._write(digest, size, in_segments([content]))
        return digest

    def get(self, digest: str) -> bytes:
        """See FileStore.get."""
        return proven(digest, self.read_chunk(digest, 0, self.size(digest)))

    def read_chunk(self, digest: str, offset: int, length: int) -> bytes:
        """See FileStore.read_chunk."""
        name = self._sealing.name(checked_digest(digest))
        with _read(digest), self._opened(digest) as file:
            _, size = self._sealing.opened_header(name, file.read(HEADER_BYTES))
            first, last = segment_range(digest, size, offset, length)
            file.seek(segment_place(first))
            parts = [
                self._sealing.opened("segment", digest, size, index, file.read(SEGMENT_BYTES + OVERHEAD_BYTES))
                for index in range(first, last)
            ]
        start = offset - first * SEGMENT_BYTES
        return b"".join(parts)[start : start + length]

    def has(self, digest: str) -> bool:
        """See FileStore.has."""
        with _reported():
            return self._place(digest).exists()

    def size(self, digest: str) -> int:
        """See FileStore.size."""
        with _read(digest), self._opened(digest) as file:
            return self._sealing.opened_header(self._sealing.name(digest), file.read(HEADER_BYTES))[1]

    def begin(self, digest: str, size: int) -> None:
        """See FileStore.begin."""
        checked_size(size)
        with _reported(), self._uploads:
            if not self._refreshed(digest):
                upload = self._upload(digest)
                upload.begin(size)
                self._touch(upload.path)

    def missing(self, digest: str) -> list[tuple[int, int]]:
        """See FileStore.missing."""
        with _reported(), self._uploads:
            if self._place(digest).exists():
                return []
            upload = self._upload(digest)
            return missing_ranges(upload.size(), upload.present())

    def put_chunk(self, digest: str, offset: int, content: bytes) -> None:
        """See FileStore.put_chunk."""
        with _reported(), self._uploads:
            if not self._place(digest).exists():
                upload = self._upload(digest)
                upload.put(offset, content)
                self._touch(upload.path)

    def finish(self, digest: str) -> None:
        """See FileStore.finish."""
        with _reported(), self._uploads:
            upload = self._upload(digest)
            if not self._refreshed(digest):
                try:
                    self._write(digest, upload.size(), in_segments(upload.grains()))
                except problems.DigestMismatch:
                    upload.discard()
                    raise
            upload.discard()

    def remove(self, digest: str) -> None:
        """See FileStore.remove."""
        place = self._place(digest)
        with _reported(), self._uploads:
            self._upload(digest).discard()
            if place.exists():
                place.unlink(missing_ok=True)
                sync_folder(place.parent)

    def scrub(self, count: int, after: str = "", goes_on: Callable[[], bool] = always) -> Scrubbed:
        """See FileStore.scrub."""
        with _reported():
            return scrubbed(self._names(after), count, self._damage_in, goes_on)

    def _names(self, after: str) -> Iterator[str]:
        """Names of whole files behind `after`, in order; one folder of them is listed at a time."""
        for folder in sorted(one for one in (self._root / "objects").iterdir() if one.name >= after[:2]):
            yield from sorted(path.name for path in folder.iterdir() if path.name > after)

    def collect(self, referenced: Iterable[str], *, older_than: dt.timedelta, now: dt.datetime, part: str = "") -> int:
        """See FileStore.collect. Never younger than a day, whatever is asked."""
        keep = kept_names(self._sealing, referenced, part)
        border = (now - max(older_than, COLLECT_AGE_MIN)).timestamp()
        removed = 0
        with _reported():
            for path in self._root.glob(f"objects/{part}*/*"):
                if path.name not in keep:
                    with self._ages:
                        removed += _removed_if_old(path, border)
            for path in self._root.glob(f"incoming/{part}*"):
                with self._uploads:
                    removed += _removed_if_old(path, border)
        return removed

    def _damage_in(self, name: str) -> str | None:
        """The digest of a damaged file, which is set aside; the name where even the header does not open."""
        path = self._root / "objects" / name[:2] / name
        digest = name
        try:
            with _read(name), _opened(path, name) as file:
                digest, _ = self._sealing.opened_header(name, file.read(HEADER_BYTES))
            self.get(digest)
        except problems.FileDamaged:
            with _reported():
                path.rename(self._root / "damaged" / name)
                sync_folder(path.parent)
            return digest
        except problems.FileAbsent:  # taken away meanwhile
            return None
        return None

    def _write(self, digest: str, size: int, segments: Iterable[bytes]) -> None:
        target = self._place(digest)
        if not target.parent.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(target.parent.parent)
        partial = self._root / "partial" / secrets.token_hex(16)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY)
        try:
            with os.fdopen(handle, "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                for part in self._sealing.sealed_file(digest, size, segments):
                    file.write(part)
                file.flush()
                self._touch(partial)
                os.fsync(file.fileno())
                partial.rename(target)
        finally:
            partial.unlink(missing_ok=True)
        sync_folder(target.parent)

    def _touch(self, path: Path) -> None:
        now_s = self._now_s()
        os.utime(path, (now_s, now_s))

    def _refreshed(self, digest: str) -> bool:
        """Whether the file is here; its age starts anew, so that `collect` waits for the row that will refer to it."""
        with self._ages:
            try:
                self._touch(self._place(digest))
            except FileNotFoundError:
                return False
        return True

    def _opened(self, digest: str) -> contextlib.AbstractContextManager[BinaryIO]:
        return _opened(self._place(digest), digest)

    def _upload(self, digest: str) -> Upload:
        return Upload(self._root / "incoming" / self._sealing.name(digest), self._sealing, digest)

    def _place(self, digest: str) -> Path:
        name = self._sealing.name(checked_digest(digest))
        return self._root / "objects" / name[:2] / name


@contextlib.contextmanager
def _opened(path: Path, digest: str) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise problems.FileAbsent(digest=digest) from None
    with file:
        yield file


def _removed_if_old(path: Path, border: float) -> int:
    try:
        if path.stat().st_mtime >= border:
            return 0
        path.unlink()
    except FileNotFoundError:
        return 0
    return 1


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise problems.FileStoreUnavailable(what=f"errno {error.errno}") from error


@contextlib.contextmanager
def _read(digest: str) -> Iterator[None]:
    """Bytes that the disk itself cannot read any more are damage to this one file: the store goes on with all others."""
    with _reported():
        try:
            yield
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise problems.FileDamaged(digest=digest, what="unreadable sector") from error
