"""The mailbox: what leaves (no personal data, only the state of a dossier), what came in (the original, until it is placed), how far we read."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

GATEWAYS = Migration(
    "0022-gateways",
    """
CREATE TABLE gateway_letter(
    id INTEGER PRIMARY KEY, gateway TEXT NOT NULL, rid BLOB NOT NULL, subject TEXT NOT NULL, content TEXT NOT NULL,
    made_ms INTEGER NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL,
    problem TEXT NOT NULL DEFAULT '', settled_ms INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX gateway_letter_due ON gateway_letter(gateway, state, next_ms);
CREATE INDEX gateway_letter_of_record ON gateway_letter(rid, gateway, id);
CREATE TABLE gateway_arrival(
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, rid BLOB NOT NULL, at_ms INTEGER NOT NULL, state TEXT NOT NULL,
    office TEXT NOT NULL DEFAULT '', unit TEXT NOT NULL DEFAULT '', problem TEXT NOT NULL DEFAULT '', original BLOB NOT NULL,
    reason TEXT NOT NULL DEFAULT '', settled_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX gateway_arrival_by_state ON gateway_arrival(state, id);
CREATE TABLE gateway_cursor(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
""",
)
