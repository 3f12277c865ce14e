"""A form sent twice is one dossier: the form's own number is remembered with what it made, in the transaction that made it."""

from __future__ import annotations

import apsw

from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import RecordId

KEPT_MS = 7 * 24 * 3_600_000  # a form that stays open longer than any session ends at the door

SENT_FORMS = Migration(
    "0006-sent-forms",
    """
CREATE TABLE sent_form(id BLOB PRIMARY KEY, rid BLOB NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX sent_form_by_time ON sent_form(at_ms);
""",
)


def made_by(connection: apsw.Connection, form_id: bytes) -> RecordId | None:
    """The dossier this form made already, or None; an empty number was never given out."""
    if not form_id:
        return None
    row = connection.execute("SELECT rid FROM sent_form WHERE id = ?", (form_id,)).fetchone()
    return None if row is None else RecordId(as_bytes(row[0]))


def remember(connection: apsw.Connection, form_id: bytes, rid: RecordId, now_ms: int) -> None:
    """Note what a form made, and forget forms of last week."""
    if form_id:
        connection.execute("DELETE FROM sent_form WHERE at_ms < ?", (now_ms - KEPT_MS,))
        connection.execute("INSERT INTO sent_form(id, rid, at_ms) VALUES(?,?,?)", (form_id, rid, now_ms))
