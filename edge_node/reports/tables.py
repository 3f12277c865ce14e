"""The tables of reports: what each dossier adds (can be dropped and counted again), and reports that a person froze (only added)."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

REPORTS = Migration(
    "0007-reports",
    """
CREATE TABLE dossier_fact(rid BLOB PRIMARY KEY, facts BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE frozen_report(
    id INTEGER PRIMARY KEY, period TEXT NOT NULL, frozen_ms INTEGER NOT NULL, account TEXT NOT NULL, content BLOB NOT NULL
) STRICT;
CREATE INDEX frozen_report_by_period ON frozen_report(period);
""",
)
