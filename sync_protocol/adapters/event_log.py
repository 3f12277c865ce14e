"""The event log in SQLite: lanes, events in order of arrival, reading them back. Both shells store the same tables.

Invariant: a lane of kind `own` or `peer` has no gap and its head row names its last event; (lane, seq) and id are unique in the database
(hub rule H2). A `foreign` lane at a node holds only what its scope let through; a `recovery` lane holds true events whose place in
their lane is missing or taken by another history. A `superseded` lane holds what a retired lane had beyond the hub and what was issued again
since: until the hub shows such an event, its copy alone speaks in the fold, because only the copy's place is one that the hub can judge.
Bytes are stored as they came and never re-encoded; a body that an order took away (erasures.py) is not stored again.
Every function works inside the caller's transaction.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import apsw
import msgspec

from sync_protocol.adapters.erasures import without_erased
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.many import insert_many, insert_numbered, select_in
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.envelope import Event, Header, follows
from sync_protocol.ids import EventId, Incarnation, NodeId, RecordId
from sync_protocol.receiver import EMPTY, Floor

LaneKind = Literal["own", "retired", "peer", "foreign", "recovery", "superseded"]

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

WALK_PAGE = 1_000  # events in memory at once on a walk over the whole log

_decode_header = msgspec.msgpack.Decoder(Header).decode
_COLUMNS = "id, header, body"
_SPEAKING = (
    f"SELECT {_COLUMNS} FROM event WHERE rid = ?"
    " AND NOT EXISTS(SELECT 1 FROM lane l WHERE l.lane = event.lane AND l.kind = 'superseded')"
)
_WRITTEN = "lane, seq, id, rid, type, hlc, arrived_ms, header, body"
_INSERT = f"INSERT INTO event({_WRITTEN}) VALUES(?,?,?,?,?,?,?,?,?)"


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


def supersede(connection: apsw.Connection, lane: Lane, first: int) -> list[Event]:
    """Put the events of a retired lane from `first` on aside, inside the transaction that issues them again; returns them."""
    last = held_id(connection, lane.lane, first - 1)
    events = read_lane(connection, lane.lane, first, lane.head.seq)
    if not events:
        return []
    aside = open_lane(connection, lane.node, superseded_incarnation(lane.inc), "superseded")
    for seq, event in enumerate(events, start=aside.head.seq + 1):
        connection.execute("UPDATE event SET lane = ?, seq = ? WHERE id = ?", (aside.lane, seq, event.id))
    _with_head(connection, aside, Floor(aside.head.seq + len(events), events[-1].id))
    _with_head(connection, lane, EMPTY if last is None else Floor(first - 1, last))
    return events


def append(
    connection: apsw.Connection, lane: Lane, events: Sequence[Event], arrived_ms: int
) -> tuple[Lane, list[tuple[int, Event]]]:
    """Append consecutive events to a gap-free lane; returns the lane with its new head, and (position, event) of each that is new.

    The caller has judged them (receiver.judge); the database's unique constraints are the second lock. What a witness had brought before is
    moved from the recovery lane to its place and keeps its position.
    """
    events = without_erased(connection, events)
    aside = find_lane(connection, lane.node, recovery_incarnation(lane.inc))
    returned = set() if aside is None else _brought_back(connection, lane, events)
    new = [event for event in events if event.id not in returned]
    rows = [_row(lane.lane, event.header.seq, event, arrived_ms) for event in new]
    placed = list(zip(insert_numbered(connection, "event", "position", _WRITTEN, rows), new, strict=True))
    lane = _with_head(connection, lane, Floor(events[-1].header.seq, events[-1].id))
    return lane if aside is None else adopt_followers(connection, lane), placed


def adopt_followers(connection: apsw.Connection, lane: Lane) -> Lane:
    """Move what continues this lane from its recovery lane to its place; returns the lane with its new head."""
    aside = find_lane(connection, lane.node, recovery_incarnation(lane.inc))
    if aside is None:
        return lane
    for event in sorted(read_lane(connection, aside.lane, 1, aside.head.seq), key=lambda e: e.header.seq):
        if follows(lane.head.id, lane.head.seq, event):
            connection.execute(
                "UPDATE event SET lane = ?, seq = ? WHERE id = ?", (lane.lane, event.header.seq, event.id)
            )
            lane = _with_head(connection, lane, Floor(event.header.seq, event.id))
    return lane


def _brought_back(connection: apsw.Connection, lane: Lane, events: Sequence[Event]) -> set[EventId]:
    found: set[EventId] = set()
    for event in events:
        connection.execute("UPDATE event SET lane = ?, seq = ? WHERE id = ?", (lane.lane, event.header.seq, event.id))
        if connection.changes():
            found.add(event.id)
    return found


def keep_aside(connection: apsw.Connection, event: Event, arrived_ms: int) -> int:
    """Keep a true event whose place is missing or taken; returns its position. The recovery lane numbers by arrival."""
    (event,) = without_erased(connection, [event])
    h = event.header
    aside = open_lane(connection, h.node, recovery_incarnation(h.inc), "recovery")
    connection.execute(_INSERT, _row(aside.lane, aside.head.seq + 1, event, arrived_ms))
    position = connection.last_insert_rowid()
    _with_head(connection, aside, Floor(aside.head.seq + 1, event.id))
    return position


def recovery_incarnation(inc: Incarnation) -> Incarnation:
    """The name under which the recovery lane of an incarnation is kept; no node ever draws it."""
    return Incarnation(hashlib.sha256(b"lienthong/recovery/1\0" + inc).digest()[:16])


def superseded_incarnation(inc: Incarnation) -> Incarnation:
    """The name under which the superseded events of an incarnation are kept; no node ever draws it."""
    return Incarnation(hashlib.sha256(b"lienthong/superseded/1\0" + inc).digest()[:16])


def has_other_history(connection: apsw.Connection, lane: Lane) -> bool:
    """Whether events of this lane are held whose places are missing or taken by others."""
    aside = find_lane(connection, lane.node, recovery_incarnation(lane.inc))
    return aside is not None and aside.head.seq > 0


def keep_foreign(connection: apsw.Connection, events: Iterable[Event], arrived_ms: int) -> list[Event]:
    """Store pulled events, each once; returns those that were new. A place that another event holds costs neither of them."""
    new: list[Event] = []
    known: dict[_LaneName, Lane] = {}
    told = without_erased(connection, list(events))
    for kind, together in itertools.groupby(told, lambda event: _lane_of(connection, known, event).kind):
        run = list(together)
        placed = _place_foreign(connection, known, run, arrived_ms) if kind == "foreign" else set()
        for event in run:
            if event.id in placed:
                placed.discard(event.id)
                new.append(event)
            elif not holds(connection, event.id) or _release(connection, event):
                new.append(event)
                name = _name_of(event)
                known[name] = _keep_beside_whole(connection, known[name], event, arrived_ms)
    return new


_LaneName = tuple[NodeId, Incarnation]


def _name_of(event: Event) -> _LaneName:
    return (event.header.node, event.header.inc)


def _lane_of(connection: apsw.Connection, known: dict[_LaneName, Lane], event: Event) -> Lane:
    name = _name_of(event)
    if name not in known:
        known[name] = open_lane(connection, *name, "foreign")
    return known[name]


def _place_foreign(
    connection: apsw.Connection, known: dict[_LaneName, Lane], run: Sequence[Event], arrived_ms: int
) -> set[EventId]:
    """Insert events of foreign lanes where their places are free, all at once, and move the lanes' heads; returns the inserted."""
    rows = [_row(known[_name_of(event)].lane, event.header.seq, event, arrived_ms) for event in run]
    found = insert_many(connection, f"{_INSERT} ON CONFLICT DO NOTHING RETURNING id", rows)
    placed = {EventId(as_bytes(identifier)) for (identifier,) in found}
    heads: dict[_LaneName, Floor] = {}
    for event in run:
        name = _name_of(event)
        if event.id in placed and event.header.seq > heads.get(name, known[name].head).seq:
            heads[name] = Floor(event.header.seq, event.id)
    for name, head in heads.items():
        known[name] = _with_head(connection, known[name], head)
    return placed


def _keep_beside_whole(connection: apsw.Connection, lane: Lane, event: Event, arrived_ms: int) -> Lane:
    """A lane without gaps grows only by its successor; my current lane only by me (node rule N4); anything else stays aside."""
    if lane.kind == "retired" and follows(lane.head.id, lane.head.seq, event):
        return append(connection, lane, [event], arrived_ms)[0]
    keep_aside(connection, event, arrived_ms)
    return lane


def _release(connection: apsw.Connection, event: Event) -> bool:
    """The hub shows a superseded event: it takes its place again, and speaks. False where it was not superseded."""
    aside = find_lane(connection, event.header.node, superseded_incarnation(event.header.inc))
    if aside is None:
        return False
    connection.execute("DELETE FROM event WHERE id = ? AND lane = ?", (event.id, aside.lane))
    return connection.changes() > 0


def holds(connection: apsw.Connection, identifier: EventId) -> bool:
    """Whether an event is held in any lane."""
    return connection.execute("SELECT 1 FROM event WHERE id = ?", (identifier,)).fetchone() is not None


def holds_all(connection: apsw.Connection, identifiers: Iterable[EventId]) -> bool:
    """Whether each of these events is held in some lane."""
    return all(holds(connection, one) for one in identifiers)


def known_rids(connection: apsw.Connection, rids: Iterable[RecordId]) -> set[RecordId]:
    """Those of these dossiers of which an event is held, whatever became of it."""
    found = select_in(connection, "SELECT DISTINCT rid FROM event WHERE rid IN (?)", rids)
    return {RecordId(as_bytes(rid)) for (rid,) in found}


def read_events(connection: apsw.Connection, identifiers: Iterable[EventId]) -> list[Event]:
    """The held ones of these events, in the given order."""
    rows = [connection.execute(f"SELECT {_COLUMNS} FROM event WHERE id = ?", (one,)).fetchone() for one in identifiers]
    return [event_of(row) for row in rows if row is not None]


def _row(lane: int, seq: int, event: Event, arrived_ms: int) -> tuple[apsw.SQLiteValue, ...]:
    h = event.header
    return (lane, seq, event.id, h.rid, h.type, h.hlc, arrived_ms, event.raw_header, event.body)


def _with_head(connection: apsw.Connection, lane: Lane, head: Floor) -> Lane:
    connection.execute("UPDATE lane SET head_seq = ?, head_id = ? WHERE lane = ?", (head.seq, head.id, lane.lane))
    return msgspec.structs.replace(lane, head=head)


def held_id(connection: apsw.Connection, lane: int, seq: int) -> EventId | None:
    """The id held at a sequence number of a lane."""
    row = connection.execute("SELECT id FROM event WHERE lane = ? AND seq = ?", (lane, seq)).fetchone()
    return None if row is None else EventId(row[0])


def read_lane(connection: apsw.Connection, lane: int, first: int, last: int) -> list[Event]:
    """Events `first … last` of a lane in order."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM event WHERE lane = ? AND seq BETWEEN ? AND ? ORDER BY seq", (lane, first, last)
    )
    return [event_of(row) for row in rows]


def read_run(connection: apsw.Connection, lane: int, first: int, last: int, most_bytes: int) -> list[Event]:
    """Events from `first` on, up to `last` or until headers and bodies weigh `most_bytes`; at least one where one is there."""
    run: list[Event] = []
    weight = 0
    for row in connection.execute(
        f"SELECT {_COLUMNS} FROM event WHERE lane = ? AND seq BETWEEN ? AND ? ORDER BY seq", (lane, first, last)
    ):
        event = event_of(row)
        weight += len(event.raw_header) + len(event.body or b"")
        if run and weight > most_bytes:
            break
        run.append(event)
    return run


def events_of(connection: apsw.Connection, rid: RecordId) -> list[Event]:
    """All held events of one dossier that speak (none that is superseded), in order of arrival."""
    return [event_of(row) for row in connection.execute(_SPEAKING, (rid,))]


def events_of_all(connection: apsw.Connection, rids: Iterable[RecordId]) -> dict[RecordId, list[Event]]:
    """As `events_of`, for several dossiers at once."""
    found: dict[RecordId, list[Event]] = {}
    for row in select_in(connection, _SPEAKING.replace("rid = ?", "rid IN (?)"), rids):
        event = event_of(row)
        found.setdefault(event.header.rid, []).append(event)
    return found


def all_events(connection: apsw.Connection, after: int = 0) -> Iterator[tuple[int, int, Event]]:
    """(position, lane, event) in order of arrival, for walks over the whole log."""
    while page := connection.execute(
        f"SELECT position, lane, {_COLUMNS} FROM event WHERE position > ? ORDER BY position LIMIT ?", (after, WALK_PAGE)
    ).fetchall():
        for position, lane, *rest in page:
            yield as_int(position), as_int(lane), event_of(tuple(rest))
        after = as_int(page[-1][0])


def stored_rows(connection: apsw.Connection) -> Iterator[tuple[int, int, bytes, bytes, bytes | None]]:
    """(lane, seq, id, header, body) of everything, lane by lane, as it is stored and not yet believed."""
    lane, seq = 0, 0
    while page := connection.execute(
        "SELECT lane, seq, id, header, body FROM event WHERE (lane, seq) > (?, ?) ORDER BY lane, seq LIMIT ?",
        (lane, seq, WALK_PAGE),
    ).fetchall():
        yield from page  # type: ignore[misc]  # STRICT columns
        lane, seq = as_int(page[-1][0]), as_int(page[-1][1])


def last_position(connection: apsw.Connection) -> int:
    """Position of the newest event, 0 when there is none."""
    row = connection.execute("SELECT max(position) FROM event").fetchone()
    return int(row[0] or 0) if row else 0


def settled_position(connection: apsw.Connection) -> int:
    """A position up to which everything is committed or will never be, for who goes through the log with a cursor inside a writing transaction.

    Who reads up to there asks first. SQLite has one writer; an engine that lets several write at once knows what is under way (`settled_position` of a connection).
    """
    own_way = getattr(connection, "settled_position", None)
    return last_position(connection) if own_way is None else int(own_way())


def _lane(row: tuple[object, ...]) -> Lane:
    lane, node, inc, kind, seq, head = row
    return Lane(lane, node, inc, kind, Floor(seq, head))  # type: ignore[arg-type]  # STRICT columns


def event_of(row: tuple[object, ...]) -> Event:
    """The event in a row of id, header, body."""
    identifier, header, body = row
    return Event(identifier, _decode_header(header), header, body)  # type: ignore[arg-type]  # STRICT columns
