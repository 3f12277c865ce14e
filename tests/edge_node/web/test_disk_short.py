"""A disk that is short of room takes no new scans and says so; what was taken in before is finished, and records are still written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.capture.phone_store import take_photos
from edge_node.capture.scanning import Scans
from edge_node.intake.service import dossier
from sync_protocol.adapters import disk
from sync_protocol.adapters.storage_errors import UploadsRefused
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in

Desk = tuple[Node, TestClient[Litestar]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk on a disk with one GiB left."""
    node = make_node(tmp_path / "node", Clock())
    monkeypatch.setattr(disk, "free_bytes", lambda path: 1024**3)
    yield node, signed_in(web_of(node), "all")
    node.close()


def send_file(desk: Desk, to: str, **typed: str) -> tuple[int, str]:
    client = desk[1]
    answer = client.post(
        to, data=typed, files={"files": ("a.jpg", b"a page", "image/jpeg")}, headers={"x-csrftoken": client.cookies.get("form") or ""},
        follow_redirects=False,
    )  # fmt: skip
    return answer.status_code, answer.text


def kept(node: Node) -> int:
    return len(list((node.folder.files / "objects").rglob("*")))


def test_new_scans_are_refused_with_what_to_do_and_nothing_is_kept(desk: Desk) -> None:
    got = receive_one(desk[0])  # a record needs little room
    part = dossier(desk[0].desk, got.rid).components[0]
    before = kept(desk[0])
    for status, page in (
        send_file(desk, f"/dossiers/{got.rid.hex()}/components/{part.component_id.hex()}/files", pages="1", notes="", form="original"),
        send_file(desk, "/tray/files"),
    ):
        assert status == 507 and "Ổ đĩa của máy này sắp đầy nên chưa nhận thêm tệp quét." in page and "STO-012" in page
    assert kept(desk[0]) == before


async def test_a_scanner_does_not_begin_and_a_photo_uses_up_nothing_of_its_link(desk: Desk) -> None:
    with pytest.raises(UploadsRefused):
        await Scans().start(desk[0].desk, "all", (), 0, "desk", b"p" * 16)
    with pytest.raises(UploadsRefused):
        take_photos(desk[0].desk, "00", "token", [("a.jpg", b"a photo")])
