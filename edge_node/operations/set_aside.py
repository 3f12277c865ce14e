"""Which files the rows that this desk set aside for a person may name: those stay, and nothing else is kept for their sake.

A row that can be read to its end names what it names. One that cannot, or that holds an event of a newer program, may name anything that lay here then:
what was touched in the ninety days before it came, and everything since. What nobody touched for so long before it would have gone without it.
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from edge_node.sync.memory import events_of_page
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.batch import events_of
from sync_protocol.bodies import blobs_of, decode_body
from sync_protocol.envelope import Event, read_event
from sync_protocol.errors import Problem
from sync_protocol.messages import BlobHave, BlobPart, BlobPut, PullReply, Push, Witness
from sync_protocol.wire import unpack_reply, unpack_request


class MayName(msgspec.Struct, frozen=True):
    """The files that rows name, and since when (ms UTC, this desk's clock) a row lies here that nobody can read; None: all can be read."""

    named: frozenset[str] = frozenset()
    unread_since_ms: int | None = None


def named_aside(connection: apsw.Connection) -> MayName:
    """What the rows that lie aside may name. One row is in memory at a time."""
    named: set[str] = set()
    unread: list[int] = []
    for at_ms, raw in connection.execute("SELECT at_ms, raw FROM held"):
        found = files_in(as_bytes(raw))
        if found is None:
            unread.append(as_int(at_ms))
        else:
            named |= found
    return MayName(frozenset(named), min(unread, default=None))


def files_in(raw: bytes) -> set[str] | None:
    """The files that a frame names, as addresses; None where any of it cannot be read. Pure.

    >>> files_in(b"no frame") is None
    True
    """
    try:
        match _read(raw):
            case Push(batch=batch):
                return _named(events_of(batch))
            case Witness(events=told):
                return _named(read_event(header, body) for header, body in told)
            case PullReply() as page:
                return _named(events_of_page(page))
            case BlobHave(digest=digest) | BlobPut(digest=digest) | BlobPart(digest=digest):
                return {digest.hex()}
    except Problem:
        return None
    return None


def _read(raw: bytes) -> object:
    try:
        return unpack_request(raw)
    except Problem:
        return unpack_reply(raw)


def _named(events: Iterable[Event]) -> set[str] | None:
    found: set[str] = set()
    for event in events:
        body = decode_body(event)
        if body is None and event.body is not None:
            return None
        found |= {digest.hex() for digest, _ in blobs_of(body)}
    return found
