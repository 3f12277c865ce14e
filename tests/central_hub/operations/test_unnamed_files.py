"""What nothing names leaves the hub's store after a long calm; what a desk may still name never does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.ingest import quarantine
from central_hub.operations.unnamed_files import NAMING, collect_unnamed
from central_hub.store.epoch import begin_epoch
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, HubEpoch
from tests.offices import Clock, Hub, Office, reception, rid

DAY_MS = 86_400_000
PAPER = b"a paper " * 40


class Scene:
    """A hub whose files age by its clock, and a desk with one paper there."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.hub_folder = root / "hub" / "aging"
        self.files = FilesOnDisk(self.hub_folder, Sealing(b"f" * 32, b"n" * 32), lambda: self.clock() / 1000)
        self.hub.service.files.files = self.files
        self.office = Office(root / "a", "n00101a", "00101", self.clock)
        self.hub.enrol(self.office)

    def nights(self, count: int) -> int:
        """One look a day, every part in each; returns how many files went."""
        gone = 0
        for _ in range(count):
            self.clock.ms += DAY_MS
            gone += collect_unnamed(self.hub.store, self.files, self.clock, part="")
        return gone

    def scan(self) -> str:
        """A paper at the desk whose event is saved."""
        name = self.office.files.put(PAPER)
        captured = CopyCaptured(
            component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=BlobDigest(bytes.fromhex(name)), pdf_size=len(PAPER),
            pages=1, images=1, officer="cb", signer_name="x", captured_ms=1,
        )  # fmt: skip
        self.office.ledger.save(Act("cb", "intake", "x"), [Draft(rid(1), reception(1, "00101")), Draft(rid(1), captured)])
        return name


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.office.close()
    one.hub.close()


def test_what_nothing_names_and_uploads_that_were_given_up_go_and_nothing_else(scene: Scene) -> None:
    name = scene.scan()
    asyncio.run(scene.office.exchange(scene.hub, with_files=True))
    loose = scene.files.put(b"a part of an old snapshot")
    scene.files.begin("ab" * 32, 100_000)
    assert scene.nights(90) == 0
    assert scene.nights(30) == 2
    assert scene.files.has(name) and not scene.files.has(loose)


def test_a_file_whose_event_is_named_by_nobody_yet_is_there_when_its_desk_comes_back(scene: Scene) -> None:
    """The hub was put back, its files were not; the desk has no line for eighty days."""
    scene.nights(100)
    name = scene.files.put(PAPER)
    scene.hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(b"g" * 16), scene.clock()))
    assert scene.nights(80) == 0 and scene.files.has(name)
    assert scene.scan() == name
    asyncio.run(scene.office.exchange(scene.hub, with_files=True))
    assert scene.nights(200) == 0 and scene.files.has(name)


def test_a_file_that_is_found_unnamed_and_old_is_young_again_before_it_is_promised(scene: Scene) -> None:
    """It lay there for long when its desk offers it: a look that read the names a moment before must not take it."""
    scene.nights(100)
    scene.files.put(PAPER)
    scene.nights(60)
    scene.scan()
    asyncio.run(scene.office.exchange(scene.hub, with_files=True))
    (place,) = (scene.hub_folder / "objects").glob("*/*")
    assert place.stat().st_mtime == scene.clock() / 1000


def test_while_quarantine_holds_what_nobody_settled_nothing_goes(scene: Scene) -> None:
    loose = scene.files.put(b"perhaps named by a frame in quarantine")
    scene.hub.store.writer.run(lambda c: quarantine.hold(c, "n00101a", b"frame", "SYN-001", "x", 1))
    assert scene.nights(200) == 0 and scene.files.has(loose)
    scene.hub.store.writer.run(lambda c: c.execute("UPDATE quarantine SET settled_ms = 1").fetchall())
    assert scene.nights(1) == 1


def test_every_table_that_names_files_is_asked(scene: Scene) -> None:
    question = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.name = 'digest'"
    found = {str(name) for (name,) in scene.hub.store.readers.run(lambda c: c.execute(question).fetchall())}
    assert found - {"quarantine"} == set(NAMING)  # there it is of the frame
