"""Moving the hub's tables from one engine to the other, row by row: the way to PostgreSQL, the way back, and the copy that a backup is made of.

Invariant: the target had no rows before; afterwards each table has as many as the source showed in one moment, and the newest event is the
same. All of it is one transaction: an interrupted move leaves an empty target. The one exception: what an older program made of a text that not every engine keeps
(`kept_text`) is not copied, but made anew from its events: the rows of such dossiers, and then all sums.
"""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import msgspec

from central_hub.figures.sums import COUNTED, recount
from central_hub.store.epoch_anchor import mark_of
from central_hub.store.errors import MoveDiffers, TargetNotEmpty
from central_hub.store.hub_store import Embedded, Engine
from central_hub.store.schema import MIGRATIONS
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite import migrate
from sync_protocol.adapters.sqlite.many import insert_many
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int, one_int
from sync_protocol.ids import RecordId
from sync_protocol.kept_text import KEY_CHARS_MAX, NAME_CHARS_MAX

PAGE_ROWS = 1_000
_MADE_OF_EVENTS = {  # tables whose rows are a dossier's, and the texts in them with the length that every engine keeps
    "dossier": dict.fromkeys(("code", "procedure", "office", "custodian", "due_date"), NAME_CHARS_MAX),
    "search_key": {"key": KEY_CHARS_MAX},
    "document": {"owner": NAME_CHARS_MAX, "document_type": NAME_CHARS_MAX, "paper_key": KEY_CHARS_MAX},
}


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
        unkept = _unkept(reading) if isinstance(source, Embedded) else set()
        moved = {table.name: _move_table(reading, writing, table, unkept) for table in hub_tables()}
        if unkept:
            projection.refold_all(writing, sorted(unkept))
            recount(writing)
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


def _unkept(reading: apsw.Connection) -> set[RecordId]:
    """Dossiers of which a row holds a NUL, or more than an index takes: PostgreSQL would refuse it, and nobody who asks would find it."""
    found: set[RecordId] = set()
    for table, columns in _MADE_OF_EVENTS.items():
        unkept = " OR ".join(f"instr({column}, char(0)) > 0 OR length({column}) > {most}" for column, most in columns.items())
        found |= {RecordId(as_bytes(rid)) for (rid,) in reading.execute(f"SELECT rid FROM {table} WHERE {unkept}")}
    return found


def _move_table(reading: apsw.Connection, writing: apsw.Connection, table: Table, unkept: set[RecordId]) -> int:
    if one_int(writing.execute(f"SELECT count(*) FROM {table.name}").fetchone()):
        raise TargetNotEmpty(table=table.name)
    if unkept and table.name in COUNTED:
        return 0
    places = ",".join("?" * len(table.columns))
    at = table.columns.index("rid") if unkept and table.name in _MADE_OF_EVENTS else None
    left_out = 0
    for page in _pages(reading, table):
        rows = page if at is None else [row for row in page if row[at] not in unkept]
        left_out += len(page) - len(rows)
        insert_many(writing, f"INSERT INTO {table.name}({', '.join(table.columns)}) VALUES({places})", rows)
    count = one_int(writing.execute(f"SELECT count(*) FROM {table.name}").fetchone()) + left_out
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
