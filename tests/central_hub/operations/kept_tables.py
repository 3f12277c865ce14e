"""The hub's tables in memory, for what is read and written with a connection alone."""

from __future__ import annotations

import apsw

from central_hub.store.schema import MIGRATIONS


def empty_tables() -> apsw.Connection:
    """A connection to fresh tables."""
    connection = apsw.Connection(":memory:")
    for step in MIGRATIONS:
        connection.execute(step.sql)
    return connection
