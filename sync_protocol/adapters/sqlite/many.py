"""Many rows in few statements.

A statement for each row gives the interpreter up and takes it back with each row: beside a busy thread the writer then waits for its turn
500 times a batch. A hundred rows in one statement are one turn. A connection of another engine may know a better way for a whole batch
(`insert_rows`, `rows_under`): PostgreSQL's client reads each of a thousand placeholders anew at every call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

import apsw

from sync_protocol.adapters.sqlite.rows import Row

AT_ONCE: Final = (125, 25, 5, 1)  # few lengths: every one is a statement of its own that both engines prepare once; 125 is a slice of a push
_ROW: Final = re.compile(r"VALUES\s*(\(\?(?:\s*,\s*\?)*\))", re.IGNORECASE)


def insert_many(connection: apsw.Connection, sql: str, rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Run an insert written for one row, `VALUES(?,?)`, for all of these in order; returns what a RETURNING gives.

    Rows of one call must not replace each other where the statement says what to do on a conflict. Where a row is refused, those before it are
    written: the caller lets the error undo all of its work, as the writer does.
    """
    own_way = getattr(connection, "insert_rows", None)
    if own_way is not None:
        return list(own_way(sql, rows))
    found: list[Row] = []
    for part in _parts(rows):
        found += connection.execute(_for_rows(sql, len(part)), tuple(chain.from_iterable(part))).fetchall()
    return found


def insert_numbered(connection: apsw.Connection, table: str, number: str, columns: str, rows: Sequence[Sequence[Any]]) -> list[int]:
    """Insert rows of `columns` ("a, b") into a table whose `number` the engine gives; returns their numbers in this order, ascending.

    One writer's numbers follow each other; where several write (`insert_numbered` of a connection) others' numbers may lie between them.
    """
    own_way = getattr(connection, "insert_numbered", None)
    if own_way is not None:
        return list(own_way(table, number, columns, rows))
    places = ",".join("?" * (columns.count(",") + 1))
    insert_many(connection, f"INSERT INTO {table}({columns}) VALUES({places})", rows)
    first = connection.last_insert_rowid() - len(rows) + 1
    return list(range(first, first + len(rows)))


def select_in(connection: apsw.Connection, sql: str, keys: Iterable[Any]) -> Iterator[Row]:
    """The rows of a question with one `IN (?)`, asked for all of these keys; in no order between keys."""
    own_way = getattr(connection, "rows_under", None)
    if own_way is not None:
        yield from own_way(sql, list(keys))
        return
    for part in _parts(list(keys)):
        yield from connection.execute(_for_keys(sql, len(part)), tuple(part)).fetchall()


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    at = 0
    for size in AT_ONCE:
        while len(rows) - at >= size:
            yield rows[at : at + size]
            at += size


@lru_cache(maxsize=128)
def _for_rows(sql: str, count: int) -> str:
    found = _ROW.search(sql)
    assert found is not None, sql
    many = sql[: found.end()] + f",{found[1]}" * (count - 1) + sql[found.end() :]
    # else every page that the statement changes is copied first, so that it can be taken back alone
    return many.replace("INSERT INTO", "INSERT OR FAIL INTO", 1) if many.startswith("INSERT INTO") and "ON CONFLICT" not in sql else many


@lru_cache(maxsize=128)
def _for_keys(sql: str, count: int) -> str:
    assert sql.count("IN (?)") == 1, sql
    return sql.replace("IN (?)", f"IN ({','.join('?' * count)})")
