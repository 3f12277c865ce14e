"""The worklist both shells show: dossiers with something only a person can settle."""

from __future__ import annotations

import apsw

from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import as_int
from sync_protocol.adapters.stored_views import read_views
from sync_protocol.ids import ActId, RecordId
from sync_protocol.register import Settled
from sync_protocol.view import DossierView


def open_cases(connection: apsw.Connection, limit: int = 200, skip: int = 0) -> list[DossierView]:
    """Dossiers with a conflict, a move without effect, a revoked paper in reuse or a suspicion that nobody has settled, oldest first. The column `conflicts`
    counts all but the last."""
    rows = connection.execute(
        "SELECT rid, view FROM dossier WHERE conflicts + suspicions > 0 ORDER BY received_ms, rid LIMIT ? OFFSET ?",
        (limit, skip),
    )
    return read_views(connection, rows.fetchall())


def count_open_cases(connection: apsw.Connection) -> int:
    """Dossiers with something that only a person can settle."""
    row = connection.execute("SELECT count(*) FROM dossier WHERE conflicts + suspicions > 0").fetchone()
    return as_int(row[0]) if row else 0


def disputed_ms(connection: apsw.Connection, rid: RecordId, settled: Settled | None) -> int:
    """When the second value of a register had arrived here, UTC ms; 0 where nothing is known of it."""
    arrived = arrivals(connection, rid)
    times = sorted(arrived.get(head.id, 0) for head in settled.heads) if settled else []
    return times[1] if len(times) > 1 else times[0] if times else 0


def arrivals(connection: apsw.Connection, rid: RecordId) -> dict[ActId, int]:
    """When each act of a dossier first arrived here, UTC ms."""
    times = {
        bytes(one): as_int(at)
        for one, at in connection.execute("SELECT id, arrived_ms FROM event WHERE rid = ?", (rid,))
    }
    found: dict[ActId, int] = {}
    for event in event_log.events_of(connection, rid):
        act = act_id(event.header)
        found[act] = min(found.get(act, times[event.id]), times[event.id])
    return found
