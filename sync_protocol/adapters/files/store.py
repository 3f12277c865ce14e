"""The file store: sealed content under the address of its plaintext, and uploads that resume.

Invariant: the address is the SHA-256 of the plaintext in lower-case hexadecimal; nothing becomes visible under an address
before its bytes were proven to be that content; nothing that fails authentication is ever returned.
`FileStore` is the interface; `on_disk.py` (an office) and `object_store.py` (a hub with an S3-compatible store)
pass one conformance suite.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Protocol

import msgspec

from sync_protocol.adapters.files import errors as problems
from sync_protocol.limits import BLOB_BYTES_MAX

GRAIN_BYTES = 64 * 1024
"""Uploads arrive in whole grains: the smallest chunk a bad line carries."""
SEGMENT_BYTES = 256 * 1024
"""Sealed unit on disk: a range read opens only the segments it touches."""
FILE_SIZE_LIMIT_BYTES = BLOB_BYTES_MAX
COLLECT_AGE_MIN = dt.timedelta(hours=24)
"""A file without a database row is younger than this while its transaction may still come."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Scrubbed(msgspec.Struct, frozen=True):
    """What one scrub went through; hand `cursor` to the next call (empty: it came to the end)."""

    checked: int
    damaged: tuple[str, ...]
    cursor: str


def always() -> bool:
    """What ends nothing."""
    return True


class FileStore(Protocol):
    """Content-addressed, sealed, idempotent. `digest` is always the address described above.

    Every method may raise FileStoreUnavailable, and DigestMalformed for an address of another form.
    """

    def put(self, content: bytes) -> str:
        """Keep `content` durably and return its address. Idempotent. Raises FileTooLarge."""

    def get(self, digest: str) -> bytes:
        """The whole content, authenticated and hashed. Raises FileAbsent, FileDamaged."""

    def read_chunk(self, digest: str, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`, fewer at the end. Raises FileAbsent, FileDamaged, ChunkMisplaced."""

    def has(self, digest: str) -> bool:
        """Whether the whole content is here."""

    def size(self, digest: str) -> int:
        """Bytes of plaintext. Raises FileAbsent, FileDamaged."""

    def begin(self, digest: str, size: int) -> None:
        """Announce an upload of `size` bytes. Idempotent; keeps what already arrived for the same size."""

    def missing(self, digest: str) -> list[tuple[int, int]]:
        """Ranges (offset, length) still to send, joined; empty when complete or stored. Raises UploadUnknown."""

    def put_chunk(self, digest: str, offset: int, content: bytes) -> None:
        """Keep whole grains of an upload. Idempotent. Raises UploadUnknown, ChunkMisplaced."""

    def finish(self, digest: str) -> None:
        """Make a complete upload visible. Idempotent.

        Raises UploadIncomplete (send `missing` again), DigestMismatch (everything discarded), UploadUnknown.
        """

    def remove(self, digest: str) -> None:
        """Take a file, or what has arrived of it, away for good: for what a lawful order erased. Idempotent."""

    def scrub(self, count: int, after: str = "", goes_on: Callable[[], bool] = always) -> Scrubbed:
        """Hash the next `count` files in full, at least one, as long as it `goes_on` (asked between two files); damaged ones are set aside so that they can be fetched again."""

    def collect(self, referenced: Iterable[str], *, older_than: dt.timedelta, now: dt.datetime, part: str = "") -> int:
        """Remove files no row refers to, and uploads, that nobody touched for `older_than`; returns how many.

        Only what is kept under a sealed name that begins with `part`, which bounds the names in memory. See collecting.py.
        """


def scrubbed(names: Iterable[str], count: int, damage_in: Callable[[str], str | None], goes_on: Callable[[], bool]) -> Scrubbed:
    """Go through the first `count` of `names` with what sets a damaged one aside and says which it was."""
    checked, last = 0, ""
    damaged: list[str] = []
    for name in names:
        if checked == count or (checked and not goes_on()):
            return Scrubbed(checked, tuple(damaged), last)
        checked, last = checked + 1, name
        if found := damage_in(name):
            damaged.append(found)
    return Scrubbed(checked, tuple(damaged), "")


def checked_digest(digest: str) -> str:
    """`digest` itself when it has the form of an address. Raises DigestMalformed."""
    if not _DIGEST.fullmatch(digest):
        raise problems.DigestMalformed()
    return digest


def checked_size(size: int) -> int:
    """`size` itself when a file may have it. Raises FileTooLarge."""
    if not 0 <= size <= FILE_SIZE_LIMIT_BYTES:
        raise problems.FileTooLarge(size=size, limit_mib=FILE_SIZE_LIMIT_BYTES // 2**20)
    return size


def proven(digest: str, content: bytes) -> bytes:
    """`content` itself when this is its address. Raises FileDamaged."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise problems.FileDamaged(digest=digest, what="SHA-256")
    return content


def grain_count(size: int) -> int:
    """Grains in a file of `size` bytes: 0 for an empty one."""
    return -(-size // GRAIN_BYTES)


def grains_of(digest: str, size: int, offset: int, content: bytes) -> Iterator[tuple[int, bytes]]:
    """(index, bytes) for every grain of a chunk that starts and ends on grain borders or at the end of the file.

    Raises ChunkMisplaced before anything is yielded.
    """
    end = offset + len(content)
    whole = offset % GRAIN_BYTES == 0 and (end % GRAIN_BYTES == 0 or end == size)
    if offset < 0 or not content or end > size or not whole:
        raise problems.ChunkMisplaced(digest=digest, offset=offset, length=len(content), size=size, segment=GRAIN_BYTES)
    return (
        ((offset + start) // GRAIN_BYTES, content[start : start + GRAIN_BYTES])
        for start in range(0, len(content), GRAIN_BYTES)
    )


def missing_ranges(size: int, present: Collection[int]) -> list[tuple[int, int]]:
    """Neighbouring absent grains joined to (offset, length).

    >>> missing_ranges(200_000, {1})
    [(0, 65536), (131072, 68928)]
    """
    ranges: list[tuple[int, int]] = []
    for index in range(grain_count(size)):
        if index in present:
            continue
        offset, length = index * GRAIN_BYTES, min(GRAIN_BYTES, size - index * GRAIN_BYTES)
        if ranges and sum(ranges[-1]) == offset:
            ranges[-1] = (ranges[-1][0], ranges[-1][1] + length)
        else:
            ranges.append((offset, length))
    return ranges


def in_segments(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes regrouped to SEGMENT_BYTES each, a shorter one last."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= SEGMENT_BYTES:
            yield bytes(waiting[:SEGMENT_BYTES])
            del waiting[:SEGMENT_BYTES]
    if waiting:
        yield bytes(waiting)
