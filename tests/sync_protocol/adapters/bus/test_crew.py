"""Who of the hub's workers lives and whose an office is: the same answer for all who see the same crew."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sync_protocol.adapters.bus.crew import BEAT_S, BEATS_MISSED, Crew

WORKERS = st.sets(st.integers(0, 2**64 - 1).map("{:016x}".format), min_size=2, max_size=6)
NODES = [f"n{number:05d}a" for number in range(700)]


def seen_by(name: str, others: set[str]) -> Crew:
    """The crew as one of it sees it at second 0."""
    crew = Crew(name, lambda: 0.0)
    for other in others:
        crew.heard(other)
    return crew


@given(WORKERS)
def test_all_who_see_the_same_crew_name_the_same_owner(workers: set[str]) -> None:
    views = [seen_by(name, workers) for name in workers]
    for node in NODES[:20]:
        assert len({view.owner_of(node) for view in views}) == 1


@given(WORKERS)
def test_who_leaves_moves_only_its_own_nodes(workers: set[str]) -> None:
    gone = min(workers)
    before, after = seen_by(max(workers), workers), seen_by(max(workers), workers - {gone})
    for node in NODES[:50]:
        assert before.owner_of(node) in (gone, after.owner_of(node))


def test_three_workers_share_seven_hundred_nodes_about_evenly() -> None:
    crew = seen_by("0" * 16, {"1" * 16, "2" * 16})
    assert all(180 < share < 290 for share in Counter(map(crew.owner_of, NODES)).values())


def test_a_worker_alone_owns_every_node() -> None:
    crew = Crew("0" * 16, lambda: 0.0)
    assert not crew.heard("0" * 16)
    assert {crew.owner_of(node) for node in NODES} == {"0" * 16}


def test_who_misses_three_beats_is_gone_and_who_is_heard_again_is_news() -> None:
    now = [0.0]
    crew = Crew("0" * 16, lambda: now[0])
    other = "1" * 16
    theirs = next(node for node in NODES if seen_by(crew.name, {other}).owner_of(node) == other)
    assert crew.heard(other) and not crew.heard(other)
    now[0] = BEATS_MISSED * BEAT_S
    assert crew.lives(other) and crew.owner_of(theirs) == other
    now[0] += 0.001
    assert not crew.lives(other) and crew.owner_of(theirs) == crew.name
    assert crew.heard(other) and crew.owner_of(theirs) == other
    crew.forget(other)
    assert crew.owner_of(theirs) == crew.name and crew.lives(crew.name)
