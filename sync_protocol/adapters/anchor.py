"""The anchor file: the few numbers that must survive a rollback of the database, fsynced beside the keystore.

Invariant: the file moves before the database does. `reserve_range` and `reserve_codes` return only after the new anchor is on
the disk; only then may the database use what was reserved. Nothing in it is secret or personal.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
from pathlib import Path

import msgspec

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.anchor_rules import (
    Anchor,
    Continue,
    DatabaseState,
    NewIncarnation,
    assess,
    with_codes_reserved,
    with_next_range,
)

FINGERPRINT_SOURCES = (Path("/etc/machine-id"), Path("/sys/class/dmi/id/product_uuid"))

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class AnchorFile:
    """The anchor at `path`. One owner at a time: the process that holds the database's writer."""

    def __init__(self, path: Path) -> None:
        """Names the place only."""
        self._path = path

    def read(self) -> Anchor | None:
        """The anchor, or None where no file is. Raises AnchorUnreadable."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Anchor)
        except FileNotFoundError:
            return None
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise problems.AnchorUnreadable(what="not an anchor") from error
        except OSError as error:
            raise problems.AnchorUnreadable(what=f"errno {error.errno}") from error

    def write(self, anchor: Anchor) -> None:
        """Make `anchor` durable. Raises StorageFull where there is no room, StorageUnavailable where the disk refuses for another reason."""
        try:
            write_durably(self._path, msgspec.json.format(msgspec.json.encode(anchor)))
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise problems.StorageFull(sqlite_code=0) from error
            raise problems.StorageUnavailable(sqlite_code=0, what=f"writing the anchor, errno {error.errno}") from error

    def reserve_range(self) -> Anchor:
        """Reserve the next range of sequences and return the anchor that says so. Not idempotent: a gap is harmless."""
        return self._moved(with_next_range(self._present()))

    def reserve_codes(self, series: str, day: dt.date, upto: int) -> Anchor:
        """Reserve code numbers of `series` on the Vietnam day `day` up to `upto`. Idempotent."""
        return self._moved(with_codes_reserved(self._present(), series, day, upto))

    def assess(self, database: DatabaseState, *, machine: str) -> Continue | NewIncarnation:
        """Whether the node may go on; an unreadable anchor is set aside and answers as a new incarnation."""
        try:
            return assess(self.read(), database, machine=machine)
        except problems.AnchorUnreadable:
            if self._path.exists():
                self._path.replace(self._path.with_name(self._path.name + ".unreadable"))
            return assess(None, database, machine=machine, is_readable=False)

    def _present(self) -> Anchor:
        anchor = self.read()
        if anchor is None:
            raise problems.AnchorUnreadable(what="missing")
        return anchor

    def _moved(self, anchor: Anchor) -> Anchor:
        self.write(anchor)
        return anchor


def machine_fingerprint(sources: tuple[Path, ...] = FINGERPRINT_SOURCES) -> str:
    """A hash over what identifies this machine; sources that cannot be read count as empty."""
    found = hashlib.sha256()
    for source in sources:
        try:
            found.update(source.read_bytes().strip() + b"\n")
        except OSError:
            found.update(b"\n")
    return found.hexdigest()[:32]
