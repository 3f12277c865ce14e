"""Finished visits in SQLite: one row per visit to a counter, projected from the log at the office and at the hub alike.

A row is keyed by the act (acts.py), so a visit whose event was issued again after a restore is counted once. There is no name, number or
dossier of anybody in it (domain.md A.9). Every function works inside the caller's transaction; all rows can be dropped and read again
from the log (`projection.rebuild`).
"""

from __future__ import annotations

from collections.abc import Iterator

import apsw

from sync_protocol.acts import act_id
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.bodies import VisitFinished, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import OfficeCode

VISITS = Migration(
    "0005-visits",
    """
CREATE TABLE visit(
    act BLOB PRIMARY KEY, office TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, outcome TEXT NOT NULL,
    drawn_ms INTEGER NOT NULL, called_ms INTEGER NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
    desk INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_office ON visit(office, drawn_ms);
""",
)

_COLUMNS = "office, number, kind, outcome, drawn_ms, called_ms, started_ms, ended_ms, desk"


def keep_visit(connection: apsw.Connection, event: Event) -> None:
    """Note a finished visit; an unreadable one leaves no row. Idempotent."""
    body = decode_body(event)
    if isinstance(body, VisitFinished):
        connection.execute(
            f"INSERT OR IGNORE INTO visit(act, {_COLUMNS}) VALUES(?,?,?,?,?,?,?,?,?,?)",
            (
                act_id(event.header), body.office, body.number, body.kind, body.outcome, body.drawn_ms, body.called_ms,
                body.started_ms, body.ended_ms, body.desk,
            ),
        )  # fmt: skip


def visits_between(
    connection: apsw.Connection, start_ms: int, end_ms: int, office: OfficeCode | None = None
) -> Iterator[VisitFinished]:
    """Visits whose ticket was drawn at `start_ms` or later and before `end_ms` (UTC ms), of one office or of all, by time."""
    of_office, values = ("", ()) if office is None else (" AND office = ?", (office,))
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM visit WHERE drawn_ms >= ? AND drawn_ms < ?{of_office} ORDER BY drawn_ms, act",
        (start_ms, end_ms, *values),
    )
    for row in rows:
        yield VisitFinished(**dict(zip(_FIELDS, row, strict=True)))


_FIELDS = tuple(name.strip() for name in _COLUMNS.split(","))
