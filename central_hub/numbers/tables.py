"""The table of this room: changes of a person's number, asked for by one person and settled by another."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

NUMBERS = Migration(
    "0018-numbers",
    """
CREATE TABLE number_change(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, proof TEXT NOT NULL, reason TEXT NOT NULL,
    rids BLOB NOT NULL, asked_by TEXT NOT NULL, asked_ms INTEGER NOT NULL, settled_by TEXT NOT NULL DEFAULT '',
    settled_ms INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL
) STRICT;
CREATE INDEX number_change_waiting ON number_change(state, id);
""",
)
