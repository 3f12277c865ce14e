"""Who is connected: reports of the message server in any order, lost ones, lists, and the state that follows for a page."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from central_hub.operations.presence import Roll, keep_presence_of, presences
from tests.central_hub.operations.kept_tables import empty_tables

NODES = ("n1", "n2")


def test_a_node_is_here_while_one_of_its_connections_is_open() -> None:
    roll = Roll()
    roll.came("n1", ("s", 1))
    roll.came("n1", ("s", 2))
    assert roll.take_changes(NODES) == {"n1": True, "n2": False}
    roll.went("n1", ("s", 1))
    assert roll.take_changes(NODES) == {}
    roll.went("n1", ("s", 2))
    assert roll.take_changes(NODES) == {"n1": False}


def test_a_report_newer_than_the_list_is_not_undone_by_it() -> None:
    roll = Roll()
    roll.came("n1", ("s", 1))
    roll.asking()
    roll.went("n1", ("s", 1))
    roll.came("n2", ("s", 2))
    roll.listed([("n1", ("s", 1))])
    assert roll.take_changes(NODES) == {"n1": False, "n2": True}


def test_a_lost_report_is_made_good_by_the_next_list() -> None:
    roll = Roll()
    roll.came("n1", ("s", 1))
    roll.take_changes(NODES)
    roll.asking()
    roll.listed([("n2", ("s", 7))])
    assert roll.take_changes(NODES) == {"n1": False, "n2": True}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(NODES), st.integers(0, 9), st.integers(0, 9)), max_size=8),
    st.integers(0, 10),
    st.integers(0, 10),
)
def test_wherever_the_list_falls_between_reports_the_roll_ends_with_what_is_open(
    lives: list[tuple[str, int, int]], asked: int, listed: int
) -> None:
    """`lives`: node, made at, ended at (not before it was made: still open). Reports before the asking are all lost."""
    listed = max(asked, listed)
    reports = sorted(
        (at, number, node, came)
        for number, (node, *ends) in enumerate(lives)
        for at, came in zip(ends, (True, False), strict=True)
        if came or ends[1] > ends[0]
    )
    whole = [
        (node, ("s", number))
        for number, (node, made, ended) in enumerate(lives)
        if made < asked and not made < ended < asked
    ]
    roll = Roll()
    roll.asking()
    for _at, number, node, came in [one for one in reports if asked <= one[0] < listed]:
        (roll.came if came else roll.went)(node, ("s", number))
    roll.listed(whole)
    for _at, number, node, came in [one for one in reports if one[0] >= listed]:
        (roll.came if came else roll.went)(node, ("s", number))
    held = {node for node, made, ended in lives if ended <= made}
    assert {node for node, is_here in roll.take_changes(NODES).items() if is_here} == held


def test_coming_and_going_is_kept_with_its_moment() -> None:
    connection = empty_tables()
    keep_presence_of(connection, {"n1": True}, 10)
    keep_presence_of(connection, {"n1": True, "n2": False}, 20)
    found = presences(connection)
    assert (found["n1"].is_here, found["n1"].since_ms, found["n2"].is_here) == (True, 10, False)
    keep_presence_of(connection, {"n1": False}, 30)
    assert presences(connection)["n1"].since_ms == 30
