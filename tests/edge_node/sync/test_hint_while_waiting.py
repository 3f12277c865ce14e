"""A hint that comes while the hub is not yet greeted must not keep the desk's one event loop from everything else."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from edge_node.sync.service import Synchroniser

LOOKS_MAX = 20


class Waiting:
    """A driver that waits for its next try. It counts how often its phase is looked at, and lets nobody spin."""

    welcome = None

    def __init__(self) -> None:
        self.looks = 0

    @property
    def state(self) -> SimpleNamespace:
        self.looks += 1
        assert self.looks < LOOKS_MAX, "looked again and again without letting anything else happen"
        return SimpleNamespace(phase="waiting")


def test_a_hint_while_the_queue_waits_leaves_the_loop_to_others() -> None:
    async def scene() -> int:
        sync = Synchroniser.__new__(Synchroniser)
        sync.driver = Waiting()  # type: ignore[assignment]
        sync.news = asyncio.Event()
        sync.news.set()
        moving = asyncio.create_task(sync._move_files_and_news())
        for _ in range(5):  # others get their turns
            await asyncio.sleep(0)
        moving.cancel()
        await asyncio.gather(moving, return_exceptions=True)
        return sync.driver.looks  # type: ignore[attr-defined,no-any-return]

    assert asyncio.run(scene()) == 1
