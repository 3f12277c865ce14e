"""Reading connections: many readers beside the one writer, each seeing one consistent moment.

Invariant: a reading function sees a single snapshot (one read transaction) and can write nothing, because its connection cannot.
"""

from __future__ import annotations

import asyncio
import concurrent.futures as futures
import contextlib
import queue
from collections.abc import Callable, Iterator
from typing import TypeVar

import apsw

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite.translation import close_quietly, problem_for

T = TypeVar("T")
READERS_DEFAULT = 4


class Readers:
    """At most `size` connections, opened when first needed by `opener`, which makes them unable to write, and kept."""

    def __init__(self, opener: Callable[[], apsw.Connection], *, size: int = READERS_DEFAULT) -> None:
        self._opener = opener
        self._idle: queue.LifoQueue[apsw.Connection | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)
        self._size = size
        self._is_closed = False
        self._threads = futures.ThreadPoolExecutor(size, thread_name_prefix="database-reader")

    def run(self, function: Callable[[apsw.Connection], T]) -> T:
        """`function` on one snapshot; waits for a free connection. SQLite's errors arrive as Problems.

        Raises:
            WriterStopped: the store was closed; a thread that was at work meanwhile ends and does not wait for ever.
        """
        with self._borrowed() as connection:
            connection.execute("BEGIN")
            try:
                return function(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    async def run_async(self, function: Callable[[apsw.Connection], T]) -> T:
        """As `run`, awaitable, in a thread of this pool."""
        return await asyncio.wrap_future(self._threads.submit(self.run, function))

    def close(self) -> None:
        """Close every connection once its present user is done with it."""
        self._threads.shutdown(wait=True)
        for _ in range(self._size):
            connection = self._idle.get()
            if connection is not None:
                close_quietly(connection)
        self._is_closed = True
        self._idle.put(None)  # whoever asks from now on takes it, sees that all is over, and leaves it for the next

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[apsw.Connection]:
        connection = self._idle.get()
        try:
            if self._is_closed:
                raise problems.WriterStopped(what="closed")
            if connection is None:
                connection = self._opener()
            yield connection
        except problems.StorageUnavailable:
            if connection is not None:
                close_quietly(connection)
                connection = None
            raise
        except (apsw.Error, UnicodeDecodeError) as error:
            if connection is not None:
                close_quietly(connection)
                connection = None
            raise problem_for(error, "reading") from error
        finally:
            self._idle.put(connection)
