"""A part of a serving program that no failure ends: what it met is logged, and it begins again after a pause.

Without it one refused write ended a background task for good, and nobody noticed until a backup or a figure was missed; or it ended the
whole program, and the desk with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
AGAIN_S: Final = 15.0


async def keep_on(
    part: str,
    work: Callable[[], Awaitable[None]],
    *,
    again_s: float = AGAIN_S,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Do `work` until it returns or is cancelled; whatever else ends it is logged under the name `part`, and it begins again `again_s` later.

    Never raises, but for cancellation. `work` must bear to be begun again wherever it was ended.
    """
    while True:
        try:
            return await work()
        except Problem as problem:
            _log.error("part.stopped", part=part, code=problem.code, detail=problem.operator_line)
        except Exception as error:
            _log.error("part.broke", part=part, exc_info=error)
        await sleep(again_s)
