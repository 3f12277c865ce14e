"""The complaints register. It names an office, a letter and perhaps a dossier; what the complaint says and who wrote it stay in the letter."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

COMPLAINTS = Migration(
    "0033-complaints",
    """
CREATE TABLE complaint(
    id INTEGER PRIMARY KEY, office TEXT NOT NULL, letter TEXT NOT NULL, dossier TEXT NOT NULL, about TEXT NOT NULL, received_day TEXT NOT NULL,
    due_day TEXT NOT NULL, entered_by TEXT NOT NULL, entered_ms INTEGER NOT NULL, answered_day TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL DEFAULT '', answered_by TEXT NOT NULL DEFAULT '', UNIQUE(office, letter)
) STRICT;
CREATE INDEX complaint_by_day ON complaint(received_day, office);
CREATE INDEX complaint_open ON complaint(answered_day, due_day);
""",
)
