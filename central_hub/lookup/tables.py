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

EMERGENCY = Migration(
    "0030-emergency",
    """
CREATE TABLE emergency(
    id INTEGER PRIMARY KEY, officer TEXT NOT NULL, rid BLOB NOT NULL, dossier TEXT NOT NULL, reason TEXT NOT NULL, opened_ms INTEGER NOT NULL,
    state TEXT NOT NULL, judged_by TEXT NOT NULL DEFAULT '', judged_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX emergency_of_officer ON emergency(rid, officer, opened_ms);
CREATE INDEX emergency_by_state ON emergency(state, id);
""",
)

AUDIT_CERTIFICATE = Migration("0045-audit-certificate", "ALTER TABLE audit ADD COLUMN certificate TEXT;")
"""Under which certificate an officer of an office was registered when he or she looked; rows from before hold NULL."""

LOOKS_OF_NODE = Migration(
    "0047-looks-of-node",
    "DROP INDEX audit_by_officer; CREATE INDEX audit_by_looker ON audit(node, officer, at_ms);",
)
"""Seven hundred offices give their accounts the same few names: each look counted the looks of all of them."""
