"""A look that comes while something is written shares its COMMIT, and neither costs the other anything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import apsw
import pytest

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.sqlite import Turn, Writer
from tests.sync_protocol.adapters.sqlite.paper import Opener, count, insert

Work = Callable[[apsw.Connection], int]


class Room:
    """A writer whose commits are counted and, while they are refused, fail."""

    def __init__(self, opener: Opener) -> None:
        self.commits, self.is_refused = 0, False

        def counting() -> apsw.Connection:
            connection = opener()
            connection.set_commit_hook(self._commit)
            return connection

        self.writer = Writer(counting, group_limit=64)

    def _commit(self) -> bool:
        self.commits += 1
        return self.is_refused

    def beside(self, turn: Turn, group: list[Work], look: Work, *, is_repeatable: bool = False) -> list[BaseException | None]:
        """What became of a group, and of a look that came while its first function ran."""
        running, go = threading.Event(), threading.Event()

        def first(connection: apsw.Connection) -> int:
            running.set()
            assert go.wait(10)
            return group[0](connection)

        with_gate = threading.Event()
        self.writer.submit(lambda _: int(with_gate.wait(10)), turn=turn)
        futures = [self.writer.submit(one, turn=turn, is_repeatable=is_repeatable) for one in (first, *group[1:])]
        with_gate.set()
        assert running.wait(10)
        self.commits = 0
        futures.append(self.writer.submit(look, turn=Turn.LOOK))
        go.set()
        return [one.exception(10) for one in futures]


@pytest.fixture
def room(opener: Opener) -> Iterator[Room]:
    one = Room(opener)
    yield one
    one.writer.close()


@pytest.mark.parametrize("turn", [Turn.ACT, Turn.QUEUE])
@pytest.mark.parametrize("is_repeatable", [False, True])
def test_a_look_shares_the_commit_of_what_it_finds_under_way(room: Room, turn: Turn, is_repeatable: bool) -> None:
    seen: list[int] = []
    done = room.beside(turn, [insert(1)], lambda c: seen.append(count(c)) or insert(7)(c), is_repeatable=is_repeatable)  # type: ignore[func-returns-value]
    assert done == [None, None] and seen == [1] and room.commits == 1
    assert room.writer.run(count) == 2


def test_a_look_waits_for_one_function_of_a_group_and_not_for_all(room: Room) -> None:
    seen: list[int] = []
    done = room.beside(Turn.QUEUE, [insert(1), insert(2), insert(3)], lambda c: seen.append(count(c)) or 0, is_repeatable=True)  # type: ignore[func-returns-value]
    assert done == [None] * 4 and seen == [1] and room.commits == 2


def test_a_look_that_is_refused_leaves_nothing_and_costs_the_others_nothing(room: Room) -> None:
    def refused(connection: apsw.Connection) -> int:
        insert(7)(connection)
        raise problems.StorageBusy

    done = room.beside(Turn.QUEUE, [insert(1)], refused, is_repeatable=True)
    assert done[0] is None and isinstance(done[1], problems.StorageBusy)
    assert room.commits == 1 and room.writer.run(count) == 1


def test_a_look_beside_a_function_that_fails_is_answered(room: Room) -> None:
    done = room.beside(Turn.QUEUE, [insert(1), lambda c: insert(1)(c)], insert(7), is_repeatable=True)
    assert done[0] is None and isinstance(done[1], problems.StatementRejected) and done[2] is None
    alone = room.beside(Turn.QUEUE, [insert(1)], insert(8), is_repeatable=True)
    assert isinstance(alone[0], problems.StatementRejected) and alone[1] is None
    assert room.writer.run(count) == 3


def test_nothing_is_answered_to_a_look_whose_commit_failed(room: Room) -> None:
    def look(connection: apsw.Connection) -> int:
        room.is_refused = True
        return insert(7)(connection)

    done = room.beside(Turn.QUEUE, [insert(1), insert(2)], look, is_repeatable=True)
    room.is_refused = False
    assert isinstance(done[0], problems.StorageProblem) and isinstance(done[-1], problems.StorageProblem)
    assert room.writer.run(count) in (0, 1)
