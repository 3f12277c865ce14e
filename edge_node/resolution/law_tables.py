"""Dossiers in this office's custody of which the catalogue in force says something else than on the day of receipt; derived, and made anew at will."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

LAW_CHANGES = Migration(
    "0058-law-changes", "CREATE TABLE law_change(rid BLOB PRIMARY KEY, id BLOB NOT NULL) STRICT, WITHOUT ROWID"
)
