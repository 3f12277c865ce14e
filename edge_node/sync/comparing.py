"""Range: does this node hold exactly what its office was told? Once a week, and when somebody asks.

Compared is only at rest: nothing waits here, and both stand at the same place of the feed. What differs is healed the way a restored hub is:
the feed is read again from its start, and every page that the hub ever told is offered to it with its own proof. Both are
idempotent. What still differs at the next comparison stands in `edge-node status` for a person.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import apsw
import msgspec
import structlog

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import NodeStore, read_number, read_state, write_number, write_state
from edge_node.sync.asking import promised
from edge_node.sync.line import Line
from edge_node.sync.page_keeping import OFFER_ALL
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import EventId, HubEpoch, RecordId
from sync_protocol.messages import RangeAsk, RangeReply
from sync_protocol.ranges import PREFIX_MAX, prints_of

_log = structlog.get_logger(__name__)
CAPABILITY = "range"
EVERY_MS = 7 * 86_400_000
AGAIN_MS = 3_600_000  # after a difference: has it healed?
QUESTIONS_MAX = 64
_KEY = "comparison"
_HELD = (
    "SELECT rid, id FROM event WHERE rid BETWEEN ? AND ? AND lane NOT IN (SELECT lane FROM lane WHERE kind = 'superseded')"
    " AND rid NOT IN (SELECT rid FROM tombstone)"  # what the office left it need not hold
)


class Comparison(msgspec.Struct, frozen=True):
    """The last comparison that came to an end: when, at which place of the feed, and the prefixes of record ids that differ."""

    at_ms: int
    cursor: int
    differing: tuple[bytes, ...]


def last_comparison(connection: apsw.Connection) -> Comparison | None:
    """What was found last, or None before the first time."""
    raw = read_state(connection, _KEY)
    return None if raw is None else msgspec.msgpack.decode(raw, type=Comparison)


def is_due(connection: apsw.Connection, now_ms: int) -> bool:
    """Whether it is time again."""
    last = last_comparison(connection)
    return last is None or now_ms - last.at_ms >= (AGAIN_MS if last.differing else EVERY_MS)


async def compare(line: Line, store: NodeStore, now_ms: Callable[[], int]) -> Comparison | None:
    """Ask, go down into what differs, keep the result and begin to heal. None: something moved meanwhile, ask another time.

    Raises:
        Problem: no line, or the hub refused.
    """
    found: list[bytes] = []
    prefixes, asked = [b""], 0
    place: tuple[HubEpoch, int] | None = None
    while prefixes and asked < QUESTIONS_MAX:
        ask = await store.readers.run_async(partial(question, prefix=prefixes.pop(0)))
        if ask is None or (place or (ask.epoch, ask.cursor)) != (ask.epoch, ask.cursor):
            return None
        place, asked = (ask.epoch, ask.cursor), asked + 1
        reply = await line.expect(ask, RangeReply)
        if reply.feed_head != ask.cursor:
            return None
        deeper = len(ask.prefix) + 1 < PREFIX_MAX
        (prefixes if deeper else found).extend(reply.differing)
    done = Comparison(now_ms(), place[1] if place else 0, (*found, *prefixes))
    if done.differing:
        _log.warning("sync.range.differs", ranges=len(done.differing))
    await store.writer.run_async(partial(_keep, done=done))
    return done


def question(connection: apsw.Connection, prefix: bytes) -> RangeAsk | None:
    """What is held below a prefix, in one consistent moment; None while anything waits or nobody was greeted."""
    epoch = read_state(connection, "epoch")
    if epoch is None or promised(connection) < own_lane(connection).head.seq or read_number(connection, "offers_owed"):
        return None
    last = prefix + b"\xff" * (16 - len(prefix))
    rows = connection.execute(_HELD, (prefix, last))
    held = ((RecordId(as_bytes(rid)), EventId(as_bytes(id_))) for rid, id_ in rows)
    return RangeAsk(HubEpoch(epoch), read_number(connection, "cursor"), prefix, prints_of(held, prefix), leaves_out=True)


def _keep(connection: apsw.Connection, done: Comparison) -> None:
    write_state(connection, _KEY, msgspec.msgpack.encode(done))
    if done.differing:
        write_number(connection, "cursor", 0)
        write_number(connection, "offers_owed", 1)
        write_number(connection, "offered_upto", 0)
        write_number(connection, OFFER_ALL, 1)
