"""The index files in force: one generation of base files, and what came every day since."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

EXISTENCE = Migration(
    "0016-existence",
    """
CREATE TABLE existence_file(
    digest BLOB PRIMARY KEY, size INTEGER NOT NULL, entries INTEGER NOT NULL, position INTEGER NOT NULL, as_of_ms INTEGER NOT NULL,
    is_base INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
""",
)
