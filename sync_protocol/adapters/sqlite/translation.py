"""SQLite's errors in our own words.

A full disk shows itself as FULL or, under a file-size limit, as IOERR_WRITE: both are `StorageFull`. A damaged page shows
itself as CORRUPT, as NOTADB, as a failed page MAC, or, when text bytes were hit in an unencrypted file, as
`UnicodeDecodeError` that is no `apsw.Error` at all: all are `StorageCorrupt`. Messages of SQLite are not copied, because an
FTS error quotes what a person typed; only result codes are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import apsw

from sync_protocol.adapters import storage_errors as problems

_WRITE_REFUSED = frozenset({apsw.SQLITE_IOERR_WRITE})
_DAMAGED = frozenset({apsw.SQLITE_IOERR_DATA, apsw.SQLITE_IOERR_CORRUPTFS})


def problem_for(error: Exception, what: str) -> problems.StorageProblem:
    """The Problem that stands for `error`, raised while doing `what` (an English phrase without personal data)."""
    if isinstance(error, problems.StorageProblem):
        return error
    code = int(getattr(error, "extendedresult", 0) or 0)
    if isinstance(error, (UnicodeDecodeError, apsw.CorruptError, apsw.NotADBError)) or code in _DAMAGED:
        return problems.StorageCorrupt(sqlite_code=code, what=what)
    if isinstance(error, apsw.FullError) or code in _WRITE_REFUSED:
        return problems.StorageFull(sqlite_code=code, what=what)
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        return problems.StorageBusy()
    if isinstance(error, (apsw.IOError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.NoLFSError, apsw.ProtocolError)):
        return problems.StorageUnavailable(sqlite_code=code, what=what)
    if isinstance(error, apsw.ConnectionClosedError):
        return problems.WriterStopped(what="connection is closed")
    return problems.StatementRejected(sqlite_code=code, kind=type(error).__name__)


@contextlib.contextmanager
def storage_problems(what: str) -> Iterator[None]:
    """Turn every SQLite error of the block into a Problem; other exceptions pass unchanged."""
    try:
        yield
    except (apsw.Error, UnicodeDecodeError) as error:
        raise problem_for(error, what) from error


def close_quietly(connection: apsw.Connection) -> None:
    """Let go of a handle that may be on a failing disk: closing must not hide the problem that led here.

    Nothing is owed to the handle: every acknowledged commit is already in the log.
    """
    with contextlib.suppress(apsw.Error):
        connection.close(True)
