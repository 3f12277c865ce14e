"""Tables of the tray: files that arrived, piles being arranged, small pictures for the screen, one-time phone links.

A file's row is written in the transaction after its bytes were sealed and synced; a pile's row holds the whole arrangement. Pictures
are re-encoded derivatives; they go when the copy is signed, the sealed original stays.
"""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

TRAY = Migration(
    "0012-capture-tray",
    """
CREATE TABLE tray_file(
    id BLOB PRIMARY KEY, digest BLOB NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, place TEXT NOT NULL, pile BLOB,
    officer TEXT NOT NULL, state TEXT NOT NULL, problem TEXT NOT NULL DEFAULT '', sentence TEXT NOT NULL DEFAULT '',
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tray_file_by_state ON tray_file(state, at_ms);
CREATE TABLE tray_pile(
    id BLOB PRIMARY KEY, state TEXT NOT NULL, content BLOB NOT NULL, rid BLOB, component_id BLOB, job BLOB,
    made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tray_pile_by_state ON tray_pile(state, made_ms);
CREATE TABLE tray_page(
    page_id TEXT PRIMARY KEY, file BLOB NOT NULL, frame INTEGER NOT NULL, width_px INTEGER NOT NULL, height_px INTEGER NOT NULL,
    thumb BLOB NOT NULL, view BLOB NOT NULL, marks BLOB NOT NULL, doubts BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tray_page_by_file ON tray_page(file);
CREATE TABLE phone_link(
    token_hash BLOB PRIMARY KEY, content BLOB NOT NULL, expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
""",
)
