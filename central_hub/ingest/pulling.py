"""Pull: an office's feed from a cursor, in the office's one order, without the asking node's own current work."""

from __future__ import annotations

import apsw
import msgspec

from central_hub.ingest.feed import event_at, feed_head
from central_hub.ingest.nodes import NodeRow
from sync_protocol.adapters import event_log, exits
from sync_protocol.batch import Sign
from sync_protocol.envelope import Header
from sync_protocol.ids import EventId, HubEpoch
from sync_protocol.leaving import TOLD_IN_SPITE
from sync_protocol.limits import PULL_EVENTS_MAX
from sync_protocol.messages import Pull, PulledEvent, PullReply
from sync_protocol.page_proof import sign_page

PULL_BYTES_MAX = 1_000_000  # plain bytes of bodies in one answer, so that its frame stays within one message
PAGE_PLACES_MAX = 10 * PULL_EVENTS_MAX  # places of the feed that one page may pass: whoever drained a queue has thousands of its own to pass over

_decode_header = msgspec.msgpack.Decoder(Header).decode
_QUERY = """
SELECT f.n, e.position, e.id, e.header, e.body FROM feed f JOIN event e ON e.position = f.position
WHERE f.office = ? AND f.n > ? AND f.n <= ? AND e.lane <> ? ORDER BY f.n LIMIT ?
"""
_LEFT = f"SELECT 1 FROM scope_exit WHERE rid = ? AND office = ? AND {exits.STANDING}"


def _told(connection: apsw.Connection, node: NodeRow, ask: Pull) -> bool:
    """Whether the node stands at a place that this feed has, with the event there that it holds."""
    if ask.cursor > feed_head(connection, node.office):
        return False
    seen = ask.seen
    return seen is None or event_at(connection, node.office, seen.position) == seen.id


def pull(connection: apsw.Connection, node: NodeRow, ask: Pull, epoch: HubEpoch, hub: str, sign: Sign) -> PullReply:
    """News after the cursor under the hub's signature. A cursor from another epoch starts again at zero: the node holds what it holds.

    The asking lane's own events are left out, but for those in recovery: they are a history under its name that it may not know. So is what
    the feed has of dossiers that the office left; `passed` counts these, so that nobody takes them for more of the own lane.
    """
    cursor = ask.cursor if ask.epoch == epoch else 0
    if ask.epoch == epoch and not _told(connection, node, ask):  # this hub was put back: read all of it again, and say what it forgot
        return PullReply(epoch, (), 0, False)
    limit = max(1, min(ask.limit, PULL_EVENTS_MAX))
    events: list[PulledEvent] = []
    told: list[EventId] = []
    head, own = feed_head(connection, node.office), event_log.find_lane(connection, node.node, ask.inc)
    passed_lane = own.lane if own is not None and own.kind != "recovery" else 0
    begun, end = cursor, min(head, cursor + PAGE_PLACES_MAX)
    size, seen, passed = 0, 0, 0
    may_be_left = exits.has_left_any(connection, node.office)
    for n, position, identifier, raw_header, body in connection.execute(_QUERY, (node.office, cursor, end, passed_lane, limit)):
        seen += 1
        h = _decode_header(raw_header)
        size += len(body or b"") + len(raw_header)
        if size > PULL_BYTES_MAX and events:
            seen = limit  # there is more: this one comes with the next answer
            break
        cursor = n
        if may_be_left and h.type not in TOLD_IN_SPITE and connection.execute(_LEFT, (h.rid, node.office)).fetchone():
            passed += 1
            continue
        told.append(EventId(identifier))
        events.append(
            PulledEvent(
                n,
                position,
                h.node,
                h.inc,
                h.seq,
                h.prev,
                h.type,
                h.tv,
                h.rid,
                h.hlc,
                h.actor,
                h.base,
                h.fence,
                body,
                h.body_hash if body is None else None,
            )  # fmt: skip
        )
    cursor = end if seen < limit else cursor
    at = event_at(connection, node.office, cursor) if cursor > begun else None
    # nothing told, nothing to prove
    signature = (sign_page(hub, epoch, node.office, told, sign).signature if told else b"")
    return PullReply(epoch, tuple(events), cursor, cursor < head, signature, at or b"", passed)
