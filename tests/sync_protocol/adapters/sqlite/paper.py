"""One small table in an encrypted database, and what the tests of this room do with it."""

from __future__ import annotations

from collections.abc import Callable

import apsw

KEY = b"k" * 32
TABLE = "CREATE TABLE paper(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT"
Opener = Callable[[], apsw.Connection]


def insert(number: int, body: str = "x") -> Callable[[apsw.Connection], int]:
    def write(connection: apsw.Connection) -> int:
        connection.execute("INSERT INTO paper VALUES(?, ?)", (number, body))
        return number

    return write


def count(connection: apsw.Connection) -> int:
    found = connection.execute("SELECT count(*) FROM paper").get
    assert isinstance(found, int)
    return found
