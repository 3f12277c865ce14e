"""The table of this room: passkeys of the hub's accounts. Only public halves; the private one never leaves its device."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

PASSKEYS = Migration(
    "0031-passkeys",
    """
CREATE TABLE passkey(
    credential BLOB PRIMARY KEY, account TEXT NOT NULL, public_key BLOB NOT NULL, uses INTEGER NOT NULL, label TEXT NOT NULL,
    added_ms INTEGER NOT NULL, used_ms INTEGER
) STRICT, WITHOUT ROWID;
""",
)
