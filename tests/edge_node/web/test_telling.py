"""After an answer to a case the desk says what was answered and what happens next: once, as a status, without a word or a name in the address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

import edge_node.web
from edge_node.app import Node
from edge_node.intake.service import dossier
from edge_node.resolution.correcting import correct
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters.web.templating import KIT
from sync_protocol.adapters.web.words import Words
from sync_protocol.bodies import DuplicateSuspected
from sync_protocol.ids import OfficeCode, RecordId
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in

ELSEWHERE = RecordId(b"E" * 16)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    one = make_node(tmp_path / "node", Clock())
    yield one
    one.close()


def said(client: TestClient[Litestar], path: str) -> str:
    found = re.search(r'<div class="notice done" role="status"[^>]*>(.*?)</div>', client.get(path).text, re.DOTALL)
    return re.sub(r"<[^>]*>", "", found[1]) if found else ""


def press(client: TestClient[Litestar], way: str, **boxes: str) -> tuple[str, str]:
    """Answer a case; returns where that led, and what the page there says as a status."""
    answer = client.post(f"/conflicts/{way}", data={**boxes, "_csrf_token": client.cookies["form"]}, follow_redirects=False)
    assert answer.status_code == 303, re.sub(r"<[^>]*>", "", answer.text)[-600:]
    return answer.headers["location"], said(client, answer.headers["location"])


def test_a_judged_pair_is_confirmed_once_with_what_follows_and_the_way_to_its_dossier(node: Node) -> None:
    made = receive_one(node)
    told = DuplicateSuspected(kind="dossier", other_rid=ELSEWHERE, other_office=OfficeCode("03401"), tier=1)
    node.desk.ledger.save(Act("all", "intake", "suspect"), [Draft(made.rid, told)])
    client = signed_in(web_of(node), "only-resolving")
    boxes = {"rid": made.rid.hex(), "other": ELSEWHERE.hex(), "kind": "dossier", "same": "yes"}
    refused = client.post("/conflicts/pair", data={**boxes, "_csrf_token": client.cookies["form"]})
    assert refused.status_code >= 400 and said(client, "/conflicts") == ""
    to, text = press(client, "pair", **boxes, reason="nộp hai nơi")
    assert to == "/conflicts" and text.startswith(f"Đã ghi: hồ sơ {made.code} và hồ sơ kia là một. Tiếp theo, đóng một hồ sơ bằng văn bản trả lại.")
    assert "khi có kết nối" in text and text.endswith("Mở hồ sơ đó")
    assert said(client, "/conflicts") == ""


def test_a_correction_that_is_approved_or_refused_is_called_so_and_its_value_is_not_repeated(node: Node) -> None:
    client = signed_in(web_of(node), "only-leader")
    for value, word in (("1985-02-03", "Đã duyệt sửa mục"), ("1985-02-01", "Không duyệt sửa mục")):
        made = receive_one(node, number=f"00118500070{value[-1]}")
        correct(node.desk, "only-resolving", made.rid, "birth_date", "1985-02-03", proof="giấy khai sinh số 12")
        (conflict,) = dossier(node.desk, made.rid).conflicts
        _, text = press(client, "value", rid=made.rid.hex(), conflict=conflict.id.hex(), value=value, reason="theo giấy khai sinh")
        assert text.startswith(word) and made.code in text and "1985" not in text


def test_who_signs_out_or_opens_another_page_first_is_told_nothing_false(node: Node) -> None:
    client = signed_in(web_of(node), "only-resolving")
    assert said(client, "/conflicts") == "" and said(client, "/conflicts?told=value&code=1") == ""


@pytest.mark.parametrize(
    "word",
    [
        *(f"{answer}_{kind}" for answer in ("same", "not_same") for kind in ("dossier", "document", "code")), "reissue_document", "value", "approved", "refused",
        "new_code", "accepted", "dismissed", "reuse_keep", "reuse_withdraw", "law", "correction", "sent", "sent_later",
    ],
)  # fmt: skip
def test_every_answer_has_its_sentence(word: str) -> None:
    assert f"told.{word}" in Words([KIT / "words.toml", Path(str(edge_node.web.__file__)).parent / "words.toml"]).ids()
