"""Files that this desk's disk damaged come again from the hub; one that the hub cannot give is a person's to scan again."""

from __future__ import annotations

from functools import partial

import structlog

from edge_node.store.damaged import hub_lacks, to_fetch
from edge_node.store.node_store import NodeStore
from edge_node.sync.errors import HubRefused
from edge_node.sync.transfers import Transfers
from sync_protocol.ids import BlobDigest

_log = structlog.get_logger(__name__)


class Healing:
    """Asks the hub for each damaged file, once after each greeting: what it did not have it may have got since. `tried` is emptied by who greets."""

    def __init__(self, store: NodeStore, transfers: Transfers) -> None:
        self._store = store
        self._transfers = transfers
        self.tried: set[BlobDigest] = set()

    async def heal(self) -> int:
        """Bring every damaged file that the hub gives; returns how many came. Repeating it is harmless.

        Raises:
            HubRefused: the hub is busy. Problem: the line or the disk failed; what came stays.
        """
        came = 0
        for digest, size in await self._store.readers.run_async(to_fetch):
            if digest in self.tried:
                continue
            self.tried.add(digest)  # what is cut off goes on after the next greeting; what is not what it was called is not fetched for ever
            try:
                await self._transfers.bring(digest, size)
            except HubRefused as refusal:
                if refusal.is_busy:
                    self.tried.discard(digest)
                    raise
                await self._store.writer.run_async(partial(hub_lacks, digest=digest))
                _log.error("files.not_at_hub", code=str(refusal.facts["refusal"]), digest=digest.hex()[:16])
            else:
                came += 1
                _log.info("files.healed", digest=digest.hex()[:16])
        return came
