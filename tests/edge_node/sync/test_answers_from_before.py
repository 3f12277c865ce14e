"""A hub was put back while its answer about a file was under way, on the line or on a stick: the file is not called at the hub for that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from central_hub.ingest.courier import answer_courier
from central_hub.store.epoch import begin_epoch
from edge_node.store.ledger import Act, Draft
from edge_node.sync.courier import export_courier
from edge_node.sync.courier_answer import Desk, take_answer
from edge_node.sync.pushing import HubKnown
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, HubEpoch
from tests.offices import HUB_NAME, Clock, Hub, Office, reception, rid

CONTENT = b"one paper " * 40


class Scene:
    """A desk whose events are at the hub and whose one file is not."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.office = Office(root / "a", "n00101a", "00101", self.clock)
        self.hub.enrol(self.office)
        digest = BlobDigest(bytes.fromhex(self.office.files.put(CONTENT)))
        captured = CopyCaptured(
            component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=digest, pdf_size=len(CONTENT), pages=1, images=1,
            officer="cb", signer_name="x", captured_ms=1,
        )  # fmt: skip
        self.office.ledger.save(Act("cb", "intake", "x"), [Draft(rid(1), reception(1, "00101")), Draft(rid(1), captured)])

    def put_back(self) -> None:
        """A later moment, another epoch; that the file is gone with it is not what the node goes by."""
        self.clock.ms += 60_000
        fresh = HubEpoch(b"f" * 16)
        self.hub.store.writer.run(lambda c: begin_epoch(c, fresh, self.clock.ms))
        self.hub.service.identity.epoch = fresh

    def state(self) -> str:
        return str(self.office.store.readers.run(lambda c: c.execute("SELECT state FROM blob").get))

    def stick(self) -> bytes:
        return export_courier(self.office.store, self.office.files, HUB_NAME, self.office.signer.sign, self.office.node).content

    async def read(self, answer: bytes) -> int:
        known = HubKnown(HUB_NAME, self.hub.signer.public_key)
        desk = Desk(self.office.store, self.office.files, known, self.office.node, self.office.office, self.clock)
        return (await take_answer(desk, answer)).files

    async def answered(self) -> bytes:
        return (await answer_courier(self.hub.service, self.stick())).content


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    asyncio.run(one.office.exchange(one.hub))
    yield one
    one.office.close()
    one.hub.close()


async def test_an_answer_on_the_line_that_a_greeting_overtook_marks_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    line = scene.office.transfers._line
    really = line.expect

    async def overtaken(request: Any, kind: Any) -> Any:
        answer = await really(request, kind)
        if getattr(answer, "verified", False):
            scene.put_back()
            driver = scene.office.join(scene.hub)
            await driver.greet_once()
        return answer

    transfers = scene.office.transfers
    with monkeypatch.context() as late:
        late.setattr(line, "expect", overtaken)
        await transfers._send(*scene.office.store.readers.run(lambda c: c.execute("SELECT digest, size FROM blob").fetchall())[0])
    assert scene.state() == "local"
    assert await scene.office.transfers.send_waiting(lambda: True) == 1 and scene.state() == "at_hub"


async def test_a_stick_answered_before_the_hub_was_put_back_marks_nothing(scene: Scene) -> None:
    late = await scene.answered()
    scene.put_back()
    await scene.office.join(scene.hub).greet_once()
    assert await scene.read(late) == 0 and scene.state() == "local"
    assert await scene.read(await scene.answered()) == 1 and scene.state() == "at_hub"


async def test_a_stick_of_files_alone_is_answered_and_believed_also_before_the_new_epoch_was_heard_of(scene: Scene) -> None:
    scene.put_back()
    assert await scene.read(await scene.answered()) == 1 and scene.state() == "at_hub"
