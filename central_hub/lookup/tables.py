"""The tables of this room beside the audit: alarms of too many looks, and the countersigned heads of audit chains."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

LOOKUP = Migration(
    "0017-lookup",
    """
CREATE INDEX audit_by_officer ON audit(officer, at_ms);
CREATE INDEX audit_by_record ON audit(rid);
CREATE TABLE look_alarm(
    node TEXT NOT NULL, officer TEXT NOT NULL, hour INTEGER NOT NULL, looks INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    PRIMARY KEY(node, officer, hour)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_head(
    id INTEGER PRIMARY KEY, node TEXT NOT NULL, inc BLOB NOT NULL, rows INTEGER NOT NULL, head BLOB NOT NULL, at_ms INTEGER NOT NULL,
    signature BLOB NOT NULL
) STRICT;
CREATE INDEX audit_head_of_node ON audit_head(node, id);
CREATE TABLE audit_doubt(
    id INTEGER PRIMARY KEY, node TEXT NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, known_rows INTEGER NOT NULL, told_rows INTEGER NOT NULL
) STRICT;
""",
)
