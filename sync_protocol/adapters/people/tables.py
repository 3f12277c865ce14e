"""Tables of people at screens: sessions, waits after wrong tries, last used one-time codes. Both shells append this migration."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

PEOPLE = Migration(
    "0004-people",
    """
CREATE TABLE web_session(
    id_hash BLOB PRIMARY KEY, content BLOB NOT NULL, expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_session_by_end ON web_session(expires_ms);
CREATE TABLE sign_in_wait(
    subject TEXT PRIMARY KEY, failures INTEGER NOT NULL, wait_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE second_factor(account TEXT PRIMARY KEY, last_step INTEGER NOT NULL) STRICT, WITHOUT ROWID;
""",
)
