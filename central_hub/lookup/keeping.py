"""The hub's own audit, marked every hour under its key: a chain written anew, or cut, no longer fits the last mark."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from central_hub.lookup.heads import mark_own
from sync_protocol.errors import Problem

if TYPE_CHECKING:
    from central_hub.app import Hub

_log = structlog.get_logger(__name__)
MARK_S = 3_600.0


async def keep_own_head(hub: Hub) -> None:
    """Mark the own audit at the start and every hour, until cancelled."""
    while True:
        try:
            await hub.store.writer.run_async(
                lambda c: mark_own(c, hub.identity.hub, hub.now_ms(), hub.keys.signer.sign)
            )
        except Problem as problem:
            _log.error("hub.audit.unmarked", code=problem.code, detail=problem.operator_line)
        await asyncio.sleep(MARK_S)
