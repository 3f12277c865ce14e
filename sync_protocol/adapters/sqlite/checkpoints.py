"""Copying the write-ahead log home beside the writer, in a thread and on a connection of its own.

A log of 8,000 pages takes a few hundred milliseconds to copy: done by the writer after a commit, everybody who waits for the next commit
waits for that too, a look-up as well. A passive checkpoint takes no lock that a writer or a reader wants. What was written during the one
pass, a commit or two, the writer copies itself behind its next commit: then nothing is left and the log begins anew. (A thread that
passed again and again until nothing was left copied the same pages after every commit.) Where many pages change with every commit the log may
have several passes: what the writer copies are then fewer pages, and fewer who wait meet it. Where queues are drained a pass never catches up,
and the rest was 100 to 200 ms of the writer in a hub of a million dossiers: a writer that may leave its queues alone (`stands_back`) does so during one more
pass, serves those whom people wait for meanwhile, and copies what they left. Where the thread fails and the log grows to `most_pages`, the writer copies
all of it. Durability is the commit's own and does not hang on this.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import apsw

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite.translation import close_quietly


class Checkpoints:
    """Copies pages home whenever the watched writer's log has grown by `pages`; after `passes` the log is to begin anew.

    `opener` gives a writing connection of its own. `has_calm_pass` says that the writer asks `stands_back` before it begins with a queue.
    """

    def __init__(
        self, opener: Callable[[], apsw.Connection], *, pages: int, most_pages: int, passes: int = 1, has_calm_pass: bool = False
    ) -> None:
        self._opener = opener
        self._pages, self._most_pages, self._passes = pages, most_pages, passes
        self._has_calm_pass = has_calm_pass
        self._is_calm_wanted = self._is_calmed = False  # the pass beside which the writer stands back: asked for; done
        self._is_due = threading.Event()
        self._passed = 0  # how often the thread has copied; after the last pass what came meanwhile is left to the writer
        self._seen = self._begun = 0  # pages of the log after the last commit, and when the last pass was asked for
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="database-checkpoints", daemon=True)
        self._thread.start()

    def watch(self, connection: apsw.Connection) -> apsw.Connection:
        """Have this writer's commits say how long the log is; takes the place of its own checkpoints. Returns the connection."""
        connection.set_wal_hook(self._grown)
        return connection

    def stands_back(self) -> bool:
        """Whether queues wait for a pass, so that hardly anything is left when it ends. False once the thread has ended."""
        return self._is_calm_wanted and self._thread.is_alive()

    def allow(self, pages: int, most_pages: int) -> None:
        """From now on copy at this length of the log. From any thread."""
        self._pages, self._most_pages = pages, most_pages

    def close(self) -> None:
        """End the thread after the pass it is at. May be called twice."""
        self._is_closed = True
        self._is_due.set()
        self._thread.join()

    def _grown(self, connection: apsw.Connection, name: str, pages: int) -> int:
        if pages < self._seen:  # the log has begun anew
            self._begun, self._passed, self._is_calmed = 0, 0, False
        self._seen = pages
        has_passed = self._passed >= self._passes
        if (has_passed and (self._is_calmed or not self._has_calm_pass)) or pages >= self._most_pages:
            self._passed, self._is_calmed = 0, False
            _copy(connection)
        elif has_passed:
            self._is_calm_wanted = True
            self._is_due.set()
        elif pages - self._begun >= self._pages:
            self._begun = pages
            self._is_due.set()
        return apsw.SQLITE_OK

    def _serve(self) -> None:
        connection: apsw.Connection | None = None
        while True:
            self._is_due.wait()
            self._is_due.clear()
            if self._is_closed:
                break
            is_calm = self._is_calm_wanted
            try:
                connection = connection or self._opener()
                _copy(connection)
                self._passed += 1
                self._is_calmed = is_calm
            except (apsw.Error, problems.StorageProblem):  # the writer meets the same disk, and says so
                if connection is not None:
                    close_quietly(connection)
                connection = None
            if is_calm:
                self._is_calm_wanted = False
        if connection is not None:
            close_quietly(connection)


def _copy(connection: apsw.Connection) -> None:
    """One passive pass; what a reader still sees, or was written meanwhile, stays for the next one."""
    with contextlib.suppress(apsw.BusyError, apsw.LockedError):  # another one is at it
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
