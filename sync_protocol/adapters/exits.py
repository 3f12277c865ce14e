"""Who left the scope of which dossier, in SQLite: projected from the hub's own words in the log, at the hub and at every desk alike.

A row is keyed by the wish (an act), so a wish that a hub judges again after a restore is the same one: once an entry undid it, it is over for
good. An office has left where a wish of its was granted and is not over. That is a function of the set of events, whatever the order in which they
came. Every function works inside the caller's transaction; all rows can be dropped and read again from the log (`projection.rebuild`).
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.many import select_in
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import ExitJudged, ExitUndone, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import HUB_NODE, ActId, EventId, OfficeCode, RecordId
from sync_protocol.kept_text import kept

SCOPE_EXITS = Migration(
    "0054-scope-exits",
    """
CREATE TABLE scope_exit(
    rid BLOB NOT NULL, office TEXT NOT NULL, act BLOB NOT NULL, obstacle TEXT NOT NULL, granted INTEGER NOT NULL, undone INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, reason TEXT NOT NULL, code TEXT NOT NULL, procedure TEXT NOT NULL, PRIMARY KEY(rid, office, act)
) STRICT, WITHOUT ROWID;
CREATE INDEX scope_exit_standing ON scope_exit(office, rid) WHERE granted = 1 AND undone = 0;
""",
)
STANDING = "granted = 1 AND undone = 0"
"""What of the table says that an office has left."""


class Exit(msgspec.Struct, frozen=True):
    """What the hub said of one wish. `is_standing`: by it the office has left; `obstacle` is why it was refused."""

    act: ActId
    office: OfficeCode
    obstacle: str
    is_standing: bool
    at_ms: int


def keep_exit(connection: apsw.Connection, event: Event) -> None:
    """Note what the hub said of a wish to leave; anything else leaves no row. Idempotent, in any order."""
    body = decode_body(event) if event.header.node == HUB_NODE else None
    if isinstance(body, ExitJudged):
        connection.execute(
            "INSERT INTO scope_exit(rid, office, act, obstacle, granted, undone, at_ms, reason, code, procedure) VALUES(?,?,?,?,?,0,?,?,?,?)"
            " ON CONFLICT(rid, office, act) DO UPDATE SET granted = CASE WHEN excluded.granted = 1 THEN 1 ELSE scope_exit.granted END, obstacle = excluded.obstacle,"
            " at_ms = excluded.at_ms, reason = excluded.reason, code = excluded.code, procedure = excluded.procedure",
            (event.header.rid, body.office, body.of, body.obstacle, int(not body.obstacle), body.at_ms, kept(body.reason), kept(body.code), kept(body.procedure)),
        )
    elif isinstance(body, ExitUndone):
        connection.executemany(
            "INSERT INTO scope_exit(rid, office, act, obstacle, granted, undone, at_ms, reason, code, procedure) VALUES(?,?,?,'',0,1,0,'','','')"
            " ON CONFLICT(rid, office, act) DO UPDATE SET undone = 1",
            [(event.header.rid, body.office, one) for one in body.of],
        )


def has_left(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> bool:
    """Whether an office left a dossier's scope and has not entered it since."""
    return bool(standing_exits(connection, rid, office))


def standing_exits(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> list[ActId]:
    """The granted wishes of an office that an entry would undo."""
    rows = connection.execute(f"SELECT act FROM scope_exit WHERE rid = ? AND office = ? AND {STANDING} ORDER BY act", (rid, office))
    return [ActId(EventId(as_bytes(act))) for (act,) in rows]


def offices_gone(connection: apsw.Connection, rid: RecordId) -> list[OfficeCode]:
    """The offices that left a dossier's scope."""
    rows = connection.execute(f"SELECT DISTINCT office FROM scope_exit WHERE rid = ? AND {STANDING} ORDER BY office", (rid,))
    return [OfficeCode(str(office)) for (office,) in rows]


def has_left_any(connection: apsw.Connection, office: OfficeCode) -> bool:
    """Whether an office has left any dossier: for who would otherwise ask for each one."""
    return connection.execute(f"SELECT 1 FROM scope_exit WHERE office = ? AND {STANDING} LIMIT 1", (office,)).fetchone() is not None


def exits_of(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> list[Exit]:
    """Everything the hub said of an office's wishes to leave a dossier, the newest last."""
    rows = connection.execute(
        "SELECT act, office, obstacle, granted, undone, at_ms FROM scope_exit WHERE rid = ? AND office = ? ORDER BY at_ms, act", (rid, office)
    )
    return [
        Exit(ActId(EventId(as_bytes(act))), OfficeCode(str(one)), str(obstacle), bool(granted) and not undone, as_int(at_ms))
        for act, one, obstacle, granted, undone, at_ms in rows
    ]


def is_judged(connection: apsw.Connection, rid: RecordId, office: OfficeCode, act: ActId) -> bool:
    """Whether the hub's word about a wish, or an entry that ended it, is in the log."""
    query = "SELECT 1 FROM scope_exit WHERE rid = ? AND office = ? AND act = ?"
    return connection.execute(query, (rid, office, act)).fetchone() is not None


def ever_left(connection: apsw.Connection, rids: Iterable[RecordId]) -> set[RecordId]:
    """Those of these dossiers that somebody left once: where there is no row of one, events of it may be held all the same."""
    return {RecordId(as_bytes(rid)) for (rid,) in select_in(connection, "SELECT rid FROM scope_exit WHERE rid IN (?)", rids)}
