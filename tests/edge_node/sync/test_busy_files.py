"""A hub without room for a file just now has refused nothing: the file stays in the queue, and nobody is called."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.sync.errors import HubRefused
from sync_protocol import sender
from sync_protocol.adapters.file_errors import FileStoreUnavailable
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from tests.offices import Clock, Hub, Office, drained, reception, rid

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
    driver = office.join(hub)
    running = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    await drained(driver)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


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
