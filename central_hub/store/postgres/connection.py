"""A PostgreSQL connection that answers to the calls which the hub makes of an SQLite one.

How a session is opened is in session.py, the words of the statements in dialect.py.
"""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from zlib import crc32

import psycopg
from psycopg import pq

from central_hub.store.postgres.dialect import (
    ALONE,
    COUNT_BESIDE,
    FOLLOWING,
    HOLD_CHAIN,
    HOLD_KEYS,
    LOOKING,
    OFFICE_LOCK,
    SETTLED,
    answers_rows,
    copied_into,
    for_postgres,
    from_columns,
    inserted_into,
    is_script,
)
from central_hub.store.postgres.problems import postgres_problems

COPY_FROM: Final = 8  # fewer rows are sooner inserted: a copy is three journeys more
_ARRAYS: Final = {17: "bytea", 20: "bigint", 25: "text", 701: "double precision"}  # the types of the hub's tables, by their numbers there
_HOLD_OFFICE: Final = f"SELECT pg_advisory_xact_lock({OFFICE_LOCK}, %s)"
_TRY_OFFICE: Final = f"SELECT pg_try_advisory_xact_lock({OFFICE_LOCK}, %s)"
_SEQUENCE: Final = "SELECT pg_get_serial_sequence(?, ?)"
_NUMBERS: Final = "SELECT nextval(?::regclass) FROM generate_series(1, ?)"
_KEYS: Final = """
SELECT k.table_name, k.column_name FROM information_schema.table_constraints t
JOIN information_schema.key_column_usage k USING (constraint_schema, constraint_name)
WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = current_schema() ORDER BY k.table_name, k.ordinal_position
"""

Row = tuple[Any, ...]


class Rows:
    """The rows of one statement, already here; reads like a cursor."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def fetchone(self) -> Row | None:
        """The next row, or None."""
        return next(self._rows, None)

    def fetchall(self) -> list[Row]:
        """All remaining rows."""
        return list(self._rows)


class PostgresConnection:
    """One session. Used from one thread at a time; transactions are opened and closed by statements, as with SQLite.

    `opening` is what a writing transaction begins with: the order in which it stands.
    """

    def __init__(self, session: psycopg.Connection[Row], *, opening: str = ALONE) -> None:
        self._session = session
        self._opening = opening
        self._has_office = False
        self._keys: dict[str, list[str]] = {}
        self._words: dict[str, str] = {}
        self._types: dict[str, list[int]] = {}
        self._sequences: dict[str, str] = {}
        self._has_inserted = False
        self._changes = 0

    def execute(self, sql: str, values: Sequence[object] = ()) -> Rows:
        """One statement, or several without values."""
        with postgres_problems("running a statement"):
            # With values, even with none of them, the client reads `%` as its own sign and sends one statement only.
            cursor = self._session.execute(self._word(sql).encode(), None if is_script(sql) else _plain(values))
            self._note(sql, cursor)
            return Rows(cursor.fetchall() if cursor.description is not None and answers_rows(sql) else ())

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> Rows:
        """The same statement for many values, in one journey; the rows of all answers one after another."""
        wanted = [_plain(row) for row in rows]
        if not wanted:
            return Rows(())
        with postgres_problems("running a statement many times"), self._session.cursor() as cursor:
            has_rows = answers_rows(sql)
            cursor.executemany(self._word(sql).encode(), wanted, returning=has_rows)
            self._note(sql, cursor)
            found: list[Row] = []
            while has_rows:
                found += cursor.fetchall()
                has_rows = bool(cursor.nextset())
            return Rows(found)

    def insert_rows(self, sql: str, rows: Sequence[Sequence[object]]) -> Rows:
        """An insert written for one row, for all of these in order: copied where nothing is ignored, replaced or answered, else one statement."""
        table = copied_into(sql)
        if len(rows) < COPY_FROM:
            return self.executemany(sql, rows)
        if table is None:
            return self._insert_columns(sql, rows)
        with postgres_problems("copying rows"), self._session.cursor() as cursor:
            types = self._types_of(table)
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)".encode()) as copy:
                copy.set_types(types)
                for row in rows:  # as they are: in binary a word of an enumeration is its text, a truth value its number
                    copy.write_row(row)
            self._note(sql, cursor)
        return Rows(())

    def _insert_columns(self, sql: str, rows: Sequence[Sequence[object]]) -> Rows:
        """As one statement over one array for each column: to send a dossier's twelve values one by one costs more than to write them."""
        table = inserted_into(sql)
        if table is None:
            return self.executemany(sql, rows)
        with postgres_problems("inserting rows"):
            types = [_ARRAYS[code] for code in self._types_of(table)]
            columns = [_whole(column) for column in zip(*rows, strict=True)]
            cursor = self._session.execute(from_columns(self._word(sql), types).encode(), columns)
            self._note(sql, cursor)
            return Rows(cursor.fetchall() if cursor.description is not None else ())

    def rows_under(self, sql: str, keys: Sequence[object]) -> Rows:
        """The rows of a question that ends in `IN (?)`, for all of these keys, which are of one type: one value, whatever their number."""
        if not keys:
            return Rows(())
        with postgres_problems("asking for many keys"):
            word = self._word(sql.replace("IN (?)", "= ANY(?)")).replace("= ANY(%s)", "= ANY(%b)")  # as text each key is escaped
            return Rows(self._session.execute(word.encode(), (_plain(keys),)).fetchall())

    def insert_numbered(self, table: str, number: str, columns: str, rows: Sequence[Sequence[object]]) -> list[int]:
        """See `many.insert_numbered`: several sessions draw numbers at once, so they are drawn first."""
        if table not in self._sequences:
            self._sequences[table] = str(self.execute(_SEQUENCE, (table, number)).fetchall()[0][0])
        drawn = sorted(int(one) for (one,) in self.execute(_NUMBERS, (self._sequences[table], len(rows))))
        places = ", ".join("?" * (columns.count(",") + 2))
        self.insert_rows(f"INSERT INTO {table}({number}, {columns}) VALUES({places})", [(n, *row) for n, row in zip(drawn, rows, strict=True)])
        return drawn

    def hold_chain(self) -> None:
        """See `audit_chain.hold`. Taken anew each time, because a savepoint that is undone gives it up."""
        if self._opening != LOOKING:  # there the transaction began with it
            self.execute(HOLD_CHAIN)

    def settled_position(self) -> int:
        """See `event_log.settled_position`. Asked before what is read up to there: a lock goes after its transaction can be seen, so that later statements see it.

        Alone in the order nothing is under way. Who follows the log shares the order: all that is under way has a mark below its positions.
        """
        newest = int(self.execute("SELECT coalesce(max(position), 0) FROM event").fetchall()[0][0])
        if self._opening != FOLLOWING:
            return newest
        with postgres_problems("asking what is settled"):
            found = self._session.execute(SETTLED.encode()).fetchone()
        return min(newest, int(found[0]) if found else 0)

    def hold_office(self, office: str) -> bool:
        """Stand in an office's order to the end of the transaction; False where somebody else does and this transaction holds an office already.

        Who waits for an office holds none, so no two wait for each other. Taken anew each time, because a savepoint that is undone gives it up.
        """
        number = crc32(office.encode()) - 0x8000_0000
        with postgres_problems("holding an office"):
            found = self._session.execute((_TRY_OFFICE if self._has_office else _HOLD_OFFICE).encode(), (number,)).fetchone()
        has_it = not self._has_office or (found is not None and bool(found[0]))
        self._has_office = True
        return has_it

    def hold_keys(self) -> None:
        """From here to the COMMIT nobody else looks for what it shares with others; and one more is counted (`epoch_anchor`)."""
        with postgres_problems("holding the keys"):
            self._session.execute(f"{HOLD_KEYS}; {COUNT_BESIDE}".encode())

    def _types_of(self, table: str) -> list[int]:
        """The types of the columns of `table(a, b, …)`, asked once: a copy in binary is believed, not converted."""
        if table not in self._types:
            name, _, columns = table.partition("(")
            cursor = self._session.execute(f"SELECT {columns.rstrip(')')} FROM {name} LIMIT 0".encode())
            self._types[table] = [column.type_code for column in cursor.description or ()]
        return self._types[table]

    def last_insert_rowid(self) -> int:
        """The number that the last inserted row of this session was given; 0 before the first."""
        if not self._has_inserted:
            return 0
        row = self.execute("SELECT lastval()").fetchone()
        return int(row[0]) if row else 0

    def changes(self) -> int:
        """Rows that the last statement changed."""
        return self._changes

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, be it a failed one."""
        return self._session.info.transaction_status not in (pq.TransactionStatus.IDLE, pq.TransactionStatus.UNKNOWN)

    def __enter__(self) -> PostgresConnection:
        self.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.execute("COMMIT" if kind is None else "ROLLBACK")

    def close(self, force: bool = False) -> None:
        """End the session, whatever it is doing. Never raises."""
        with contextlib.suppress(psycopg.Error):
            self._session.close()

    def _word(self, sql: str) -> str:
        """The statement in PostgreSQL's words, found once."""
        word = self._words.get(sql)
        if sql == "BEGIN IMMEDIATE":
            self._has_office = False
            return self._opening
        if word is None:
            if "INSERT OR REPLACE" in sql.upper():
                self._learn_keys()
            word = self._words[sql] = for_postgres(sql, self._keys)
        return word

    def _learn_keys(self) -> None:
        self._keys = {}
        for table, column in self._session.execute(_KEYS).fetchall():
            self._keys.setdefault(str(table), []).append(str(column))

    def _note(self, sql: str, cursor: psycopg.Cursor[Row]) -> None:
        self._changes = max(cursor.rowcount, 0)
        if self._changes and sql.lstrip()[:6].upper() == "INSERT":
            self._has_inserted = True


def _plain(values: Sequence[object]) -> list[object]:
    """Values as the tables keep them: a word of an enumeration is a text here, not the name of its member."""
    return [value.value if isinstance(value, enum.Enum) else value for value in values]


def _whole(values: Sequence[object]) -> list[object]:
    """A column of an array: as `_plain`, and truth values as the whole numbers that the tables know."""
    return [int(value) if value is True or value is False else value for value in _plain(values)]
