"""One transaction for a group of functions that waited together, each with its own outcome.

Invariant: a function that failed left nothing; what the others did is committed once, or nothing is and all have failed. Nobody is answered before.
"""

from __future__ import annotations

import concurrent.futures as futures
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import apsw

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite.translation import problem_for

T = TypeVar("T")
Ending = Callable[[apsw.Connection, Sequence[Any]], None]
"""Given what the functions of a group returned, before their COMMIT; what it raises is the outcome of all of them."""


class Job(Generic[T]):
    """A function with the future its caller waits on."""

    def __init__(self, function: Callable[[apsw.Connection], T], *, is_repeatable: bool) -> None:
        self.function = function
        self.is_repeatable = is_repeatable
        self.future: futures.Future[T] = futures.Future()
        self.outcome: T | None = None
        self.error: BaseException | None = None

    def answer(self) -> None:
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.outcome)  # type: ignore[arg-type]  # None only where T is None


def nobody() -> None:
    """Nobody joins a group."""


def _no_looks() -> Sequence[Job[Any]]:
    """Nobody looks."""
    return ()


def run_group(
    connection: apsw.Connection, group: list[Job[Any]], is_wanted: Callable[[], bool], group_s: float, ending: Ending | None = None,
    joins: Callable[[], Job[Any] | None] = nobody, committing: Callable[[], None] = nobody,
    looks: Callable[[], Sequence[Job[Any]]] = _no_looks,
) -> tuple[BaseException | None, int]:
    """One transaction for the group, ended early when somebody of an earlier turn waits or it has run for `group_s` seconds.

    Where all are repeatable nothing is set down between them, since hardly one ever fails: a savepoint copies every page that changes after it.
    When one fails, all is undone and the others run again, each inside a savepoint. `joins` gives repeatable ones that came meanwhile, `looks` whoever
    looks: last of all, so that nothing of the group runs again behind them. `committing` is called when all have run.

    Returns what made the whole transaction fail, or None; and how many functions of the group it was about.
    """
    done = 0
    came: Sequence[Job[Any]] = ()
    is_open = all(job.is_repeatable and job.error is None for job in group)
    is_bare = is_open or len(group) == 1
    try:
        connection.execute("BEGIN IMMEDIATE")
        until_s = time.monotonic() + group_s  # not counting the wait for it
        for job in group:
            if job.error is None:
                _run_one(connection, job, is_bare=is_bare)
            done += 1
            if is_wanted() or time.monotonic() >= until_s:
                break
            if done == len(group) and is_open and (more := joins()) is not None:
                group.append(more)
        if ending is not None:
            ending(connection, [job.outcome for job in group[:done] if job.error is None])
        came = looks()
        for job in came:
            _run_one(connection, job, is_bare=False)
        committing()
        connection.execute("COMMIT")
        return None, done
    except BaseException as error:
        failure = problem_for(error, "committing") if isinstance(error, (apsw.Error, UnicodeDecodeError)) else error
        _roll_back(connection)
        if len(group) > 1 and is_bare and not connection.in_transaction and any(job.error is not None for job in group):
            return run_group(connection, group, is_wanted, group_s, ending, committing=committing, looks=looks)
        for job in (*group, *came):
            job.error = job.error or failure
        return failure, len(group)


def _run_one(connection: apsw.Connection, job: Job[Any], *, is_bare: bool) -> None:
    """Run one function; its own failure undoes only itself, or where it `is_bare`, inside no savepoint, is raised for its group to undo.

    A failure of the disk is the whole transaction's.
    """
    if not is_bare:
        connection.execute("SAVEPOINT job")
    try:
        job.outcome = job.function(connection)
    except BaseException as error:
        found = problem_for(error, "writing") if isinstance(error, (apsw.Error, UnicodeDecodeError)) else error
        if isinstance(found, (problems.StorageCorrupt, problems.StorageUnavailable, problems.StorageFull)):
            raise found from error
        job.error = found
        if is_bare:
            raise found from error
        if connection.in_transaction:
            connection.execute("ROLLBACK TO job")
    if not connection.in_transaction:
        raise problems.StorageUnavailable(sqlite_code=0, what="a function ended the transaction of its group")
    if not is_bare:
        connection.execute("RELEASE job")


def is_usable(connection: apsw.Connection, failure: BaseException | None) -> bool:
    """Whether the handle may be used again: the disk answered and nothing of the failed transaction is left on it."""
    troubled = (problems.StorageCorrupt, problems.StorageUnavailable, problems.StorageFull, problems.WriterStopped)
    return not isinstance(failure, troubled) and not connection.in_transaction


def _roll_back(connection: apsw.Connection) -> None:
    # what cannot be undone on this handle is undone by recovery at the next opening
    with contextlib.suppress(apsw.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
