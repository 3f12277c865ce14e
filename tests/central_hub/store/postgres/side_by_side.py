"""Two workers over one database, and pushes that a test leads by hand, step by step, beside theirs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import apsw
import psycopg

from central_hub.ingest import beside
from central_hub.ingest.asker import asker_of
from central_hub.ingest.nodes import enrol_node
from central_hub.store.hub_store import HubStore
from central_hub.store.postgres.dialect import FOLLOWING, SHARING
from central_hub.store.postgres.session import open_postgres
from sync_protocol.adapters import event_log
from sync_protocol.adapters.folded import fold_ahead
from sync_protocol.envelope import Event
from tests.central_hub.ingest.frames import Desk
from tests.central_hub.store.postgres.server import Server
from tests.offices import Clock, Hub

PATIENCE_S = 60  # only a failing test waits so long
_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
)


class Push:
    """A push in a session of its own, in the shared order. It holds what it took until it is committed or undone."""

    def __init__(self, url: str) -> None:
        self.session = open_postgres(url, opening=SHARING)
        self.done: list[beside.Beside] = []

    def write(self, desk: Desk, events: list[Event]) -> Push:
        """The first part: begin, where nothing is begun, and write what is the office's own."""
        if not self.session.in_transaction:
            self.session.execute("BEGIN IMMEDIATE")
        known = asker_of(self.session, desk.node)
        self.done.append(beside._store(self.session, known, events, fold_ahead(events), (), 1))
        return self

    def settle(self) -> Push:
        """The second: look for what is shared."""
        beside.settle(self.session, self.done)
        return self

    def commit(self) -> None:
        """The end."""
        self.session.execute("COMMIT")

    def undo(self) -> None:
        """Nothing of it stays."""
        if self.session.in_transaction:
            self.session.execute("ROLLBACK")


class SideBySide:
    """Two workers (hubs with their service), and everything that a test starts beside them."""

    def __init__(self, server: Server, root: Path) -> None:
        self.workers = [Hub(root, Clock()) for _ in range(2)]
        self.url = server.engine_at(root).url
        self._threads = ThreadPoolExecutor(4)
        self._pushes: list[Push] = []
        self._followers: list[apsw.Connection] = []

    @property
    def store(self) -> HubStore:
        """The first worker's."""
        return self.workers[0].store

    def enrol(self, *desks: Desk) -> None:
        """Let desks in."""
        for desk in desks:
            self.store.writer.run(lambda c, d=desk: enrol_node(c, d.node, d.office, d.signer.public_key, 1))  # type: ignore[misc]

    def push(self) -> Push:
        """A push to lead by hand."""
        self._pushes.append(Push(self.url))
        return self._pushes[-1]

    def follower(self, opening: str = FOLLOWING) -> apsw.Connection:
        """A session that follows the log, in its transaction. It holds what it took until it is committed or closed."""
        self._followers.append(open_postgres(self.url, opening=opening))
        self._followers[-1].execute("BEGIN IMMEDIATE")
        return self._followers[-1]

    def start(self, work: Callable[[], object]) -> Future[object]:
        """Do something meanwhile."""
        return self._threads.submit(work)

    def until_waiting(self, work: Future[object], sessions: int = 1) -> bool:
        """Whether so many sessions wait for a lock; False where the work has ended first."""
        until = time.monotonic() + PATIENCE_S
        with psycopg.connect(self.url, autocommit=True) as watch:
            while time.monotonic() < until:
                row = watch.execute(_WAITING).fetchone()
                if row is not None and row[0] >= sessions:
                    return True
                if work.done():
                    return False
        raise AssertionError("neither waiting nor done")

    def rows(self, sql: str) -> list[tuple[apsw.SQLiteValue, ...]]:
        """What is committed."""
        return self.store.readers.run(lambda c: c.execute(sql).fetchall())

    def events(self) -> list[Event]:
        """What was taken, in order."""
        return self.store.readers.run(lambda c: [event for _, _, event in event_log.all_events(c)])

    def close(self) -> None:
        """End everything."""
        for push in self._pushes:
            push.undo()
            push.session.close()
        for follower in self._followers:
            follower.close()
        self._threads.shutdown()
        for worker in self.workers:
            worker.close()


@contextmanager
def side_by_side(server: Server, root: Path) -> Iterator[SideBySide]:
    """Two workers to the end of the block."""
    made = SideBySide(server, root)
    try:
        yield made
    finally:
        made.close()
