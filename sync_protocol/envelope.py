"""The event envelope: a frozen header, a separately hashed body, an id that is a hash, a chain that shows gaps.

The header's shape is frozen for the life of the product (`hv` = 1). Its canonical bytes are the MessagePack array that
`msgspec` writes: shortest integers, no maps, so one value has one encoding. The event id is the SHA-256 of those bytes,
which contain the hash of the body and the id of the predecessor. A body may later be erased by a lawful order: the header, the
id and the chain stay whole (design.md decision 2, sync.md 2.2).
"""

from __future__ import annotations

import hashlib

import msgspec

from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import EventId, Incarnation, NodeId, RecordId
from sync_protocol.limits import EVENT_BASE_MAX, EVENT_BODY_BYTES_MAX, EVENT_NAME_CHARS_MAX, NATURAL_MAX

HEADER_VERSION = 1


class Header(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What every event says about itself; positions are frozen, nothing is ever inserted."""

    hv: int
    node: NodeId
    inc: Incarnation
    seq: int  # from 1, without gaps, per (node, inc)
    prev: EventId
    type: str
    tv: int  # version of the body's shape
    rid: RecordId
    hlc: int  # hybrid logical clock: milliseconds << 16 | counter
    actor: str  # officer account id; never a person's name
    base: tuple[EventId, ...]  # acts whose values the actor saw in the registers (causality; acts.py)
    fence: int | None  # custody fence for moves of the state machine
    body_hash: bytes


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event as it is stored and passed about. `body` is None after lawful erasure."""

    id: EventId
    header: Header
    raw_header: bytes
    body: bytes | None


_encode_header = msgspec.msgpack.Encoder().encode
_decode_header = msgspec.msgpack.Decoder(Header).decode


def make_event(
    *,
    node: NodeId,
    inc: Incarnation,
    seq: int,
    prev: EventId,
    type: str,
    tv: int,
    rid: RecordId,
    hlc: int,
    actor: str,
    body: bytes | None,
    base: tuple[EventId, ...] = (),
    fence: int | None = None,
    body_hash: bytes | None = None,
) -> Event:
    """Compose an event and its id. `body_hash` is given only for an erased body. Pure; the caller persists."""
    if body_hash is None:
        if body is None:
            raise RemoteProtocolError(what="erased body without its hash")
        body_hash = hashlib.sha256(body).digest()
    header = Header(HEADER_VERSION, node, inc, seq, prev, type, tv, rid, hlc, actor, base, fence, body_hash)
    raw = _encode_header(header)
    return Event(EventId(hashlib.sha256(raw).digest()), header, raw, body)


def read_event(raw_header: bytes, body: bytes | None) -> Event:
    """Rebuild an event from stored bytes and check that the body still belongs to the header.

    Raises:
        RemoteProtocolError: header unreadable, or body does not hash to what the header says.
    """
    try:
        header = _decode_header(raw_header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RemoteProtocolError(what="unreadable header") from error
    if body is not None and hashlib.sha256(body).digest() != header.body_hash:
        raise RemoteProtocolError(what="body does not match its header")
    return Event(EventId(hashlib.sha256(raw_header).digest()), header, raw_header, body)


def check_shape(event: Event) -> None:
    """Bounds that hold for every event of any type or version.

    Raises:
        RemoteProtocolError: a bound is broken.
    """
    header = event.header
    if header.hv != HEADER_VERSION:
        raise RemoteProtocolError(what=f"header version {header.hv}")
    if not (
        1 <= header.seq <= NATURAL_MAX and 0 <= header.hlc <= NATURAL_MAX and 0 <= (header.fence or 0) <= NATURAL_MAX
    ):
        raise RemoteProtocolError(what="sequence, clock or fence outside its range")
    if len(header.type) > EVENT_NAME_CHARS_MAX or len(header.actor) > EVENT_NAME_CHARS_MAX:
        raise RemoteProtocolError(what="type or actor too long")
    if "\0" in header.type or "\0" in header.actor:  # words of programs, not of people: nobody who is honest writes one
        raise RemoteProtocolError(what="type or actor with a NUL")
    if len(header.rid) != 16 or len(header.inc) != 16 or len(header.prev) != 32:
        raise RemoteProtocolError(what="identifier of wrong length")
    if header.base and (len(header.base) > EVENT_BASE_MAX or any(len(one) != 32 for one in header.base)):
        raise RemoteProtocolError(what="base too long or malformed")
    if event.body is not None and len(event.body) > EVENT_BODY_BYTES_MAX:
        raise RemoteProtocolError(what="body over its limit")


def follows(previous: EventId, previous_seq: int, event: Event) -> bool:
    """True when `event` is the immediate successor of the given head in its lane."""
    return event.header.prev == previous and event.header.seq == previous_seq + 1
