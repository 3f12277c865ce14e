"""What sync remembers in the node's database: floors, acknowledgements, cursor, code blocks, peers. Each in one transaction with what it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw
import msgspec

from edge_node.letting_go.tombstones import HUB_JUDGES, note_told, settle
from edge_node.store.ledger import note_files, own_lane, queue_file
from edge_node.store.node_store import read_number, read_state, write_number, write_state
from edge_node.store.send_order import send_again, send_all_again
from edge_node.sync.asking import AUDIT_MARK, NUMBERS_UPTO, OFFICES_MARK, keep_seen
from edge_node.sync.clock_spans import note_clock
from edge_node.sync.page_keeping import TAKEN_BY_HAND, keep_page, owe_offers, prune_pages
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.folded import Folded
from sync_protocol.batch import Acknowledgement
from sync_protocol.bodies import blobs_of, decode_body
from sync_protocol.clock import is_untrusted
from sync_protocol.courier import TAKES_OFFERS
from sync_protocol.envelope import Event, check_shape, make_event
from sync_protocol.ids import EventId, HubEpoch, Incarnation, RecordId
from sync_protocol.messages import HelloReply, Pull, PulledEvent, PullReply, mark_of_offices
from sync_protocol.page_proof import PageProof
from sync_protocol.sender import SenderState

EXITS = "exit"  # the capability of a hub that judges wishes to leave a scope
_WELCOME_MS = "welcome_ms"  # hub time of the newest answer to a greeting


def starting_state(connection: apsw.Connection) -> SenderState:
    """The engine's state after a start: everything under way is forgotten, the hub's floor will say what is missing."""
    lane = own_lane(connection)
    promise = connection.execute("SELECT upto, backup_seq FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    floor, backup = (int(promise[0]), int(promise[1])) if promise else (0, 0)
    raw = read_state(connection, "epoch")
    return SenderState(
        inc=lane.inc,
        head=lane.head.seq,
        floor=floor,
        sent=floor,
        backup_seq=backup,
        epoch=HubEpoch(raw) if raw else None,
    )


def keep_acknowledgement(connection: apsw.Connection, one: Acknowledgement) -> bool:
    """Store a verified acknowledgement; returns whether it says something about this log.

    Kept only when it names an event that this lane holds under that id, was not made in an epoch that the hub has since lost, and is not
    older than the one held (I5, I21): a promise about another history under the same name is no promise to this one.
    """
    lane = event_log.find_lane(connection, own_lane(connection).node, one.inc)
    if lane is None or event_log.held_id(connection, lane.lane, one.upto) != one.head:
        return False
    if is_before_restore(connection, one):
        return False
    connection.execute(
        "INSERT INTO acknowledgement(inc, upto, head, epoch, hubseq, at_ms, backup_seq, raw) VALUES(?,?,?,?,?,?,?,?)"
        " ON CONFLICT(inc) DO UPDATE SET upto = excluded.upto, head = excluded.head, epoch = excluded.epoch,"
        " hubseq = excluded.hubseq, at_ms = excluded.at_ms, backup_seq = max(backup_seq, excluded.backup_seq), raw = excluded.raw"
        " WHERE excluded.upto >= upto OR excluded.epoch <> epoch",
        (one.inc, one.upto, one.head, one.epoch, one.hubseq, one.at_ms, one.backup_seq, msgspec.msgpack.encode(one)),
    )
    settle(connection)
    return True


def is_before_restore(connection: apsw.Connection, one: Acknowledgement) -> bool:
    """Whether the hub has been put back since it made this; a later one may come by courier, before any hello tells of the new epoch."""
    return one.epoch != read_state(connection, "epoch") and one.at_ms <= read_number(connection, "epoch_ms")


def keep_welcome_by_hand(connection: apsw.Connection, reply: HelloReply) -> bool:
    """As `keep_welcome`, of an answer that was under way for a while; False, and nothing stored, where the hub has been put back since it was made.

    One that another answer of the same life overtook has nothing to add, and says nothing about the clock.
    """
    is_other_life = reply.epoch != read_state(connection, "epoch")
    if is_other_life and reply.at_ms <= read_number(connection, "epoch_ms"):
        return False
    if is_other_life or reply.at_ms > read_number(connection, _WELCOME_MS):
        keep_welcome(connection, reply, None)
    return True


def keep_welcome(connection: apsw.Connection, reply: HelloReply, now_ms: int | None) -> None:
    """Store what a hello brought: epoch, code blocks (and which are another desk's), offices of peers, the clock's offset, how far the backup reaches.

    With a new epoch, cursor and promises of the old one end in the same transaction, and what is held of others is owed as an offer. `now_ms` is None
    where the answer was under way for too long to compare clocks by it.
    """
    if read_state(connection, "epoch") != reply.epoch:
        enter_epoch(connection, reply)
    write_number(connection, "feed_head", reply.feed_head)
    if reply.audit_mark is not None:
        write_state(connection, AUDIT_MARK, msgspec.msgpack.encode(reply.audit_mark))
    write_number(connection, _WELCOME_MS, reply.at_ms)
    write_number(connection, TAKEN_BY_HAND, int(TAKES_OFFERS in reply.capabilities))
    if now_ms is not None:
        write_state(connection, "clock_offset_ms", str(reply.at_ms - now_ms).encode())
        note_clock(connection, reply.at_ms - now_ms)
    connection.executemany(
        "INSERT OR IGNORE INTO code_block(inc, office, first, last) VALUES(?,?,?,?)",
        [(block.inc, block.office, block.first, block.last) for block in reply.blocks],
    )
    connection.executemany(
        "DELETE FROM code_block WHERE office = ? AND first = ? AND last = ?",
        [(block.office, block.first, block.last) for block in reply.others_blocks],
    )
    write_number(connection, NUMBERS_UPTO, max(read_number(connection, NUMBERS_UPTO), reply.numbers_upto))
    send_again(connection, reply.lost_files)
    prune_pages(connection, reply.epoch, reply.backup_feed, reply.at_ms if now_ms is None else now_ms)
    if reply.offices:
        connection.executemany("INSERT OR REPLACE INTO peer_office(node, office) VALUES(?,?)", reply.offices)
        write_state(connection, OFFICES_MARK, mark_of_offices(reply.offices))
    connection.executemany(
        "UPDATE acknowledgement SET backup_seq = max(backup_seq, ?) WHERE inc = ? AND epoch = ? AND upto >= ?",
        [(lane.backup_seq, lane.inc, reply.epoch, lane.backup_seq) for lane in reply.floors],
    )
    write_state(connection, HUB_JUDGES, b"1" if EXITS in reply.capabilities else b"")
    # short of the feed's end the word that the office is back may still come, behind what was told again of the dossier
    is_at_end = read_number(connection, "cursor") >= reply.feed_head
    settle(connection, reply.epoch, reply.backup_feed if is_at_end else 0)


def enter_epoch(connection: apsw.Connection, reply: HelloReply) -> None:
    """A hub that was restored: read its feed from the start, believe of old promises only what its floors still bear out (I5)."""
    if read_state(connection, "epoch") is not None:
        owe_offers(connection, reply.epoch)
        send_all_again(connection)
    write_state(connection, "epoch", reply.epoch)
    write_number(connection, "epoch_ms", reply.at_ms)
    write_number(connection, "cursor", 0)
    node = own_lane(connection).node
    floors = {floor.inc: floor for floor in reply.floors}
    rows = connection.execute("SELECT inc, upto FROM acknowledgement").fetchall()
    for inc, upto in [(Incarnation(bytes(inc)), int(upto)) for inc, upto in rows]:  # type: ignore[arg-type]  # STRICT columns
        lane = event_log.find_lane(connection, node, inc)
        floor = floors.get(inc)
        kept = 0
        if lane is not None and floor is not None and event_log.held_id(connection, lane.lane, floor.seq) == floor.id:
            kept = min(upto, floor.seq)
        connection.execute(
            "UPDATE acknowledgement SET upto = ?, epoch = ?, backup_seq = min(backup_seq, ?) WHERE inc = ?",
            (kept, reply.epoch, kept, inc),
        )


def events_of_page(page: PullReply) -> list[Event]:
    """The events of a page, rebuilt and bounded.

    Raises:
        RemoteProtocolError: an event is outside the bounds of the protocol.
    """
    events = [_event(one) for one in page.events]
    for event in events:
        check_shape(event)
    return events


def keep_pulled(
    connection: apsw.Connection,
    page: PullReply,
    asked: Pull,
    proof: PageProof,
    now_ms: int,
    events: Sequence[Event] | None = None,
    ahead: Mapping[RecordId, Folded] | None = None,
) -> list[Event] | None:
    """Store one proven page of news with its cursor and its proof in one transaction (node rule N3); returns the new events.

    `events` are those of the page, where the caller has rebuilt them already (`events_of_page`), `ahead` what they make of new dossiers.

    None, and nothing stored, when the place it was `asked` from is no longer the one held here, when it was asked under an incarnation that was
    retired meanwhile (the hub left that lane's own events out, and now they are foreign), or the hub answered from another epoch: ask
    again after the next hello.
    """
    here = (read_state(connection, "epoch"), read_number(connection, "cursor"), own_lane(connection).inc)
    if here != (asked.epoch, asked.cursor, asked.inc) or page.epoch != asked.epoch:
        return None
    new = event_log.keep_foreign(connection, events_of_page(page) if events is None else events, now_ms)
    projection.project(connection, new, ahead=ahead)
    note_files(connection, new, now_ms)
    if page.events:
        keep_page(connection, proof, page.cursor, now_ms)
        note_told(connection, page.epoch, page.cursor, events_of_page(page) if events is None else events)
    if page.at:
        keep_seen(connection, page.epoch, page.cursor, EventId(page.at))
    _advance_clock(connection, new, now_ms)
    write_number(connection, "cursor", page.cursor)
    return new


def _advance_clock(connection: apsw.Connection, new: Sequence[Event], now_ms: int) -> None:
    """What is done here next comes after what was seen; a clock too far ahead of ours moves nothing (sync.md 2.10)."""
    trusted = [event.header.hlc for event in new if not is_untrusted(event.header.hlc, now_ms)]
    write_number(connection, "hlc", max([read_number(connection, "hlc"), *trusted]))


def has_intruder(connection: apsw.Connection) -> bool:
    """Whether the hub showed events of my current incarnation that are not mine: this log was restored or cloned."""
    return event_log.has_other_history(connection, own_lane(connection))


def open_incarnation(connection: apsw.Connection, inc: Incarnation, now_ms: int) -> int:
    """Retire the own lane and continue under a fresh incarnation: what was never acknowledged is issued again there.

    Returns the number of events issued again. The retired lane stays readable; it is history from now on (N4). The first copies of what is
    issued again are put aside until the hub shows them: a place that the hub never saw would pass for one of another history there.
    """
    lane = own_lane(connection)
    promise = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    first = (int(promise[0]) if promise else 0) + 1
    event_log.retire_lane(connection, lane)
    tail = event_log.supersede(connection, lane, first)
    event_log.open_lane(connection, lane.node, inc, "own")
    write_number(connection, "cursor", 0)  # the hub left my events out of my feed: those of the other history come now
    return len(issue_again(connection, tail, now_ms))


def issue_again(connection: apsw.Connection, old: Sequence[Event], now_ms: int) -> list[Event]:
    """Append the acts of these events to the own lane. Same author, clock, base and body: the same acts (acts.py)."""
    lane = own_lane(connection)
    prev, again = lane.head.id, []
    for seq, one in enumerate(old, start=lane.head.seq + 1):
        h = one.header
        event = make_event(
            node=lane.node, inc=lane.inc, seq=seq, prev=prev, type=h.type, tv=h.tv, rid=h.rid, hlc=h.hlc, actor=h.actor,
            body=one.body, base=h.base, fence=h.fence, body_hash=h.body_hash if one.body is None else None,
        )  # fmt: skip
        again.append(event)
        prev = event.id
        for digest, size in blobs_of(decode_body(event)):
            queue_file(connection, digest, size, now_ms)
    if again:
        event_log.append(connection, lane, again, now_ms)
        projection.project(connection, again)
    return again


def unsent_run(connection: apsw.Connection, first: int, last: int, most_bytes: int) -> list[Event]:
    """Own events from `first` on that fit into one message of `most_bytes`, `last` at the latest; more is never in memory."""
    return event_log.read_run(connection, own_lane(connection).lane, first, last, most_bytes)


def unsent_events(connection: apsw.Connection, first: int, last: int) -> Sequence[Event]:
    """Own events `first … last`."""
    return event_log.read_lane(connection, own_lane(connection).lane, first, last)


def _event(one: PulledEvent) -> Event:
    return make_event(
        node=one.node, inc=one.inc, seq=one.seq, prev=one.prev, type=one.type, tv=one.tv, rid=one.rid, hlc=one.hlc,
        actor=one.actor, body=one.body, base=one.base, fence=one.fence, body_hash=one.body_hash,
    )  # fmt: skip
