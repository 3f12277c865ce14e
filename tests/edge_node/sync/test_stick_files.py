"""What else a stick brings: files of other offices that somebody wanted while there was no line, and to a new desk its whole scope with the mark of completeness."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.cli.commands import app as hub_app
from central_hub.ingest import courier as hub_courier
from edge_node.app import Node
from edge_node.bootstrap.progress import read_progress
from edge_node.cli.commands import app as node_app
from edge_node.store.ledger import Act, Draft
from edge_node.sync.wished import wish, wished
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, RecordId
from tests.edge_node.sync.stick_stage import Stage

DONGDA, HUNGYEN = "n00101a", "n03300a"


@pytest.fixture
def stage(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    yield Stage(tmp_path, capsys, monkeypatch)


def rids(side: Node) -> set[RecordId]:
    return {RecordId(bytes(rid)) for (rid,) in side.store.readers.run(lambda c: c.execute("SELECT rid FROM dossier").fetchall())}


def scanned(stage: Stage, desk: Path, *contents: bytes) -> list[BlobDigest]:
    """Files of the desk's one dossier, saved with their events."""
    node = stage.node(desk)
    (rid,) = rids(node)
    made = [BlobDigest(bytes.fromhex(node.files.put(content))) for content in contents]
    drafts = [
        Draft(rid, CopyCaptured(
            component_id=ComponentId(bytes([at]) * 16), document_id=DocumentId(bytes([at]) * 16), pdf=digest, pdf_size=len(content), pages=1, images=1,
            officer="all", signer_name="x", captured_ms=1,
        ))
        for at, (digest, content) in enumerate(zip(made, contents, strict=True), start=1)
    ]  # fmt: skip
    node.desk.ledger.save(Act("all", "intake", "scan"), drafts)
    node.close()
    return made


def wishing(stage: Stage, desk: Path, files: list[BlobDigest]) -> None:
    node = stage.node(desk)
    node.store.writer.run(lambda c: wish(c, files))
    node.close()


def here(stage: Stage, desk: Path, files: list[BlobDigest]) -> list[bool]:
    node = stage.node(desk)
    found = [node.files.has(one.hex()) for one in files]
    assert set(node.store.readers.run(wished)) == {one for one, is_here in zip(files, found, strict=True) if not is_here}
    node.close()
    return found


def two_desks(stage: Stage, *contents: bytes) -> tuple[Path, list[BlobDigest]]:
    """Hưng Yên's dossier with files is known to Đống Đa, which holds none of them."""
    hanoi, hungyen = stage.enrol(DONGDA, "00101"), stage.enrol(HUNGYEN, "033")
    stage.receive(hungyen)
    files = scanned(stage, hungyen, *contents)
    stage.trip(hungyen)
    node = stage.node(hungyen)
    (rid,) = rids(node)
    node.close()
    stage.entitle(rid, "00101")
    stage.trip(hanoi)
    return hanoi, files


def test_a_file_that_is_wished_for_comes_with_the_next_stick_and_is_asked_for_no_more(stage: Stage) -> None:
    content = b"%PDF-1.7 " + bytes(range(256)) * 2_000  # two chunks
    desk, files = two_desks(stage, content)
    assert stage.trip(desk)["files_brought"] == 0, "nobody wished for it"
    wishing(stage, desk, files)
    back = stage.answer(stage.export(desk))[2]
    twice = shutil.copy(back, stage.root / "twice")
    assert stage.read(desk, back)[1]["files_brought"] == 1
    assert stage.read(desk, twice)[1]["files_brought"] == 0
    node = stage.node(desk)
    assert node.files.get(files[0].hex()) == content
    node.close()
    assert here(stage, desk, files) == [True]


def test_operators_at_both_ends_say_how_much_may_come_and_the_rest_comes_later(stage: Stage) -> None:
    small, big = b"s" * 1_000, b"b" * 1_500_000
    desk, files = two_desks(stage, big, small)
    wishing(stage, desk, files)
    out = stage.root / "limited.courier"
    assert stage.said(node_app, "export-courier", str(out), "--files-mib", "1", "--state", str(desk))[0] == 0
    assert stage.read(desk, stage.answer(out)[2])[1]["files_brought"] == 1
    assert here(stage, desk, files) == [False, True]
    stick = stage.export(desk, "all")
    back = stick.with_suffix(".answer")
    words = ("courier", str(stick), str(back), "--files-mib", "1", "--state", str(stage.hub_root))
    assert stage.said(hub_app, *words)[0] == 0
    assert stage.read(desk, back)[1]["files_brought"] == 0
    assert stage.trip(desk)["files_brought"] == 1
    assert here(stage, desk, files) == [True, True]


def test_a_file_that_the_hub_does_not_hold_is_refused_once_and_stays_wished_for(stage: Stage) -> None:
    desk, files = two_desks(stage, b"x" * 1_000_000)
    hub = stage.hub()
    hub.files.files.remove(files[0].hex())
    hub.store.close()
    wishing(stage, desk, files)
    code, said, back = stage.answer(stage.export(desk))
    assert code == 1 and list(said["refused"].values()) == [1]  # type: ignore[attr-defined]
    stage.read(desk, back)
    assert here(stage, desk, files) == [False]


def test_a_new_desk_is_brought_its_whole_scope_by_stick_and_is_complete_only_at_its_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = stage.enrol(DONGDA, "00101")
    for _ in range(3):
        stage.receive(old)
    stage.trip(old)
    new = stage.enrol("n00101b", "00101")
    with monkeypatch.context() as short:
        short.setattr(hub_courier, "NEWS_BYTES_MAX", 1)
        short.setattr("edge_node.sync.asking.PULL_EVENTS_MAX", 1)
        short.setattr("edge_node.sync.courier.PULL_EVENTS_MAX", 1)
        news = stage.trip(new)["news"]
    assert news == 1
    node = stage.node(new)
    assert node.store.readers.run(read_progress).phase != "complete" and len(rids(node)) == 1
    node.close()
    stage.trip(new)
    node, other = stage.node(new), stage.node(old)
    assert node.store.readers.run(read_progress).phase == "complete"
    assert rids(node) == rids(other) and len(rids(node)) == 3
    for rid in rids(node):
        assert node.store.readers.run(lambda c, r=rid: projection.view_of(c, r)) == other.store.readers.run(lambda c, r=rid: projection.view_of(c, r))  # type: ignore[misc]
    assert node.store.readers.run(lambda c: one_int(c.execute("SELECT count(*) FROM code_block").fetchone())) == 1
    node.close()
    other.close()
