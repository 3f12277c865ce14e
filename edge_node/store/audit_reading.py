"""Reading the audit chain for people: newest first, a page at a time, by officer or dossier. Reading it is itself not an act on a dossier."""

from __future__ import annotations

import apsw
import msgspec

from sync_protocol.ids import RecordId

PAGE = 100


class AuditRow(msgspec.Struct, frozen=True):
    """One act. `code` is the dossier's reference where it is held here; `rid` is empty for acts on none, `certificate` where none was opened."""

    id: int
    at_ms: int
    actor: str
    role: str
    what: str
    rid: bytes
    code: str
    purpose: str
    outcome: str
    certificate: str


def read_audit(
    connection: apsw.Connection, *, before: int = 0, actor: str = "", rid: RecordId | None = None
) -> list[AuditRow]:
    """Up to `PAGE` acts before row `before` (0: from the newest), the newest first."""
    wheres = ["1"]
    values: list[apsw.SQLiteValue] = []
    for given, where, value in ((before, "a.id < ?", before), (actor, "a.actor = ?", actor), (rid, "a.rid = ?", rid)):
        if given:
            wheres.append(where)
            values.append(value)
    rows = connection.execute(
        "SELECT a.id, a.at_ms, a.actor, a.role, a.what, coalesce(a.rid, x''), coalesce(d.code, ''), a.purpose, a.outcome, coalesce(a.certificate, '')"
        f" FROM audit a LEFT JOIN dossier d ON d.rid = a.rid WHERE {' AND '.join(wheres)} ORDER BY a.id DESC LIMIT ?",
        (*values, PAGE),
    )
    return [AuditRow(*row) for row in rows]
