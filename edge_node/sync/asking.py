"""What the node asks, read from its database: the hello, the batches, the place in the feed. Reading, one consistent moment each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import apsw
import msgspec

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_number, read_state, write_state
from edge_node.sync import cut_off
from edge_node.sync.hub_stick_key import stick_hello
from sync_protocol.adapters import event_log
from sync_protocol.adapters.disk import disk_state
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.adapters.storage_errors import StorageProblem
from sync_protocol.audit_head import AuditHead, AuditMark
from sync_protocol.envelope import Event
from sync_protocol.ids import EventId, HubEpoch, Incarnation, OfficeCode
from sync_protocol.limits import BATCH_BYTES_MAX, PROTOCOL_VERSION_MAX, PROTOCOL_VERSION_MIN, PULL_EVENTS_MAX
from sync_protocol.messages import CodeBlock, Hello, HelloReply, LaneHead, Pull, SeenNews, mark_of_event

SOFTWARE = "lienthong 0.1"
AUDIT_MARK = "audit_mark"
_SEEN = "seen_news"
OFFICES_MARK = "offices_mark"  # of the list of nodes and offices that the hub told last
NUMBERS_UPTO = "numbers_upto"  # the highest daily number of the office that the hub was heard to have granted
BATCH_PLAIN_BYTES = BATCH_BYTES_MAX  # plain bytes per message: compressed it is always below the message's limit


def hello(connection: apsw.Connection, *, office: OfficeCode, floor: int, public_key: bytes, now_ms: int, stick_key: bytes = b"") -> Hello:
    """Who this node is and how it fares. `floor` is how far the hub is known to hold the own lane, `stick_key` what answers on a stick are sealed to."""
    lane = own_lane(connection)
    raw_epoch = read_state(connection, "epoch")
    heads = tuple(
        LaneHead(one.inc, one.head.seq, one.head.id)
        for one in event_log.lanes(connection)
        if one.node == lane.node and one.kind in ("own", "retired")
    )
    oldest = connection.execute(
        "SELECT min(arrived_ms) FROM event WHERE lane = ? AND seq > ?", (lane.lane, floor)
    ).fetchone()
    files = connection.execute("SELECT coalesce(sum(size - sent), 0) FROM blob WHERE state = 'local'").fetchone()
    blocks = connection.execute("SELECT office, inc, first, last FROM code_block ORDER BY first").fetchall()
    newest = connection.execute("SELECT coalesce(max(version), 0) FROM catalogue").fetchone()
    audit, at_mark = audit_heads(connection)
    return Hello(
        versions=(PROTOCOL_VERSION_MIN, PROTOCOL_VERSION_MAX), software=SOFTWARE, office=office, inc=lane.inc, heads=heads,
        epoch=HubEpoch(raw_epoch) if raw_epoch else None, cursor=read_number(connection, "cursor"), clock_ms=now_ms,
        queue_events=max(0, lane.head.seq - floor), queue_oldest_ms=oldest[0] if oldest else None,
        queue_bytes=files[0] if files else 0, free_disk_bytes=_free_bytes(connection), catalogue_version=newest[0] if newest else 0, public_key=public_key, audit=audit, audit_at_mark=at_mark,
        numbers_upto=read_number(connection, NUMBERS_UPTO), cut_off=cut_off.held_digest(connection),
        offices_mark=read_state(connection, OFFICES_MARK) or b"", stick=stick_hello(connection, stick_key),
        blocks=tuple(CodeBlock(OfficeCode(str(name)), Incarnation(bytes(inc)), int(a), int(z)) for name, inc, a, z in blocks),  # type: ignore[arg-type]
    )  # fmt: skip


def _free_bytes(connection: apsw.Connection) -> int:
    """Room on the disk of the database; 0 where it has none, or does not say: a greeting never waits for that."""
    try:
        return disk_state(Path(connection.filename).parent).free_bytes if connection.filename else 0
    except StorageProblem:
        return 0


def audit_heads(connection: apsw.Connection) -> tuple[AuditHead | None, AuditHead | None]:
    """The newest row of this node's audit, and what the audit says now at the row the hub signed last."""
    row = connection.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    newest = AuditHead(as_int(row[0]), as_bytes(row[1])) if row else None
    mark = read_mark(connection)
    return newest, None if mark is None else head_at(connection, mark.head.rows)


def head_at(connection: apsw.Connection, rows: int) -> AuditHead:
    """The audit's row of a number; an empty hash where there is none."""
    row = connection.execute("SELECT hash FROM audit WHERE id = ?", (rows,)).fetchone()
    return AuditHead(rows, as_bytes(row[0]) if row else b"")


def read_mark(connection: apsw.Connection) -> AuditMark | None:
    """The last head of this node's audit that came back under the hub's signature; None before the first, or when it does not read."""
    raw = read_state(connection, AUDIT_MARK)
    if raw is None:
        return None
    try:
        return msgspec.msgpack.decode(raw, type=AuditMark)
    except msgspec.MsgspecError:
        return None


def pull(connection: apsw.Connection) -> Pull | None:
    """The next page of news to ask for, or None before the first hello."""
    raw = read_state(connection, "epoch")
    if raw is None:
        return None
    return Pull(HubEpoch(raw), read_number(connection, "cursor"), PULL_EVENTS_MAX, own_lane(connection).inc, seen_news(connection, raw))


def keep_seen(connection: apsw.Connection, epoch: HubEpoch, position: int, at: EventId) -> None:
    """Remember what the feed of this epoch has at the furthest place where a page ended, in the transaction that keeps the page."""
    held = seen_news(connection, epoch)
    if held is None or position >= held.position:
        write_state(connection, _SEEN, msgspec.msgpack.encode((epoch, position, at)))


def forget_seen(connection: apsw.Connection) -> None:
    """The hub was shown what it forgot, or nothing proves it: read its feed as it is now."""
    write_state(connection, _SEEN, b"")


def seen_news(connection: apsw.Connection, epoch: bytes) -> SeenNews | None:
    """What the hub of this epoch must still have at a place of the feed, also where the feed is read again; None before any was told."""
    raw = read_state(connection, _SEEN)
    told, position, at = msgspec.msgpack.decode(raw) if raw else (b"", 0, b"")
    return SeenNews(position, EventId(at)) if told == epoch else None


def has_all(connection: apsw.Connection, reply: HelloReply) -> bool:
    """Whether the next page of news would be empty by the answer to a greeting: the feed ends where this desk stands, with the event that it was told there
    (else the hub was put back), all of the own lane was at the hub already, and nothing is owed to it. A hub of the version before does not say."""
    epoch, cursor, lane = read_state(connection, "epoch"), read_number(connection, "cursor"), own_lane(connection)
    if (epoch, cursor) != (reply.epoch, reply.feed_head) or not reply.feed_mark or read_number(connection, "offers_owed"):
        return False
    seen = seen_news(connection, reply.epoch)
    if seen is not None and (seen.position, mark_of_event(seen.id)) != (cursor, reply.feed_mark):
        return False
    return lane.head.seq == next((one.seq for one in reply.floors if one.inc == lane.inc), 0)


def held_at_floor(connection: apsw.Connection, reply: HelloReply) -> EventId | None:
    """The own event where the hub's floor of the own lane stands, or None."""
    inc = own_lane(connection).inc
    floor = next((one.seq for one in reply.floors if one.inc == inc), 0)
    return held_at(connection, inc, floor)


def promised(connection: apsw.Connection) -> int:
    """How far the hub's signature over the own lane is held."""
    row = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (own_lane(connection).inc,)).fetchone()
    return 0 if row is None else as_int(row[0])


def held_at(connection: apsw.Connection, inc: Incarnation, seq: int) -> EventId | None:
    """The own event at a place of the own lane; None for another lane or a place not reached."""
    lane = own_lane(connection)
    return event_log.held_id(connection, lane.lane, seq) if lane.inc == inc else None


def runs_by_bytes(events: Sequence[Event]) -> list[list[Event]]:
    """Cut consecutive events into runs whose plain size stays within one message; no run is empty."""
    runs: list[list[Event]] = []
    size = 0
    for event in events:
        weight = len(event.body or b"") + len(event.raw_header)
        if not runs or size + weight > BATCH_PLAIN_BYTES:
            runs.append([])
            size = 0
        runs[-1].append(event)
        size += weight
    return runs
