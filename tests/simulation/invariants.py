"""What must hold when a world has come to rest (sync.md 2.15). Each finding is one line that begins with the invariant's number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import apsw
import msgspec

from central_hub.ingest.cut_off import names_cut_off
from central_hub.ingest.feed import is_in_scope
from central_hub.ingest.nodes import find_node
from central_hub.ingest.ranges import compare
from edge_node.sync import comparing
from sync_protocol import sender
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log
from sync_protocol.adapters.erasures import erasures
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.adapters.stored_views import fingerprints
from sync_protocol.batch import events_of
from sync_protocol.bodies import EXITS
from sync_protocol.envelope import Event, read_event
from sync_protocol.errors import Problem
from sync_protocol.ids import ActId, EventId, RecordId
from sync_protocol.messages import Push, Witness
from sync_protocol.wire import unpack_request
from tests.simulation import evidence, leaving
from tests.simulation.hub import SimHub
from tests.simulation.node import SimNode
from tests.simulation.officers import Officers
from tests.simulation.stores import software_that_knows_not


def findings(hub: SimHub, nodes: list[SimNode], officers: Officers, destroyed: set[ActId]) -> list[str]:
    """Everything that is broken."""
    found = [*hub.world.broken, *hub.broken, *officers.broken]
    at_hub = _events(hub.store.connection)
    for node in nodes:
        found += node.broken
        with software_that_knows_not(node.store.hides):
            found += _walk(node.node, node.store.connection, frozenset() if node.is_served else _ordered(hub.store.connection))
        if node.is_served:
            found += _at_rest(node)
            found += _promises(node, at_hub)
            # an older program shows what it knows of (I20)
            found += (_same_views(hub, node) if not node.store.hides else [])
            found += _same_bytes(node, at_hub)
            found += _same_ranges(hub, node)
    found += _walk("hub", hub.store.connection)
    found += _nothing_lost(at_hub, hub, nodes, officers, destroyed)
    found += _revoked(hub, nodes, at_hub)
    found += _forgotten(hub, nodes)
    found += _erased(hub, nodes)
    found += leaving.findings(hub, [one for one in nodes if one.is_served and not one.store.hides])
    found += evidence.dossiers(hub)
    served = [one for one in nodes if one.is_served]
    found += evidence.clocks(served)
    if hub.world.weather.has("papers"):
        found += evidence.files(hub, served)
        found += evidence.index(hub, served)
    return found


def _events(connection: apsw.Connection | None) -> dict[EventId, Event]:
    assert connection is not None
    return {event.id: event for _, _, event in event_log.all_events(connection)}


def _walk(name: str, connection: apsw.Connection | None, elsewhere: Collection[ActId] = ()) -> Iterator[str]:
    """I3 and I15 of one log. `elsewhere` are orders that a machine which hears nothing any more need not hold: it may have been turned away between
    the page with an event without its body and the page with the order."""
    assert connection is not None
    excused = {
        f"{event.header.node}/{event.header.seq}"
        for _, _, event in (event_log.all_events(connection) if elsewhere else ())
        if event.body is None and act_id(event.header) in elsewhere
    }
    for one in walk_lanes(connection)[2]:
        if one.code != "VER-108" or one.where not in excused:
            yield f"I3 {name}: {one.detail} at {one.where}"
    for one in walk_views(connection)[1]:
        yield f"I15 {name}: {one.detail}"


def _ordered(connection: apsw.Connection | None) -> frozenset[ActId]:
    assert connection is not None
    return frozenset(one.act for one in erasures(connection))


def _erased(hub: SimHub, nodes: list[SimNode]) -> Iterator[str]:
    """I23: a body that an order took away is nowhere any more, whatever was restored, copied, held aside or brought again."""
    assert hub.store.connection is not None
    gone = {one.act for one in erasures(hub.store.connection)}
    for name, connection in [
        ("hub", hub.store.connection),
        *((one.node, one.store.connection) for one in nodes if one.is_served),
    ]:
        for event in _events(connection).values():
            if event.body is not None and act_id(event.header) in gone:
                yield f"I23 {name}: body of {event.id.hex()[:8]} is here in spite of its order"
    for (frame,) in hub.store.connection.execute("SELECT frame FROM quarantine").fetchall():
        for event in _of_frame(as_bytes(frame)):
            if event.body is not None and act_id(event.header) in gone:
                yield f"I23 quarantine: body of {event.id.hex()[:8]}"


def _of_frame(frame: bytes) -> Sequence[Event]:
    try:
        request = unpack_request(frame)
    except Problem:  # cut short on its way: nobody can read it
        return ()
    match request:
        case Push(batch=batch):
            return events_of(batch)
        case Witness(events=events):
            return [read_event(header, body) for header, body in events]
    return ()


def _at_rest(node: SimNode) -> Iterator[str]:
    head = next(lane.head.seq for lane in node.lanes() if lane.kind == "own")
    state = node.state
    if state.phase != "open" or sender.waiting(state) or state.head != head:
        yield f"I11 {node.node}: {state.phase} floor {state.floor} head {head} because {state.reason}"


def _promises(node: SimNode, at_hub: dict[EventId, Event]) -> Iterator[str]:
    assert node.store.connection is not None
    for inc, upto in node.store.connection.execute("SELECT inc, upto FROM acknowledgement").fetchall():
        lane = event_log.find_lane(node.store.connection, node.node, inc)  # type: ignore[arg-type]
        if lane is None:
            continue
        for event in event_log.read_lane(node.store.connection, lane.lane, 1, int(upto)):  # type: ignore[arg-type]
            if event.id not in at_hub:
                yield f"I5 {node.node}: says the hub has {event.header.seq} of {lane.kind}"
                break


def _same_views(hub: SimHub, node: SimNode) -> Iterator[str]:
    assert hub.store.connection is not None and node.store.connection is not None
    here, there = _views(node.store.connection), _views(hub.store.connection)
    for rid, view in there.items():
        if is_in_scope(hub.store.connection, rid, node.office) and here.get(rid) != view:
            yield f"I2 {node.node}: {'lacks' if rid not in here else 'sees another'} {rid.hex()[:8]}"


def _views(connection: apsw.Connection) -> dict[RecordId, bytes]:
    rids = [RecordId(as_bytes(rid)) for (rid,) in connection.execute("SELECT rid FROM dossier").fetchall()]
    return fingerprints(connection, rids)


def _same_ranges(hub: SimHub, node: SimNode) -> Iterator[str]:
    """The protocol's own comparison agrees: an office holds exactly what it was told."""
    assert hub.store.connection is not None and node.store.connection is not None
    ask = comparing.question(node.store.connection, b"")
    if ask is not None:
        ask = msgspec.structs.replace(ask, leaves_out=not node.store.hides & EXITS)  # a program that knows nothing of leaving does not say it
        row = find_node(hub.store.connection, node.node)
        reply = compare(hub.store.connection, row, ask, hub.service.identity.epoch)
        if reply.feed_head == ask.cursor and reply.differing:
            yield f"I2 {node.node}: ranges differ: {[one.hex() for one in reply.differing[:3]]}"


def _same_bytes(node: SimNode, at_hub: dict[EventId, Event]) -> Iterator[str]:
    for identifier, event in _events(node.store.connection).items():
        other = at_hub.get(identifier)
        if other is not None and (other.raw_header, other.body) != (event.raw_header, event.body):
            yield f"I12 {node.node}: other bytes of {identifier.hex()[:8]}"


def _nothing_lost(
    at_hub: dict[EventId, Event], hub: SimHub, nodes: list[SimNode], officers: Officers, destroyed: set[ActId]
) -> Iterator[str]:
    """I1: what was shown as saved is at the hub, unless the only disks that held it were destroyed."""
    acts_at_hub = {act_id(event.header) for event in at_hub.values()}
    survivors: set[ActId] = set()
    for node in nodes:
        if node.is_served:
            survivors |= {act_id(event.header) for event in _events(node.store.connection).values()}
    for act, node in officers.truth.items():
        gone = act in destroyed or not node.is_served
        if act not in acts_at_hub and (not gone or act in survivors):
            yield f"I1 {node.node}: {act.hex()[:8]} is not at the hub"


def _revoked(hub: SimHub, nodes: list[SimNode], at_hub: dict[EventId, Event]) -> Iterator[str]:
    """I17: of a revoked node the hub holds only what it had taken before, however it came back, and what it took while it did not know; a machine that got
    the name since is another."""
    for node, before in hub.accepted_of.items():
        others = {inc for one in nodes if one.node == node and not one.is_cut for inc in one.incs}
        late = [event for event in at_hub.values() if event.header.node == node and event.id not in before and event.header.inc not in others]
        if late and node not in hub.unheard:
            yield f"I17 {node}: {len(late)} events after the revocation"


def _forgotten(hub: SimHub, nodes: list[SimNode]) -> Iterator[str]:
    """I24: what the hub ever told a served desk of a name cut off, it knows."""
    assert hub.store.connection is not None
    known = {one.node: one.at_ms for one in names_cut_off(hub.store.connection)}
    for node in nodes:
        for name, at_ms in node.words.items() if node.is_served else ():
            if known.get(name, 0) < at_ms:
                yield f"I24 hub: {name} is served, and {node.node} was told that it is cut off"
