"""After the hub was restored: giving back to it what it may have lost.

Two things are owed (sync.md 2.13). Own lanes that were retired before are nobody else's to push: they go again from the hub's floor, and what
the hub can no longer take at its place is issued again in the own lane. And the pages that earlier epochs told this office are
offered with the hub's own proof, so that work of offices that are gone comes back (node rule N5). Progress is kept in the database:
a cut line costs a repetition.

An own event whose body an order took away goes to the hub behind that order: else both places that still have the order could be put back
meanwhile, and a body would be missing for no reason that anybody knows (found by the simulation, seed 501767).
"""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import msgspec

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_number, read_state, write_number
from edge_node.sync.asking import runs_by_bytes
from edge_node.sync.memory import issue_again
from edge_node.sync.page_keeping import OFFER_ALL, note_settled
from sync_protocol.acts import act_id
from sync_protocol.adapters import erasures, event_log, projection
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.envelope import Event, read_event
from sync_protocol.ids import EventId, HubEpoch, OfficeCode
from sync_protocol.limits import BATCH_EVENTS_MAX
from sync_protocol.messages import Fork, LaneHead, Offer, OfferReply, Reply, Witness, WitnessReply
from sync_protocol.page_proof import PageProof

PAGES_PER_OFFER = 16


class OfferedPages(msgspec.Struct, frozen=True):
    """Some proven pages with the number under which the last of them is kept here."""

    upto: int
    pages: tuple[PageProof, ...]

    @property
    def offer(self) -> Offer:
        """The message."""
        return Offer(self.pages)


def is_owed(connection: apsw.Connection) -> bool:
    """Whether the hub's present epoch has still to hear what this node holds."""
    return read_number(connection, "offers_owed") == 1


def retired_runs(connection: apsw.Connection, floors: Sequence[LaneHead]) -> list[list[Event]]:
    """Batches of retired own lanes that the hub may lack, in order.

    A floor counts only where it names our own event: a clone may have carried the hub's lane further with another history.
    """
    held = {floor.inc: floor for floor in floors}
    node = own_lane(connection).node
    runs: list[list[Event]] = []
    for lane in event_log.lanes(connection):
        if lane.node == node and lane.kind == "retired":
            floor = held.get(lane.inc)
            is_ours = floor is not None and event_log.held_id(connection, lane.lane, floor.seq) == floor.id
            events = event_log.read_lane(
                connection, lane.lane, (floor.seq if floor and is_ours else 0) + 1, lane.head.seq
            )
            runs += [
                part
                for at in range(0, len(events), BATCH_EVENTS_MAX)
                for part in runs_by_bytes(events[at : at + BATCH_EVENTS_MAX])
            ]
    return runs


def keep_refused(connection: apsw.Connection, fork: Fork, now_ms: int) -> int:
    """The hub holds another history from this place of a retired lane on: our acts go into the own lane, once each."""
    lane = own_lane(connection)
    retired = event_log.find_lane(connection, lane.node, fork.inc)
    if retired is None:
        return 0
    refused = event_log.supersede(connection, retired, fork.at)
    lacking = [
        event
        for event in refused
        if connection.execute(
            "SELECT 1 FROM event WHERE rid = ? AND lane = ? AND hlc = ?",
            (event.header.rid, lane.lane, event.header.hlc),
        ).fetchone()
        is None
    ]
    again = issue_again(connection, lacking, now_ms)
    if refused:
        write_number(connection, "cursor", 0)  # what the hub holds of them in spite of that, aside, it shows once more
        projection.project(connection, refused)
    return len(again)


def next_pages(connection: apsw.Connection, after: int | None = None) -> OfferedPages | None:
    """The next pages of earlier epochs to offer, from where the hub has heard them or behind the page numbered `after`; None when all were."""
    epoch = read_state(connection, "epoch")
    rows = connection.execute(
        "SELECT id, epoch, office, ids, signature FROM page_proof WHERE id > ? AND (epoch <> ? OR ?) ORDER BY id LIMIT ?",
        (read_number(connection, "offered_upto") if after is None else after, epoch, read_number(connection, OFFER_ALL), PAGES_PER_OFFER),
    ).fetchall()
    if not rows:
        return None
    return OfferedPages(as_int(rows[-1][0]), tuple(_proof(row[1:]) for row in rows))


def _proof(row: Sequence[object]) -> PageProof:
    epoch, office, ids, mark = row
    return PageProof(HubEpoch(as_bytes(epoch)), OfficeCode(str(office)), as_bytes(ids), as_bytes(mark))


def wanted(connection: apsw.Connection, offered: OfferedPages, reply: OfferReply) -> list[Witness]:
    """The witness messages that an answer to an offer asks for, each within the size of one message; orders before what they bereft of its body."""
    messages: list[Witness] = []
    for page, ranges in zip(offered.pages, reply.wanted, strict=False):
        ids = page.event_ids
        asked = [ids[place] for first, last in ranges for place in range(first, min(last + 1, len(ids)))]
        for run in runs_by_bytes(event_log.read_events(connection, asked)):
            brought = {event.id for event in run}
            orders = [one for one in orders_over(connection, run) if brought.isdisjoint(_ids(one))]
            events = tuple((event.raw_header, event.body) for event in run)
            messages += [*orders, Witness(page, events, tuple(identifier for order in orders for identifier in _ids(order)))]
    return messages


def orders_over(connection: apsw.Connection, run: Sequence[Event]) -> list[Witness]:
    """The orders that took bodies out of these events, each with the page on which the hub told it. What no page proves stays out."""
    bare = [
        order
        for event in run
        if event.body is None and (order := erasures.order_over(connection, act_id(event.header))) is not None
    ]
    messages: list[Witness] = []
    for identifier in sorted({order.ordered_by for order in bare}):
        row = connection.execute(
            "SELECT epoch, office, ids, signature FROM page_proof WHERE instr(ids, ?) LIMIT 1", (identifier,)
        ).fetchone()
        if row is not None:
            (event,) = event_log.read_events(connection, [identifier])
            messages.append(Witness(_proof(row), ((event.raw_header, event.body),)))
    return messages


def heard(order: Witness, reply: Reply | None) -> list[EventId]:
    """The orders that the hub holds after this answer; none where it refused them or the answer was lost."""
    return _ids(order) if isinstance(reply, WitnessReply) else []


def _ids(witness: Witness) -> list[EventId]:
    return [read_event(header, body).id for header, body in witness.events]


def keep_progress(connection: apsw.Connection, offered: OfferedPages, epoch: HubEpoch) -> bool:
    """The hub of this epoch has heard so much. False, and nothing changes, when yet another epoch began meanwhile: greet it first."""
    if read_state(connection, "epoch") != epoch:
        return False
    write_number(connection, "offered_upto", offered.upto)
    return True


def keep_settled(connection: apsw.Connection, epoch: HubEpoch) -> None:
    """The hub of this epoch has heard everything."""
    if read_state(connection, "epoch") == epoch:
        write_number(connection, "offers_owed", 0)
        write_number(connection, OFFER_ALL, 0)
        note_settled(connection)
