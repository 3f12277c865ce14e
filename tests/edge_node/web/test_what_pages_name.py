"""What a person must decide is named: whose dossier, which paper, which other side, what each answer means, and who answers. No code stands for a paper."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.app import Node
from edge_node.coding.service import issue_code
from edge_node.intake.errors import ComponentTakenBack
from edge_node.intake.promise import IntakeForm
from edge_node.intake.reuse import Reusable
from edge_node.intake.service import Received, dossier, receive, take_papers
from edge_node.resolution.correcting import correct
from edge_node.resolution.withdrawing import withdraw_component
from edge_node.review.service import confirm
from edge_node.revoking.service import revoke
from edge_node.store.ledger import Act, Draft
from edge_node.web.routes import conflicts
from sync_protocol.bodies import DuplicateSuspected, Party
from sync_protocol.ids import DocumentId, OfficeCode, RecordId
from sync_protocol.view import DocumentView
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import KEY_PASSPHRASE, coded_paper, give_keys, receive_one
from tests.edge_node.web.test_access import signed_in

ELSEWHERE, THERE = RecordId(b"E" * 16), OfficeCode("03401")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    clock = Clock()
    one = make_node(tmp_path / "node", clock)
    authority = give_keys(one, tmp_path / "pki")
    clock.at = authority.people["officer_rsa"].certificate.not_valid_before_utc + dt.timedelta(days=30)
    one.open_key("all", KEY_PASSPHRASE)
    yield one
    one.close()


def page(node: Node, path: str, account: str = "all") -> str:
    """A page's words, as whoever signed in reads them."""
    text = signed_in(web_of(node), account).get(path).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text.partition('<main id="main"')[2]))


def paper_of(node: Node, made: Received) -> DocumentView:
    return dossier(node.desk, made.rid).documents[0]


def suspect(node: Node, made: Received, kind: str, other: RecordId, mine: DocumentId | None = None, theirs: DocumentId | None = None) -> None:
    body = DuplicateSuspected(kind=kind, other_rid=other, other_office=THERE, tier=1, document_id=mine, other_document_id=theirs)  # type: ignore[arg-type]
    node.desk.ledger.save(Act("all", "intake", "suspect"), [Draft(made.rid, body)])


def test_a_pair_of_dossiers_names_both_people_and_what_each_answer_means(node: Node) -> None:
    one, other = receive_one(node, "Ngô Thị Bé"), receive_one(node, "Ngô Thị Bế", "001185000777")
    suspect(node, one, "dossier", other.rid)
    text = page(node, "/conflicts")
    assert "Người nộp: Ngô Thị Bé" in text and f"Hồ sơ kia: {other.code}, người nộp Ngô Thị Bế" in text
    assert "đóng một hồ sơ bằng văn bản trả lại" in text and "Bạn chỉ xem" not in text


def test_a_pair_whose_other_side_is_not_here_says_how_to_see_it_and_who_only_looks_is_told(node: Node) -> None:
    suspect(node, receive_one(node), "dossier", ELSEWHERE)
    text = page(node, "/conflicts", "only-intake")
    assert "chưa có tại máy này" in text and "vào Tra cứu" in text and "Bạn chỉ xem. Viên chức giải quyết trả lời" in text


def test_two_papers_that_may_be_one_are_named_and_differing_values_marked(node: Node) -> None:
    one, other = coded_paper(node, "GKS"), coded_paper(node, "GKS")
    theirs = paper_of(node, other).document_id
    confirm(node.desk, "all", other.rid, theirs, role="resolving", typed={"number_symbol": "124/CS"})
    suspect(node, one, "document", other.rid, paper_of(node, one).document_id, theirs)
    text = page(node, "/conflicts")
    assert "Giấy tờ: Giấy khai sinh hoặc trích lục khai sinh" in text and "Bản cấp lại: giấy được cấp lại" in text
    assert text.count("khác bên kia") == 2 and "124/CS khác bên kia" in text


def test_a_correction_says_which_value_stands_and_which_is_proposed_in_that_order(node: Node) -> None:
    made = receive_one(node)
    correct(node.desk, "only-resolving", made.rid, "birth_date", "1985-02-03", proof="giấy khai sinh số 12")
    assert re.search(r"Đang ghi ?01/02/1985.*Đề nghị sửa thành ?03/02/1985.*Duyệt giá trị này: 03/02/1985", page(node, "/conflicts", "only-leader"))


def test_cases_stand_page_by_page_each_once_and_an_answer_leads_back_to_its_page(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [receive_one(node, number=f"00118500070{number}") for number in range(3)]
    for one in made:
        suspect(node, one, "dossier", ELSEWHERE)
    assert "Trang này" not in page(node, "/conflicts")
    monkeypatch.setattr(conflicts, "SHOWN", 2)
    first, second = page(node, "/conflicts"), page(node, "/conflicts?skip=2")
    assert "Hồ sơ có việc: 3, nhận sớm nhất trước. Trang này: từ 1 đến 2" in first and "từ 3 đến 3" in second
    assert "Xem những hồ sơ tiếp theo" in first and "Xem những hồ sơ tiếp theo" not in second and "Về những hồ sơ đầu" in second
    assert [one.code in first for one in made] != [one.code in second for one in made] and all(one.code in first + second for one in made)
    client = signed_in(web_of(node), "all")
    text = client.get("/conflicts?skip=2").text
    last = next(one for one in made if one.code in second)
    form = {"rid": last.rid.hex(), "other": ELSEWHERE.hex(), "kind": "dossier", "same": "no", "skip": "2", "_csrf_token": client.cookies["form"]}
    assert 'name="skip" value="2"' in text
    assert last.code in client.post("/conflicts/pair", data=form).text  # refused without a reason, on its own page
    answer = client.post("/conflicts/pair", data={**form, "reason": "hai người"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/conflicts?skip=2")
    assert client.get("/conflicts?skip=-1").status_code == 400


def test_data_that_differ_from_the_papers_are_told_with_days_as_on_paper(node: Node) -> None:
    receive_one(node)
    party = Party(kind="person", name="Nguyễn Thị Ẵm", personal_id="001185012345", birth_date="1986-03-02")
    receive(node.desk, "all", IntakeForm(procedure="1.014166", channel="in_person", submitter="worker", applicant=party))
    assert "giấy tờ ghi “02/03/1986”" in page(node, "/conflicts") and "là “01/02/1985”" in page(node, "/conflicts")


def test_a_paper_is_chosen_by_its_name_and_number_not_by_a_code(node: Node) -> None:
    made = coded_paper(node, "GKS")
    form = signed_in(web_of(node), "all").get(f"/dossiers/{made.rid.hex()}").text.partition('id="proof-paper"')[2]
    assert "Giấy khai sinh hoặc trích lục khai sinh (số 123/CS)</option>" in form.partition("</select>")[0]


def test_a_paper_that_was_taken_back_is_read_only_and_says_why_and_what_next(node: Node) -> None:
    made = coded_paper(node, "GKS")
    paper = paper_of(node, made)
    withdraw_component(node.desk, "all", made.rid, paper.component_id, "giấy của người khác")
    address = f"/dossiers/{made.rid.hex()}/papers/{paper.document_id.hex()}"
    text = signed_in(web_of(node), "all").get(address).text
    assert "Giấy đã rút khỏi hồ sơ: Giấy khai sinh" in text and "Đã rút: giấy của người khác" in text and "bấm Thêm giấy tờ" in text
    assert 'name="v-number_symbol"' not in text and "data-confirm" not in text
    assert "Xem và sửa" not in page(node, f"/dossiers/{made.rid.hex()}")
    with pytest.raises(ComponentTakenBack):
        confirm(node.desk, "all", made.rid, paper.document_id, role="resolving", typed={"number_symbol": "9"})
    with pytest.raises(ComponentTakenBack):
        issue_code(node.desk, "all", made.rid, paper.document_id, node.key_of("all"))
    assert paper_of(node, made).number_symbol == "123/CS"


def test_a_revoked_paper_says_whose_it_was_where_it_is_reused_and_where_it_would_be(node: Node) -> None:
    first, second, third = coded_paper(node, "GKS"), receive_one(node), receive_one(node)
    paper = paper_of(node, first)
    part = next(one for one in second.components if one.document_type == "GKS")
    found = Reusable(first.rid, paper.document_id, "GKS", paper.codes[-1], first.code, paper.number_symbol, "", "", has_legal_value=False)
    take_papers(node.desk, "all", second.rid, {part.component_id: found}, checked="local_only", known=frozenset())
    assert "không cần nộp (mã" in page(node, f"/dossiers/{second.rid.hex()}")
    assert "Người nộpNguyễn Thị Ẵm" in page(node, f"/dossiers/{first.rid.hex()}/papers/{paper.document_id.hex()}/revoke")
    revoke(node.desk, "all", first.rid, paper.document_id, reason="cấp nhầm", sure=True)
    reusing = page(node, f"/dossiers/{second.rid.hex()}")
    assert "nay đã bị thu hồi" in reusing and "không cần nộp (mã" not in reusing and reusing.count("Mở trang Cần đối chiếu") == 2
    offered = page(node, f"/dossiers/{third.rid.hex()}/reuse")
    assert "Giấy bị thu hồi bởi BHXH cơ sở Đống Đa" in offered and "đề nghị người nộp đưa giấy khác" in offered and "cấp nhầm" in offered
