"""Turns at a hub worker: one of each office in turn, small requests beside the long ones, no place ever lost."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.adapters.bus.turns import Turns


async def served(turns: Turns, asked: list[tuple[str, bool]], *, gone: frozenset[int] = frozenset()) -> list[int]:
    """Requests by number in the order in which they began, when each ends as soon as nothing else happens."""
    began: list[int] = []

    async def one(number: int, office: str, is_small: bool) -> None:
        async with turns.turn(office, is_small=is_small):
            began.append(number)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(one(number, office, is_small)) for number, (office, is_small) in enumerate(asked)]
    for number in gone:
        await asyncio.sleep(0)
        tasks[number].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return began


def test_an_office_that_asks_for_much_gets_one_turn_like_the_others() -> None:
    asked = [("a", False)] * 4 + [("b", False), ("c", False)]
    assert asyncio.run(served(Turns(1, 0), asked)) == [0, 1, 4, 5, 2, 3]


def test_a_small_request_does_not_wait_for_the_long_ones() -> None:
    asked = [*((office, False) for office in "abcdef"), ("g", True)]
    assert asyncio.run(served(Turns(1, 1), asked))[:2] == [0, 6]


def test_long_ones_go_on_while_small_ones_wait() -> None:
    asked = [*((office, True) for office in "abcdef"), ("g", False)]
    assert asyncio.run(served(Turns(1, 1), asked))[:4] == [0, 1, 2, 6]


def test_small_ones_take_what_long_ones_leave_free() -> None:
    asked = [(office, True) for office in "abcdef"]

    async def most_at_once() -> int:
        turns, now, most = Turns(4, 1), 0, 0

        async def one(office: str) -> None:
            nonlocal now, most
            async with turns.turn(office, is_small=True):
                now += 1
                most = max(most, now)
                await asyncio.sleep(0)
                now -= 1

        await asyncio.gather(*(one(office) for office, _ in asked))
        return most

    assert asyncio.run(most_at_once()) == 5


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12),
    st.sets(st.integers(0, 11), max_size=6),
    st.integers(1, 3),
    st.integers(1, 2),
)
def test_whoever_gives_up_takes_no_place_with_him(
    asked: list[tuple[str, bool]], gone: set[int], places: int, small: int
) -> None:
    async def both() -> list[int]:
        turns = Turns(places, small)
        await served(turns, asked, gone=frozenset(one for one in gone if one < len(asked)))
        assert turns.waiting(is_small=False) == turns.waiting(is_small=True) == 0
        again = [("z", number % 2 == 0) for number in range(8)]
        return await served(turns, again)

    assert sorted(asyncio.run(both())) == list(range(8))
