"""Parts: the files that go with a catalogue, kept in the hub's file store and named by their SHA-256 in the signed catalogue.

A part is noted when it is made, before the catalogue that names it is published, so that no backup and no look through the files misses it.
"""

from __future__ import annotations

from pathlib import Path

import apsw

from central_hub.directory.areas import PACKAGE, package_data, read_areas
from central_hub.directory.errors import CatalogueSourcesWrong
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.areas import AREAS, encode_areas
from sync_protocol.catalogue import CataloguePart
from sync_protocol.ids import BlobDigest

_SOURCE = f"Nghị quyết 202/2025/QH15; 1654 đến 1687/NQ-UBTVQH15; Quyết định 124/2004/QĐ-TTg; theo gói dữ liệu mở {PACKAGE}"


def areas_part(sources: Path, store: HubStore, files: FileStore, now_ms: int) -> CataloguePart | None:
    """Make the list of administrative units and keep it; None where the package it comes from is not installed.

    Raises:
        CatalogueSourcesWrong: what the package and our tables hold does not count up.
    """
    data = package_data()
    if data is None:
        return None
    areas, complaints = read_areas(sources, data)
    if complaints:
        raise CatalogueSourcesWrong(count=len(complaints), first=complaints[0].file, complaints=tuple(complaints))
    content = encode_areas(areas)
    digest = files.put(content)
    store.writer.run(lambda c: note_part(c, BlobDigest(bytes.fromhex(digest)), AREAS, len(content), now_ms))
    return CataloguePart(AREAS, digest, len(content), _SOURCE, "2")


def note_part(connection: apsw.Connection, digest: BlobDigest, name: str, size: int, now_ms: int) -> None:
    """Record that the hub holds this file for catalogues. Idempotent."""
    connection.execute(
        "INSERT OR IGNORE INTO catalogue_part(digest, name, size, at_ms) VALUES(?,?,?,?)", (digest, name, size, now_ms)
    )
