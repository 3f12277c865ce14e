"""Moving the hub's tables from one engine to the other, row by row: the way to PostgreSQL, the way back, and the copy that a backup is made of.

Invariant: the target had no rows before; afterwards each table has as many as the source showed in one moment, and the newest event is the
same. All of it is one transaction: an interrupted move leaves an empty target.
"""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import msgspec

from central_hub.store.epoch_anchor import mark_of
from central_hub.store.errors import MoveDiffers, TargetNotEmpty
from central_hub.store.hub_store import Engine
from central_hub.store.schema import MIGRATIONS
from sync_protocol.adapters.sqlite import migrate
from sync_protocol.adapters.sqlite.many import insert_many
from sync_protocol.adapters.sqlite.rows import as_int, one_int

PAGE_ROWS = 1_000


class Table(msgspec.Struct, frozen=True):
    """A table of the hub: its columns and its primary key, in order; `is_numbered` when the engine gives the key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    is_numbered: bool


def hub_tables() -> list[Table]:
    """Every table of this release, in the order of their making, so that what is referred to comes first."""
    model = apsw.Connection(":memory:")
    try:
        migrate(model, MIGRATIONS)
        names = [
            str(name)
            for (name,) in model.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"
            ).fetchall()
            if name != "migration" and not str(name).startswith("sqlite_")
        ]
        return [_table(model, name) for name in names]
    finally:
        model.close()


def move(source: Engine, target: Engine) -> dict[str, int]:
    """Copy everything into an empty target; returns rows by table.

    Raises:
        TargetNotEmpty: the target holds rows already; nothing was written.
        MoveDiffers: the counts do not agree afterwards; nothing was kept.
        StorageProblem: either side.
    """
    reading, writing = source.open(read_only=True), target.open(read_only=False)
    try:
        migrate(writing, MIGRATIONS)
        target.take_time(writing)  # to count a large table over there is minutes in which nothing is said here
        reading.execute("BEGIN")
        writing.execute("BEGIN IMMEDIATE")
        moved = {table.name: _move_table(reading, writing, table) for table in hub_tables()}
        for table in hub_tables():
            if table.is_numbered:
                target.number_on(writing, table.name, table.key[0])
        if mark_of(reading) != mark_of(writing):
            raise MoveDiffers(table="event")
        writing.execute("COMMIT")
        target.look_around(writing)
        return moved
    finally:
        for connection in (reading, writing):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.close()


def _table(model: apsw.Connection, name: str) -> Table:
    rows = model.execute(f"SELECT name, type, pk FROM pragma_table_info('{name}') ORDER BY cid").fetchall()
    key = sorted((as_int(place), str(column), str(kind)) for column, kind, place in rows if place)
    is_numbered = len(key) == 1 and key[0][2] == "INTEGER"
    return Table(name, tuple(str(column) for column, *_ in rows), tuple(column for _, column, _ in key), is_numbered)


def _move_table(reading: apsw.Connection, writing: apsw.Connection, table: Table) -> int:
    if one_int(writing.execute(f"SELECT count(*) FROM {table.name}").fetchone()):
        raise TargetNotEmpty(table=table.name)
    places = ",".join("?" * len(table.columns))
    for page in _pages(reading, table):
        insert_many(writing, f"INSERT INTO {table.name}({', '.join(table.columns)}) VALUES({places})", page)
    count = one_int(writing.execute(f"SELECT count(*) FROM {table.name}").fetchone())
    if count != one_int(reading.execute(f"SELECT count(*) FROM {table.name}").fetchone()):
        raise MoveDiffers(table=table.name)
    return count


def _pages(reading: apsw.Connection, table: Table) -> Iterator[list[tuple[apsw.SQLiteValue, ...]]]:
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    at = [table.columns.index(column) for column in table.key]
    after: tuple[apsw.SQLiteValue, ...] = ()
    while True:
        beyond = f"WHERE ({key}) > ({','.join('?' * len(at))})" if after else ""
        page = reading.execute(
            f"SELECT {columns} FROM {table.name} {beyond} ORDER BY {key} LIMIT ?", (*after, PAGE_ROWS)
        ).fetchall()
        if not page:
            return
        yield page
        after = tuple(page[-1][place] for place in at)
