"""What the hub publishes beside the feed: its catalogue with the list of administrative units, and its trust lists. A bad one is set aside, the former stays in force, and the feed goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from edge_node.catalogues import Catalogues
from edge_node.sync.not_taken import Kind
from edge_node.sync.parts import Parts
from edge_node.sync.transfers import Transfers
from edge_node.trust_lists import HeldLists
from sync_protocol.ids import BlobDigest
from sync_protocol.messages import HelloReply

_log = structlog.get_logger(__name__)
ASIDE_S = 600.0  # an offer that was refused is fetched again only then: on a slow line it would take the feed's place


class Offers:
    """Takes what a greeting offered. `clock` counts seconds, from anywhere."""

    def __init__(
        self, catalogues: Catalogues, lists: HeldLists, transfers: Transfers, parts: Parts, clock: Callable[[], float]
    ) -> None:
        self._catalogues, self._lists, self._transfers, self._parts = catalogues, lists, transfers, parts
        self._clock = clock
        self._aside: dict[tuple[Kind, bytes], float] = {}  # what was refused, and until when it is left alone

    async def take(self, welcome: HelloReply | None) -> None:
        """Fetch and keep what is newer than what is held. Never raises a Problem."""
        catalogue, lists = (welcome.catalogue, welcome.trust) if welcome else (None, None)
        if catalogue is not None and self._catalogues.lacks(catalogue):
            await self._take("catalogue", catalogue.digest, catalogue.size, lambda content: self._catalogues.take(catalogue, content), catalogue.signature)
        if welcome is not None and (areas := self._catalogues.lacking_areas()) is not None:
            digest = BlobDigest(bytes.fromhex(areas.digest))  # the signed catalogue names it: it needs no signature of its own
            await self._take("areas", digest, areas.size, lambda content: self._catalogues.take_areas(areas, content))
        if lists is not None and self._lists.lacks(lists):
            await self._take("trust_lists", lists.digest, lists.size, lambda content: self._lists.take(lists, content), lists.signature)

    async def _take(self, kind: Kind, digest: BlobDigest, size: int, keep: Callable[[bytes], object], signature: bytes = b"") -> None:
        offered = kind, signature or digest
        if self._clock() < self._aside.get(offered, 0.0):
            return

        async def work() -> None:
            await asyncio.to_thread(keep, await self._transfers.fetch(digest, size))
            _log.info("sync.offer.taken", kind=kind)

        if await self._parts.do(kind, work) == "refused":
            self._aside[offered] = self._clock() + ASIDE_S
