"""The file store of a hub that outgrew one disk: sealed files in an S3-compatible store, through obstore.

    objects/ab/<name>   whole files        incoming/<name>/size, incoming/<name>/<grain>   uploads under way
    touched/<name>      when it was last stored again        damaged/<name>   set aside by a scrub

Invariant: an object appears whole or not at all (the store's own promise for one PUT), and the PUT under `objects/` comes only
after the plaintext was hashed. The sealed bytes are the same form as on a disk, so a store can be moved by copying.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

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
    grain_count,
    grains_of,
    in_segments,
    missing_ranges,
    proven,
    scrubbed,
)


class FilesInObjectStore:
    """`FileStore` over any obstore store (S3, a folder, memory). Holds no state of its own: several workers may share it."""

    def __init__(self, store: ObjectStore, sealing: Sealing) -> None:
        """Touches nothing yet."""
        self._store = store
        self._sealing = sealing

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
        size = self.size(digest)
        first, last = segment_range(digest, size, offset, length)
        if first == last:
            return b""
        sealed = self._range(digest, segment_place(first), segment_place(last))
        step = SEGMENT_BYTES + OVERHEAD_BYTES
        parts = [
            self._sealing.opened(
                "segment", digest, size, index, sealed[(index - first) * step : (index - first + 1) * step]
            )
            for index in range(first, last)
        ]
        start = offset - first * SEGMENT_BYTES
        return b"".join(parts)[start : start + length]

    def has(self, digest: str) -> bool:
        """See FileStore.has."""
        with _reported():
            return self._exists(self._place(digest))

    def size(self, digest: str) -> int:
        """See FileStore.size."""
        header = self._range(digest, 0, HEADER_BYTES)
        return self._sealing.opened_header(self._sealing.name(digest), header)[1]

    def begin(self, digest: str, size: int) -> None:
        """See FileStore.begin."""
        checked_size(size)
        with _reported():
            if self._refreshed(digest) or self._announced(digest) == size:
                return
            self._discard(digest)
            obstore.put(self._store, f"{self._incoming(digest)}/size", size.to_bytes(8, "big"))

    def missing(self, digest: str) -> list[tuple[int, int]]:
        """See FileStore.missing."""
        if self.has(digest):
            return []
        with _reported():
            return missing_ranges(self._upload_size(digest), self._present(digest))

    def put_chunk(self, digest: str, offset: int, content: bytes) -> None:
        """See FileStore.put_chunk."""
        if self.has(digest):
            return
        with _reported():
            size = self._upload_size(digest)
            for index, grain in grains_of(digest, size, offset, content):
                sealed = self._sealing.seal("grain", digest, size, index, grain)
                obstore.put(self._store, f"{self._incoming(digest)}/{index:06d}", sealed)

    def finish(self, digest: str) -> None:
        """See FileStore.finish."""
        with _reported():
            if not self._refreshed(digest):
                size = self._upload_size(digest)
                absent = grain_count(size) - len(self._present(digest))
                if absent:
                    raise problems.UploadIncomplete(digest=digest, missing=absent)
                try:
                    self._write(digest, size, in_segments(self._grains(digest, size)))
                except problems.DigestMismatch:
                    self._discard(digest)
                    raise
            self._discard(digest)

    def remove(self, digest: str) -> None:
        """See FileStore.remove."""
        with _reported():
            self._discard(digest)
            self._delete([self._place(digest), f"touched/{self._sealing.name(digest)}"])

    def scrub(self, count: int, after: str = "", goes_on: Callable[[], bool] = always) -> Scrubbed:
        """See FileStore.scrub."""
        with _reported():
            offset = f"objects/{after[:2]}/{after}" if after else None
            names: list[str] = []
            for page in obstore.list(self._store, prefix="objects", offset=offset):
                names += [str(item["path"]).rpartition("/")[2] for item in page]
        return scrubbed(sorted(name for name in names if name > after), count, self._damage_in, goes_on)

    def collect(self, referenced: Iterable[str], *, older_than: dt.timedelta, now: dt.datetime, part: str = "") -> int:
        """See FileStore.collect. Never younger than a day, whatever is asked."""
        keep = kept_names(self._sealing, referenced, part)
        border = now - max(older_than, COLLECT_AGE_MIN)
        with _reported():
            touched = {name: at for path, at in self._listed("touched") if (name := path.rpartition("/")[2]).startswith(part)}
            old = [
                name
                for path, at in self._listed("objects")
                if (name := path.rpartition("/")[2]).startswith(part) and name not in keep and max(at, touched.get(name, at)) < border
            ]
            newest: dict[str, dt.datetime] = {}  # an upload is as old as the newest part of it
            for path, at in self._listed("incoming"):
                name = path.split("/")[1]
                if name.startswith(part):
                    newest[name] = max(at, newest.get(name, at))
            stale = [name for name, at in newest.items() if at < border]
            self._delete([*(f"objects/{name[:2]}/{name}" for name in old), *(f"touched/{name}" for name in old if name in touched)])
            for name in stale:
                self._delete([path for path, _ in self._listed(f"incoming/{name}")])
        return len(old) + len(stale)

    def _damage_in(self, name: str) -> str | None:
        """The digest of a damaged file, which is set aside; the name where even the header does not open."""
        place = f"objects/{name[:2]}/{name}"
        digest = name
        try:
            with _reported():
                header = bytes(obstore.get_range(self._store, place, start=0, end=HEADER_BYTES))
            digest, _ = self._sealing.opened_header(name, header)
            self.get(digest)
        except problems.FileDamaged:
            with _reported():
                obstore.rename(self._store, place, f"damaged/{name}")
            return digest
        except problems.FileAbsent:
            return None
        return None

    def _write(self, digest: str, size: int, segments: Iterator[bytes]) -> None:
        sealed = b"".join(self._sealing.sealed_file(digest, size, segments))  # one PUT: it is there whole or not at all
        obstore.put(self._store, self._place(digest), sealed)

    def _grains(self, digest: str, size: int) -> Iterator[bytes]:
        for index in range(grain_count(size)):
            path = f"{self._incoming(digest)}/{index:06d}"
            try:
                sealed = bytes(obstore.get(self._store, path).bytes())
                yield self._sealing.opened("grain", digest, size, index, sealed)
            except problems.FileDamaged as error:
                self._delete([path])
                raise problems.UploadIncomplete(digest=digest, missing=1) from error

    def _refreshed(self, digest: str) -> bool:
        if not self._exists(self._place(digest)):
            return False
        obstore.put(self._store, f"touched/{self._sealing.name(digest)}", b"")
        return True

    def _range(self, digest: str, start: int, end: int) -> bytes:
        place = self._place(digest)
        with _reported():
            try:
                return bytes(obstore.get_range(self._store, place, start=start, end=end))
            except FileNotFoundError:
                raise problems.FileAbsent(digest=digest) from None
            except BaseError as error:
                held = self._head_size(place)
                if held is not None and held < end:  # a range beyond the end: the object was cut off
                    return (
                        bytes(obstore.get_range(self._store, place, start=min(start, held - 1), end=held))
                        if held
                        else b""
                    )
                raise problems.FileStoreUnavailable(what=type(error).__name__) from error

    def _head_size(self, path: str) -> int | None:
        try:
            return int(obstore.head(self._store, path)["size"])
        except FileNotFoundError:
            return None

    def _exists(self, path: str) -> bool:
        return self._head_size(path) is not None

    def _announced(self, digest: str) -> int | None:
        try:
            return int.from_bytes(bytes(obstore.get(self._store, f"{self._incoming(digest)}/size").bytes()), "big")
        except FileNotFoundError:
            return None

    def _upload_size(self, digest: str) -> int:
        size = self._announced(checked_digest(digest))
        if size is None:
            raise problems.UploadUnknown(digest=digest)
        return size

    def _present(self, digest: str) -> set[int]:
        last = (path.rpartition("/")[2] for path, _ in self._listed(self._incoming(digest)))
        return {int(name) for name in last if name.isdigit()}

    def _discard(self, digest: str) -> None:
        self._delete([path for path, _ in self._listed(self._incoming(digest))])

    def _delete(self, paths: list[str]) -> None:
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                obstore.delete(self._store, path)

    def _listed(self, prefix: str) -> Iterator[tuple[str, dt.datetime]]:
        for page in obstore.list(self._store, prefix=prefix):
            for item in page:
                yield str(item["path"]), item["last_modified"]

    def _incoming(self, digest: str) -> str:
        return f"incoming/{self._sealing.name(checked_digest(digest))}"

    def _place(self, digest: str) -> str:
        name = self._sealing.name(checked_digest(digest))
        return f"objects/{name[:2]}/{name}"


@contextlib.contextmanager
def _reported() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        raise problems.FileStoreUnavailable(what=type(error).__name__) from error
