"""What psycopg raises, as the storage room's problems.

Invariant: PostgreSQL's words stay behind, because those can quote a citizen's data.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

import psycopg

from sync_protocol.adapters import storage_errors as problems

_LIMIT_OF_PROGRAM: Final = "54"  # the class of "this value is too large for an index", which psycopg counts among the server's own troubles


@contextlib.contextmanager
def postgres_problems(doing: str) -> Iterator[None]:
    """Turns what psycopg raises into the storage room's problems."""
    try:
        yield
    except psycopg.Error as error:
        raise _problem(error, doing) from error


def _problem(error: psycopg.Error, doing: str) -> problems.StorageProblem:
    state = error.sqlstate or "-"
    if isinstance(error, psycopg.errors.DiskFull):
        return problems.StorageFull(sqlite_code=state)
    if isinstance(
        error, (psycopg.errors.LockNotAvailable, psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
    ):
        return problems.StorageBusy()
    if isinstance(error, (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)):
        return problems.StorageCorrupt(sqlite_code=state, what=doing)
    if state.startswith(_LIMIT_OF_PROGRAM):  # the value is at fault, not the server: asking again helps nobody
        return problems.StatementRejected(sqlite_code=state, kind=type(error).__name__)
    if isinstance(
        error, (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError, psycopg.errors.ReadOnlySqlTransaction)
    ):  # InternalError: the server's own trouble, or a session that it ended for standing still; never what was sent
        return problems.DatabaseAway(state=state, what=doing)
    return problems.StatementRejected(sqlite_code=state, kind=type(error).__name__)
