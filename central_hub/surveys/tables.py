"""Answers of the survey. Of a ticket only its hash is kept; `day` is the Vietnam day of the answer. Nothing here leads to a person."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

SURVEYS = Migration(
    "0032-surveys",
    """
CREATE TABLE survey_answer(
    ticket BLOB PRIMARY KEY, office TEXT NOT NULL, form TEXT NOT NULL, day TEXT NOT NULL, q_time INTEGER NOT NULL, q_contacts INTEGER NOT NULL,
    q_attitude INTEGER NOT NULL, q_clarity INTEGER NOT NULL, q_overall INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_answer_by_day ON survey_answer(day, office);
""",
)
