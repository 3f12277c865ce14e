"""The order in which batches of one lane go to the writer: one that is here is waited for, a late one a moment, and nothing waits in vain twice."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable

import pytest

from central_hub.ingest.following import Following
from sync_protocol.ids import Incarnation, NodeId

NODE, INC = NodeId("n00101a"), Incarnation(b"1" * 8)
LONG = 1_000.0  # a wait that no test ends
SHORT = 1e-9


class Lane:
    """Batches of one node, as they come; `began` are their first numbers as they began."""

    def __init__(self, wait_s: float, held: int = 0) -> None:
        self.following = Following(wait_s)
        self.held = held
        self.began: list[int] = []

    async def _held(self) -> int:
        return self.held

    def comes(self, first: int, last: int, proof: Callable[[], object] = lambda: None, inc: Incarnation = INC, is_queue: bool = True) -> asyncio.Task[None]:
        """A batch arrives; it may begin when its proof is had."""

        async def one() -> None:
            with self.following.here(NODE, inc, first, last, is_queue=is_queue) as turn:
                proven = proof()
                if isinstance(proven, asyncio.Future):
                    await proven
                await turn(self._held)
            self.began.append(first)

        return asyncio.create_task(one())

    async def settle(self) -> list[int]:
        """What began until nothing else happens."""
        for _ in range(50):
            await asyncio.sleep(0)
        return self.began


@contextlib.asynccontextmanager
async def rest_ended(*tasks: asyncio.Task[None]):  # type: ignore[no-untyped-def]
    """Whoever still waits at the end is cancelled."""
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("arrival", itertools.permutations(((1, 10), (11, 20), (21, 30), (31, 40))))
def test_batches_that_arrive_in_any_order_begin_in_theirs(arrival: tuple[tuple[int, int], ...]) -> None:
    async def scene() -> list[int]:
        lane = Lane(LONG)
        async with rest_ended(*(lane.comes(*batch) for batch in arrival)):
            return await lane.settle()

    assert asyncio.run(scene()) == [1, 11, 21, 31]


def test_canary_without_waiting_they_begin_as_they_arrive() -> None:
    async def scene() -> list[int]:
        lane = Lane(0.0)
        async with rest_ended(*(lane.comes(first, first + 9) for first in (31, 21, 11, 1))):
            return await lane.settle()

    assert asyncio.run(scene()) == [31, 21, 11, 1]


def test_who_is_here_and_not_proven_yet_is_waited_for_however_long_that_takes() -> None:
    async def scene() -> tuple[list[int], list[int]]:
        lane = Lane(SHORT)
        proof = asyncio.get_running_loop().create_future()
        async with rest_ended(lane.comes(1, 10, lambda: proof), lane.comes(11, 20)):
            before = list(await lane.settle())
            proof.set_result(None)
            return before, await lane.settle()

    assert asyncio.run(scene()) == ([], [1, 11])


def test_who_is_refused_keeps_nobody_waiting() -> None:
    async def scene() -> list[int]:
        lane = Lane(SHORT)
        proof = asyncio.get_running_loop().create_future()
        refused, next_one = lane.comes(1, 10, lambda: proof), lane.comes(11, 20)
        async with rest_ended(refused, next_one):
            await lane.settle()
            proof.set_exception(ValueError())
            await next_one
            assert isinstance(refused.exception(), ValueError)
            return lane.began

    assert asyncio.run(scene()) == [11]


def test_of_a_lane_that_nobody_remembers_the_database_says_how_far_it_is() -> None:
    async def scene() -> list[int]:
        lane = Lane(LONG, held=50)
        async with rest_ended(lane.comes(61, 70), lane.comes(51, 60), lane.comes(81, 90)):
            return await lane.settle()

    assert asyncio.run(scene()) == [51, 61]


def test_what_another_worker_took_meanwhile_is_not_waited_for() -> None:
    async def scene() -> list[int]:
        lane = Lane(LONG)
        await lane.comes(1, 10)
        lane.held = 50
        async with rest_ended(lane.comes(51, 70)):
            return await lane.settle()

    assert asyncio.run(scene()) == [1, 51]


def test_an_act_waits_only_for_who_is_here() -> None:
    async def scene() -> tuple[list[int], list[int]]:
        lane = Lane(LONG)
        proof = asyncio.get_running_loop().create_future()
        async with rest_ended(lane.comes(1, 10, lambda: proof), lane.comes(11, 11, is_queue=False)):
            before = list(await lane.settle())
            proof.set_result(None)
            await lane.settle()
            await lane.comes(13, 13, is_queue=False)  # 12 went to another worker
            return before, lane.began

    assert asyncio.run(scene()) == ([], [1, 11, 13])


def test_a_repetition_waits_for_nobody_and_another_incarnation_begins_anew() -> None:
    async def scene() -> list[int]:
        lane = Lane(LONG)
        async with rest_ended(lane.comes(1, 10), lane.comes(11, 20), lane.comes(1, 10), lane.comes(1, 5, inc=Incarnation(b"2" * 8))):
            return await lane.settle()

    assert sorted(asyncio.run(scene())) == [1, 1, 1, 11]


def test_who_waited_in_vain_lets_the_next_ones_pass_until_two_follow_each_other() -> None:
    async def scene() -> tuple[list[int], list[int]]:
        lane = Lane(SHORT, held=10)
        await lane.comes(21, 30)  # its predecessor is at a worker that hands nothing on
        lane.following._wait_s = LONG
        async with rest_ended(lane.comes(41, 50), lane.comes(61, 70)):
            passed = list(await lane.settle())
        async with rest_ended(lane.comes(71, 80), lane.comes(91, 100)):
            return passed, await lane.settle()

    assert asyncio.run(scene()) == ([21, 41, 61], [21, 41, 61, 71])


def test_a_batch_given_up_while_it_waits_leaves_nothing_behind() -> None:
    async def scene() -> list[int]:
        lane = Lane(LONG, held=10)
        async with rest_ended(lane.comes(21, 30)):
            assert await lane.settle() == []
        left = lane.following._lanes[NODE]
        assert (left.firsts, left.waiting) == ([], [])
        async with rest_ended(lane.comes(11, 20), lane.comes(21, 30)):
            return await lane.settle()

    assert asyncio.run(scene()) == [11, 21]
