"""A queue's group takes those along that come while it runs; and who needs the interpreter for long is told when the writer rests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import apsw
import pytest

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import Turn, Writer
from tests.sync_protocol.adapters.sqlite.paper import Opener, count, insert


class Held:
    """A function that inserts and then stands still until it is let go."""

    def __init__(self) -> None:
        self.is_running, self.go = threading.Event(), threading.Event()

    def __call__(self, connection: apsw.Connection) -> int:
        self.is_running.set()
        assert self.go.wait(10)
        return insert(0)(connection)


@pytest.fixture
def commits() -> list[int]:
    return []


@pytest.fixture
def writer(opener: Opener, commits: list[int]) -> Iterator[Writer]:
    def counting_opener() -> apsw.Connection:
        connection = opener()
        connection.set_commit_hook(lambda: bool(commits.append(1)))  # type: ignore[func-returns-value]  # False: go on
        return connection

    with Writer(counting_opener, group_limit=64, joined_max=2) as one:
        yield one


def beside_the_first(writer: Writer, later: list[Callable[[apsw.Connection], int]], **how: bool) -> list[BaseException | None]:
    """What became of a repeatable function and of those that came while it ran."""
    first = Held()
    futures = [writer.submit(first, is_repeatable=True)]
    assert first.is_running.wait(10)
    futures += [writer.submit(one, **how) for one in later]
    first.go.set()
    return [one.exception() for one in futures]


def test_of_two_that_come_while_a_queue_is_served_one_shares_its_commit(writer: Writer, commits: list[int]) -> None:
    assert beside_the_first(writer, [insert(1), insert(2)], is_repeatable=True) == [None, None, None]
    assert len(commits) == 2 and writer.run(count) == 3


def test_what_may_not_run_twice_joins_no_group(writer: Writer, commits: list[int]) -> None:
    assert beside_the_first(writer, [insert(1)], is_repeatable=False) == [None, None]
    assert len(commits) == 2


def test_a_function_that_joined_and_failed_costs_the_others_nothing(writer: Writer) -> None:
    outcomes = beside_the_first(writer, [lambda c: insert(7)(c) + insert(7)(c), insert(2)], is_repeatable=True)
    assert outcomes[0] is None and outcomes[2] is None and isinstance(outcomes[1], problems.StatementRejected)
    assert writer.run(count) == 2


def test_who_waits_for_an_act_goes_before_what_would_have_joined(writer: Writer) -> None:
    first, seen = Held(), []
    futures = [writer.submit(first, is_repeatable=True)]
    assert first.is_running.wait(10)
    futures.append(writer.submit(lambda c: seen.append("queue") or insert(1)(c), is_repeatable=True))  # type: ignore[func-returns-value]
    futures.append(writer.submit(lambda c: seen.append("act") or insert(2)(c), turn=Turn.ACT))  # type: ignore[func-returns-value]
    first.go.set()
    assert [one.exception() for one in futures] == [None, None, None] and seen == ["act", "queue"]


def test_the_writer_rests_in_a_commit_and_when_nothing_waits_and_not_in_a_function(opener: Opener) -> None:
    seen: list[bool] = []

    def looking_opener() -> apsw.Connection:
        connection = opener()
        connection.set_commit_hook(lambda: bool(seen.append(writer.wait_for_rest(0))))  # type: ignore[func-returns-value]
        return connection

    with Writer(looking_opener) as writer:
        assert writer.wait_for_rest(10)
        assert not writer.run(lambda _: writer.wait_for_rest(0))
        assert writer.run(insert(1)) == 1 and writer.wait_for_rest(10)
        assert seen and all(seen)
