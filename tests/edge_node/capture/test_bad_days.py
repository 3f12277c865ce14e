"""What goes wrong between the scan and the signature: a full disk, a clock set back. A code, the original kept, and the next paper goes on."""

from __future__ import annotations

import datetime as dt
import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deploy.demo.authority import Authority, make_authority
from edge_node.app import Node
from edge_node.capture import service as capture
from edge_node.capture.jobs import Job, retry_job, stopped_jobs
from edge_node.capture.service import hand_in, work_off
from edge_node.intake.service import dossier
from tests.browser.desk import Clock, make_node
from tests.edge_node.test_a_day_at_the_desk import SETTINGS, _opened, _page, _receive

PAGE_BYTES, ROOM_BYTES = 70_000, 800_000


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"), Clock()())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def node(tmp_path: Path, authority: Authority, clock: Clock) -> Iterator[Node]:
    make_node(tmp_path / "node", clock, settings=SETTINGS).close()
    made = _opened(tmp_path / "node", authority, clock)
    yield made
    made.close()


@contextmanager
def no_file_grows_beyond(size_bytes: int) -> Iterator[None]:
    """The system refuses to write a file beyond this size, as a full disk would; what is there stays readable."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


def _noisy_page(seed: int) -> bytes:
    """A little more than `PAGE_BYTES`, however it is encoded within what is legible."""
    grain = np.random.default_rng(seed).integers(150, 255, (1169, 827, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(grain).save(out, "JPEG", dpi=(200, 200), quality=20)
    return out.getvalue()


def _only_stopped(node: Node) -> Job:
    (stopped,) = node.store.readers.run(stopped_jobs)
    assert all(node.files.has(one.digest.hex()) for one in stopped.task.originals), "the paper as it came stays"
    return stopped


def test_a_disk_that_fills_while_a_copy_is_written_stops_that_paper_alone(node: Node) -> None:
    got = _receive(node)
    first, second = (part.component_id for part in dossier(node.desk, got.rid).components[:2])
    held = max(one.stat().st_size for one in node.folder.root.glob("node.db*"))
    pages = [_noisy_page(seed) for seed in range(2 + (held + ROOM_BYTES) // PAGE_BYTES)]
    contents = [(f"{number}.jpg", page) for number, page in enumerate(pages)]
    hand_in(node.desk, "all", got.rid, first, contents, declared_pages=len(pages))
    hand_in(node.desk, "all", got.rid, second, [("b.jpg", _page("b"))], declared_pages=1)
    with no_file_grows_beyond(held + ROOM_BYTES):
        assert work_off(node.desk, node.key_of) == 1
    stopped = _only_stopped(node)
    assert stopped.problem.startswith("FIL-"), stopped.sentence
    assert len(dossier(node.desk, got.rid).documents) == 1
    node.store.writer.run(lambda c: retry_job(c, stopped.id, node.desk.now_ms()))
    assert work_off(node.desk, node.key_of) == 1
    assert len(dossier(node.desk, got.rid).documents) == 2


def test_a_clock_set_back_before_signing_stops_the_signature_with_its_own_words(node: Node, clock: Clock) -> None:
    got = _receive(node)
    part = dossier(node.desk, got.rid).components[0].component_id
    clock.at -= dt.timedelta(hours=3)
    hand_in(node.desk, "all", got.rid, part, [("a.jpg", _page("a"))], declared_pages=1)
    assert work_off(node.desk, node.key_of) == 0
    stopped = _only_stopped(node)
    assert stopped.problem == "SIG-017"
    assert "chỉnh giờ" in stopped.sentence
    clock.at += dt.timedelta(hours=4)
    hand_in(node.desk, "all", got.rid, part, [("a.jpg", _page("a"))], declared_pages=1)
    assert work_off(node.desk, node.key_of) == 1


def test_a_machine_without_any_time_source_signs_nothing_and_loses_nothing(node: Node, clock: Clock) -> None:
    got = _receive(node)
    part = dossier(node.desk, got.rid).components[0].component_id
    clock.at = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # what a board without a battery starts with
    hand_in(node.desk, "all", got.rid, part, [("a.jpg", _page("a"))], declared_pages=1)
    assert work_off(node.desk, node.key_of) == 0
    assert _only_stopped(node).problem == "SIG-017"


def test_a_paper_that_nobody_foresaw_is_stopped_alone_and_its_original_kept(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = _receive(node)
    first, second = (part.component_id for part in dossier(node.desk, got.rid).components[:2])
    for component, name in ((first, "a"), (second, "b")):
        hand_in(node.desk, "all", got.rid, component, [(f"{name}.jpg", _page(name))], declared_pages=1)
    look, broke = capture.gather, []

    def breaks_once(*given: object, **named: object) -> object:
        if not broke:
            broke.append(given)
            raise IndexError("nobody thought of this")
        return look(*given, **named)

    monkeypatch.setattr(capture, "gather", breaks_once)
    assert work_off(node.desk, node.key_of) == 1
    assert _only_stopped(node).problem == "CAP-041"
    node.store.writer.run(lambda c: retry_job(c, _only_stopped(node).id, node.desk.now_ms()))
    assert work_off(node.desk, node.key_of) == 1
