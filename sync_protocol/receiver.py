"""The hub's judgement of a batch: what is new, what is known, what is a gap, what is a fork. Pure.

The shell asks the database two questions (the lane's floor; the id it holds at a sequence number) and acts on the verdict in one
transaction. Nothing here depends on who asks or when (hub rules H1–H3, sync.md 2.4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from sync_protocol.envelope import Event
from sync_protocol.ids import GENESIS, EventId


class Floor(msgspec.Struct, frozen=True):
    """How far a lane is held without a gap."""

    seq: int
    id: EventId


EMPTY = Floor(0, GENESIS)


class Accept(msgspec.Struct, frozen=True, tag=True):
    """`events[skip:]` are new and continue the lane; the first `skip` are already held and equal."""

    skip: int


class Gap(msgspec.Struct, frozen=True, tag=True):
    """The batch starts beyond the floor."""

    floor: Floor


class Forked(msgspec.Struct, frozen=True, tag=True):
    """At sequence `at` another event is held: two histories under one name."""

    at: int
    held: EventId


Verdict = Accept | Gap | Forked


def judge(events: Sequence[Event], floor: Floor, held_id: Callable[[int], EventId | None]) -> Verdict:
    """Compare verified consecutive events with what is held.

    Comparison is by content, never by presence: a known sequence number with another id is a fork, also when the batch
    would otherwise look like a harmless repetition (sync.md 2.14, hole 4).
    """
    first = events[0].header.seq
    if first > floor.seq + 1:
        return Gap(floor)
    skip = 0
    for event in events:
        seq = event.header.seq
        if seq > floor.seq:
            break
        held = floor.id if seq == floor.seq else held_id(seq)
        if held is not None and held != event.id:
            return Forked(seq, held)
        skip += 1
    if skip < len(events) and events[skip].header.prev != floor.id:
        return Forked(floor.seq, floor.id)
    return Accept(skip)
