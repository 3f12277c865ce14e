"""What sync remembers in the node's database: floors, acknowledgements, cursor, code blocks, peers. Each in one transaction with what it covers."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import msgspec

from edge_node.store.ledger import own_lane, queue_file
from edge_node.store.node_store import read_number, read_state, write_number, write_state
from sync_protocol.adapters import event_log, projection
from sync_protocol.batch import Acknowledgement
from sync_protocol.bodies import blobs_of, decode_body
from sync_protocol.clock import tick
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import HubEpoch, Incarnation
from sync_protocol.messages import HelloReply, PulledEvent, PullReply
from sync_protocol.sender import SenderState


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


def keep_acknowledgement(connection: apsw.Connection, one: Acknowledgement) -> None:
    """Store a verified acknowledgement; an older one never replaces a newer one of the same epoch (I21)."""
    connection.execute(
        "INSERT INTO acknowledgement(inc, upto, head, epoch, hubseq, at_ms, backup_seq, raw) VALUES(?,?,?,?,?,?,?,?)"
        " ON CONFLICT(inc) DO UPDATE SET upto = excluded.upto, head = excluded.head, epoch = excluded.epoch,"
        " hubseq = excluded.hubseq, at_ms = excluded.at_ms, backup_seq = excluded.backup_seq, raw = excluded.raw"
        " WHERE excluded.upto >= upto OR excluded.epoch <> epoch",
        (one.inc, one.upto, one.head, one.epoch, one.hubseq, one.at_ms, one.backup_seq, msgspec.msgpack.encode(one)),
    )


def keep_welcome(connection: apsw.Connection, reply: HelloReply, now_ms: int) -> None:
    """Store what a hello brought: epoch, code blocks, offices of peers, the clock's offset, how far the backup reaches."""
    write_state(connection, "epoch", reply.epoch)
    write_number(connection, "feed_head", reply.feed_head)
    write_state(connection, "clock_offset_ms", str(reply.at_ms - now_ms).encode())
    connection.executemany(
        "INSERT OR IGNORE INTO code_block(inc, office, first, last) VALUES(?,?,?,?)",
        [(block.inc, block.office, block.first, block.last) for block in reply.blocks],
    )
    connection.executemany("INSERT OR REPLACE INTO peer_office(node, office) VALUES(?,?)", reply.offices)
    connection.executemany(
        "UPDATE acknowledgement SET backup_seq = max(backup_seq, ?) WHERE inc = ? AND epoch = ?",
        [(lane.backup_seq, lane.inc, reply.epoch) for lane in reply.floors],
    )


def forget_cursor(connection: apsw.Connection, epoch: HubEpoch) -> None:
    """A new hub epoch: start its feed from the beginning; what is already held is recognised by its id."""
    write_state(connection, "epoch", epoch)
    write_number(connection, "cursor", 0)


def keep_pulled(connection: apsw.Connection, page: PullReply, now_ms: int) -> list[Event]:
    """Store one page of news with its cursor in one transaction (node rule N3); returns the new events."""
    events = [_event(one) for one in page.events]
    new = event_log.keep_foreign(connection, events, now_ms)
    projection.project(connection, new)
    for event in new:
        for digest, size in blobs_of(decode_body(event)):
            connection.execute(
                "INSERT OR IGNORE INTO blob(digest, size, state, priority, at_ms) VALUES(?,?,'remote',0,?)",
                (digest, size, now_ms),
            )
    write_state(connection, "epoch", page.epoch)
    write_number(connection, "cursor", page.cursor)
    return new


def open_incarnation(connection: apsw.Connection, inc: Incarnation, now_ms: int) -> int:
    """Retire the own lane and continue under a fresh incarnation: what was never acknowledged is issued again there.

    Returns the number of events issued again. The retired lane stays readable; it is history from now on (N4).
    """
    lane = own_lane(connection)
    promise = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    tail = event_log.read_lane(connection, lane.lane, (int(promise[0]) if promise else 0) + 1, lane.head.seq)
    event_log.retire_lane(connection, lane)
    fresh = event_log.open_lane(connection, lane.node, inc, "own")
    hlc, prev, again = read_number(connection, "hlc"), fresh.head.id, []
    for seq, old in enumerate(tail, start=1):
        h, hlc = old.header, tick(hlc, now_ms)
        event = make_event(
            node=lane.node, inc=inc, seq=seq, prev=prev, type=h.type, tv=h.tv, rid=h.rid, hlc=hlc, actor=h.actor,
            body=old.body, base=h.base, fence=h.fence, body_hash=h.body_hash if old.body is None else None,
        )  # fmt: skip
        again.append(event)
        prev = event.id
        for digest, size in blobs_of(decode_body(event)):
            queue_file(connection, digest, size, now_ms)
    if again:
        event_log.append(connection, fresh, again, now_ms)
        projection.project(connection, again)
        write_number(connection, "hlc", hlc)
    return len(again)


def unsent_events(connection: apsw.Connection, first: int, last: int) -> Sequence[Event]:
    """Own events `first … last`."""
    return event_log.read_lane(connection, own_lane(connection).lane, first, last)


def _event(one: PulledEvent) -> Event:
    return make_event(
        node=one.node, inc=one.inc, seq=one.seq, prev=one.prev, type=one.type, tv=one.tv, rid=one.rid, hlc=one.hlc,
        actor=one.actor, body=one.body, base=one.base, fence=one.fence, body_hash=one.body_hash,
    )  # fmt: skip
