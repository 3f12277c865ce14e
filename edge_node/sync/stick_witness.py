"""What a hub that was put back lacks, given back on a stick: own retired lanes, and what others wrote and this desk was told (node rule N5).

On a line the hub is asked first what it wants. A stick would need one more journey for that, so it carries the events themselves, and behind each few pages the
offer of them: an answer that wants nothing of a page proves, under the hub's seal, that the hub holds it. So nothing is remembered of what was written onto a stick,
and one that is lost, late or read twice moves nothing that is not so (witness.py has what happens on a line).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apsw

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_number, read_state, write_number
from edge_node.sync import witness
from edge_node.sync.page_keeping import TAKEN_BY_HAND
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.envelope import Event
from sync_protocol.ids import Incarnation
from sync_protocol.messages import HelloReply, LaneHead, Offer, OfferReply, Witness

WITNESS_BYTES_MAX = 268_435_456  # the rest goes with the next stick


def is_owed_by_hand(connection: apsw.Connection) -> bool:
    """Whether this stick is to give the hub back what it may have lost."""
    return witness.is_owed(connection) and read_number(connection, TAKEN_BY_HAND) == 1


def retired_runs(connection: apsw.Connection) -> list[list[Event]]:
    """Batches of retired own lanes beyond what the hub of the present epoch has promised or shown of them."""
    return witness.retired_runs(connection, list(_promised(connection)))


def given_back(connection: apsw.Connection, room: int = WITNESS_BYTES_MAX) -> Iterator[Witness | Offer]:
    """What others wrote, oldest pages first, each few pages with the offer that asks whether all of it arrived; about `room` bytes."""
    after: int | None = None
    while room > 0 and (offered := witness.next_pages(connection, after)) is not None:
        everything = OfferReply(tuple(((0, len(page.event_ids) - 1),) for page in offered.pages))
        for message in witness.wanted(connection, offered, everything):
            room -= sum(len(header) + len(body or b"") for header, body in message.events)
            yield message
        room -= sum(len(page.ids) for page in offered.pages)
        yield offered.offer
        after = offered.upto


def heard_of(offers: Sequence[Offer], replies: Sequence[OfferReply]) -> set[bytes]:
    """The signatures of the pages of which the hub wants nothing. Pure; nothing where answers and questions do not belong together.

    >>> heard_of((), (OfferReply(()),))
    set()
    """
    if len(offers) != len(replies):
        return set()
    return {
        page.signature
        for offer, reply in zip(offers, replies, strict=True)
        for page, lacking in zip(offer.pages, reply.wanted, strict=False)
        if not lacking
    }


def keep_heard(connection: apsw.Connection, heard: set[bytes], welcome: HelloReply) -> None:
    """Move on behind the pages that the hub holds; where all is told, nothing is owed any more. Idempotent.

    An answer of another life of the hub, or of a former life in this epoch (page_keeping.owe_offers), moves nothing.
    """
    is_of_now = read_state(connection, "epoch") == welcome.epoch and welcome.at_ms >= read_number(connection, "epoch_ms")
    if not is_of_now or not witness.is_owed(connection):
        return
    while (offered := witness.next_pages(connection)) is not None:
        if not all(page.signature in heard for page in offered.pages):
            return
        write_number(connection, "offered_upto", offered.upto)
    if not retired_runs(connection):
        witness.keep_settled(connection, welcome.epoch)


def _promised(connection: apsw.Connection) -> Iterator[LaneHead]:
    node, epoch = own_lane(connection).node, read_state(connection, "epoch")
    for raw, upto in connection.execute("SELECT inc, upto FROM acknowledgement WHERE epoch = ?", (epoch,)).fetchall():
        inc = Incarnation(as_bytes(raw))
        lane = event_log.find_lane(connection, node, inc)
        held = None if lane is None else event_log.held_id(connection, lane.lane, as_int(upto))
        if held is not None:
            yield LaneHead(inc, as_int(upto), held)
