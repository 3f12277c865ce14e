"""The catalogue at the node, and the list of administrative units that goes with it: taken over sync or from the enrolment file, verified every time
they are opened, read-only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import apsw
import structlog

from edge_node.store.node_store import NodeStore
from sync_protocol.adapters.catalogue_file import open_catalogue
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.areas import AREAS, AREAS_BYTES_MAX, Areas, decode_areas
from sync_protocol.catalogue import Catalogue, CataloguePart
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest
from sync_protocol.law_problems import CatalogueTampered
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
        self._current: tuple[BlobDigest, Catalogue] | None = None
        self._areas: tuple[str, Areas] | None = None

    def current(self) -> Catalogue | None:
        """The newest catalogue whose signature holds, or None. Opened once."""
        for offer in self._store.readers.run(_taken):
            if self._current is not None and self._current[0] == offer.digest:
                return self._current[1]
            try:
                found = open_catalogue(self._path(offer.version), offer.signature, self._verify)
            except Problem as problem:
                _log.error("catalogue.refused", version=offer.version, code=problem.code)
                continue
            self._current = (offer.digest, found)
            return found
        return None

    def lacks(self, offer: CatalogueOffer | None) -> bool:
        """Whether this offer is newer than what is held, or another one under its number: the hub was put back to before a publication, and published anew."""
        held = self._store.readers.run(_taken)
        if offer is None or not held:
            return offer is not None
        return offer.version > held[0].version or (offer.version == held[0].version and offer.digest != held[0].digest)

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
        self._current = (offer.digest, found)
        return found

    def current_digest(self) -> BlobDigest | None:
        """Of the file that `current` answers from."""
        return self._current[0] if self.current() is not None and self._current is not None else None

    def areas_digest(self) -> BlobDigest | None:
        """Of the file that `areas` answers from."""
        return BlobDigest(bytes.fromhex(self._areas[0])) if self.areas() is not None and self._areas is not None else None

    def areas(self) -> Areas | None:
        """The administrative units that the catalogue in force goes with; None where it names none, or they have not come. Opened once."""
        part = self._areas_part()
        if part is None:
            return None
        if self._areas is None or self._areas[0] != part.digest:
            try:
                self._areas = part.digest, _opened(part, self._areas_path(part).read_bytes())
            except FileNotFoundError:
                return None
            except (OSError, Problem) as problem:
                _log.error("catalogue.areas.refused", kind=type(problem).__name__)
                return None
        return self._areas[1]

    def lacking_areas(self) -> CataloguePart | None:
        """What the catalogue in force goes with and is not held here, or is damaged."""
        part = self._areas_part()
        return None if part is None or part.size > AREAS_BYTES_MAX or self.areas() is not None else part

    def take_areas(self, part: CataloguePart, content: bytes) -> None:
        """Verify and keep them; those of former catalogues go. Idempotent.

        Raises:
            CatalogueTampered: not the file that the catalogue names. CatalogueUnreadable. What was held stays.
        """
        found = _opened(part, content)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._areas_path(part)
        write_durably(path, content)
        for former in self._folder.glob(f"{AREAS}-*.bin"):
            if former != path:
                former.unlink(missing_ok=True)
        self._areas = part.digest, found

    def _areas_part(self) -> CataloguePart | None:
        catalogue = self.current()
        return None if catalogue is None else catalogue.part(AREAS)

    def _areas_path(self, part: CataloguePart) -> Path:
        return self._folder / f"{AREAS}-{int(part.digest, 16):064x}.bin"

    def _path(self, version: int) -> Path:
        return self._folder / f"catalogue-{version}.db"


def _opened(part: CataloguePart, content: bytes) -> Areas:
    """The areas in a file that is the one the signed catalogue names. Raises CatalogueTampered, CatalogueUnreadable."""
    digest = hashlib.sha256(content).hexdigest()
    if digest != part.digest:
        raise CatalogueTampered(sha256=digest)
    return decode_areas(content)


def _taken(connection: apsw.Connection) -> list[CatalogueOffer]:
    rows = connection.execute("SELECT version, digest, size, signature FROM catalogue ORDER BY version DESC")
    return [CatalogueOffer(*row) for row in rows]
