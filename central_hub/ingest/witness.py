"""After a restore: taking back from nodes what this hub once told them and no longer holds.

A node's word counts for nothing here; only the hub's own signature under a page does (page_proof.py). An event comes back to its lane when
it continues it, else to the lane's recovery lane, which operators see as a list; either way it is fed, merged and told to every office in
scope (sync.md 2.13). Repeating an offer or a witness changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import msgspec

from central_hub.ingest.commit import spread_events
from central_hub.ingest.errors import UnprovenWitness
from central_hub.ingest.feed import enter_by_proof
from central_hub.ingest.identity import HubIdentity
from central_hub.ingest.nodes import NodeRow
from central_hub.ingest.quarantine import scrub
from sync_protocol.adapters import event_log, signatures
from sync_protocol.bodies import CustodyGranted, decode_body
from sync_protocol.envelope import Event, follows, read_event
from sync_protocol.erasure import order_in
from sync_protocol.ids import HUB_NODE, NodeId, OfficeCode, RecordId
from sync_protocol.messages import Busy, Offer, OfferReply, Witness, WitnessReply
from sync_protocol.page_proof import PageProof, check_page

ORDER_RETRY_MS = 2_000


class Recovered(msgspec.Struct, frozen=True):
    """One lane of which events stand aside, for the operators' list."""

    node: NodeId
    events: int


def wanted_of(
    connection: apsw.Connection, node: NodeRow, offer: Offer, hub: str, public_key: bytes, now_ms: int
) -> OfferReply:
    """Which events of the offered pages this hub lacks. The asking office enters again the scopes that its pages prove, and that it has not left.

    Raises:
        RemoteProtocolError, SignatureRejected: a page is not the hub's own.
    """
    wanted = []
    for page in offer.pages:
        _prove(page, hub, public_key)
        lacking = []
        for place, identifier in enumerate(page.event_ids):
            row = connection.execute("SELECT rid FROM event WHERE id = ?", (identifier,)).fetchone()
            if row is None:
                lacking.append(place)
            elif page.office == node.office:
                enter_by_proof(connection, RecordId(bytes(row[0])), node.office, now_ms)
        wanted.append(_ranges(lacking))
    return OfferReply(tuple(wanted))


def take_back(
    connection: apsw.Connection, node: NodeRow, witness: Witness, identity: HubIdentity, public_key: bytes, now_ms: int
) -> tuple[WitnessReply | Busy, set[OfficeCode]]:
    """Store proven events that are new here; returns the answer and the offices with news. Busy where an order is missing that it stands behind.

    An event that its author brought since the offer is held already; the witness's office is entitled by its page all the same.

    Raises:
        UnprovenWitness: an event that the page does not name.
        RemoteProtocolError, SignatureRejected: the page is not the hub's own, or an event is unreadable.
    """
    _prove(witness.page, identity.hub, public_key)
    named = {identifier: place for place, identifier in enumerate(witness.page.event_ids)}
    events = [read_event(header, body) for header, body in witness.events]
    for event in events:
        if event.id not in named:
            raise UnprovenWitness(node=node.node, event_id=event.id.hex()[:16])
    if not event_log.holds_all(connection, witness.behind):
        return Busy(ORDER_RETRY_MS), set()
    news: set[OfficeCode] = set()
    accepted = 0
    for event in sorted(events, key=lambda one: named[one.id]):
        if not event_log.holds(connection, event.id):
            accepted += 1
            _enter(connection, node, witness.page, event, now_ms)
            news |= spread_events(connection, identity.epoch, _place(connection, event, now_ms), now_ms)
        elif witness.page.office == node.office:
            enter_by_proof(connection, event.header.rid, node.office, now_ms)
    if any(order_in(event) for event in events):
        scrub(connection)  # what was held aside before the order came back
    return WitnessReply(accepted), news


def recovered(connection: apsw.Connection) -> list[Recovered]:
    """Lanes with events aside: two histories under one name, or a gap that nobody could close."""
    rows = connection.execute(
        "SELECT l.node, count(*) FROM lane l JOIN event e ON e.lane = l.lane WHERE l.kind = 'recovery' GROUP BY l.lane ORDER BY l.lane"
    )
    return [Recovered(NodeId(str(node)), int(count)) for node, count in rows]


def _prove(page: PageProof, hub: str, public_key: bytes) -> None:
    check_page(page, hub=hub, verify=lambda message, mark: signatures.verify(public_key, message, mark))


def _place(connection: apsw.Connection, event: Event, now_ms: int) -> Sequence[tuple[int, Event]]:
    kind: event_log.LaneKind = "own" if event.header.node == HUB_NODE else "peer"
    lane = event_log.open_lane(connection, event.header.node, event.header.inc, kind)
    if follows(lane.head.id, lane.head.seq, event):
        return event_log.append(connection, lane, [event], now_ms)[1]
    return [(event_log.keep_aside(connection, event, now_ms), event)]


def _enter(connection: apsw.Connection, node: NodeRow, page: PageProof, event: Event, now_ms: int) -> None:
    """Who is entitled again: the witness's office by its page, the author's by its act, a custodian by the grant."""
    offices = {page.office} if page.office == node.office else set()
    author = connection.execute("SELECT office FROM node WHERE node = ?", (event.header.node,)).fetchone()
    if author is not None:
        offices.add(OfficeCode(str(author[0])))
    body = decode_body(event)
    if isinstance(body, CustodyGranted) and event.header.node == HUB_NODE:
        offices.add(body.office)
    for office in sorted(offices):
        enter_by_proof(connection, event.header.rid, office, now_ms)


def _ranges(places: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Ascending numbers as (first, last) runs.

    >>> _ranges([0, 1, 2, 7])
    ((0, 2), (7, 7))
    """
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return tuple(runs)
