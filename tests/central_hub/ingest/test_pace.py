"""Queues are stored in steps while people look: smaller after a look that waited, larger after quick ones, with rests, and never at a standstill."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from central_hub.ingest.pace import MORE, REST, REST_MAX_S, TARGET_S, WAITING, Pace

STEP_MIN, STEP_MAX = WAITING
BATCH: Sequence[Any] = range(500)


class Watch:
    """A clock that only moves when told to, and what slept by it."""

    def __init__(self) -> None:
        self.now_s, self.slept, self.is_looked_at = 100.0, list[float](), True

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds

    def pace(self) -> Pace:
        return Pace(WAITING, lambda: self.is_looked_at, clock=lambda: self.now_s, sleep=self.sleep)

    def steps(self, pace: Pace, events: Sequence[Any] = BATCH, takes_s: float = 0.01) -> list[int]:
        """The sizes in which a batch is stored, where each step takes so long."""

        async def store(some: Sequence[Any]) -> int:
            self.now_s += takes_s
            return len(some)

        return asyncio.run(pace.in_steps(events, store, bool))


def test_where_nobody_looks_a_batch_is_one_step_without_a_rest() -> None:
    watch = Watch()
    watch.is_looked_at = False
    assert watch.steps(watch.pace()) == [500] and not watch.slept


def test_while_somebody_looks_a_batch_is_stored_in_steps_with_rests() -> None:
    watch = Watch()
    assert watch.steps(watch.pace()) == [STEP_MAX] * 4
    assert watch.slept == pytest.approx([REST * 0.01] * 4)


def test_a_look_that_waited_too_long_halves_the_step_to_a_smallest_one() -> None:
    watch, pace = Watch(), Watch().pace()
    pace.waited(TARGET_S + 0.001)
    assert watch.steps(pace)[0] == STEP_MAX // 2
    for _ in range(20):
        pace.waited(60.0)
    assert set(watch.steps(pace)) == {STEP_MIN}


def test_quick_looks_let_the_step_grow_again_to_its_largest() -> None:
    pace = Watch().pace()
    for _ in range(20):
        pace.waited(60.0)
    pace.waited(TARGET_S)
    assert pace.step == STEP_MIN + STEP_MAX // MORE
    for _ in range(100):
        pace.waited(0.001)
    assert pace.step == STEP_MAX


def test_what_a_look_waited_is_measured_also_where_it_is_refused() -> None:
    watch = Watch()
    pace = watch.pace()
    with pytest.raises(ValueError, match="refused"), pace.looking():
        watch.now_s += 2 * TARGET_S
        raise ValueError("refused")
    assert pace.step == STEP_MAX // 2


def test_a_queue_makes_progress_however_long_looks_and_steps_take() -> None:
    """A slow step is followed by a bounded rest: at worst the machine's own pace and half as slow again."""
    watch = Watch()
    pace = watch.pace()
    for _ in range(20):
        pace.waited(60.0)
    began = watch.now_s
    sizes = watch.steps(pace, takes_s=0.05)
    assert sum(sizes) == 500 and max(watch.slept) <= REST_MAX_S
    assert sum(sizes) / (watch.now_s - began) > 300


def test_once_nobody_looks_any_more_the_rest_of_a_batch_is_one_step() -> None:
    watch = Watch()
    pace = watch.pace()

    async def store(some: Sequence[Any]) -> int:
        watch.is_looked_at = False
        return len(some)

    assert asyncio.run(pace.in_steps(BATCH, store, bool)) == [STEP_MAX, 500 - STEP_MAX] and not watch.slept


def test_of_several_queues_one_step_is_under_way() -> None:
    watch, under_way, most = Watch(), 0, 0
    pace = watch.pace()

    async def store(some: Sequence[Any]) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return len(some)

    async def all_at_once() -> list[list[int]]:
        return await asyncio.gather(*(pace.in_steps(BATCH, store, bool) for _ in range(3)))

    assert [sum(sizes) for sizes in asyncio.run(all_at_once())] == [500] * 3 and most == 1


def test_steps_cover_a_batch_in_its_order() -> None:
    watch, seen = Watch(), list[int]()

    async def store(some: Sequence[Any]) -> int:
        seen.extend(some)
        return len(some)

    asyncio.run(watch.pace().in_steps(BATCH, store, bool))
    assert seen == list(BATCH)


def test_behind_a_step_that_was_not_taken_nothing_is_tried() -> None:
    watch = Watch()

    async def store(some: Sequence[Any]) -> int:
        return 0

    assert asyncio.run(watch.pace().in_steps(BATCH, store, bool)) == [0]
