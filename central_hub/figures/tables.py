"""The tables of this room: what each dossier added, the sums, the frozen reports, and what people typed into them.

`figure` and `figure_score` are sums over `figure_fact` and can be dropped and counted again; `report` and `report_value` are acts of people:
rows are only added. Each report carries the hash of the one before, so that a changed one shows (`snapshots.broken_at`).
"""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

FIGURES = Migration(
    "0010-figures",
    """
CREATE TABLE figure_fact(rid BLOB PRIMARY KEY, facts BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE figure(
    month TEXT NOT NULL, office TEXT NOT NULL, measure TEXT NOT NULL, received_month TEXT NOT NULL, procedure TEXT NOT NULL,
    n INTEGER NOT NULL, PRIMARY KEY(month, office, measure, received_month, procedure)
) STRICT, WITHOUT ROWID;
CREATE TABLE figure_score(
    month TEXT NOT NULL, office TEXT NOT NULL, officer TEXT NOT NULL, indicator INTEGER NOT NULL, points INTEGER NOT NULL,
    dossiers INTEGER NOT NULL, PRIMARY KEY(month, office, officer, indicator)
) STRICT, WITHOUT ROWID;
CREATE TABLE report(
    id INTEGER PRIMARY KEY, first TEXT NOT NULL, last TEXT NOT NULL, kind TEXT NOT NULL, frozen_ms INTEGER NOT NULL,
    position INTEGER NOT NULL, account TEXT NOT NULL, content BLOB NOT NULL, prev BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX report_by_period ON report(last, first);
CREATE TABLE report_value(
    id INTEGER PRIMARY KEY, last TEXT NOT NULL, first TEXT NOT NULL, form TEXT NOT NULL, office TEXT NOT NULL, item TEXT NOT NULL,
    value TEXT NOT NULL, account TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX report_value_by_period ON report_value(last, first, form);
""",
)

FIGURE_WAITING = Migration(
    "0043-figure-waiting",
    """
CREATE TABLE figure_waiting(
    day TEXT NOT NULL, office TEXT NOT NULL, visits INTEGER NOT NULL, served INTEGER NOT NULL, no_shows INTEGER NOT NULL, unserved INTEGER NOT NULL,
    untimed INTEGER NOT NULL, timed INTEGER NOT NULL, total_ms INTEGER NOT NULL, over_15 INTEGER NOT NULL, over_30 INTEGER NOT NULL,
    service_timed INTEGER NOT NULL, service_total_ms INTEGER NOT NULL, longest_ms INTEGER NOT NULL, step_0 INTEGER NOT NULL, step_1 INTEGER NOT NULL,
    step_2 INTEGER NOT NULL, step_3 INTEGER NOT NULL, step_4 INTEGER NOT NULL, step_5 INTEGER NOT NULL, PRIMARY KEY(day, office)
) STRICT, WITHOUT ROWID;
""",
)
"""Waiting at the counters by day and office. Counted from the log from its beginning, in steps beside the other sums; until then reports say that events wait."""

FIGURE_DUE = Migration(
    "0031-figure-due",
    """
CREATE TABLE figure_due(rid BLOB PRIMARY KEY, office TEXT NOT NULL, day TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX figure_due_by_day ON figure_due(day);
DELETE FROM figure;
DELETE FROM figure_score;
DELETE FROM figure_fact;
DELETE FROM hub_state WHERE key = 'figures_position';
""",
)
"""When a promise that still runs will be overdue, so that a month under way does not count tomorrow. The sums are counted anew once."""
