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


QUEUES = st.sets(st.sampled_from(NODES), min_size=1, max_size=40)


@given(WORKERS, QUEUES)
def test_all_who_know_of_the_same_queues_name_the_same_owners_and_share_them_evenly(workers: set[str], queues: set[str]) -> None:
    views = [seen_by(name, workers) for name in sorted(workers)]
    told = sorted(queues)
    for view in views:  # in whatever order and by whomever they were seen
        view.told_of(told[1:])
        view.sees_queue(told[0])
        told.reverse()
    owners = [{node: view.owner_of(node) for node in queues} for view in views]
    assert all(one == owners[0] for one in owners)
    shares = Counter(owners[0].values())
    assert max(shares.values()) <= -(-len(queues) // len(workers)) + len(queues) // (8 * len(workers))


def test_four_offices_that_fell_to_one_of_two_workers_are_two_and_two() -> None:
    crew = seen_by("0" * 16, {"1" * 16})
    like_one = [node for node in NODES if crew.owner_of(node) == crew.name][:4]
    crew.told_of(like_one)
    assert sorted(Counter(map(crew.owner_of, like_one)).values()) == [2, 2]


def test_a_queue_is_told_once_when_it_is_news_and_with_every_beat_while_pieces_come() -> None:
    now = [0.0]
    crew = Crew("0" * 16, lambda: now[0])
    assert not crew.sees_queue("n1"), "there is nobody to tell"
    crew.heard("1" * 16)
    assert crew.sees_queue("n2") and not crew.sees_queue("n2")
    crew.told_of(["n3"])
    assert not crew.sees_queue("n3") and crew.own_queues() == ["n1", "n2", "n3"]
    now[0] = 2.5 * BEAT_S
    crew.told_of(["n4"])
    assert crew.own_queues() == [], "what another told is not told again"


def test_a_queue_of_which_no_piece_comes_for_three_beats_is_over() -> None:
    now = [0.0]
    crew = Crew("0" * 16, lambda: now[0])
    like_one = [node for node in NODES if seen_by(crew.name, {"1" * 16}).owner_of(node) == crew.name][:2]
    crew.heard("1" * 16)
    crew.told_of(like_one)
    assert len(set(map(crew.owner_of, like_one))) == 2
    now[0] = BEATS_MISSED * BEAT_S + 0.001
    crew.heard("1" * 16)
    assert {crew.owner_of(node) for node in like_one} == {crew.name}


def test_seven_hundred_queues_are_shared_out_about_evenly() -> None:
    crew = seen_by("0" * 16, {"1" * 16, "2" * 16})
    crew.told_of(NODES)
    shares = Counter(map(crew.owner_of, NODES))
    assert sum(shares.values()) == 700 and max(shares.values()) <= 234 + 29


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
