"""I25, of dossiers that offices let go: every wish was answered, who left is in no scope and waits for no answer, and at its desks nothing of others is left after the
hub's backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apsw

from central_hub.ingest.feed import is_in_scope
from edge_node.letting_go.tombstones import tombstone_of
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log, exits, projection
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.bodies import ExitAsked, ExitJudged, decode_body
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.leaving import TOLD_IN_SPITE
from tests.simulation.hub import SimHub
from tests.simulation.node import SimNode


def findings(hub: SimHub, nodes: Sequence[SimNode]) -> Iterator[str]:
    """I25 at the hub and at each of these desks, whose programs know of leaving."""
    assert hub.store.connection is not None
    yield from _answered(hub.store.connection)
    rows = hub.store.connection.execute(f"SELECT DISTINCT rid, office FROM scope_exit WHERE {exits.STANDING} ORDER BY rid, office").fetchall()
    for raw, office in rows:
        rid = RecordId(as_bytes(raw))
        if is_in_scope(hub.store.connection, rid, OfficeCode(str(office))):
            yield f"I25 hub: {office} left {rid.hex()[:8]} and is in its scope"
        view = projection.view_of(hub.store.connection, rid)
        if view is not None and any(one.office == office for one in view.open_proposals):
            yield f"I25 hub: {office} left {rid.hex()[:8]}, where an act of its own waits for an answer"
        for node in nodes:
            if node.office == office:
                yield from _left(node, rid)
    for node in nodes:
        yield from _not_too_much(hub.store.connection, node)


def _answered(connection: apsw.Connection) -> Iterator[str]:
    for _, _, event in event_log.all_events(connection):
        body = decode_body(event)
        if isinstance(body, ExitAsked) and not exits.is_judged(connection, event.header.rid, body.office, act_id(event.header)):
            yield f"I25 hub: a wish of {event.header.node} about {event.header.rid.hex()[:8]} has no answer"


def _left(node: SimNode, rid: RecordId) -> Iterator[str]:
    connection = node.store.connection
    assert connection is not None
    if connection.execute("SELECT 1 FROM dossier WHERE rid = ?", (rid,)).fetchone():
        yield f"I25 {node.node}: {rid.hex()[:8]} was let go and can still be seen"
    others = [one for one in event_log.events_of(connection, rid) if one.header.node != node.node and one.header.type not in TOLD_IN_SPITE]
    if others:
        yield f"I25 {node.node}: {len(others)} events of {rid.hex()[:8]}, which was let go, are still here"
    if any(isinstance(body := decode_body(one), ExitJudged) and body.office == node.office for one in event_log.events_of(connection, rid)) and tombstone_of(connection, rid) is None:
        yield f"I25 {node.node}: no tombstone of {rid.hex()[:8]}"


def _not_too_much(at_hub: apsw.Connection, node: SimNode) -> Iterator[str]:
    assert node.store.connection is not None
    for (raw,) in node.store.connection.execute("SELECT rid FROM tombstone ORDER BY rid").fetchall():
        if not exits.has_left(at_hub, RecordId(as_bytes(raw)), node.office):
            yield f"I25 {node.node}: let go {as_bytes(raw).hex()[:8]}, which its office has not left"
