"""A part of a serving program outlives its failures, rests between them, and ends when it is told to."""

from __future__ import annotations

import asyncio

import pytest
import structlog.testing

from sync_protocol.adapters.enduring_part import keep_on
from sync_protocol.adapters.storage_errors import StorageFull


class Work:
    """Fails in turn with each of these, then ends."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.rests: list[float] = []

    async def __call__(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    async def rest(self, seconds: float) -> None:
        self.rests.append(seconds)


@pytest.mark.parametrize("failure", [StorageFull(sqlite_code=13), OSError(28, "no space"), RuntimeError("bug"), TimeoutError()])
async def test_whatever_ends_a_part_it_begins_again_after_a_rest(failure: Exception) -> None:
    work = Work(failure, failure)
    with structlog.testing.capture_logs() as lines:
        await keep_on("reading", work, again_s=7, sleep=work.rest)
    assert work.rests == [7, 7] and not work.failures
    assert [line["part"] for line in lines] == ["reading", "reading"]


async def test_a_part_ends_with_its_program() -> None:
    part = asyncio.create_task(keep_on("reading", asyncio.Event().wait))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    part.cancel()
    with pytest.raises(asyncio.CancelledError):
        await part
