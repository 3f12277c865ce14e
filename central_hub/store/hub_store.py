"""Opening the hub's database, embedded or PostgreSQL: one writer that commits for many offices at once, and readers beside it.

PostgreSQL lets a worker's pushes share the order of writing with those of others (`pushes_with`); everything else is written by one at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import apsw
import msgspec

from central_hub.store.schema import MIGRATIONS
from sync_protocol.adapters import event_log
from sync_protocol.adapters.disk import free_bytes
from sync_protocol.adapters.projection_upgrade import VIEWS_MADE_WITH, bring_up, folds_all, is_up
from sync_protocol.adapters.sqlite import (
    Checkpoints,
    Ending,
    Readers,
    Room,
    Writer,
    migrate,
    open_database,
    require_room,
    room_at,
)

# Ids and search keys fall anywhere in their indexes: a batch of 500 changes 2,000 pages of a large hub. Copied home after every batch
# they cost more than all the rest of it (60,000 dossiers held: 158 -> 120 us of CPU a document). They are copied beside the writer.
CHECKPOINT_PAGES = 8_000  # 32 MB
CHECKPOINTS_A_LOG = 2  # 64 MB, which is what the file keeps
LOG_PAGES_MAX = 64_000  # 256 MB: then the writer copies before anything else is written
GROUP_LIMIT = 64  # push requests that share one COMMIT (hub rule H1)
_ASKS_FOR_LANE = "SELECT 1 FROM pg_constraint WHERE conname = 'event_lane_fkey' AND conrelid = 'event'::regclass"
# In a large hub every slice of a push writes hundreds of pages of its own: a dozen slices are a COMMIT of 50 ms. Without looks a small hub writes
# the pages that they share once for all of them.
BESIDE_LOOKS_S = 0.01
GROUP_S = 0.2  # of whole batches, sixty-four would be a second
# Eight batches of an office are under way: while four are committed the next four come and are proven. Keys fall anywhere, so four in one transaction
# write hardly more pages than two. More would be a writer that waits for its office.
JOINED_MAX = 4
SHARED_GROUP_S = 0.1  # where others wait for the order of all that is written, or for the end of those that share it


class Engine(Protocol):
    """What keeps the hub's tables: opens sessions that run the hub's statements."""

    @property
    def group_s(self) -> float:
        """How long one transaction of the writer gathers functions before it is committed."""

    def open(self, *, read_only: bool) -> apsw.Connection:
        """A session of its own, under the house policy. Raises StorageProblem."""

    def room(self) -> Room | None:
        """The room for an upgrade of the tables; None where their disk is not seen from here."""

    def settle(self, connection: apsw.Connection) -> None:
        """Once the tables are as this program knows them: what this engine alone does to them. Idempotent."""

    def take_time(self, connection: apsw.Connection) -> None:
        """This session writes alone and may stand still in its transaction for as long as its work takes."""

    def looks(self, writer: Writer) -> Writer:
        """Who commits what looking leaves behind: the writer, or where several may write one beside it."""

    def pushes(self, ending: Ending) -> Writer | None:
        """Who commits pushes that stay within their office, several offices' at once; None where one writes at a time."""

    def follower(self, writer: Writer) -> Writer:
        """Who commits what is made from the log behind it: the writer, or where several may write one beside pushes."""

    def number_on(self, connection: apsw.Connection, table: str, column: str) -> None:
        """After rows came with their numbers: let the next new row have the number after the highest."""

    def look_around(self, connection: apsw.Connection) -> None:
        """After all rows came at once, outside a transaction: what this engine wants to know of its tables before it is asked well."""

    def checkpoints(self) -> Checkpoints | None:
        """What copies the write-ahead log home beside the writer; None where the engine does so by itself."""


class Embedded(msgspec.Struct, frozen=True):
    """One encrypted SQLite file on this machine. `free` says how many bytes are free where a folder lies."""

    path: Path
    key: bytes
    group_s: float = GROUP_S
    free: Callable[[Path], int] = free_bytes

    def open(self, *, read_only: bool) -> apsw.Connection:
        """See `Engine`."""
        return open_database(self.path, self.key, read_only=read_only, checkpoint_pages=CHECKPOINT_PAGES)

    def room(self) -> Room | None:
        """See `Engine`."""
        return room_at(self.path, self.free)

    def settle(self, connection: apsw.Connection) -> None:
        """See `Engine`."""

    def take_time(self, connection: apsw.Connection) -> None:
        """See `Engine`."""

    def looks(self, writer: Writer) -> Writer:
        """See `Engine`."""
        return writer

    def pushes(self, ending: Ending) -> Writer | None:
        """See `Engine`."""
        return None

    def follower(self, writer: Writer) -> Writer:
        """See `Engine`."""
        return writer

    def number_on(self, connection: apsw.Connection, table: str, column: str) -> None:
        """SQLite does so by itself."""

    def look_around(self, connection: apsw.Connection) -> None:
        """See `Engine`: nothing, every question has its index."""

    def checkpoints(self) -> Checkpoints | None:
        """See `Engine`."""
        return Checkpoints(
            lambda: self.open(read_only=False), pages=CHECKPOINT_PAGES, most_pages=LOG_PAGES_MAX, passes=CHECKPOINTS_A_LOG,
            has_calm_pass=True,
        )  # fmt: skip


class Postgres(msgspec.Struct, frozen=True):
    """A PostgreSQL database, for a hub that outgrew one machine."""

    url: str
    group_s: float = SHARED_GROUP_S

    def open(self, *, read_only: bool) -> apsw.Connection:
        """See `Engine`."""
        from central_hub.store.postgres.session import open_postgres  # an embedded hub never loads the client

        return open_postgres(self.url, read_only=read_only)

    def room(self) -> Room | None:
        """See `Engine`: the server's disk is the operator's to watch; without room the server refuses, and the step is undone."""
        return None

    def settle(self, connection: apsw.Connection) -> None:
        """See `Engine`: no event asks for its lane.

        PostgreSQL asks for each row, while all workers wait: a quarter of what it takes to store an event. The lane is opened in the same
        transaction and none is ever deleted; the nightly walk looks for events without one.
        """
        if connection.execute(_ASKS_FOR_LANE).fetchone() is not None:
            with connection:
                connection.execute("ALTER TABLE event DROP CONSTRAINT IF EXISTS event_lane_fkey")

    def take_time(self, connection: apsw.Connection) -> None:
        """See `Engine`."""
        connection.execute("SET idle_in_transaction_session_timeout = 0")

    def looks(self, writer: Writer) -> Writer:
        """See `Engine`: no look waits for what this worker or another receives."""
        from central_hub.store.postgres.dialect import LOOKING
        from central_hub.store.postgres.session import open_postgres

        return Writer(lambda: open_postgres(self.url, opening=LOOKING), group_limit=GROUP_LIMIT)

    def pushes(self, ending: Ending) -> Writer | None:
        """See `Engine`: the order is shared, `ending` is what remains one at a time."""
        from central_hub.store.postgres.dialect import SHARING
        from central_hub.store.postgres.session import open_postgres

        return Writer(lambda: open_postgres(self.url, opening=SHARING), group_limit=GROUP_LIMIT, group_s=self.group_s, ending=ending)

    def follower(self, writer: Writer) -> Writer:
        """See `Engine`: it shares the order with pushes, and is one over all workers."""
        from central_hub.store.postgres.dialect import FOLLOWING
        from central_hub.store.postgres.session import open_postgres

        return Writer(lambda: open_postgres(self.url, opening=FOLLOWING))

    def number_on(self, connection: apsw.Connection, table: str, column: str) -> None:
        """Sets the sequence behind the column."""
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 0) + 1, false) FROM {table}"
        )

    def look_around(self, connection: apsw.Connection) -> None:
        """See `Engine`: the server counts its tables and marks its rows as seen by itself, some minutes later; until then single questions took a second."""
        connection.execute("VACUUM (ANALYZE)")

    def checkpoints(self) -> Checkpoints | None:
        """PostgreSQL does so by itself."""
        return None


class HubStore:
    """The hub's database. `writer.run_async(f)` commits f's work; `readers.run_async(f)` reads a consistent state.

    `looks.run_async(f, turn=Turn.LOOK)` is for an f that reads and writes nothing but what looking leaves behind: audit rows, the pace, an
    emergency. Between two of its statements others may commit what was received. Raises UpgradeNeedsRoom.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        connection = engine.open(read_only=False)
        try:
            room = engine.room()
            if room is not None:
                require_room(connection, MIGRATIONS, room, lambda c: folds_all(read_state(c, VIEWS_MADE_WITH)))
            migrate(connection, MIGRATIONS)
            engine.settle(connection)
            _bring_views_up(connection)
        finally:
            connection.close()
        self._checkpoints = engine.checkpoints()
        self.writer = Writer(
            self._open_writer, group_limit=GROUP_LIMIT, group_s=engine.group_s, beside_looks_s=BESIDE_LOOKS_S, joined_max=JOINED_MAX,
            stands_back=lambda: self._checkpoints is not None and self._checkpoints.stands_back(),
        )  # fmt: skip
        self.looks = engine.looks(self.writer)
        self.readers = Readers(lambda: engine.open(read_only=True))
        self._pushes: Writer | None = None
        self._follower: Writer | None = None
        self._gate = threading.Lock()  # several ask for the follower first: the loop, and threads that want to know what is settled

    @property
    def has_looks_beside(self) -> bool:
        """Whether looks wait for no writer."""
        return self.looks is not self.writer

    def pushes_with(self, ending: Ending) -> Writer | None:
        """Who commits pushes that stay within their office beside others', made at the first asking; None where one writes at a time."""
        self._pushes = self._pushes or self.engine.pushes(ending)
        return self._pushes

    @property
    def follower(self) -> Writer:
        """Who commits what is made from the log behind it (figures, letters to gateways), one at a time over all workers, and writes nothing else. Pushes that
        stay within their office are committed meanwhile; such a function goes as far as `event_log.settled_position`.
        """
        with self._gate:
            self._follower = self._follower or self.engine.follower(self.writer)
            return self._follower

    def settled_position(self) -> int:
        """A position of the log up to which everything is committed: whoever goes through the log with a cursor, outside a writing transaction, goes to
        there. Not from the event loop.

        Beside others a later position may be committed first.
        """
        return (self.follower if self.has_looks_beside else self.readers).run(event_log.settled_position)

    def _open_writer(self) -> apsw.Connection:
        connection = self.engine.open(read_only=False)
        return connection if self._checkpoints is None else self._checkpoints.watch(connection)

    def close(self) -> None:
        """Finish queued work and close every connection."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        self.looks.close()
        for beside in (self._pushes, self._follower):
            if beside is not None:
                beside.close()
        self.writer.close()
        self.readers.close()


def _bring_views_up(connection: apsw.Connection) -> None:
    """Once for all processes of this hub: the second that asks finds it done."""
    if is_up(read_state(connection, VIEWS_MADE_WITH)):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        made_with = bring_up(connection, read_state(connection, VIEWS_MADE_WITH))
        if made_with is not None:
            write_state(connection, VIEWS_MADE_WITH, made_with)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def read_state(connection: apsw.Connection, key: str) -> bytes | None:
    """A single value of the hub (epoch, hub id)."""
    row = connection.execute("SELECT value FROM hub_state WHERE key = ?", (key,)).fetchone()
    return None if row is None else bytes(row[0])


def write_state(connection: apsw.Connection, key: str, value: bytes) -> None:
    """Set a single value of the hub."""
    connection.execute("INSERT OR REPLACE INTO hub_state(key, value) VALUES(?, ?)", (key, value))
