"""A hub that was put back to before a publication gives its number to nothing else, and a desk that it did not hear takes what is published under it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.ingest.greeting import publish_catalogue
from central_hub.ingest.law_numbers import AHEAD_MAX, next_version, note_heard
from edge_node.catalogues import Catalogues
from sync_protocol.ids import BlobDigest, NodeId
from sync_protocol.messages import CatalogueOffer
from tests.offices import Clock, Hub, Office

LAW = b"a" * 32, b"b" * 32, b"c" * 32


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = Hub(tmp_path / "hub", Clock())
    one.store.writer.run(lambda c: publish_catalogue(c, 6, BlobDigest(LAW[0]), 1, b"s" * 64, 1))
    yield one
    one.close()


@pytest.fixture
def office(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    hub.enrol(one)
    yield one
    one.close()


def holds(office: Office, version: int, digest: bytes) -> Catalogues:
    office.store.writer.run(
        lambda c: c.execute("INSERT INTO catalogue(version, digest, size, signature, taken_ms) VALUES(?,?,1,x'00',1)", (version, digest)).fetchall()
    )
    return Catalogues(office.root / "catalogues", office.store, lambda message, mark: None, office.clock)


def offered(version: int, digest: bytes) -> CatalogueOffer:
    return CatalogueOffer(version, BlobDigest(digest), 1, b"s" * 64)


async def test_what_is_published_after_a_restore_is_numbered_above_what_desks_hold(hub: Hub, office: Office) -> None:
    assert hub.store.readers.run(next_version) == 7
    holds(office, 7, LAW[1])  # published, taken, and lost by the hub
    await office.exchange(hub)
    assert hub.store.readers.run(next_version) == 8


def test_a_number_that_this_hub_can_never_have_given_moves_nothing(hub: Hub) -> None:
    hub.store.writer.run(lambda c: note_heard(c, NodeId("n00101a"), 7 + AHEAD_MAX))
    assert hub.store.readers.run(next_version) == 7


def test_a_desk_that_was_not_heard_takes_what_was_published_anew_under_its_number(office: Office) -> None:
    catalogues = holds(office, 7, LAW[1])
    assert catalogues.lacks(offered(7, LAW[2])) and catalogues.lacks(offered(8, LAW[2]))
    assert not catalogues.lacks(offered(7, LAW[1])) and not catalogues.lacks(offered(6, LAW[0]))
