"""Gathering: what happened to dossiers becomes letters, a few hundred events at a time, in one transaction with the place in the log.

A dossier's state is told once for each change; a question about an applicant is asked once. A gateway that is switched on later begins with
what happens from then on.
"""

from __future__ import annotations

import apsw
import msgspec

from central_hub.gateways import identity, portal
from central_hub.gateways.arrivals import cursor_of, move_cursor
from central_hub.gateways.mailbox import Gateway, last_content, write
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import BESIDE_DOSSIERS
from sync_protocol.ids import RecordId
from sync_protocol.view import DossierView

STEP_EVENTS = 500
ASKED = "check"


class StateTold(msgspec.Struct, frozen=True):
    """The content of a letter to the portal: the state as the portal counts, and when it was seen here (ms UTC)."""

    state: int
    at_ms: int


def gather(connection: apsw.Connection, gateway: Gateway, now_ms: int, limit: int = STEP_EVENTS) -> int:
    """Write letters about the next events; returns how many events were read, 0 when nothing is left."""
    name, settled = f"log:{gateway}", event_log.settled_position(connection)
    after = cursor_of(connection, name)
    if not after:
        move_cursor(connection, name, str(event_log.last_position(connection)))
        return 0
    rows = connection.execute(
        "SELECT position, rid, type FROM event WHERE position > ? AND position <= ? ORDER BY position LIMIT ?", (int(after), settled, limit)
    ).fetchall()
    for rid in dict.fromkeys(as_bytes(rid) for _, rid, kind in rows if kind not in BESIDE_DOSSIERS):
        view = projection.view_of(connection, RecordId(rid))
        if view is not None:
            _tell(connection, view, now_ms) if gateway == "portal" else _question(connection, view, now_ms)
    if rows:
        move_cursor(connection, name, str(as_int(rows[-1][0])))
    return len(rows)


def _tell(connection: apsw.Connection, view: DossierView, now_ms: int) -> None:
    state = portal.state_of(view)
    last = last_content(connection, "portal", view.rid)
    told = msgspec.json.decode(last, type=StateTold).state if last else None
    if state is not None and state != told:
        content = msgspec.json.encode(StateTold(state, now_ms)).decode()
        write(connection, "portal", view.rid, view.reference, content, now_ms)


def _question(connection: apsw.Connection, view: DossierView, now_ms: int) -> None:
    if identity.is_wanted(view) and last_content(connection, "identity", view.rid) is None:
        write(connection, "identity", view.rid, view.reference, ASKED, now_ms)
