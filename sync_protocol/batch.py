"""A batch: consecutive events of one lane under one signature, and the hub's signed acknowledgement.

One Ed25519 signature over the head id covers every event of the batch through the chain. On the wire an event travels
without what the receiver can compute again: node and incarnation stand once in the batch, `seq` and `prev` follow from the
position, `body_hash` from the body. That is 100 bytes an event saved without giving up one bit of evidence, because the
rebuilt header must hash to the signed head.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from sync_protocol.envelope import Event, check_shape, make_event
from sync_protocol.errors import LocalProtocolError, RemoteProtocolError
from sync_protocol.ids import EventId, HubEpoch, Incarnation, NodeId, RecordId
from sync_protocol.limits import BATCH_EVENTS_MAX, Natural

Sign = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes], None]  # (message, signature); raises a Problem when it does not hold

_BATCH_DOMAIN = b"lienthong/batch/1\0"
_ACKNOWLEDGEMENT_DOMAIN = b"lienthong/acknowledgement/1\0"


class WireEvent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An event inside a batch, without what the batch already says."""

    type: str
    tv: Natural
    rid: RecordId
    hlc: Natural
    actor: str
    base: tuple[EventId, ...]
    fence: Natural | None
    body: bytes | None
    body_hash: bytes | None  # only for an erased body


class Batch(msgspec.Struct, frozen=True, array_like=True, tag="batch"):
    """Consecutive events `first … first+len-1` of lane (node, inc); `prev` is the id of event `first-1`."""

    hub: str
    node: NodeId
    inc: Incarnation
    first: Natural
    prev: EventId
    events: tuple[WireEvent, ...]
    head: EventId
    signature: bytes


class Acknowledgement(msgspec.Struct, frozen=True, array_like=True, tag="acknowledgement"):
    """The hub's promise, given only after its own durable commit. `at_ms` is hub time (UTC)."""

    hub: str
    epoch: HubEpoch
    node: NodeId
    inc: Incarnation
    upto: int
    head: EventId
    hubseq: int
    at_ms: int
    backup_seq: int  # events of this lane up to here are covered by the hub's last verified backup
    signature: bytes = b""


def seal_batch(hub: str, events: Sequence[Event], sign: Sign) -> Batch:
    """Make the signed batch of consecutive events of one lane. The caller cuts at `BATCH_EVENTS_MAX` and by bytes."""
    if not 0 < len(events) <= BATCH_EVENTS_MAX:
        raise LocalProtocolError(what=f"batch of {len(events)} events")
    first = events[0].header
    head = events[-1].id
    return Batch(
        hub, first.node, first.inc, first.seq, first.prev, wire_events(events), head, sign(batch_message(hub, head))
    )


def wire_events(events: Sequence[Event]) -> tuple[WireEvent, ...]:
    """Consecutive events of one lane as a batch carries them."""
    return tuple(
        WireEvent(h.type, h.tv, h.rid, h.hlc, h.actor, h.base, h.fence, e.body, h.body_hash if e.body is None else None)
        for e in events
        for h in (e.header,)
    )


def batch_message(hub: str, head: EventId) -> bytes:
    """The bytes that a node signs: they name the hub, so a batch cannot be replayed at another one."""
    return _BATCH_DOMAIN + hub.encode() + b"\0" + head


def open_batch(batch: Batch, *, hub: str, verify: Verify) -> tuple[Event, ...]:
    """Rebuild the events of a batch and prove chain and signature.

    Raises:
        RemoteProtocolError: wrong hub, empty or too long, a bound broken, or the chain does not end at the signed head.
        Problem: whatever `verify` raises for a wrong signature.
    """
    if batch.hub != hub:
        raise RemoteProtocolError(what="batch for another hub")
    if not 0 < len(batch.events) <= BATCH_EVENTS_MAX:
        raise RemoteProtocolError(what=f"batch of {len(batch.events)} events")
    verify(batch_message(hub, batch.head), batch.signature)
    events = events_of(batch)
    if events[-1].id != batch.head:
        raise RemoteProtocolError(what="chain does not end at the signed head")
    return events


def events_of(batch: Batch) -> tuple[Event, ...]:
    """The events of a batch, rebuilt and bounded, but with nothing proven about who wrote them.

    Raises:
        RemoteProtocolError: a bound is broken.
    """
    events: list[Event] = []
    prev, seq = batch.prev, batch.first
    for wire in batch.events:
        if wire.body is not None and wire.body_hash is not None:  # the chain would prove the hash, and nothing would prove the body
            raise RemoteProtocolError(what="hash beside a body")
        event = make_event(
            node=batch.node, inc=batch.inc, seq=seq, prev=prev, type=wire.type, tv=wire.tv, rid=wire.rid, hlc=wire.hlc,
            actor=wire.actor, base=wire.base, fence=wire.fence, body=wire.body, body_hash=wire.body_hash,
        )  # fmt: skip
        check_shape(event)
        events.append(event)
        prev, seq = event.id, seq + 1
    return tuple(events)


def acknowledgement_message(one: Acknowledgement) -> bytes:
    """The bytes that the hub signs."""
    return _ACKNOWLEDGEMENT_DOMAIN + msgspec.msgpack.encode(msgspec.structs.replace(one, signature=b""))


def sign_acknowledgement(one: Acknowledgement, sign: Sign) -> Acknowledgement:
    """Return the acknowledgement with the hub's signature. Called after the commit, never before."""
    return msgspec.structs.replace(one, signature=sign(acknowledgement_message(one)))


def check_acknowledgement(one: Acknowledgement, *, hub: str, node: NodeId, verify: Verify) -> None:
    """Prove that the acknowledgement is from our hub and for us.

    Raises:
        RemoteProtocolError: it names another hub or node.
        Problem: whatever `verify` raises for a wrong signature.
    """
    if one.hub != hub or one.node != node:
        raise RemoteProtocolError(what="acknowledgement for somebody else")
    verify(acknowledgement_message(one), one.signature)
