"""Values of a row with their types, where the column is STRICT: what SQLite promises and a type checker cannot see.

A value of another kind means that the table is not what this release made; that is damage, and is said as such.
"""

from __future__ import annotations

import apsw

from sync_protocol.adapters import storage_errors as problems

Row = tuple["apsw.SQLiteValue", ...]  # a name for type checkers only


def as_int(value: apsw.SQLiteValue) -> int:
    """A whole number. Raises StorageCorrupt."""
    if isinstance(value, int):
        return value
    raise problems.StorageCorrupt(sqlite_code=0, what="a number was expected in a row")


def as_bytes(value: apsw.SQLiteValue) -> bytes:
    """A blob. Raises StorageCorrupt."""
    if isinstance(value, bytes):
        return value
    raise problems.StorageCorrupt(sqlite_code=0, what="bytes were expected in a row")


def one_int(row: tuple[apsw.SQLiteValue, ...] | None) -> int:
    """The first value of a row as a whole number; 0 where there is no row."""
    return 0 if row is None else as_int(row[0])
