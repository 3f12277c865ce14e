"""The one writer of a database: a thread, a connection, and whole transactions only.

Invariant: whatever `run` returned is committed with `synchronous=FULL`; whatever it raised left no trace. One function is
one `BEGIN IMMEDIATE ... COMMIT`. With `group_limit` above 1 (the hub), functions that wait together share one
transaction, as if each were inside a savepoint: each gets its own outcome, and only after the single COMMIT succeeded.
Functions go by turn: looking first, then acts, then queues (`Turn`). A group that one of an earlier turn finds under way is committed after the function it
is at. A look joins it for that, inside a savepoint: it would have waited for this COMMIT anyway, and is spared one of its own. Else functions of different
turns share no transaction.

After an input/output error the connection is closed and opened again before the next function: a failed fsync is never
retried on the same handle (the kernel may have dropped the dirty pages). After corruption the writer stops for good.
"""

from __future__ import annotations

import asyncio
import concurrent.futures as futures
import enum
import itertools
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import apsw

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite.group import Ending, Job, is_usable, nobody, run_group
from sync_protocol.adapters.sqlite.translation import close_quietly, problem_for

T = TypeVar("T")
QUEUE_LIMIT = 10_000
LOOKED_S = 2.0  # after a look somebody goes on looking, mostly
STANDS_BACK_S = 0.001  # a queue that waits asks again so often


class Turn(enum.IntEnum):
    """Who waits for a function. Of two that wait the lower goes first."""

    LOOK = 0
    """A person waits for what is found: short, and many acts of others may stand before it."""
    ACT = 1
    """A person has pressed a button."""
    QUEUE = 2
    """Nobody waits."""
    END = 3
    """Never a function: the writer's own end."""


_Place = tuple[Turn, int, Job[Any] | None]  # the number is that of its arrival


class Writer:
    """Runs functions on the only writing connection, one after another, from threads and from asyncio.

    `opener` is called in the writer's own thread, at the start and again after an input/output error. A group that has run for `group_s` seconds
    is committed after the function it is at: other processes may wait for this transaction. While somebody looks things up, one that has run
    for `beside_looks_s`: a look that comes meanwhile waits for the COMMIT of all that the group has written. A group of repeatable functions of a queue takes
    those along that came while it ran, until it has `joined_max`. As long as it `stands_back`, no queue is begun; looks and acts are. `ending` is given
    what the functions of a group returned, inside their transaction before its COMMIT; what it raises is the outcome of all of them.
    """

    def __init__(
        self, opener: Callable[[], apsw.Connection], *, group_limit: int = 1, group_s: float = math.inf, beside_looks_s: float = math.inf,
        joined_max: int = 1, stands_back: Callable[[], bool] = lambda: False, ending: Ending | None = None,
    ) -> None:  # fmt: skip
        self._opener, self._stands_back, self._ending = opener, stands_back, ending
        self._group_limit, self._group_s, self._beside_looks_s = group_limit, group_s, min(group_s, beside_looks_s)
        self._joined_max = joined_max
        self._looking_until_s = -math.inf
        self._rests = threading.Event()  # in a COMMIT, or nothing to do
        self._jobs: queue.PriorityQueue[_Place] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._gate = threading.Lock()
        self._stopped: problems.StorageProblem | None = None
        self._opened: futures.Future[None] = futures.Future()
        self._thread = threading.Thread(target=self._serve, name="database-writer", daemon=True)
        self._thread.start()
        self._opened.result()

    def submit(
        self, function: Callable[[apsw.Connection], T], *, turn: Turn = Turn.QUEUE, is_repeatable: bool = False
    ) -> futures.Future[T]:
        """Queue `function`; the future answers after the COMMIT. Raises WriterStopped when nothing is accepted any more.

        `is_repeatable` says that it does nothing but what a rollback undoes, so that it may run a second time in the same group.
        """
        job = Job(function, is_repeatable=is_repeatable)
        job.future.set_running_or_notify_cancel()  # a queued write is not taken back: its caller cannot know how far it is
        with self._gate:
            if self._stopped is not None:
                raise problems.WriterStopped(what=self._stopped.operator_line)
            if self._jobs.qsize() >= QUEUE_LIMIT:
                raise problems.StorageBusy()
            self._jobs.put((turn, next(self._numbers), job))
            if turn == Turn.LOOK:
                self._looking_until_s = time.monotonic() + LOOKED_S
        return job.future

    def run(self, function: Callable[[apsw.Connection], T]) -> T:
        """Run `function` in one transaction and wait for the COMMIT. For threads; never from the event loop."""
        return self.submit(function).result()

    async def run_async(self, function: Callable[[apsw.Connection], T], *, turn: Turn = Turn.QUEUE) -> T:
        """As `run`, awaitable. Cancelling the await does not cancel the write."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(function, turn=turn)))

    async def run_each_async(
        self, functions: Sequence[Callable[[apsw.Connection], T]], *, turn: Turn = Turn.QUEUE
    ) -> list[T]:
        """Queue several functions behind one another and await all; each has its own outcome, and whoever has an earlier turn may come between.
        They are repeatable (`submit`).

        Where nobody does, they share a transaction if the group's limit allows it. Raises what the first that failed raised, after the last ended.
        """
        waiting = [asyncio.wrap_future(self.submit(one, turn=turn, is_repeatable=True)) for one in functions]
        outcomes = await asyncio.shield(asyncio.gather(*waiting, return_exceptions=True))
        found: list[T] = []
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            found.append(outcome)
        return found

    @property
    def is_looked_at(self) -> bool:
        """Whether somebody looks things up, and mostly goes on doing so: what nobody waits for is then asked for in small pieces. From any thread."""
        return time.monotonic() < self._looking_until_s

    def wait_for_rest(self, within_s: float) -> bool:
        """Wait until it is in a COMMIT or has nothing to do, at most so many seconds; False where it has not come to that. At any other time whoever needs
        the interpreter for long is in its way. For threads; never from the event loop."""
        return self._rests.wait(within_s)

    def close(self) -> None:
        """Finish what was queued, close the connection, end the thread. May be called twice."""
        with self._gate:
            if self._stopped is None:
                self._stopped = problems.WriterStopped(what="closed")
        self._jobs.put((Turn.END, next(self._numbers), None))
        self._thread.join()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        try:
            connection: apsw.Connection | None = self._opener()
        except BaseException as error:
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        while (places := self._next_group()) is not None:
            group = [job for _, _, job in places if job is not None]
            looks: list[Job[Any]] = []  # that came while the group ran
            try:
                connection = connection or self._opener()
                is_wanted = partial(self._is_somebody_before, places[0][0])
                group_s = self._beside_looks_s if self.is_looked_at else self._group_s
                joins = partial(self._joins, places) if places[0][0] == Turn.QUEUE else nobody
                self._rests.clear()
                failure, done = run_group(connection, group, is_wanted, group_s, self._ending, joins, self._rests.set, partial(self._looks, looks))
                for place in places[done:]:
                    self._jobs.put(place)
                del group[done:]
            except BaseException as error:
                failure = problem_for(error, "reopening the database") if isinstance(error, apsw.Error) else error
                for job in group:
                    job.error = failure
            for job in (*looks, *group):
                job.answer()
            if isinstance(failure, problems.StorageCorrupt):
                self._stop(failure)
            if connection is not None and not is_usable(connection, failure):
                close_quietly(connection)
                connection = None
        if connection is not None:
            close_quietly(connection)

    def _next_group(self) -> list[_Place] | None:
        """The next waiting functions of one turn, at most `group_limit`; None when the writer was closed and nothing waits."""
        self._rests.set()
        group = [self._first()]
        if group[0][0] == Turn.END:
            return None
        while len(group) < self._group_limit:
            try:
                place = self._jobs.get_nowait()
            except queue.Empty:
                break
            if place[0] != group[0][0]:
                self._jobs.put(place)
                break
            group.append(place)
        return group

    def _joins(self, places: list[_Place]) -> Job[Any] | None:
        """One more repeatable function of a queue that came while this group of such ran, added to its places; None where none waits, or there are enough."""
        if len(places) >= self._joined_max or self._stands_back():
            return None
        try:
            place = self._jobs.get_nowait()
        except queue.Empty:
            return None
        job = place[2]
        if place[0] != Turn.QUEUE or job is None or not job.is_repeatable:
            self._jobs.put(place)
            return None
        places.append(place)
        return job

    def _looks(self, looks: list[Job[Any]]) -> Sequence[Job[Any]]:
        """The looks that wait now, added to those that have come while this group ran; what they found goes out behind its COMMIT."""
        came: list[Job[Any]] = []
        while self._is_somebody_before(Turn.ACT) and (job := self._jobs.get_nowait()[2]) is not None:
            came.append(job)
        looks += came
        return came

    def _first(self) -> _Place:
        """The first function that may be begun."""
        while True:
            place = self._jobs.get()
            if place[0] != Turn.QUEUE or not self._stands_back():
                return place
            self._jobs.put(place)
            time.sleep(STANDS_BACK_S)

    def _is_somebody_before(self, turn: Turn) -> bool:
        """Whether somebody of an earlier turn waits; only a look, without the queue's lock."""
        first = self._jobs.queue[:1]
        return bool(first) and first[0][0] < turn

    def _stop(self, reason: problems.StorageProblem) -> None:
        """Refuse everything from now on; what was already queued is answered, not run."""
        with self._gate:
            self._stopped = reason
            closing: _Place | None = None
            while not self._jobs.empty():
                place = self._jobs.get_nowait()
                job = place[2]
                if job is None:
                    closing = place
                else:
                    job.error = problems.WriterStopped(what=reason.operator_line)
                    job.answer()
        if closing is not None:
            self._jobs.put(closing)
