"""The stick on the page of the queue: a file to carry away, the hub's answer, and in words what the hub did not take."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from central_hub.enrolment.keys import SigningKey
from central_hub.enrolment.tokens import credentials_text
from central_hub.ingest.courier import Answered, answer_courier
from central_hub.ingest.nodes import enrol_node
from edge_node.app import Node
from sync_protocol.adapters.bus.credentials import line_key
from sync_protocol.adapters.sealed_sticks import SEALED_MAGIC, StickReader
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in
from tests.offices import Clock as HubClock
from tests.offices import Hub

USER = SigningKey.make("user", lambda count: b"u" * count)


class Scene:
    """A desk with one dossier and its page, and a hub that it never met."""

    def __init__(self, root: Path, *, is_enrolled: bool = True) -> None:
        self.node: Node = make_node(root / "node", Clock())
        self.node.identity = msgspec.structs.replace(self.node.identity, credentials=credentials_text("a.b.c", USER))
        receive_one(self.node)
        self.hub = Hub(root / "hub", HubClock())
        if is_enrolled:
            self.hub.store.writer.run(
                lambda c: enrol_node(c, self.node.identity.node, self.node.identity.office, b"", 1)
            )
        self.page: TestClient = signed_in(web_of(self.node), "only-intake")  # type: ignore[type-arg]
        self._form = {"_csrf_token": self.page.cookies["form"]}

    def carry(self) -> Answered:
        """The button, and the way to the hub."""
        made = self.page.post("/queue/courier", data=self._form)
        assert made.status_code == 200 and made.headers["content-type"] == "application/octet-stream"
        return asyncio.run(answer_courier(self.hub.service, made.content, lambda node: line_key(USER.public)))

    def bring(self, content: bytes) -> tuple[int, str]:
        """The answer, chosen in the form; status and page."""
        answer = self.page.post("/queue/courier-answer", data=self._form, files={"answer": ("a.answer", content)})
        return answer.status_code, answer.text

    def close(self) -> None:
        self.node.close()
        self.hub.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def test_what_waits_is_carried_away_and_its_answer_read_and_both_buttons_may_be_pressed_twice(scene: Scene) -> None:
    for _ in range(2):
        back = scene.carry()
        assert back.is_proven and back.refused == {}
        assert back.was_sealed is False and back.to, "this desk knows no key of the hub, and shows its own"
        for _ in range(2):
            status, page = scene.bring(back.content)
            assert status == 200 and f"trung tâm xác nhận đến số {scene.node.head()}" in page
            assert "trung tâm không nhận" not in page


def test_what_the_hub_did_not_take_stands_on_the_page_with_words_and_code(tmp_path: Path) -> None:
    scene = Scene(tmp_path, is_enrolled=False)
    status, page = scene.bring(scene.carry().content)
    assert status == 200 and "3 × trung tâm chưa ghi danh điểm này" in page and "<small>HUB-001</small>" in page
    scene.close()


@pytest.mark.parametrize("content", [b"", b"no stick", b"LIENTHONG-CHUYEN-TAY-1\n" + b"x" * 40])
def test_a_file_that_is_no_answer_is_said_on_the_page(scene: Scene, content: bytes) -> None:
    status, page = scene.bring(content)
    assert 400 <= status < 500 and "error-summary" in page


def test_the_page_says_whether_the_file_can_be_read_by_its_finder_and_the_file_is_as_it_says(scene: Scene) -> None:
    assert "Tệp này không mã hóa" in scene.page.get("/queue").text
    hub = StickReader(b"s" * 32)
    scene.hub.service.sticks = hub
    scene.node.identity = msgspec.structs.replace(scene.node.identity, hub_stick_key=hub.public_key)
    page = scene.page.get("/queue").text
    assert "Tệp được mã hóa: chỉ trung tâm mở được" in page and "Tệp này không mã hóa" not in page
    back = scene.carry()
    assert back.was_sealed and back.content.startswith(SEALED_MAGIC)
    assert scene.bring(back.content)[0] == 200
    status, page = scene.bring(back.content[:-1])
    assert status == 400 and "SYN-036" in page and "Chép lại tệp" in page
