"""Carrying an approved order out: the transaction, the offices told, the files off the disk."""

from __future__ import annotations

import asyncio

import structlog

from central_hub.bootstrap.snapshots import forget_snapshots, remove_parts
from central_hub.erasure.orders import approve
from central_hub.ingest.service import HubService
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters.files.erased import remove_erased_files
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.ids import HUB_NODE

_log = structlog.get_logger(__name__)


async def carry_out(
    store: HubStore, service: HubService, files: FileStore, order_id: int, officer: str, now_ms: int
) -> int:
    """Approve an order and carry it out; returns how many bodies it took. What a crash leaves of the files goes at the next look.

    Raises:
        OrderSettled, SecondPersonNeeded, NothingToErase: nothing was done. A Problem of the store or the files.
    """
    epoch = service.identity.epoch
    bodies, news = await store.writer.run_async(lambda c: approve(c, order_id, officer, epoch, now_ms))
    _log.info("hub.erasure.carried_out", order=order_id, bodies=bodies)
    parts = await store.writer.run_async(lambda c: forget_snapshots(c, now_ms + 1))
    await asyncio.to_thread(remove_parts, files, parts)
    await service.spread(news, but=HUB_NODE)
    await asyncio.to_thread(remove_erased_files, store.readers, store.writer, files)
    return bodies
