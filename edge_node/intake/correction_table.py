"""The open correction tasks of this office: dossiers and times, nothing of a person."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

CORRECTIONS = Migration(
    "0029-corrections",
    """
CREATE TABLE correction(rid BLOB PRIMARY KEY, opened_ms INTEGER NOT NULL, closed_ms INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE INDEX correction_open ON correction(opened_ms) WHERE closed_ms = 0;
""",
)
