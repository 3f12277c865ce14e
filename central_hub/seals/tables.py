"""The tables of this room: who may sign for an office, what waits for another look, and the copies made to last."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

SEALS = Migration(
    "0004-seals",
    """
CREATE TABLE officer_certificate(
    certificate BLOB NOT NULL, office TEXT NOT NULL, role TEXT NOT NULL, account TEXT NOT NULL, from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL, added_ms INTEGER NOT NULL, PRIMARY KEY(certificate, office, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX officer_certificate_of_office ON officer_certificate(office, role);
CREATE TABLE seal_work(
    digest BLOB PRIMARY KEY, kind TEXT NOT NULL, again_ms INTEGER NOT NULL, reason TEXT NOT NULL, tries INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX seal_work_due ON seal_work(kind, again_ms);
CREATE TABLE preserved_copy(
    digest BLOB PRIMARY KEY, preserved BLOB NOT NULL, stamps INTEGER NOT NULL, stamped_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX preserved_copy_by_end ON preserved_copy(ends_ms);
CREATE INDEX blob_held ON blob(at_ms) WHERE state = 'held';
""",
)

TRUST_LISTS = Migration(
    "0040-trust-lists",
    """
CREATE TABLE trust_lists(
    made_ms INTEGER PRIMARY KEY, digest BLOB NOT NULL, size INTEGER NOT NULL, signature BLOB NOT NULL, printed BLOB NOT NULL
) STRICT;
""",
)
