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

LAST_DAYS = Migration(
    "0008-reports-last-days",
    """
ALTER TABLE dossier_fact ADD COLUMN last_day TEXT NOT NULL DEFAULT '';
CREATE INDEX dossier_fact_by_last_day ON dossier_fact(last_day);
DELETE FROM dossier_fact;
DELETE FROM node_state WHERE key = 'facts_position';
""",
)
"""Facts find their last day when they are counted again."""
