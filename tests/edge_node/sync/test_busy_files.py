"""A hub without room for a file just now has refused nothing: the file stays in the queue, and nobody is called."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.sync.errors import HubRefused
from sync_protocol.adapters.files.errors import FileDamaged, FileStoreUnavailable
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.messages import BlobMissing
from tests.offices import Clock, Hub, Office, reception, rid

CONTENT = b"one paper " * 400


@pytest.fixture
def office(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    """A desk whose events are at the hub and whose one file is not."""
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    hub.enrol(one)
    digest = BlobDigest(bytes.fromhex(one.files.put(CONTENT)))
    captured = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=digest, pdf_size=len(CONTENT), pages=1, images=1,
        officer="cb", signer_name="x", captured_ms=1,
    )  # fmt: skip
    one.ledger.save(Act("cb", "intake", "x"), [Draft(rid(1), reception(1, "00101")), Draft(rid(1), captured)])
    asyncio.run(_records(one, hub))
    yield one
    one.close()


async def _records(office: Office, hub: Hub) -> None:
    await office.exchange(hub)


def state(office: Office) -> str:
    return str(office.store.readers.run(lambda c: c.execute("SELECT state FROM blob").get))


def test_a_file_waits_while_the_hub_has_no_room_and_goes_when_it_has(
    office: Office, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FileStoreUnavailable(what="errno 28")

    with monkeypatch.context() as away:
        away.setattr(hub.service.files.files, "begin", full)
        with pytest.raises(HubRefused):
            asyncio.run(office.transfers.send_waiting(lambda: True))
    assert state(office) == "local"
    assert asyncio.run(office.transfers.send_waiting(lambda: True)) == 1 and state(office) == "at_hub"


def test_a_file_whose_last_chunk_filled_the_hubs_disk_is_finished_when_there_is_room(
    office: Office, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FileStoreUnavailable(what="errno 28")

    with monkeypatch.context() as away:
        away.setattr(hub.service.files.files, "finish", full)
        with pytest.raises(HubRefused):
            asyncio.run(office.transfers.send_waiting(lambda: True))
    assert asyncio.run(office.transfers.send_waiting(lambda: True)) == 1 and state(office) == "at_hub"


def test_a_file_that_is_damaged_here_is_set_apart_with_its_reason_and_holds_nothing_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    def damaged(digest: str, offset: int, length: int) -> bytes:
        looks.append(digest)
        raise FileDamaged(digest=digest, what="segment 0")

    monkeypatch.setattr(office.files, "read_chunk", damaged)
    assert asyncio.run(office.transfers.send_waiting(lambda: True)) == 0
    assert len(looks) == 1 and state(office) == "refused"
    assert office.store.readers.run(lambda c: c.execute("SELECT reason FROM blob").get) == "FIL-002"


def test_a_file_that_the_hub_lacks_nothing_of_and_has_not_is_set_apart_and_not_asked_for_ever(
    office: Office, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def nothing(*_: object) -> BlobMissing:
        asked.append(1)
        return BlobMissing(BlobDigest(bytes(32)), (), False)

    monkeypatch.setattr(hub.service.files, "answer", nothing)
    assert asyncio.run(office.transfers.send_waiting(lambda: True)) == 0
    assert len(asked) == 1 and state(office) == "refused"
    assert office.store.readers.run(lambda c: c.execute("SELECT reason FROM blob").get) == "SYN-031"
