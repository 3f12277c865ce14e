"""The wizard of a fresh office: the console's code opens it once; then the administrator is in and the page does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.first_run import SAMPLE
from edge_node.people.passwords import open_passwords
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from tests.browser.desk import CHEAP, Clock, make_node

CODE = "1a2b3c4d"
FORM = {
    "code": CODE, "office_name": "BHXH cơ sở Ngọc Hà", "place": "Hà Nội", "account": "quan.tri", "name": "Lê Thị Ữ", "password": "một câu đủ dài",
}  # fmt: skip


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Node]:
    node = make_node(tmp_path / "node", Clock())
    (tmp_path / "node" / "officers.passwords").unlink()
    yield node
    node.close()


def web(node: Node, code: str = CODE) -> Litestar:
    return make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), first_run_code=code)


def send(client: TestClient[Litestar], **changed: str) -> str:
    """What the wizard answers to the form."""
    token = re.search(r'_csrf_token" value="([^"]+)"', client.get("/first-run").text)
    answer = client.post(
        "/first-run", data={**FORM, **changed, "_csrf_token": token[1] if token else ""}, follow_redirects=False
    )
    return answer.headers.get("location", "") or answer.text


def test_the_first_administrator_comes_in_and_the_wizard_is_gone(fresh: Node) -> None:
    client = TestClient(web(fresh))
    assert client.get("/today", follow_redirects=False).headers["location"].startswith("/login")
    assert send(client) == "/first-run/check"
    text = client.get("/first-run/check").text
    assert "Danh mục" in text and "chữ ký của trung tâm đúng" in text and "Đồng hồ" in text
    pdf = client.get("/first-run/test-page.pdf").content
    drawn = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    assert SAMPLE in drawn.replace("\n", "").replace("\r", "") and "BHXH CƠ SỞ NGỌC HÀ" in drawn
    assert "BHXH cơ sở Ngọc Hà" in fresh.folder.settings.read_text("utf-8")
    assert TestClient(web(fresh)).get("/first-run", headers={"accept": "application/json"}).status_code == 404
    other = TestClient(web(fresh, "ffffffff"))
    assert (
        "PEO-043"
        in other.post(
            "/first-run",
            data={**FORM, "code": "ffffffff", "account": "ke.la"},
            headers={"x-csrftoken": other.cookies.get("form") or token_of(other)},
        ).text
    )
    assert "ke.la" not in fresh.folder.settings.read_text("utf-8")


def token_of(client: TestClient[Litestar]) -> str:
    found = re.search(r'_csrf_token" value="([^"]+)"', client.get("/login").text)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "00000000"}, "PEO-043"),
        ({"password": "ngắn"}, "PEO-012"),
        ({"account": "Ấn"}, "PEO-044"),
        ({"office_name": " "}, "PEO-044"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(fresh: Node, changed: dict[str, str], code: str) -> None:
    before = fresh.folder.settings.read_bytes()
    text = send(TestClient(web(fresh)), **changed)
    assert code in text and 'value="Lê Thị Ữ"' in text and FORM["password"] not in text
    assert fresh.folder.settings.read_bytes() == before and not (fresh.folder.root / "officers.passwords").exists()


def test_without_a_code_of_this_start_nobody_sets_anything_up(fresh: Node) -> None:
    assert "PEO-043" in send(TestClient(web(fresh, "")), code="")


def test_guessing_the_code_is_slowed_down_like_the_door(fresh: Node) -> None:
    client = TestClient(web(fresh))
    answers = [send(client, code=f"{n:08x}") for n in range(12)]
    assert "PEO-043" in answers[0] and "PEO-011" in answers[-1]
    assert "PEO-011" in send(client), "even the right code waits"
