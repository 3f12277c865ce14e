"""How far the last verified backup covers the feed of each office: until there, no restored hub needs a witness."""

from __future__ import annotations

import apsw
import msgspec

from central_hub.store.epoch import EPOCH
from central_hub.store.hub_store import read_state, write_state
from sync_protocol.adapters.sqlite.rows import as_int
from sync_protocol.ids import HubEpoch, OfficeCode

_KEY = "backup_feed"


class FeedHeads(msgspec.Struct, frozen=True):
    """The epoch of a backup and the newest feed position of each office in it."""

    epoch: bytes
    heads: dict[str, int]


def feed_heads(copied: apsw.Connection) -> FeedHeads:
    """What the tables of a backup say of themselves."""
    rows = copied.execute("SELECT office, max(n) FROM feed GROUP BY office").fetchall()
    return FeedHeads(read_state(copied, EPOCH) or b"", {str(office): as_int(head) for office, head in rows})


def cover_feeds(connection: apsw.Connection, heads: FeedHeads) -> None:
    """A verified backup holds so much."""
    write_state(connection, _KEY, msgspec.msgpack.encode(heads))


def covered_feed(connection: apsw.Connection, office: OfficeCode, epoch: HubEpoch) -> int:
    """How far a backup made in this very epoch covers an office's feed; 0 before the first: older positions mean other things."""
    raw = read_state(connection, _KEY)
    held = msgspec.msgpack.decode(raw, type=FeedHeads) if raw else FeedHeads(b"", {})
    return held.heads.get(office, 0) if held.epoch == epoch else 0
