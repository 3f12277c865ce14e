"""The catalogue in force, opened for the hub's own pages: read once per version, its signature checked like at any node.

It is read from the file store, where nodes get it from: the file store is what is backed up, and a hub may have several machines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import apsw
import structlog

from central_hub.directory.names import Names
from central_hub.ingest.greeting import newest_catalogue
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters import signatures
from sync_protocol.adapters.catalogue_file import read_catalogue
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.calendar import vietnam_date
from sync_protocol.catalogue import Catalogue
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)


class CatalogueInForce:
    """Answers with the newest catalogue that verifies, or None."""

    def __init__(self, store: HubStore, files: FileStore, public_key: bytes) -> None:
        self._store = store
        self._files = files
        self._verify: Callable[[bytes, bytes], None] = lambda message, mark: signatures.verify(
            public_key, message, mark
        )
        self._held: tuple[int, Catalogue] | None = None
        self._named: tuple[Catalogue | None, dt.date, Names] | None = None

    def current(self) -> Catalogue | None:
        """The catalogue published last; None before the first, and where its file does not read (logged)."""
        return self._store.readers.run(self.seen_by)

    def seen_by(self, connection: apsw.Connection) -> Catalogue | None:
        """As `current`, for a reader who has more to ask in the same moment."""
        offer = newest_catalogue(connection)
        if offer is None:
            return None
        if self._held is None or self._held[0] != offer.version:
            try:
                found = read_catalogue(self._files.get(offer.digest.hex()), offer.signature, self._verify)
            except Problem as problem:
                _log.error("catalogue.refused", version=offer.version, code=problem.code)
                return None
            self._held = (offer.version, found)
        return self._held[1]

    def names(self, now: dt.datetime) -> Names:
        """What the catalogue calls things on the day of `now`; made once per version and day, for pages that ask every other second."""
        found, day = self.current(), vietnam_date(now)
        if self._named is None or self._named[0] is not found or self._named[1] != day:
            self._named = (found, day, Names(found, now))
        return self._named[2]
