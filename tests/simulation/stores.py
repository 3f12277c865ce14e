"""The real databases of a world, without threads: one connection each, whole transactions, and crashes where a crash can come.

A `Machine` is a disk with one database on it. `image` and `load` are backup and restore. Most machines live in memory-backed folders; some stand on
the faulty disk of tests/faults and lose power in the middle of a write.
"""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import apsw
import msgspec

from edge_node.bootstrap import filling
from sync_protocol import bodies, merge
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite import Ending, Migration, Turn, close_quietly, migrate, open_database
from sync_protocol.adapters.sqlite.translation import problem_for
from tests.faults.disk import FaultyDisk, StoredFile
from tests.faults.vfs import FaultVfs

T = TypeVar("T")
KEY = b"k" * 32


class Crashed(Exception):
    """The process died here. `committed` says whether its last transaction had reached the disk."""


_hidden: frozenset[str] = frozenset()
_real_read_body = bodies.read_body
_real_view_format = filling.view_format


def _read_body(type: str, tv: int, raw: bytes) -> object:
    body = None if type in _hidden else _real_read_body(type, tv, raw)
    return body if body is None else _without_fields(type, body)


def _without_fields(type: str, body: msgspec.Struct) -> msgspec.Struct:
    """As a program reads it that does not know some of its fields ("type:field"): they are as if nobody had set them."""
    fresh = {one.name: one.default for one in msgspec.structs.fields(body) if f"{type}:{one.name}" in _hidden}
    return msgspec.structs.replace(body, **fresh) if fresh else body


def _hide(hidden: frozenset[str]) -> None:
    global _hidden
    _hidden = hidden
    for place in (bodies, merge):
        place.read_body = _read_body if hidden else _real_read_body  # type: ignore[assignment,attr-defined]
    filling.view_format = (lambda: b"an older fold") if hidden else _real_view_format


@contextlib.contextmanager
def software_that_knows_not(hidden: frozenset[str]) -> Iterator[None]:
    """Run as an older version of the program, to which these event types mean nothing."""
    before = _hidden
    if hidden == before:
        yield
        return
    _hide(hidden)
    try:
        yield
    finally:
        _hide(before)


class Disk(Protocol):
    """Where a database lives."""

    def open(self) -> apsw.Connection:
        """A connection; the only one."""

    def image(self) -> bytes:
        """The database as a copy; no connection is open."""

    def load(self, image: bytes) -> None:
        """Put a copy in its place."""

    def cut_power(self, after_operations: int) -> bool:
        """Lose the power after so many writes; False where this disk cannot."""

    def restart(self) -> None:
        """Come back after a crash."""

    def discard(self) -> None:
        """The world is over."""


class FolderDisk:
    """A file in a folder. What was committed stays; power is never lost here."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> apsw.Connection:
        return open_database(self._path, KEY, exclusive=True)

    def image(self) -> bytes:
        return self._path.read_bytes()

    def load(self, image: bytes) -> None:
        for end in ("-wal", "-shm", "-journal"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        self._path.write_bytes(image)

    def cut_power(self, after_operations: int) -> bool:
        return False

    def restart(self) -> None:
        return None

    def discard(self) -> None:
        return None


class PoweredDisk:
    """A disk in memory that tears and forgets what was not synced when the power goes."""

    NAME = "/disk/a.db"

    def __init__(self, seed: int) -> None:
        self._disk = FaultyDisk(seed)
        self._vfs = FaultVfs(self._disk)

    def open(self) -> apsw.Connection:
        return open_database(self.NAME, KEY, vfs=self._vfs.name, exclusive=True)

    def image(self) -> bytes:
        return bytes(self._disk.files[self.NAME].seen)

    def load(self, image: bytes) -> None:
        self._disk.files.clear()
        self._disk.unlinked.clear()
        self._disk.files[self.NAME] = StoredFile(bytearray(image), bytearray(image), [], True)

    def cut_power(self, after_operations: int) -> bool:
        self._disk.power_off_at = self._disk.operations + after_operations
        return True

    def restart(self) -> None:
        self._disk.restart()

    def discard(self) -> None:
        self._vfs.unregister()  # SQLite keeps what is registered, and with it every disk of a long run
        self._disk.files.clear()


class InlineStore:
    """What `HubStore` and `NodeStore` offer, on one connection in the calling thread."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.connection: apsw.Connection | None = disk.open()
        self.crash_at: str = ""  # "before" or "after" the next COMMIT, or "power"
        self.crashes: list[str] = []
        self.power_is_doomed = False
        self.power_losses = 0
        self.trouble: str = ""  # "full" or "read_only": what the disk refuses for now
        self.refusals = 0
        self.hides: frozenset[str] = frozenset()  # event types, and "type:field", that this machine's older software does not know
        self.writer = self.looks = self
        self.has_looks_beside = False
        self.is_looked_at = True  # so that a crash may come between two pieces of a batch
        self.readers = _Reading(self)

    def run(self, function: Callable[[apsw.Connection], T]) -> T:
        """One transaction; raises Crashed where the plan says so, and a StorageProblem where the disk refuses."""
        if self.connection is None:
            raise Crashed()
        plan, self.crash_at = self.crash_at, ""
        if plan == "power":
            self.power_is_doomed = self.disk.cut_power(random.Random(len(self.crashes)).randrange(1, 9))
            plan = "" if self.power_is_doomed else "before"
        outcome = self._transaction(self.connection, function, plan)
        if plan == "after":
            self._die(plan)
            raise Crashed()
        return outcome

    @contextlib.asynccontextmanager
    async def in_bulk(self) -> AsyncIterator[None]:
        """Memory is no matter here."""
        yield

    def _transaction(self, connection: apsw.Connection, function: Callable[[apsw.Connection], T], plan: str) -> T:
        try:
            connection.execute("BEGIN IMMEDIATE")
            with software_that_knows_not(self.hides):
                outcome = function(connection)
            if plan == "before":
                raise Crashed()
            connection.execute("COMMIT")
        except Crashed:
            self._die(plan)
            raise
        except apsw.Error as error:
            if self.power_is_doomed:
                self._die("power")
                raise Crashed() from error
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if not self.trouble:
                raise
            self.refusals += 1
            raise problem_for(error, "simulated") from error
        except BaseException:
            with contextlib.suppress(apsw.IOError):  # the power may go while undoing
                connection.execute("ROLLBACK")
            raise
        return outcome

    def begin_trouble(self, trouble: str) -> None:
        """The disk is full, or can only be read, until this is called with ""; it is SQLite itself that refuses then."""
        self.trouble = trouble
        if self.connection is not None:
            self._impose(self.connection)

    def _impose(self, connection: apsw.Connection) -> None:
        connection.pragma("max_page_count", 1 if self.trouble == "full" else 1 << 30)
        connection.pragma("query_only", self.trouble == "read_only")

    def _opened(self) -> apsw.Connection:
        connection = self.disk.open()
        if self.trouble:
            self._impose(connection)
        return connection

    def pushes_with(self, ending: Ending) -> None:
        """One writes at a time."""

    def settled_position(self) -> int:
        """See `HubStore`."""
        return self.readers.run(event_log.last_position)

    async def run_async(self, function: Callable[[apsw.Connection], T], *, turn: Turn = Turn.QUEUE) -> T:
        """As `run`."""
        return self.run(function)

    async def run_each_async(
        self, functions: Sequence[Callable[[apsw.Connection], T]], *, turn: Turn = Turn.QUEUE
    ) -> list[T]:
        """Each in a transaction of its own: a crash may come between any two."""
        return [self.run(function) for function in functions]

    def wait_for_rest(self, within_s: float) -> bool:
        """Nothing else is ever under way."""
        return True

    def _die(self, plan: str) -> None:
        self.crashes.append(plan)
        self.power_losses += plan == "power"
        self.close()

    def close(self) -> None:
        """The process is gone."""
        if self.connection is not None:
            close_quietly(self.connection)
            self.connection = None

    def boot(self) -> None:
        """Start again on what the disk holds."""
        self.close()
        self.disk.restart()
        self.power_is_doomed = False
        self.connection = self._opened()

    def image(self) -> bytes:
        """A backup of the whole database."""
        self.close()
        if self.power_is_doomed:
            self.disk.restart()
            self.power_is_doomed = False
            self.disk.open().close()  # what was committed lies in the write-ahead log: the file alone would lack it
        found = self.disk.image()
        self.connection = self._opened()
        return found

    def load(self, image: bytes) -> None:
        """Replace the database by an older copy; it is open afterwards."""
        self.close()
        self.disk.restart()
        self.power_is_doomed = False
        self.disk.load(image)
        self.connection = self._opened()


class _Reading:
    """Readers of the same state, outside any transaction."""

    def __init__(self, store: InlineStore) -> None:
        self._store = store

    def run(self, function: Callable[[apsw.Connection], T]) -> T:
        if self._store.connection is None:
            raise Crashed()
        try:
            with software_that_knows_not(self._store.hides):
                return function(self._store.connection)
        except apsw.IOError as error:
            if not self._store.power_is_doomed:
                raise
            self._store.close()
            raise Crashed() from error

    async def run_async(self, function: Callable[[apsw.Connection], T]) -> T:
        return self.run(function)


class Templates:
    """Empty migrated databases, made once and copied into every world."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._images: dict[str, bytes] = {}

    def image(self, name: str, steps: Sequence[Migration]) -> bytes:
        """The empty database of one kind."""
        if name not in self._images:
            path = self.folder / f"template-{name}.db"
            connection = open_database(path, KEY, exclusive=True)
            migrate(connection, steps)
            connection.close()
            self._images[name] = path.read_bytes()
        return self._images[name]

    def store(self, world: str, name: str, image: bytes, powered: int | None) -> InlineStore:
        """A machine with a copy of an image; `powered` is the seed of a disk that can lose power, or None."""
        if powered is None:
            folder = self.folder / world
            folder.mkdir(exist_ok=True)
            disk: Disk = FolderDisk(folder / f"{name}.db")
        else:
            disk = PoweredDisk(powered)
        disk.load(image)
        return InlineStore(disk)

    def forget(self, world: str) -> None:
        """Remove a world's files."""
        shutil.rmtree(self.folder / world, ignore_errors=True)
