"""Many rows in few statements: every number of rows arrives whole and in order."""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import pytest

from sync_protocol.adapters.sqlite.many import AT_ONCE, insert_many, select_in


@pytest.fixture
def connection() -> Iterator[apsw.Connection]:
    opened = apsw.Connection(":memory:")
    opened.execute("CREATE TABLE t(n INTEGER PRIMARY KEY, key TEXT UNIQUE, value BLOB)")
    yield opened
    opened.close()


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 99, 100, 101, 257])
def test_rows_of_any_number_are_written_in_their_order(connection: apsw.Connection, count: int) -> None:
    rows = [(f"k{number}", bytes([number % 256])) for number in range(count)]
    insert_many(connection, "INSERT INTO t(key, value) VALUES(?,?)", rows)
    assert connection.execute("SELECT key, value FROM t ORDER BY n").fetchall() == rows
    assert connection.last_insert_rowid() == count


def test_what_is_returned_comes_from_all_statements_and_what_conflicts_is_left_out(connection: apsw.Connection) -> None:
    insert_many(connection, "INSERT INTO t(key, value) VALUES(?,?)", [("k3", b""), ("k120", b"")])
    rows = [(f"k{number}", b"new") for number in range(130)]
    found = insert_many(
        connection, "INSERT INTO t(key, value) VALUES(?,?) ON CONFLICT DO NOTHING RETURNING key", rows
    )
    assert [key for (key,) in found] == [f"k{number}" for number in range(130) if number not in (3, 120)]


def test_a_question_for_many_keys_finds_those_that_are_there(connection: apsw.Connection) -> None:
    insert_many(connection, "INSERT INTO t(key, value) VALUES(?,?)", [(f"k{number}", b"") for number in range(150)])
    asked = [f"k{number}" for number in range(0, 400, 2)]
    found = select_in(connection, "SELECT key FROM t WHERE key IN (?) AND value = x''", asked)
    assert sorted(str(key) for (key,) in found) == sorted(f"k{number}" for number in range(0, 150, 2))


def test_there_are_few_lengths_and_the_last_is_one_row() -> None:
    assert AT_ONCE[-1] == 1 and len(AT_ONCE) <= 4
