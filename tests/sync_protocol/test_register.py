"""Registers settle from a set: order and repetition do not matter, rank speaks, and a conflict has one name everywhere."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.ids import ActId, EventId
from sync_protocol.register import Entry, Rank, normalise, settle
from tests.sync_protocol.event_sets import NAMES, RID


def name(n: int) -> ActId:
    return ActId(EventId(n.to_bytes(32, "big")))


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Entries that may have seen any earlier one; some acts offer the field twice."""
    found: list[Entry] = []
    for n in range(draw(st.integers(1, 8))):
        seen = draw(st.sets(st.integers(0, n - 1), max_size=3)) if n else set()
        rank = draw(st.sampled_from(list(Rank)))
        found.append(Entry(name(n), draw(st.sampled_from(NAMES)), rank, tuple(name(s) for s in sorted(seen))))
        if draw(st.booleans()):
            found.append(
                Entry(name(n), draw(st.sampled_from(NAMES)), draw(st.sampled_from(list(Rank))), found[-1].base)
            )
    return found


@settings(max_examples=300, deadline=None)
@given(entries(), st.integers(0, 2**32))
def test_order_and_repetition_do_not_matter(found: list[Entry], seed: int) -> None:
    other = [*found, *found[:2]]
    random.Random(seed).shuffle(other)
    assert settle(RID, b"name", other) == settle(RID, b"name", found)


@settings(max_examples=300, deadline=None)
@given(entries())
def test_a_value_nobody_has_seen_is_never_lost(found: list[Entry]) -> None:
    state = settle(RID, b"name", found)
    assert state is not None
    seen = {one for entry in found for one in entry.base}
    assert {head.id for head in state.heads} == {entry.id for entry in found} - seen
    speaking = {normalise(head.value) for head in state.heads if head.rank == state.rank}
    assert (state.conflict is not None) == (len(speaking) > 1)


@settings(max_examples=100, deadline=None)
@given(entries(), st.sampled_from(NAMES))
def test_a_settlement_that_saw_every_head_closes_the_conflict(found: list[Entry], value: str) -> None:
    state = settle(RID, b"name", found)
    assert state is not None
    final = Entry(name(99), value, Rank.SETTLED, tuple(head.id for head in state.heads))
    after = settle(RID, b"name", [*found, final])
    assert after is not None and after.value == value and after.conflict is None


def test_the_same_conflict_has_the_same_name_on_every_replica_and_another_one_after_a_later_edit() -> None:
    two = [Entry(name(1), "A", 4, ()), Entry(name(2), "B", 4, ())]
    first, again = settle(RID, b"name", two), settle(RID, b"name", two[::-1])
    later = settle(RID, b"name", [*two, Entry(name(3), "C", 4, ())])
    assert first is not None and again is not None and later is not None
    assert first.conflict == again.conflict != later.conflict


def test_even_circular_bases_hide_nothing() -> None:
    ring = [Entry(name(1), "A", 4, (name(2),)), Entry(name(2), "B", 4, (name(1),))]
    state = settle(RID, b"name", ring)
    assert state is not None and {head.value for head in state.heads} == {"A", "B"}


def test_nothing_settles_to_nothing() -> None:
    assert settle(RID, b"name", []) is None
