"""What people type wrongly at the counter: named at its box with what to do, nothing saved, nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.errors import ActTooLong
from edge_node.intake.service import Received, dossier
from edge_node.resolution.service import hand_over, move
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import NoteAdded
from sync_protocol.lifecycle import DossierMove
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in

Desk = tuple[Node, TestClient[Litestar]]
GOOD = {
    "form_id": "", "kind": "person", "name": "TRẦN THỊ BƯỞI", "personal_id": "001185012399", "birth_date": "01/02/1985",
    "procedure": "1.014166", "rule": "worker|", "channel": "in_person", "outcome": "accept",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    node = make_node(tmp_path_factory.mktemp("typed") / "node", Clock())
    yield node, signed_in(web_of(node), "all")
    node.close()


def send(desk: Desk, to: str, /, **typed: str) -> tuple[int, str]:
    client = desk[1]
    answer = client.post(
        to, data=typed, headers={"x-csrftoken": client.cookies.get("form") or ""}, follow_redirects=False
    )
    return answer.status_code, answer.text


def held(node: Node) -> int:
    return len(node.store.readers.run(lambda c: projection.newest(c, 1000)))


@pytest.mark.parametrize(
    ("typed", "code", "box"),
    [
        ({"personal_id": "abc"}, "WEB-017", "personal_id"),
        ({"personal_id": "0011850I2399"}, "WEB-017", "personal_id"),
        ({"bhxh_number": "BHXH số 12"}, "WEB-017", "bhxh_number"),
        ({"birth_date": "31/02/1985"}, "WEB-013", "birth_date"),
        ({"birth_date": "01/01/2030"}, "WEB-018", "birth_date"),
        ({"birth_date": "2099"}, "WEB-018", "birth_date"),
        ({"birth_date": "01/01/1800"}, "WEB-018", "birth_date"),
        ({"channel": "postal", "postmark": "2026"}, "WEB-019", "postmark"),
        ({"channel": "postal", "postmark": "01/01/2030"}, "WEB-018", "postmark"),
        ({"name": "Ễ" * 501}, "WEB-020", "name"),
        ({"address": "dài " * 200}, "WEB-020", "address"),
        ({"note": "dài " * 1000}, "WEB-020", "note"),
        ({"authorised_id": "001185012311"}, "WEB-021", "authorised_name"),
        ({"name": "\u200b"}, "INT-005", "name"),
        ({"personal_id": "", "birth_date": ""}, "INT-005", "birth_date"),
        ({"kind": "organisation", "founded_year": "2099", "unit_number": ""}, "WEB-018", "founded_year"),
        ({"outcome": "refused", "explanation": "dài " * 2000}, "WEB-020", "explanation"),
    ],
)
def test_what_cannot_be_is_refused_at_its_box_and_everything_typed_is_kept(
    desk: Desk, typed: dict[str, str], code: str, box: str
) -> None:
    before = held(desk[0])
    status, page = send(desk, "/intake", doubt_seen="1", **{**GOOD, **typed})
    assert status in (400, 422) and code in page and f'href="#{box}"' in page
    assert f'id="{box}-error"' in page and "TRẦN THỊ BƯỞI" in page or box == "name"
    assert held(desk[0]) == before


def test_an_unknown_procedure_is_quoted_as_it_was_typed(desk: Desk) -> None:
    assert "“thai sản gì đó”" in send(desk, "/intake", **{**GOOD, "procedure": "thai sản gì đó"})[1]


def test_an_organisation_may_be_known_by_its_year_of_founding_alone(desk: Desk) -> None:
    typed = {**GOOD, "kind": "organisation", "name": "Công ty X", "founded_year": "1999", "rule": "employer|"}
    assert send(desk, "/intake", **typed)[0] == 303
    view = desk[0].store.readers.run(lambda c: projection.newest(c, 1))[0]
    assert view.applicant is not None and view.applicant.founded_year == "1999" and view.applicant.birth_date == ""


@pytest.fixture
def working(desk: Desk) -> Received:
    received = receive_one(desk[0])
    hand_over(desk[0].desk, "all", received.rid, to_section="Bộ phận nghiệp vụ")
    move(desk[0].desk, "all", received.rid, DossierMove.TAKE_UP)
    return received


@pytest.mark.parametrize(("typed", "code"), [("hôm qua", "WEB-013"), ("31/02/2026", "WEB-013"), ("01/01/2030", "WEB-018")])
def test_the_day_of_a_result_is_a_day_that_has_been(desk: Desk, working: Received, typed: str, code: str) -> None:
    where = f"/dossiers/{working.rid.hex()}/decision"
    assert code in send(desk, where, outcome="granted", number_symbol="1/QĐ", issue_date=typed)[1]
    assert dossier(desk[0].desk, working.rid).decision is None
    assert send(desk, where, outcome="granted", number_symbol="1/QĐ", issue_date="5.11.2026")[0] == 303
    decision = dossier(desk[0].desk, working.rid).decision
    assert decision is not None and decision.issue_date == "2026-11-05"


def test_nobody_is_asked_to_answer_by_a_day_that_is_past(desk: Desk, working: Received) -> None:
    typed = {"move": "consult", "consulted": "Công an phường", "reason": "xác minh", "answer_by": "01/11/2026"}
    assert "WEB-018" in send(desk, f"/dossiers/{working.rid.hex()}/move", **typed)[1]


def test_what_is_too_long_for_one_entry_of_the_log_blames_no_other_office(desk: Desk) -> None:
    node = desk[0]
    rid = receive_one(node).rid
    draft = Draft(rid, NoteAdded(text="ạ" * 100_000, officer="all", at_ms=1))
    with pytest.raises(ActTooLong) as told:
        node.desk.ledger.save(Act("all", "intake", "note"), [draft])
    assert "Rút ngắn" in told.value.clerk_next_step


def test_a_name_from_elsewhere_reads_in_the_order_of_its_letters(desk: Desk) -> None:
    received = receive_one(desk[0], "Nguyễn \u202eAn Ẵm\u202c", "001185020009")
    for page in ("/today?show=all", f"/dossiers/{received.rid.hex()}"):
        text = desk[1].get(page).text
        assert "Nguyễn An Ẵm" in text and "\u202e" not in text
