"""The catalogue in force, opened for the hub's own pages: read once per version, its signature checked like at any node."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import structlog

from central_hub.ingest.greeting import newest_catalogue
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters import signatures
from sync_protocol.adapters.catalogue_file import open_catalogue
from sync_protocol.catalogue import Catalogue
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)


class CatalogueInForce:
    """Answers with the newest catalogue that verifies, or None."""

    def __init__(self, store: HubStore, folder: Path, public_key: bytes) -> None:
        self._store = store
        self._folder = folder
        self._verify: Callable[[bytes, bytes], None] = lambda message, mark: signatures.verify(
            public_key, message, mark
        )
        self._held: tuple[int, Catalogue] | None = None

    def current(self) -> Catalogue | None:
        """The catalogue published last; None before the first, and where its file does not read (logged)."""
        offer = self._store.readers.run(newest_catalogue)
        if offer is None:
            return None
        if self._held is None or self._held[0] != offer.version:
            try:
                found = open_catalogue(self._folder / f"catalogue-{offer.version}.db", offer.signature, self._verify)
            except Problem as problem:
                _log.error("catalogue.refused", version=offer.version, code=problem.code)
                return None
            self._held = (offer.version, found)
        return self._held[1]
