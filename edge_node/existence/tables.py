"""The index files held here, and what came of questions that were asked again."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

EXISTENCE = Migration(
    "0017-existence",
    """
CREATE TABLE existence_file(
    digest BLOB PRIMARY KEY, size INTEGER NOT NULL, as_of_ms INTEGER NOT NULL, position INTEGER NOT NULL, is_base INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE reuse_repeat(
    rid BLOB PRIMARY KEY, at_ms INTEGER NOT NULL, as_of_ms INTEGER NOT NULL, found BLOB NOT NULL
) STRICT, WITHOUT ROWID;
""",
)
