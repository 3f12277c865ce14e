"""Functions that share a transaction: each has its own outcome, and whoever waits for one goes first."""

from __future__ import annotations

import threading
from collections.abc import Callable

import apsw
import pytest

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import (
    Turn,
    Writer,
)
from sync_protocol.adapters.sqlite.many import insert_many
from tests.sync_protocol.adapters.sqlite.paper import Opener, count, insert


@pytest.mark.parametrize("is_repeatable", [False, True])
def test_a_group_shares_one_commit_and_each_has_its_own_outcome(opener: Opener, is_repeatable: bool) -> None:
    gate, commits = threading.Event(), []

    def counting_opener() -> apsw.Connection:
        connection = opener()
        connection.set_commit_hook(lambda: bool(commits.append(1)))  # type: ignore[func-returns-value]  # False: go on
        return connection

    with Writer(counting_opener, group_limit=64) as writer:
        first = writer.submit(lambda _: gate.wait(10))
        waiting = [writer.submit(insert(number % 6), is_repeatable=is_repeatable) for number in range(12)]
        gate.set()
        assert first.result()
        outcomes = [future.exception() for future in waiting]
        assert outcomes[:6] == [None] * 6
        assert all(isinstance(outcome, problems.StatementRejected) for outcome in outcomes[6:])
        assert writer.run(count) == 6
    assert sum(commits) == 2


@pytest.mark.parametrize(("group_s", "before_each"), [(0.0, [1, 2, 3]), (3_600.0, [1, 1, 1])])
def test_a_group_whose_time_is_up_is_committed_and_the_rest_follows(
    opener: Opener, group_s: float, before_each: list[int]
) -> None:
    running, gate, commits, seen = threading.Event(), threading.Event(), [], []

    def counting_opener() -> apsw.Connection:
        connection = opener()
        connection.set_commit_hook(lambda: bool(commits.append(1)))  # type: ignore[func-returns-value]  # False: go on
        return connection

    def first(connection: apsw.Connection) -> None:
        insert(0)(connection)
        running.set()
        gate.wait(10)

    with Writer(counting_opener, group_limit=64, group_s=group_s) as writer:
        writer.submit(first)
        running.wait(10)
        waiting = [writer.submit(lambda c, n=n: seen.append(len(commits)) or insert(n)(c)) for n in (1, 2, 3)]  # type: ignore[misc,func-returns-value]
        gate.set()
        assert [one.result(10) for one in waiting] == [1, 2, 3]
    assert seen == before_each


@pytest.mark.parametrize(("turn", "before_each"), [(Turn.LOOK, [2, 3, 4]), (Turn.ACT, [2, 2, 2])])
def test_while_somebody_looks_a_queue_is_committed_in_smaller_groups(
    opener: Opener, monkeypatch: pytest.MonkeyPatch, turn: Turn, before_each: list[int]
) -> None:
    monkeypatch.setattr("sync_protocol.adapters.sqlite.writer.LOOKED_S", 3_600.0)
    running, gate, commits, seen = threading.Event(), threading.Event(), [], []

    def counting_opener() -> apsw.Connection:
        connection = opener()
        connection.set_commit_hook(lambda: bool(commits.append(1)))  # type: ignore[func-returns-value]  # False: go on
        return connection

    def hold(connection: apsw.Connection) -> None:
        insert(0)(connection)
        running.set()
        gate.wait(10)

    with Writer(counting_opener, group_limit=64, beside_looks_s=0.0) as writer:
        writer.submit(insert(9), turn=turn).result(10)
        writer.submit(hold)
        running.wait(10)
        waiting = [writer.submit(lambda c, n=n: seen.append(len(commits)) or insert(n)(c)) for n in (1, 2, 3)]  # type: ignore[misc,func-returns-value]
        gate.set()
        assert [one.result(10) for one in waiting] == [1, 2, 3]
    assert seen == before_each


def test_a_writer_says_that_somebody_looks_and_for_how_long(opener: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    with Writer(opener) as writer:
        writer.submit(insert(1), turn=Turn.ACT).result(10)
        assert not writer.is_looked_at
        for long_s, is_looked_at in ((3_600.0, True), (0.0, False)):
            monkeypatch.setattr("sync_protocol.adapters.sqlite.writer.LOOKED_S", long_s)
            writer.submit(insert(2 + is_looked_at), turn=Turn.LOOK).result(10)
            assert writer.is_looked_at == is_looked_at


def test_of_a_repeatable_group_only_what_failed_is_left_out_and_it_does_not_run_again(opener: Opener) -> None:
    started, gate, ran = threading.Event(), threading.Event(), []

    def noted(number: int) -> Callable[[apsw.Connection], int]:
        def work(connection: apsw.Connection) -> int:
            ran.append(number)
            rows = [(number, "x"), (number + 1, "x"), (10 if number == 4 else number + 2, "x")]
            insert_many(connection, "INSERT INTO paper(id, body) VALUES(?,?)", [*rows, (number + 20, "x"), (number + 40, "x")])
            return number

        return work

    with Writer(opener, group_limit=64) as writer:
        writer.run(insert(10))
        first = writer.submit(lambda _: started.set() or gate.wait(10))  # type: ignore[func-returns-value]
        started.wait(10)
        waiting = [writer.submit(noted(number), is_repeatable=True) for number in (1, 4, 7)]
        gate.set()
        first.result()
        assert [type(future.exception()) for future in waiting] == [type(None), problems.StatementRejected, type(None)]
        assert ran == [1, 4, 1, 7]
        held = [n for (n,) in writer.run(lambda c: c.execute("SELECT id FROM paper ORDER BY id").fetchall())]
        assert held == [1, 2, 3, 7, 8, 9, 10, 21, 27, 41, 47], "nothing of a statement of which one row was refused"


def test_somebody_who_waits_goes_before_what_was_queued_earlier(opener: Opener) -> None:
    gate, order = threading.Event(), []
    with Writer(opener, group_limit=64) as writer:
        writer.submit(lambda _: gate.wait(10))
        waiting = [writer.submit(lambda _, name=name: order.append(name)) for name in "ab"]  # type: ignore[misc]
        waiting.append(writer.submit(lambda _: order.append("urgent"), turn=Turn.ACT))
        gate.set()
        for one in waiting:
            one.result(10)
    assert order == ["urgent", "a", "b"]


@pytest.mark.parametrize(("turn", "earlier"), [(Turn.QUEUE, Turn.ACT), (Turn.ACT, Turn.LOOK), (Turn.QUEUE, Turn.LOOK)])
def test_a_group_under_way_is_committed_early_for_somebody_of_an_earlier_turn(
    opener: Opener, turn: Turn, earlier: Turn
) -> None:
    """Twenty-five offices push an act at once: a look-up waited for all of them, who share a transaction. Now for the one in hand only."""
    gate, order = threading.Event(), []
    with Writer(opener, group_limit=64) as writer:
        writer.submit(lambda _: gate.wait(10))
        looked = []

        def first(connection: apsw.Connection) -> None:
            insert(1)(connection)
            looked.append(writer.submit(lambda c: order.append(("earlier", count(c))), turn=earlier))

        group = [writer.submit(first, turn=turn)]
        group += [writer.submit(lambda c, n=n: order.append(("group", insert(n)(c))), turn=turn) for n in (2, 3)]  # type: ignore[misc]
        gate.set()
        for one in (*group, *looked):
            one.result(10)
    assert order == [("earlier", 1), ("group", 2), ("group", 3)]
