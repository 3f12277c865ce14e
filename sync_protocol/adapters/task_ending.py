"""Ends a background task for certain.

One `cancel()` is not enough: `asyncio.wait_for` of Python 3.11 forgets a cancellation that arrives together with its result,
and the NATS client swallows some in its own flush. A task that loops for ever would then outlive its owner's `close`.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

_AGAIN_S: Final = 0.1


async def end_task(task: asyncio.Task[Any]) -> None:
    """Cancel `task` until it has ended. Its outcome is dropped. Idempotent."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_S)
    if not task.cancelled():
        task.exception()
