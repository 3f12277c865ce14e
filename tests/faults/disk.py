"""A disk in memory that can lose power: the model every fault test stands on.

Each file holds what is `durable`, what programs `see`, and the ordered writes `pending` between the two. A power loss keeps an
arbitrary subset of the pending writes (which is reordering), tears some of them at sectors, and fills torn sectors with
garbage. Names are volatile too: a created file may vanish, a deleted one may come back, until a sync.
The first sync of a new file also makes its folder durable, as SQLite's unix VFS does; without that the model reports losses
that no real disk has. Everything follows from one seed.
"""

from __future__ import annotations

import dataclasses
import random
from typing import Literal

import apsw

SECTOR_BYTES = 512
Failure = Literal["io", "full"]


@dataclasses.dataclass
class StoredFile:
    """One file: `pending` holds (offset, bytes), or (length, None) for a truncation."""

    durable: bytearray = dataclasses.field(default_factory=bytearray)
    seen: bytearray = dataclasses.field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = dataclasses.field(default_factory=list)
    is_linked: bool = False


@dataclasses.dataclass
class FaultyDisk:
    """The disk with its plan of faults.

    Attributes:
        power_off_at: operation number at which the power goes.
        fail_at: operation number that fails; `keeps_failing` makes all later ones fail too.
        lying_sync: share of syncs that report success and do nothing.
    """

    seed: int
    power_off_at: int | None = None
    fail_at: int | None = None
    failure: Failure = "io"
    keeps_failing: bool = False
    lying_sync: float = 0.0
    operations: int = 0
    failures: int = 0
    files: dict[str, StoredFile] = dataclasses.field(default_factory=dict)
    unlinked: dict[str, StoredFile] = dataclasses.field(default_factory=dict)
    is_off: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def operate(self, *, takes_room: bool = False) -> None:
        """Count one changing operation, and fail it where the plan says so."""
        if self.is_off:
            raise apsw.IOError("power is off")
        self.operations += 1
        if self.power_off_at is not None and self.operations >= self.power_off_at:
            self.is_off = True
            raise apsw.IOError("power is off")
        if self.fail_at is None or self.operations < self.fail_at:
            return
        if self.operations == self.fail_at or self.keeps_failing:
            self.failures += 1
            raise (apsw.FullError if self.failure == "full" and takes_room else apsw.IOError)("injected")

    def sync(self, file: StoredFile) -> None:
        """Make a file durable, unless this sync lies."""
        self.operate()
        if self.lying_sync and self.chance.random() < self.lying_sync:
            return
        file.durable, file.pending = bytearray(file.seen), []
        if not file.is_linked:
            file.is_linked = True
            self.unlinked.clear()

    def restart(self) -> None:
        """Lose the power and come back with what a real disk could hold."""
        for name, file in list(self.files.items()):
            if not file.is_linked and self.chance.random() < 0.5:
                del self.files[name]
                continue
            file.durable = self._after_loss(file)
            file.seen, file.pending, file.is_linked = bytearray(file.durable), [], True
        for name, file in self.unlinked.items():
            if name not in self.files and file.is_linked and self.chance.random() < 0.5:
                self.files[name] = StoredFile(file.durable, bytearray(file.durable), [], True)
        self.unlinked.clear()
        self.is_off, self.power_off_at, self.fail_at = False, None, None

    def _after_loss(self, file: StoredFile) -> bytearray:
        image = bytearray(file.durable)
        keeps_all = self.chance.random() < 0.2
        for place, written in file.pending:
            if not keeps_all and self.chance.random() < 0.5:
                continue
            if written is None:
                del image[place:]
            else:
                overwrite(image, place, self._torn(image, place, written))
        return image

    def _torn(self, image: bytearray, place: int, written: bytes) -> bytes:
        """The write as it arrived: whole, or with sectors left as they were or turned to garbage."""
        if len(written) <= SECTOR_BYTES or self.chance.random() < 0.7:
            return written
        arrived = bytearray(written)
        for start in range(0, len(written), SECTOR_BYTES):
            fate, length = self.chance.random(), min(SECTOR_BYTES, len(written) - start)
            if fate < 0.25:
                arrived[start : start + length] = self.chance.randbytes(length)
            elif fate < 0.5:
                before = image[place + start : place + start + length]
                arrived[start : start + length] = before.ljust(length, b"\0")
        return bytes(arrived)


def overwrite(image: bytearray, place: int, written: bytes) -> None:
    """Put `written` at `place`, growing with zeros."""
    if len(image) < place + len(written):
        image.extend(bytes(place + len(written) - len(image)))
    image[place : place + len(written)] = written
