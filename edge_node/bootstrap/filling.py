"""Filling a new node: ask for the snapshot, bring part after part, load each; what a cut line or a crash leaves is taken up at that part."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any

import apsw
import structlog

from edge_node.bootstrap.keys import write_owed
from edge_node.bootstrap.loading import Prepared, load_part, prepare
from edge_node.bootstrap.progress import begin, complete, held_manifest, is_empty, read_progress
from edge_node.store.ledger import own_lane
from edge_node.store.node_store import NodeStore, read_number, read_state
from edge_node.sync.errors import HubRefused
from edge_node.sync.line import Line
from edge_node.sync.pushing import HubKnown
from edge_node.sync.transfers import Transfers
from sync_protocol.ids import OfficeCode
from sync_protocol.limits import SNAPSHOT_FROM_EVENTS
from sync_protocol.messages import HelloReply, SnapshotAsk, SnapshotOffer
from sync_protocol.snapshot import Manifest, check_manifest, events_in, read_part, view_format

_log = structlog.get_logger(__name__)
CAPABILITY = "snapshot"
ROWS_A_COLLECTION = 100_000
Coming = asyncio.Future[Prepared] | Coroutine[Any, Any, Prepared]
"""A part under way: a task that goes on beside the loading of the one before, or work that is done when it is waited for."""


class Filling:
    """The first filling of one node over one line."""

    def __init__(
        self,
        store: NodeStore,
        line: Line,
        transfers: Transfers,
        hub: HubKnown,
        office: OfficeCode,
        now_ms: Callable[[], int],
        begin_work: Callable[[Coroutine[Any, Any, Prepared]], Coming] = asyncio.ensure_future,
    ) -> None:
        self._store, self._line, self._transfers, self._hub, self._office = store, line, transfers, hub, office
        self._now_ms = now_ms
        self._begin_work = begin_work

    async def fill(self, welcome: HelloReply, *, from_events: int = SNAPSHOT_FROM_EVENTS) -> int:
        """Begin from a snapshot, or go on with one that was begun; returns the number of parts loaded now. 0 where there is nothing to do.

        Raises:
            HubRefused: the snapshot is still being made; ask again. Problem: the line failed; what was loaded stays.
        """
        manifest = await self._store.readers.run_async(held_manifest)
        progress = await self._store.readers.run_async(read_progress)
        if progress.phase == "complete" or (manifest is None and not await self._wants(welcome, from_events)):
            return 0
        if manifest is None or manifest.epoch != welcome.epoch:
            manifest = await self._asked()
        elif progress.done == len(manifest.parts):
            return 0
        if manifest is None:
            return 0
        async with self._store.in_bulk():
            with _collected_seldom():
                return await self._load(manifest)

    async def finish(self) -> None:
        """News were pulled to their end: from here on the node is complete, however it was filled. Idempotent."""
        if (await self._store.readers.run_async(read_progress)).phase != "complete":
            async with self._store.in_bulk():
                keys = await write_owed(self._store)
            await self._store.writer.run_async(complete)
            _log.info("bootstrap.complete", keys=keys)

    async def _wants(self, welcome: HelloReply, from_events: int) -> bool:
        if CAPABILITY not in welcome.capabilities:
            return False
        return await self._store.readers.run_async(lambda c: is_empty(c) and welcome.feed_head - own_places(c, welcome) >= from_events)

    async def _asked(self) -> Manifest | None:
        offer = await self._line.expect(SnapshotAsk(), SnapshotOffer)
        check_manifest(offer.manifest, offer.signature, hub=self._hub.hub, office=self._office, verify=self._hub.verify)
        epoch = await self._store.readers.run_async(lambda c: read_state(c, "epoch"))
        if not offer.manifest.parts or offer.manifest.epoch != epoch:
            return None
        await self._store.writer.run_async(lambda c: begin(c, offer.manifest))
        return offer.manifest

    async def _bring(self, manifest: Manifest, number: int) -> Prepared:
        """Fetch a part and prove it. Raises HubRefused where the hub has made another snapshot since; Problem."""
        file = manifest.parts[number]
        content = await self._transfers.fetch(file.digest, file.size, is_listed=False)  # else it waits for the part that is loaded
        return await asyncio.to_thread(self._prove, content)

    def _prove(self, content: bytes) -> Prepared:
        part = read_part(content)
        return prepare(part, events_in(part, hub=self._hub.hub, verify=self._hub.verify))

    async def _load(self, manifest: Manifest) -> int:
        loaded, views_fit = 0, manifest.view_format == view_format()
        number = (await self._store.readers.run_async(read_progress)).done
        coming = self._begin_work(self._bring(manifest, number)) if number < len(manifest.parts) else None
        try:
            while coming is not None:
                try:
                    part = await coming
                except HubRefused:  # made anew meanwhile: what was loaded is recognised, the rest comes with the new one
                    coming, fresh = None, await self._asked()
                    return loaded + (await self._load(fresh) if fresh is not None and fresh != manifest else 0)
                coming = self._begin_work(self._bring(manifest, number + 1)) if number + 1 < len(manifest.parts) else None
                load = partial(
                    load_part, manifest=manifest, number=number, part=part, now_ms=self._now_ms(), views_fit=views_fit
                )
                if not await self._store.writer.run_async(load):
                    return loaded
                await asyncio.to_thread(self._transfers.files.remove, manifest.parts[number].digest.hex())
                number, loaded = number + 1, loaded + 1
        finally:
            if isinstance(coming, asyncio.Future):
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
            elif coming is not None:
                coming.close()
        cursor = await self._store.readers.run_async(lambda c: read_number(c, "cursor"))
        _log.info("bootstrap.loaded", parts=loaded, cursor=cursor)
        return loaded


def own_places(connection: apsw.Connection, welcome: HelloReply) -> int:
    """How much of the office's feed is this lane's own work, which is here and which a page passes over."""
    inc = own_lane(connection).inc
    return next((one.seq for one in welcome.floors if one.inc == inc), 0)


@contextlib.contextmanager
def _collected_seldom() -> Iterator[None]:
    """A part is a hundred thousand rows without a circle: looking for circles every 700 of them was a tenth of the interpreter's time."""
    former = gc.get_threshold()
    gc.set_threshold(ROWS_A_COLLECTION, *former[1:])
    try:
        yield
    finally:
        gc.set_threshold(*former)
