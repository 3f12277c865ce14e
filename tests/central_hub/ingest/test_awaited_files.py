"""A file that the hub's dossiers refer to and that it does not hold is asked for, and comes from whoever has it on a disk, whatever that desk believed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.ingest.awaited_files import TOLD_AT_ONCE, TURN_MS, awaited_of, note_awaited
from central_hub.operations.scrubbing import scrub_files
from edge_node.store.ledger import Act, Draft, queue_file
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, OfficeCode
from tests.offices import Clock, Hub, Office, reception, rid

PAPER = b"a paper " * 4_000
DIGEST = BlobDigest(hashlib.sha256(PAPER).digest())
HANOI = OfficeCode("00101")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = Hub(tmp_path / "hub", Clock())
    yield one
    one.close()


@pytest.fixture
def office(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", HANOI, Clock())
    hub.enrol(one)
    one.files.put(PAPER)
    copy = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=DIGEST, pdf_size=len(PAPER), pages=1, images=1,
        officer="cb", signer_name="CB", captured_ms=1,
    )  # fmt: skip
    one.ledger.save(Act("cb", "intake", "receive"), [Draft(rid(1), reception(1, HANOI)), Draft(rid(1), copy)])
    yield one
    one.close()


def looked(hub: Hub) -> int:
    """A night's look; how many files are awaited."""
    return scrub_files(hub.store, hub.service.files.files, 1, 100).awaited


def called(office: Office) -> object:
    return office.store.readers.run(lambda c: c.execute("SELECT state FROM blob WHERE digest = ?", (DIGEST,)).fetchone())


async def greeted(office: Office, hub: Hub) -> None:
    """One greeting and what follows it, as the serving node does (`service.py`)."""
    driver = await office.exchange(hub)
    assert driver.welcome is not None
    await office.transfers.offer_asked(driver.welcome.lost_files)
    await office.transfers.send_waiting(lambda: True)


async def test_a_file_that_the_hub_forgot_and_nothing_else_comes_again(hub: Hub, office: Office) -> None:
    await greeted(office, hub)
    assert called(office) == ("at_hub",) and looked(hub) == 0
    hub.store.writer.run(lambda c: c.execute("DELETE FROM blob").fetchall())  # put back together with its mark, to after the events
    hub.service.files.files.remove(DIGEST.hex())
    assert looked(hub) == 1
    await greeted(office, hub)
    assert hub.service.files.files.get(DIGEST.hex()) == PAPER
    assert hub.store.readers.run(lambda c: awaited_of(c, HANOI, 0)) == () and looked(hub) == 0


@pytest.mark.parametrize("forgot", ["UPDATE blob SET state = 'remote'", "DELETE FROM blob"])
async def test_a_file_on_the_disk_of_a_desk_that_does_not_know_it_for_its_own_is_brought(hub: Hub, office: Office, forgot: str) -> None:
    await office.exchange(hub)
    # the log was put back to before it and came again from the hub, as news or in a snapshot
    office.store.writer.run(lambda c: c.execute(forgot).fetchall())
    assert looked(hub) == 1
    await greeted(office, hub)
    assert hub.service.files.files.get(DIGEST.hex()) == PAPER and called(office) == ("at_hub",)


async def test_a_desk_without_the_file_goes_on_as_it_was(hub: Hub, office: Office) -> None:
    await office.exchange(hub)
    office.store.writer.run(lambda c: c.execute("UPDATE blob SET state = 'remote'").fetchall())
    office.files.remove(DIGEST.hex())
    looked(hub)
    await greeted(office, hub)
    assert called(office) == ("remote",)


async def test_what_a_desk_has_still_to_send_is_not_asked_for(hub: Hub, office: Office) -> None:
    await office.exchange(hub)
    assert looked(hub) == 1
    driver = await office.exchange(hub)
    assert driver.welcome is not None and driver.welcome.lost_files == ()


def test_a_file_known_from_another_office_is_sent_when_it_is_made_here_too(office: Office) -> None:
    office.store.writer.run(lambda c: c.execute("UPDATE blob SET state = 'remote'").fetchall())
    office.store.writer.run(lambda c: queue_file(c, DIGEST, len(PAPER), 2))
    assert called(office) == ("local",)


def test_of_many_awaited_files_a_desk_hears_a_few_at_a_time_and_all_in_turn(hub: Hub) -> None:
    many = {BlobDigest(hashlib.sha256(bytes([n, m])).digest()) for n in range(10) for m in range(100)}
    hub.store.writer.run(lambda c: note_awaited(c, [(HANOI, one) for one in sorted(many)]))
    heard: set[BlobDigest] = set()
    for turn in range(100):
        told = hub.store.readers.run(lambda c, at=turn * TURN_MS: awaited_of(c, HANOI, at))  # type: ignore[misc]
        assert len(told) == TOLD_AT_ONCE
        heard.update(told)
    assert heard == many
