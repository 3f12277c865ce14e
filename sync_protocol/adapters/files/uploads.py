"""Uploads under way on a disk: one file per upload, with a byte per grain that says whether it arrived.

    "LTU1" size:8 present:1 per grain, then the sealed grains, each in its own place

Invariant: a set presence byte is only a claim. A chunk is not fsynced (on a bad line there are thousands); after a power
loss a claimed grain may hold nothing, but then it does not authenticate, `grains` clears the claim, and the peer is asked for
it again. After a kill without power loss everything written is still there.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from sync_protocol.adapters.durable_file import OWNER_ONLY
from sync_protocol.adapters.files import errors as problems
from sync_protocol.adapters.files.sealing import OVERHEAD_BYTES, Sealing
from sync_protocol.adapters.files.store import FILE_SIZE_LIMIT_BYTES, GRAIN_BYTES, grain_count, grains_of

_MAGIC = b"LTU1"
_CLAIMS = 12


class Upload:
    """One upload under way in the file `path`. Functions raise OSError; the store turns it into its Problem."""

    def __init__(self, path: Path, sealing: Sealing, digest: str) -> None:
        """Names the place only; nothing is read or written yet."""
        self.path = path
        self._sealing = sealing
        self._digest = digest

    def begin(self, size: int) -> None:
        """Make room for `size` bytes; an upload of the same size under way is kept."""
        if self.path.exists() and self._size() == size:
            return
        self.discard()
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
        try:
            _write_whole(handle, _MAGIC + size.to_bytes(8, "big") + bytes(grain_count(size)), 0)
        finally:
            os.close(handle)

    def size(self) -> int:
        """The announced size in bytes. Raises UploadUnknown."""
        size = self._size()
        if size is None:
            raise problems.UploadUnknown(digest=self._digest)
        return size

    def present(self) -> set[int]:
        """Numbers of the grains that claim to be here."""
        size = self.size()
        with self.path.open("rb") as file:
            file.seek(_CLAIMS)
            return {index for index, claim in enumerate(file.read(grain_count(size))) if claim}

    def put(self, offset: int, content: bytes) -> None:
        """Keep the grains of a chunk. Idempotent. Raises UploadUnknown, ChunkMisplaced."""
        size = self.size()
        grains = grains_of(self._digest, size, offset, content)
        handle = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        try:
            for index, grain in grains:
                sealed = self._sealing.seal("grain", self._digest, size, index, grain)
                _write_whole(handle, sealed, self._place(size, index))
                _write_whole(handle, b"\x01", _CLAIMS + index)
        finally:
            os.close(handle)

    def grains(self) -> Iterator[bytes]:
        """The plaintext, grain by grain. Raises UploadIncomplete; a grain that does not authenticate is no longer claimed."""
        size, present = self.size(), self.present()
        absent = grain_count(size) - len(present)
        if absent:
            raise problems.UploadIncomplete(digest=self._digest, missing=absent)
        with self.path.open("r+b") as file:
            for index in range(grain_count(size)):
                file.seek(self._place(size, index))
                length = min(GRAIN_BYTES, size - index * GRAIN_BYTES) + OVERHEAD_BYTES
                try:
                    yield self._sealing.opened("grain", self._digest, size, index, file.read(length))
                except problems.FileDamaged as error:
                    file.seek(_CLAIMS + index)
                    file.write(b"\x00")
                    raise problems.UploadIncomplete(digest=self._digest, missing=1) from error

    def discard(self) -> None:
        """Forget everything of this upload. Idempotent."""
        self.path.unlink(missing_ok=True)

    def _size(self) -> int | None:
        try:
            with self.path.open("rb") as file:
                head = file.read(_CLAIMS)
        except FileNotFoundError:
            return None
        size = int.from_bytes(head[4:], "big")
        return size if head[:4] == _MAGIC and len(head) == _CLAIMS and size <= FILE_SIZE_LIMIT_BYTES else None

    def _place(self, size: int, index: int) -> int:
        return _CLAIMS + grain_count(size) + index * (GRAIN_BYTES + OVERHEAD_BYTES)


def _write_whole(handle: int, content: bytes, at: int) -> None:
    """Write all of it. A disk that fills up takes a part and says so only at the next try: OSError then, and nothing is claimed."""
    while content:
        written = os.pwrite(handle, content, at)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        content, at = content[written:], at + written
