"""A part of the node's exchange that meets what nobody foresaw begins again, and the program with its pages lives on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from edge_node.sync import service
from edge_node.sync.service import Synchroniser


def breaking_once(broke: list[str], again: asyncio.Event) -> Callable[[], Coroutine[Any, Any, None]]:
    async def work() -> None:
        if not broke:
            broke.append("once")
            raise OSError(5, "input/output error")
        again.set()
        await asyncio.Event().wait()

    return work


@pytest.mark.parametrize("part", ["_watch_ledger", "_move_files_and_news"])
async def test_a_part_that_broke_begins_again_and_the_others_go_on(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LOOK_S", 0.0)
    monkeypatch.setattr(service, "COME_BACK_S", 0.0)
    broke: list[str] = []
    again = asyncio.Event()
    sync = Synchroniser.__new__(Synchroniser)
    sync.driver = SimpleNamespace(run=asyncio.Event().wait)  # type: ignore[assignment]
    for name in ("_watch_ledger", "_move_files_and_news"):
        work = breaking_once(broke, again) if name == part else asyncio.Event().wait
        monkeypatch.setattr(sync, name, work, raising=False)
    running = asyncio.create_task(sync.run())
    await asyncio.wait_for(again.wait(), 10)
    assert broke == ["once"] and not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
