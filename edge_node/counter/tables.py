"""The counter's tables: the open tickets of the day and the desk at which each account sits. No person is in them."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

COUNTER = Migration(
    "0006-counter",
    """
CREATE TABLE ticket(
    id BLOB PRIMARY KEY, day TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
    desk INTEGER NOT NULL DEFAULT 0, drawn_ms INTEGER NOT NULL, called_ms INTEGER NOT NULL DEFAULT 0,
    last_called_ms INTEGER NOT NULL DEFAULT 0, started_ms INTEGER NOT NULL DEFAULT 0, UNIQUE(day, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE counter_desk(account TEXT PRIMARY KEY, desk INTEGER NOT NULL) STRICT, WITHOUT ROWID;
""",
)

SERIES = Migration("0028-ticket-series", "ALTER TABLE ticket ADD COLUMN series TEXT NOT NULL DEFAULT ''")
