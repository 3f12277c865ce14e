"""The event log in SQLite: lanes, events in order of arrival, reading them back. Both shells store the same tables.

Invariant: a lane of kind `own` or `peer` has no gap and its head row names its last event; (lane, seq) and id are unique in the database
(hub rule H2). A `foreign` lane at a node holds only what its scope let through. Bytes are stored as they came and never re-encoded.
Every function works inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import apsw
import msgspec

from sync_protocol.adapters.sqlite import Migration
from sync_protocol.envelope import Event, Header
from sync_protocol.ids import EventId, Incarnation, NodeId, RecordId
from sync_protocol.receiver import EMPTY, Floor

LaneKind = Literal["own", "retired", "peer", "foreign", "recovery"]

EVENT_LOG = Migration(
    "0001-event-log",
    """
CREATE TABLE lane(
    lane INTEGER PRIMARY KEY, node TEXT NOT NULL, inc BLOB NOT NULL, kind TEXT NOT NULL,
    head_seq INTEGER NOT NULL, head_id BLOB NOT NULL, UNIQUE(node, inc)
) STRICT;
CREATE TABLE event(
    position INTEGER PRIMARY KEY, lane INTEGER NOT NULL REFERENCES lane(lane), seq INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,
    rid BLOB NOT NULL, type TEXT NOT NULL, hlc INTEGER NOT NULL, arrived_ms INTEGER NOT NULL,
    header BLOB NOT NULL, body BLOB, UNIQUE(lane, seq)
) STRICT;
CREATE INDEX event_of_record ON event(rid);
""",
)

_decode_header = msgspec.msgpack.Decoder(Header).decode
_COLUMNS = "id, header, body"


class Lane(msgspec.Struct, frozen=True):
    """One (node, incarnation) as the database holds it."""

    lane: int
    node: NodeId
    inc: Incarnation
    kind: LaneKind
    head: Floor


def find_lane(connection: apsw.Connection, node: NodeId, inc: Incarnation) -> Lane | None:
    """The lane, or None when nothing of it is held."""
    row = connection.execute(
        "SELECT lane, node, inc, kind, head_seq, head_id FROM lane WHERE node = ? AND inc = ?", (node, inc)
    ).fetchone()
    return None if row is None else _lane(row)


def open_lane(connection: apsw.Connection, node: NodeId, inc: Incarnation, kind: LaneKind) -> Lane:
    """The lane, made empty if it is new."""
    found = find_lane(connection, node, inc)
    if found is not None:
        return found
    connection.execute(
        "INSERT INTO lane(node, inc, kind, head_seq, head_id) VALUES(?,?,?,?,?)", (node, inc, kind, EMPTY.seq, EMPTY.id)
    )
    return Lane(connection.last_insert_rowid(), node, inc, kind, EMPTY)


def lanes(connection: apsw.Connection) -> list[Lane]:
    """All lanes, oldest first."""
    rows = connection.execute("SELECT lane, node, inc, kind, head_seq, head_id FROM lane ORDER BY lane")
    return [_lane(row) for row in rows]


def retire_lane(connection: apsw.Connection, lane: Lane) -> None:
    """From now on this lane of mine is history (node rule N4)."""
    connection.execute("UPDATE lane SET kind = 'retired' WHERE lane = ?", (lane.lane,))


def append(connection: apsw.Connection, lane: Lane, events: Sequence[Event], arrived_ms: int) -> tuple[Lane, int]:
    """Append consecutive events to a gap-free lane; returns the lane with its new head and the last position.

    The caller has judged them (receiver.judge); the database's unique constraints are the second lock.
    """
    connection.executemany(
        "INSERT INTO event(lane, seq, id, rid, type, hlc, arrived_ms, header, body) VALUES(?,?,?,?,?,?,?,?,?)",
        [
            (lane.lane, e.header.seq, e.id, e.header.rid, e.header.type, e.header.hlc, arrived_ms, e.raw_header, e.body)
            for e in events
        ],
    )
    last = connection.last_insert_rowid()
    head = Floor(events[-1].header.seq, events[-1].id)
    connection.execute("UPDATE lane SET head_seq = ?, head_id = ? WHERE lane = ?", (head.seq, head.id, lane.lane))
    return msgspec.structs.replace(lane, head=head), last


def keep_foreign(connection: apsw.Connection, events: Iterable[Event], arrived_ms: int) -> list[Event]:
    """Store pulled events, each once; returns those that were new."""
    new: list[Event] = []
    known: dict[tuple[NodeId, Incarnation], Lane] = {}
    for event in events:
        h = event.header
        lane = known.get((h.node, h.inc))
        if lane is None:
            lane = known[(h.node, h.inc)] = open_lane(connection, h.node, h.inc, "foreign")
        connection.execute(
            "INSERT INTO event(lane, seq, id, rid, type, hlc, arrived_ms, header, body) VALUES(?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT DO NOTHING",
            (lane.lane, h.seq, event.id, h.rid, h.type, h.hlc, arrived_ms, event.raw_header, event.body),
        )
        if connection.changes():
            new.append(event)
            if lane.kind == "foreign" and h.seq > lane.head.seq:
                head = Floor(h.seq, event.id)
                connection.execute(
                    "UPDATE lane SET head_seq = ?, head_id = ? WHERE lane = ?", (h.seq, event.id, lane.lane)
                )
                known[(h.node, h.inc)] = msgspec.structs.replace(lane, head=head)
    return new


def held_id(connection: apsw.Connection, lane: int, seq: int) -> EventId | None:
    """The id held at a sequence number of a lane."""
    row = connection.execute("SELECT id FROM event WHERE lane = ? AND seq = ?", (lane, seq)).fetchone()
    return None if row is None else EventId(row[0])


def read_lane(connection: apsw.Connection, lane: int, first: int, last: int) -> list[Event]:
    """Events `first … last` of a lane in order."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM event WHERE lane = ? AND seq BETWEEN ? AND ? ORDER BY seq", (lane, first, last)
    )
    return [_event(row) for row in rows]


def events_of(connection: apsw.Connection, rid: RecordId) -> list[Event]:
    """All held events of one dossier, in order of arrival."""
    return [_event(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM event WHERE rid = ?", (rid,))]


def all_events(connection: apsw.Connection, after: int = 0) -> Iterator[tuple[int, int, Event]]:
    """(position, lane, event) in order of arrival, for walks over the whole log."""
    for position, lane, *rest in connection.execute(
        f"SELECT position, lane, {_COLUMNS} FROM event WHERE position > ? ORDER BY position", (after,)
    ):
        yield position, lane, _event(tuple(rest))


def last_position(connection: apsw.Connection) -> int:
    """Position of the newest event, 0 when there is none."""
    row = connection.execute("SELECT max(position) FROM event").fetchone()
    return int(row[0] or 0) if row else 0


def _lane(row: tuple[object, ...]) -> Lane:
    lane, node, inc, kind, seq, head = row
    return Lane(lane, node, inc, kind, Floor(seq, head))  # type: ignore[arg-type]  # STRICT columns


def _event(row: tuple[object, ...]) -> Event:
    identifier, header, body = row
    return Event(identifier, _decode_header(header), header, body)  # type: ignore[arg-type]  # STRICT columns
