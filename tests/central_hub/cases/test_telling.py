"""After an answer the next page says what was answered and what happens next: once, as a status, and without a word in the address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

import central_hub.web
from central_hub.app import Hub
from central_hub.cases.model import Case
from sync_protocol.adapters.web.templating import KIT
from sync_protocol.adapters.web.words import Words
from tests.browser.desk import Clock
from tests.browser.hub import client_of, make_hub
from tests.central_hub.cases.test_cases import double_filing, two_names


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    yield one
    one.store.close()


def press(client: TestClient[Litestar], case: Case, act: str, **boxes: str) -> tuple[str, str]:
    """Send a form of the case; returns where it led, and what that page says as a status."""
    data = {**boxes, "_csrf_token": client.cookies["form"]}
    answer = client.post(f"/cases/{case.rid.hex()}/{case.id.hex()}/{act}", data=data, follow_redirects=False)
    assert answer.status_code == 303
    to = answer.headers["location"]
    assert "?" not in to
    return to, said(client, to)


def said(client: TestClient[Litestar], path: str) -> str:
    found = re.search(r'<div class="notice done" role="status"[^>]*>(.*?)</div>', client.get(path).text, re.DOTALL)
    return re.sub(r"<[^>]*>", "", found[1]) if found else ""


def test_the_answer_to_a_pair_is_confirmed_once_with_what_follows(hub: Hub) -> None:
    client = client_of(hub, "all")
    to, text = press(client, double_filing(hub), "decide", choice="same", reason="nộp hai nơi")
    assert to == "/cases"
    assert text.startswith("Đã ghi: hồ sơ 00101-") and "đóng một hồ sơ bằng văn bản trả lại" in text and "00101, 03401" in text
    assert said(client, "/cases") == ""


def test_a_proposal_says_that_another_person_is_needed_and_its_approval_says_who_gets_it(hub: Hub) -> None:
    case, client, other = two_names(hub), client_of(hub, "conflict_officer"), client_of(hub, "all")
    to, text = press(client, case, "take")
    assert to.endswith(case.id.hex()) and text.startswith("Bạn đang giữ việc này")
    assert "một người khác mở việc này rồi duyệt" in press(client, case, "decide", choice="Lê Thị Ơn", reason="căn cước")[1]
    to, text = press(other, case, "withdraw")
    assert "Việc vẫn mở" in text
    press(client, case, "decide", choice="Lê Thị Ơn", reason="căn cước")
    to, text = press(other, case, "approve")
    assert text.startswith("Đã duyệt đề nghị cho hồ sơ") and "kết quả đến các cơ quan" in text and "Ơn" not in text


def test_an_answer_leads_back_to_the_question_that_the_list_was_asked(hub: Hub) -> None:
    case, client = double_filing(hub), client_of(hub, "all")
    client.get("/cases?kind=dossier")
    data = {"choice": "not_same", "reason": "hai con", "_csrf_token": client.cookies["form"]}
    answer = client.post(f"/cases/{case.rid.hex()}/{case.id.hex()}/decide", data=data, follow_redirects=False)
    assert answer.headers["location"] == "/cases?kind=dossier"
    assert "cả hai đi tiếp" in said(client, "/cases?kind=dossier")


def test_what_is_refused_confirms_nothing(hub: Hub) -> None:
    case, client = double_filing(hub), client_of(hub, "all")
    data = {"choice": "same", "reason": "", "_csrf_token": client.cookies["form"]}
    answer = client.post(f"/cases/{case.rid.hex()}/{case.id.hex()}/decide", data=data)
    assert answer.status_code == 422 and said(client, "/cases") == ""


@pytest.mark.parametrize("kind", ["dossier", "document", "code"])
@pytest.mark.parametrize("choice", ["same", "not_same", "reissue"])
def test_every_answer_to_a_pair_has_its_sentence(kind: str, choice: str) -> None:
    known = Words([KIT / "words.toml", Path(str(central_hub.web.__file__)).parent / "words.toml"]).ids()
    assert (f"told.{choice}_{kind}" in known) is (choice != "reissue" or kind == "document")
