"""The list of administrative units comes beside the catalogue: fetched when its hash changes, never taken for another, missed by nobody."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import msgspec

from central_hub.directory.build import SOURCES, build_from
from central_hub.directory.parts import note_part
from central_hub.directory.sources import read_sources
from central_hub.ingest.greeting import publish_catalogue
from edge_node.sync.not_taken import not_taken
from sync_protocol.areas import AREAS, Areas, encode_areas
from sync_protocol.catalogue import CataloguePart
from sync_protocol.ids import BlobDigest
from tests.edge_node.sync.test_set_aside import Joined, joining
from tests.offices import Hub
from tests.sync_protocol.areas import BASES, COUNTRY

BUILT_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def publish(hub: Hub, version: int, named: bytes, kept: bytes, folder: Path) -> None:
    """A catalogue that names one file, and a hub that holds (under that name) another or none."""
    digest = hashlib.sha256(named).hexdigest()
    wanted, _ = read_sources(SOURCES, version=str(version), built_at=BUILT_AT)
    part = CataloguePart(AREAS, digest, len(named), "NQ 202/2025/QH15", "2")
    path = folder / f"published-{version}.db"
    made = build_from(msgspec.structs.replace(wanted, parts=(part,)), path, sign=hub.signer.sign)
    content = path.read_bytes()
    hub.service.files.files.put(content)
    if kept:
        hub.service.files.files.put(kept)
    hub.store.writer.run(lambda c: note_part(c, BlobDigest(bytes.fromhex(digest)), AREAS, len(named), 1))
    hub.store.writer.run(lambda c: publish_catalogue(c, version, BlobDigest(bytes.fromhex(made.sha256)), len(content), made.signature, 1))


async def heard(joined: Joined) -> Areas | None:
    await joined.greet()
    await joined.rounds()
    return joined.sync.node.catalogues.areas()


async def test_a_desk_takes_the_areas_of_its_catalogue_and_only_when_they_changed(tmp_path: Path, hub: Hub) -> None:
    async with joining(tmp_path, hub) as joined:
        content, newer = encode_areas(COUNTRY), encode_areas(Areas(BASES, COUNTRY.areas[:3]))
        publish(hub, 1, content, content, tmp_path)
        assert await heard(joined) == COUNTRY
        fetched = []
        fetch = joined.sync.transfers.fetch

        async def counted(digest: BlobDigest, size: int) -> bytes:
            fetched.append(size)
            return await fetch(digest, size)

        joined.sync.transfers.fetch = counted  # type: ignore[method-assign]
        publish(hub, 2, content, b"", tmp_path)
        assert await heard(joined) == COUNTRY and len(fetched) == 1  # the catalogue alone
        publish(hub, 3, newer, newer, tmp_path)
        assert await heard(joined) == Areas(BASES, COUNTRY.areas[:3])
        assert len(list((joined.office.root / "catalogues").glob("areas-*"))) == 1
        assert joined.office.store.readers.run(not_taken) == {}


async def test_a_desk_works_without_areas_that_do_not_come(tmp_path: Path, hub: Hub) -> None:
    async with joining(tmp_path, hub) as joined:
        publish(hub, 1, encode_areas(COUNTRY), b"", tmp_path)
        assert await heard(joined) is None
        assert joined.sync.node.catalogues.current() is not None and joined.news() == 1
        assert joined.office.store.readers.run(not_taken) == {"areas": "FIL-001"}


async def test_areas_that_were_changed_on_the_disk_are_fetched_again(tmp_path: Path, hub: Hub) -> None:
    async with joining(tmp_path, hub) as joined:
        content = encode_areas(COUNTRY)
        publish(hub, 1, content, content, tmp_path)
        await heard(joined)
        file = next((joined.office.root / "catalogues").glob("areas-*"))
        file.write_bytes(encode_areas(Areas(BASES, ())))
        joined.sync.node.catalogues._areas = None
        assert joined.sync.node.catalogues.areas() is None
        assert await heard(joined) == COUNTRY
