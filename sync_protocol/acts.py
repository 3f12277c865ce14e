"""Acts: what somebody did, told apart from the envelope in which it travels.

A node whose log was restored or cloned issues its unacknowledged events again under a fresh incarnation (sync.md 2.13). Such an event has
a new place and therefore a new id, but it is the same act. So everything that people see is keyed by the act: its id is the hash of
the header without its place in a lane (incarnation, sequence number, predecessor). A re-issue keeps author, clock, base and body, hence
the act, and the merge counts it once wherever both copies meet. Bases name acts, so causality survives a re-issue as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from sync_protocol.bodies import decode_body
from sync_protocol.envelope import Event, Header
from sync_protocol.ids import ActId, EventId, Incarnation

_DOMAIN = b"lienthong/act/1\0"
_encode = msgspec.msgpack.Encoder().encode


class Act(msgspec.Struct, frozen=True):
    """One act with its readable body (None: erased, unknown or unreadable) and every place it was found at.

    Of `header`, only what all copies have in common counts: never its incarnation, sequence number or predecessor.
    """

    id: ActId
    header: Header
    body: msgspec.Struct | None
    places: frozenset[tuple[Incarnation, int]]


def act_id(header: Header) -> ActId:
    """The identity of the act that an event carries: the same for every re-issue of it. Pure."""
    h = header
    kept = (h.node, h.type, h.tv, h.rid, h.hlc, h.actor, h.base, h.fence, h.body_hash)
    return ActId(EventId(hashlib.sha256(_DOMAIN + _encode(kept)).digest()))


def acts_of(events: Iterable[Event]) -> list[Act]:
    """The acts of a set of events in the one order all replicas agree on; repetition and order of the input do not matter."""
    copies: dict[ActId, dict[EventId, Event]] = {}
    for event in events:
        copies.setdefault(act_id(event.header), {}).setdefault(event.id, event)
    found = [_act(identifier, list(held.values())) for identifier, held in copies.items()]
    return sorted(found, key=lambda act: (act.header.hlc, act.header.node, act.id))


def _act(identifier: ActId, held: list[Event]) -> Act:
    speaking = min(held, key=lambda event: (event.body is None, event.id))
    places = frozenset((event.header.inc, event.header.seq) for event in held)
    return Act(identifier, speaking.header, decode_body(speaking), places)
