"""Tombstones: what is left at this desk of dossiers that its office let go."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

TOMBSTONES = Migration(
    "0055-tombstones",
    """
CREATE TABLE tombstone(
    rid BLOB PRIMARY KEY, act BLOB NOT NULL, code TEXT NOT NULL, procedure TEXT NOT NULL, reason TEXT NOT NULL, left_ms INTEGER NOT NULL,
    epoch BLOB NOT NULL DEFAULT x'', upto INTEGER NOT NULL DEFAULT 0, is_bare INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_to_clear ON tombstone(rid) WHERE is_bare = 0;
""",
)
"""`epoch` and `upto`: where in which feed the last word about the dossier stood. `is_bare`: nothing of others' is left here."""
