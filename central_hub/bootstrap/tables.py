"""The newest snapshot of each office and the parts it is made of."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

SNAPSHOTS = Migration(
    "0018-snapshots",
    """
CREATE TABLE snapshot(
    office TEXT PRIMARY KEY, epoch BLOB NOT NULL, made_ms INTEGER NOT NULL, manifest BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshot_part(office TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY(office, digest)) STRICT, WITHOUT ROWID;
""",
)
