"""A paper whose officer's key is not open waits for it; it is neither stopped nor in the way of anybody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.authority import Authority, make_authority
from edge_node.app import Node
from edge_node.capture.jobs import stopped_jobs, waiting_jobs
from edge_node.capture.service import hand_in
from edge_node.cli.serve import work_off_ready
from edge_node.intake.service import dossier
from tests.browser.desk import Clock, make_node
from tests.edge_node.test_a_day_at_the_desk import SETTINGS, _opened, _page, _receive


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"), Clock()())


@pytest.fixture
def node(tmp_path: Path, authority: Authority) -> Iterator[Node]:
    make_node(tmp_path / "node", Clock(), settings=SETTINGS).close()
    made = _opened(tmp_path / "node", authority)  # the key of "all" opens by itself, that of "only-intake" does not
    yield made
    made.close()


def _hand_in(node: Node, *officers: str) -> bytes:
    got = _receive(node)
    parts = [part.component_id for part in dossier(node.desk, got.rid).components]
    for officer, part in zip(officers, parts, strict=False):
        hand_in(node.desk, officer, got.rid, part, [(f"{officer}.jpg", _page(officer))], declared_pages=1)
    return got.rid


def _waiting(node: Node) -> list[str]:
    return [job.task.officer for job in node.store.readers.run(waiting_jobs)]


def test_a_paper_of_an_officer_whose_key_is_closed_waits_while_the_others_go_on(node: Node) -> None:
    rid = _hand_in(node, "only-intake", "all")
    assert work_off_ready(node)
    assert _waiting(node) == ["only-intake"]
    assert node.store.readers.run(stopped_jobs) == []
    assert len(dossier(node.desk, rid).documents) == 1  # type: ignore[arg-type]
    assert not work_off_ready(node)


def test_a_key_file_that_does_not_open_stops_the_papers_of_its_officer_alone(node: Node) -> None:
    (node.folder.root / "keys" / "officer.p12").write_bytes(b"no key file")
    _hand_in(node, "all", "only-intake")
    work_off_ready(node)
    assert [job.task.officer for job in node.store.readers.run(stopped_jobs)] == ["all"]
    assert _waiting(node) == ["only-intake"]
