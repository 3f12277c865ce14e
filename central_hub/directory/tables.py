"""Tables of the directory editor: drafts of the law, what each changes, and everybody who had a hand in one."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

DIRECTORY = Migration(
    "0020-directory",
    """
CREATE TABLE catalogue_draft(
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, reason TEXT NOT NULL, base INTEGER NOT NULL, state TEXT NOT NULL,
    opened_by TEXT NOT NULL, opened_ms INTEGER NOT NULL, submitted_by TEXT NOT NULL DEFAULT '', submitted_ms INTEGER,
    settled_by TEXT NOT NULL DEFAULT '', settled_ms INTEGER, settled_reason TEXT NOT NULL DEFAULT '', published INTEGER
) STRICT;
CREATE TABLE catalogue_change(
    draft INTEGER NOT NULL, place TEXT NOT NULL, key TEXT NOT NULL, former TEXT, entry TEXT, author TEXT NOT NULL,
    at_ms INTEGER NOT NULL, PRIMARY KEY(draft, place, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE catalogue_author(draft INTEGER NOT NULL, account TEXT NOT NULL, PRIMARY KEY(draft, account)) STRICT, WITHOUT ROWID;
CREATE INDEX dossier_open ON dossier(procedure, custodian, received_ms) WHERE state NOT IN
    ('refused', 'result_returned', 'archived', 'returned_with_notice', 'stopped', 'withdrawn');
""",
)
OPEN_WORK = Migration(
    "0021-open-work",
    """
DROP INDEX dossier_open;
CREATE INDEX dossier_open ON dossier(procedure, custodian, received_ms, due_date) WHERE state NOT IN
    ('refused', 'result_returned', 'archived', 'returned_with_notice', 'stopped', 'withdrawn');
""",
)
CATALOGUE_PARTS = Migration(
    "0051-catalogue-parts",
    "CREATE TABLE catalogue_part(digest BLOB PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
)
OPEN_DOSSIER = "state NOT IN ('refused', 'result_returned', 'archived', 'returned_with_notice', 'stopped', 'withdrawn')"
"""As the index says it, so that SQLite uses the index."""
