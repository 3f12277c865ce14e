"""The ledger: the one way in which work at this desk becomes events.

One officer's action is one transaction: its events, the projection of what they changed, the files they refer to as "to be sent", and its
audit row. What `save` returned is durable (node rule N1). The own lane holds only events of the current incarnation (N4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import apsw
import msgspec

from edge_node.errors import ActTooLong
from edge_node.store import audit
from edge_node.store.damaged import is_here_again
from edge_node.store.node_store import NodeStore, read_number, write_number
from edge_node.store.send_order import JUST_MADE
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import TYPE_OF_BODY, blobs_of, decode_body, encode_body
from sync_protocol.clock import tick
from sync_protocol.envelope import Event, check_shape, make_event
from sync_protocol.errors import LocalProtocolError
from sync_protocol.ids import EventId, NodeId, RecordId
from sync_protocol.limits import EVENT_BODY_BYTES_MAX

T = TypeVar("T")


class Draft(msgspec.Struct, frozen=True):
    """An event before it has a place in the log."""

    rid: RecordId
    body: msgspec.Struct
    base: tuple[EventId, ...] = ()
    fence: int | None = None


class Act(msgspec.Struct, frozen=True):
    """Who acts, in which role, and what the audit calls it."""

    actor: str
    role: str
    what: str
    purpose: str = ""


class Ledger:
    """Saves drafts as events of the own lane. `listeners` are told the new head after each commit.

    `reserve` puts sequence numbers on the anchor file before they are used (incarnation.py).
    """

    def __init__(
        self,
        store: NodeStore,
        node: NodeId,
        now_ms: Callable[[], int],
        reserve: Callable[[apsw.Connection, int], None] = lambda connection, upto: None,
    ) -> None:
        self.store = store
        self._reserve = reserve
        self.node = node
        self.now_ms = now_ms
        self.listeners: list[Callable[[int], None]] = []

    def save(
        self, act: Act, drafts: Sequence[Draft], also: Callable[[apsw.Connection], None] | None = None
    ) -> list[Event]:
        """Save one action durably, from any thread but the event loop's. `also` runs in the same transaction, before the events."""
        return self.act(act, lambda connection: (drafts, None), also)[0]

    def act(
        self,
        act: Act,
        decide: Callable[[apsw.Connection], tuple[Sequence[Draft], T]],
        also: Callable[[apsw.Connection], None] | None = None,
    ) -> tuple[list[Event], T]:
        """Let `decide` read the current state and say what to save, all in one transaction. Returns events and its value.

        Raises:
            ActTooLong: a draft's content is over the bound of one event; nothing is saved then.
            RemoteProtocolError: a draft is over another bound of the protocol; nothing is saved then.
        """

        def work(connection: apsw.Connection) -> tuple[list[Event], T]:
            if also is not None:
                also(connection)
            drafts, value = decide(connection)
            return self._append(connection, act, drafts), value

        events, value = self.store.writer.run(work)
        if events:
            for listener in self.listeners:
                listener(events[-1].header.seq)
        return events, value

    def _append(self, connection: apsw.Connection, act: Act, drafts: Sequence[Draft]) -> list[Event]:
        now = self.now_ms()
        lane = own_lane(connection)
        hlc, events = read_number(connection, "hlc"), []
        prev, seq = lane.head.id, lane.head.seq
        for draft in drafts:
            hlc, seq = tick(hlc, now), seq + 1
            body = encode_body(draft.body)
            if len(body) > EVENT_BODY_BYTES_MAX:
                raise ActTooLong(size_bytes=len(body), limit_bytes=EVENT_BODY_BYTES_MAX)
            event = make_event(
                node=lane.node, inc=lane.inc, seq=seq, prev=prev, type=TYPE_OF_BODY[type(draft.body)], tv=1, rid=draft.rid,
                hlc=hlc, actor=act.actor, body=body, base=draft.base, fence=draft.fence,
            )  # fmt: skip
            check_shape(event)  # what the hub would refuse must not enter a log that only moves forward
            events.append(event)
            prev = event.id
            for digest, size in blobs_of(draft.body):
                queue_file(connection, digest, size, now)
        if events:
            self._reserve(connection, seq)
            event_log.append(connection, lane, events, now)
            projection.project(connection, events)
            write_number(connection, "hlc", hlc)
        touched = drafts[0].rid if drafts else None
        audit.record(
            connection, at_ms=now, actor=act.actor, role=act.role, what=act.what, rid=touched, purpose=act.purpose,
            outcome=f"{len(events)} events",
        )  # fmt: skip
        return events


def own_lane(connection: apsw.Connection) -> event_log.Lane:
    """The lane this node writes to.

    Raises:
        LocalProtocolError: the node was never given an incarnation.
    """
    for lane in event_log.lanes(connection):
        if lane.kind == "own":
            return lane
    raise LocalProtocolError(what="no own lane; the node is not initialised")


def queue_file(connection: apsw.Connection, digest: bytes, size: int, now_ms: int, priority: int = JUST_MADE) -> None:
    """Note a local file as to be sent, also where it was known from another office only (`priority`: send_order.py). Idempotent."""
    connection.execute(
        "INSERT INTO blob(digest, size, state, priority, at_ms) VALUES(?,?,'local',?,?) ON CONFLICT(digest) DO UPDATE"
        " SET state = 'local', reason = '', priority = excluded.priority, at_ms = excluded.at_ms WHERE state IN ('remote', 'lost')",
        (digest, size, priority, now_ms),
    )
    is_here_again(connection, digest)


def note_files(connection: apsw.Connection, events: Iterable[Event], now_ms: int) -> None:
    """Note files that these events of others refer to, as not here. What is known stays as it is. Idempotent."""
    connection.executemany(
        "INSERT OR IGNORE INTO blob(digest, size, state, priority, at_ms) VALUES(?,?,'remote',0,?)",
        [(digest, size, now_ms) for event in events for digest, size in blobs_of(decode_body(event))],
    )
