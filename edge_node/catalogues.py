"""The catalogue at the node: taken over sync or from the enrolment file, verified every time it is opened, read-only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw
import structlog

from edge_node.store.node_store import NodeStore
from sync_protocol.adapters.catalogue_file import open_catalogue
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.catalogue import Catalogue
from sync_protocol.errors import Problem
from sync_protocol.messages import CatalogueOffer

_log = structlog.get_logger(__name__)


class Catalogues:
    """Keeps every version taken; answers with the newest that verifies."""

    def __init__(
        self, folder: Path, store: NodeStore, verify: Callable[[bytes, bytes], None], now_ms: Callable[[], int]
    ) -> None:
        self._folder = folder
        self._store = store
        self._verify = verify
        self._now_ms = now_ms
        self._current: tuple[int, Catalogue] | None = None

    def current(self) -> Catalogue | None:
        """The newest catalogue whose signature holds, or None. Opened once per version."""
        for offer in self._store.readers.run(_taken):
            if self._current is not None and self._current[0] == offer.version:
                return self._current[1]
            try:
                found = open_catalogue(self._path(offer.version), offer.signature, self._verify)
            except Problem as problem:
                _log.error("catalogue.refused", version=offer.version, code=problem.code)
                continue
            self._current = (offer.version, found)
            return found
        return None

    def lacks(self, offer: CatalogueOffer | None) -> bool:
        """Whether this offer is newer than what is held."""
        held = self._store.readers.run(_taken)
        return offer is not None and (not held or offer.version > held[0].version)

    def take(self, offer: CatalogueOffer, content: bytes) -> Catalogue:
        """Verify and keep a catalogue file. Idempotent.

        Raises:
            CatalogueTampered, CatalogueUnreadable, CatalogueTooNew: the former catalogue stays in force.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(offer.version)
        draft = path.with_suffix(".draft")
        write_durably(draft, content)
        found = open_catalogue(draft, offer.signature, self._verify)
        draft.replace(path)
        self._store.writer.run(
            lambda c: c.execute(
                "INSERT OR REPLACE INTO catalogue(version, digest, size, signature, taken_ms) VALUES(?,?,?,?,?)",
                (offer.version, offer.digest, offer.size, offer.signature, self._now_ms()),
            )
        )
        self._current = (offer.version, found)
        return found

    def _path(self, version: int) -> Path:
        return self._folder / f"catalogue-{version}.db"


def _taken(connection: apsw.Connection) -> list[CatalogueOffer]:
    rows = connection.execute("SELECT version, digest, size, signature FROM catalogue ORDER BY version DESC")
    return [CatalogueOffer(*row) for row in rows]
