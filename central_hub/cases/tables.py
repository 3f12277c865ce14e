"""The tables of this room: who holds a case, and decisions that wait for a second person. The cases themselves are in the views."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

CASES = Migration(
    "0016-cases",
    """
CREATE TABLE case_owner(case_id BLOB PRIMARY KEY, account TEXT NOT NULL, taken_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE case_decision(
    id INTEGER PRIMARY KEY, case_id BLOB NOT NULL, value TEXT NOT NULL, reason TEXT NOT NULL, asked_by TEXT NOT NULL,
    asked_ms INTEGER NOT NULL, settled_by TEXT NOT NULL DEFAULT '', settled_ms INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL
) STRICT;
CREATE INDEX case_decision_of_case ON case_decision(case_id, state);
""",
)
