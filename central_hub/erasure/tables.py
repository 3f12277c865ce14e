"""Orders that wait for their second person, and those that were settled."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

ERASURE_ORDERS = Migration(
    "0015-erasure-orders",
    """
CREATE TABLE erasure_order(
    id INTEGER PRIMARY KEY, number TEXT NOT NULL, reason TEXT NOT NULL, rid BLOB NOT NULL, events BLOB NOT NULL,
    asked_by TEXT NOT NULL, asked_ms INTEGER NOT NULL, settled_by TEXT NOT NULL DEFAULT '', settled_ms INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL
) STRICT;
""",
)
