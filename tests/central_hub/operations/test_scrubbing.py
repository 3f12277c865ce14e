"""A file that the hub's disk damaged is set aside, asked for again at the next greeting, and brought again by the office that holds it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.existence.publishing import publish
from central_hub.ingest.lost_files import count_lost
from central_hub.operations.scrubbing import scrub_files
from central_hub.seals import published_lists
from edge_node.store.ledger import Act, Draft
from sync_protocol import sender
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.messages import TrustOffer
from tests.offices import Clock, Hub, Office, drained, reception, rid

PAPER = b"a paper " * 4_000


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = Hub(tmp_path / "hub", Clock())
    yield one
    one.close()


@pytest.fixture
def office(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    hub.enrol(one)
    yield one
    one.close()


async def brought(hub: Hub, office: Office) -> None:
    """One time on line, until records and files are through."""
    driver = office.join(hub)
    work = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    await asyncio.wait_for(driver.welcomed.wait(), 10)
    await drained(driver)
    assert office.transfers is not None
    await office.transfers.send_waiting(lambda: True)
    work.cancel()


def damage(folder: Path) -> None:
    """One bit of every sealed file in the middle, and of the last one the first."""
    for number, path in enumerate(
        sorted((folder / "objects").rglob("*") if (folder / "objects").is_dir() else folder.rglob("*"))
    ):
        if path.is_file() and path.stat().st_size > 1_000:
            content = bytearray(path.read_bytes())
            content[len(content) // 2 if number % 2 else 40] ^= 1
            path.write_bytes(bytes(content))


def test_an_index_whose_file_was_not_put_back_with_the_tables_is_published_anew(hub: Hub) -> None:
    files = hub.service.files.files
    publish(hub.store, files, 1, lambda count: b"x" * count)
    (digest,) = hub.store.readers.run(lambda c: [BlobDigest(as_bytes(one)) for (one,) in c.execute("SELECT digest FROM existence_file")])
    files.remove(digest.hex())
    assert scrub_files(hub.store, files, 2).lost == (digest,)
    assert publish(hub.store, files, 3, lambda count: b"y" * count).is_base and scrub_files(hub.store, files, 4).lost == ()


def test_lists_whose_file_was_not_put_back_with_the_tables_are_offered_no_more(hub: Hub) -> None:
    lists = TrustOffer(1, BlobDigest(b"l" * 32), 5, b"s" * 64)
    hub.store.writer.run(lambda c: published_lists.publish(c, lists, b"printed"))
    assert scrub_files(hub.store, hub.service.files.files, 2).lost == (lists.digest,)
    assert hub.store.readers.run(published_lists.newest_offer) is None


async def test_a_damaged_file_comes_again_from_who_holds_it(tmp_path: Path, hub: Hub, office: Office) -> None:
    office.files.put(PAPER)
    digest = BlobDigest(hashlib.sha256(PAPER).digest())
    copy = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=digest, pdf_size=len(PAPER), pages=1, images=1,
        officer="cb", signer_name="CB", captured_ms=1,
    )  # fmt: skip
    office.ledger.save(Act("cb", "intake", "receive"), [Draft(rid(1), reception(1, "00101")), Draft(rid(1), copy)])
    await brought(hub, office)
    files = hub.service.files.files
    assert files.has(digest.hex()) and scrub_files(hub.store, files, 1).lost == ()
    damage(tmp_path / "hub" / "files")
    assert scrub_files(hub.store, files, 2, 100).lost == (digest,)
    assert not files.has(digest.hex()) and hub.store.readers.run(count_lost) == 1
    await brought(hub, office)
    assert files.get(digest.hex()) == PAPER and hub.store.readers.run(count_lost) == 0
