"""Leaving a scope: an office's wish is judged in the transaction that stores it, and what was decided is an event of the hub (scope.exit, sync.md 2.8).

An office may leave what it only follows (sync_protocol/leaving.py). The decision is the last thing that its feed tells of the dossier, but for orders to erase. Whatever it does on it afterwards is accepted as ever, and lets it enter again; so does
custody, and an act of its own that has lost its effect since and waits for an answer. Work that the office did behind its wish says that it has not done with it: then
the wish is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from central_hub.ingest.feed import enter_scope, feed_to, is_in_scope, leave_scope, stay_in_scope, tell_past
from central_hub.ingest.nodes import office_of_node
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log, exits, projection
from sync_protocol.adapters.folded import Folded
from sync_protocol.bodies import BodyErased, ExitAsked, ExitJudged, ExitUndone, decode_body
from sync_protocol.envelope import Event
from sync_protocol.ids import HUB_NODE, NodeId, OfficeCode, RecordId
from sync_protocol.leaving import awaits_answer, obstacle

WISH = "exit.asked"
Placed = Sequence[tuple[int, Event]]


def decisions(connection: apsw.Connection, events: Sequence[Event], now_ms: int) -> list[tuple[RecordId, ExitJudged]]:
    """The hub's word about each wish among stored events that has none yet. Writes nothing."""
    found: list[tuple[RecordId, ExitJudged]] = []
    for event in events:
        body = decode_body(event) if event.header.type == WISH else None
        if not isinstance(body, ExitAsked):
            continue
        rid, act = event.header.rid, act_id(event.header)
        if office_of_node(connection, event.header.node) != body.office or exits.is_judged(connection, rid, body.office, act):
            continue
        view = projection.view_of(connection, rid)
        why = "acted_since" if _acted_since(connection, event) else obstacle(view, body.office, lambda node: office_of_node(connection, NodeId(node)))
        code, procedure = ("", "") if view is None else (view.reference, view.procedure)
        judged = ExitJudged(office=body.office, of=act, at_ms=now_ms, obstacle=why, reason=body.reason, code=code, procedure=procedure)
        found.append((rid, judged))
    return found


def heed(connection: apsw.Connection, placed: Placed, changed: Sequence[Folded], now_ms: int) -> set[OfficeCode]:
    """Let scopes follow what the hub's stored and projected words say of leaving and of custody; returns offices that were told in spite of their scope.

    The words may come by a witness, in any order: who has custody is in scope whatever it wished before, who left is not, and who entered again is.
    `changed` are the dossiers folded anew: a grant may have come before the reception without which it gives nobody custody, and the end of a dossier after
    an office left that had brought a supplement.
    """
    told: set[OfficeCode] = set()
    moved = [one.rid for one in changed if one.whole is not None and (one.whole.custody.fence or one.whole.open_proposals)]  # a lone reception moves nothing
    for position, event in placed:
        body = decode_body(event) if event.header.node == HUB_NODE else None
        rid = event.header.rid
        if isinstance(body, ExitJudged) and not is_in_scope(connection, rid, body.office):
            feed_to(connection, body.office, position)
            told.add(body.office)
        if isinstance(body, BodyErased):
            told |= _tell_gone(connection, position, event)
        if isinstance(body, ExitJudged | ExitUndone):
            told |= _let_leave(connection, rid, now_ms)
        if isinstance(body, ExitUndone) and not exits.has_left(connection, rid, body.office):
            _come_back(connection, rid, body.office, now_ms)
    for rid in moved:
        told |= _let_leave(connection, rid, now_ms)
    return told


def _let_leave(connection: apsw.Connection, rid: RecordId, now_ms: int) -> set[OfficeCode]:
    """End the scope of those who left; returns those whose exit ends instead. That is who has custody, also where a hub that had forgotten the exit let the office
    take it since, and whose own act has come to wait for the custodian's word: who is away is not told it."""
    gone = exits.offices_gone(connection, rid)
    view = projection.view_of(connection, rid) if gone else None
    back = {office for office in gone if view is not None and (view.custody.office == office or awaits_answer(view, office))}
    for office in gone:
        if office in back:
            stay_in_scope(connection, rid, office, now_ms, "custody" if view is not None and view.custody.office == office else "answer")
        else:
            leave_scope(connection, rid, office)
    return back


def _come_back(connection: apsw.Connection, rid: RecordId, office: OfficeCode, now_ms: int) -> None:
    """A hub that had forgotten the exit took the office for entitled all the time; a desk that had not may have let go what it was told meanwhile."""
    if not enter_scope(connection, rid, office, now_ms, "witness"):
        tell_past(connection, office, [rid])


def _tell_gone(connection: apsw.Connection, position: int, event: Event) -> set[OfficeCode]:
    """An order reaches who left as well: its own acts stay at its desks, and a machine of an older program beside them lets nothing go."""
    gone = set(exits.offices_gone(connection, event.header.rid))
    for office in sorted(gone):
        feed_to(connection, office, position)
    return gone


def _acted_since(connection: apsw.Connection, wish: Event) -> bool:
    """Whether the same lane has more of this dossier behind the wish than other wishes."""
    place = (wish.header.node, wish.header.inc)
    return any(
        (other.header.node, other.header.inc) == place and other.header.seq > wish.header.seq and other.header.type != WISH
        for other in event_log.events_of(connection, wish.header.rid)
    )
