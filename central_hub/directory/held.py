"""Published catalogues as the hub holds them: signed files in its file store, verified whenever they are opened."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from central_hub.directory.errors import NothingPublished, VersionUnknown
from central_hub.ingest.law_numbers import newest_version
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters.catalogue_file import read_catalogue
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.catalogue import Catalogue

KEPT = 4  # a catalogue in memory is some megabytes; editors look at the newest and one older


class Published(msgspec.Struct, frozen=True):
    """One published version: digest and size of its file, when (ms UTC), and the draft it came from, if any."""

    version: int
    digest: bytes
    size: int
    signature: bytes
    published_ms: int
    title: str
    settled_by: str


_COLUMNS = (
    "SELECT c.version, c.digest, c.size, c.signature, c.published_ms, coalesce(d.title, ''), coalesce(d.settled_by, '')"
    " FROM catalogue c LEFT JOIN catalogue_draft d ON d.published = c.version"
)


class HeldCatalogues:
    """Every version that was ever published. Versions never change, so each is read once."""

    def __init__(self, store: HubStore, files: FileStore, verify: Callable[[bytes, bytes], None]) -> None:
        self._store, self._files, self._verify = store, files, verify
        self._read: dict[int, Catalogue] = {}

    def versions(self) -> list[Published]:
        """All of them, newest first."""
        return self._store.readers.run(
            lambda c: [Published(*row) for row in c.execute(f"{_COLUMNS} ORDER BY c.version DESC")]
        )

    def newest(self) -> tuple[int, Catalogue]:
        """The version in force. Raises NothingPublished; what `get` raises."""
        version = self._store.readers.run(newest_version)
        if not version:
            raise NothingPublished()
        return version, self.get(version)

    def get(self, version: int) -> Catalogue:
        """One version. Raises VersionUnknown, CatalogueTampered, CatalogueUnreadable; a Problem of the file store."""
        found = self._read.get(version)
        if found is None:
            rows = self._store.readers.run(
                lambda c: c.execute("SELECT digest, signature FROM catalogue WHERE version = ?", (version,)).fetchall()
            )
            if not rows:
                raise VersionUnknown(version=version)
            digest, signature = rows[0]
            found = read_catalogue(self._files.get(as_bytes(digest).hex()), as_bytes(signature), self._verify)
            self._read = {**dict(list(self._read.items())[1 - KEPT :]), version: found}
        return found
