"""Cases in a real browser: the pair on the screen is the pair that is settled, disagreement is shown, what was typed stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.intake.service import Received, dossier
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import DuplicateJudged, DuplicateSuspected, IdentityAsserted, StatusMoved
from sync_protocol.ids import DocumentId, OfficeCode, RecordId
from sync_protocol.merge_pairs import PairKey, key_of
from tests.browser.browser import opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.officers import receive_one

A, B, C, D = (DocumentId(letter * 16) for letter in (b"a", b"b", b"c", b"d"))
ELSEWHERE = RecordId(b"E" * 16)
FIRST: PairKey = ("document", ELSEWHERE, A, B)
SECOND: PairKey = ("document", ELSEWHERE, C, D)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, str, Browser]]:
    node = make_node(tmp_path_factory.mktemp("conflicts"), Clock())
    with served(web_of(node)) as address, opened() as browser:
        yield node, address, browser
    node.close()


@pytest.fixture
def received(desk: tuple[Node, str, Browser]) -> Received:
    """A dossier with two suspected papers, both at another office."""
    node, _, _ = desk
    made = receive_one(node)
    bodies = [
        DuplicateSuspected(kind="document", other_rid=other, other_office=OfficeCode("03401"), tier=tier, document_id=mine, other_document_id=theirs)
        for tier, (_, other, mine, theirs) in ((1, FIRST), (3, SECOND))
    ]  # fmt: skip
    node.desk.ledger.save(Act("all", "intake", "suspect"), [Draft(made.rid, body) for body in bodies])
    return made


def cases(desk: tuple[Node, str, Browser]) -> Page:
    _, address, browser = desk
    page = browser.new_page()
    sign_in(page, address, "only-resolving", PASSWORD)
    page.goto(f"{address}/conflicts")
    return page


def words(node: Node, rid: RecordId) -> dict[PairKey, str]:
    return {key_of(one): one.judged for one in dossier(node.desk, rid).suspicions}


def test_the_second_of_two_pairs_is_settled_and_the_first_stays(desk: tuple[Node, str, Browser], received: Received) -> None:
    node, _, _ = desk
    page = cases(desk)
    panels = page.locator("[data-case]", has_text=received.code)
    expect(panels).to_have_count(2)
    expect(panels.nth(1)).to_contain_text("Việc ")
    expect(panels.nth(0)).to_contain_text("cùng số")
    expect(panels.nth(1)).to_contain_text("không có số")
    panels.nth(1).get_by_role("textbox").fill("đã so hai bản giấy")
    panels.nth(1).get_by_role("button", name="Là một", exact=False).first.click()
    expect(panels).to_have_count(1)
    assert words(node, received.rid) == {FIRST: "", SECOND: "same"}


def test_of_papers_under_one_code_one_may_be_called_issued_again(desk: tuple[Node, str, Browser]) -> None:
    node, _, _ = desk
    made = receive_one(node)
    kind, other, mine, theirs = FIRST
    body = DuplicateSuspected(kind="document", other_rid=other, other_office=OfficeCode("03401"), tier=4, document_id=mine, other_document_id=theirs)
    node.desk.ledger.save(Act("all", "intake", "suspect"), [Draft(made.rid, body)])
    page = cases(desk)
    panel = page.locator("[data-case]", has_text=made.code)
    expect(panel).to_contain_text("cùng một mã kết quả số hóa")
    assert Axe().run(page).response["violations"] == []
    for _ in range(page.locator("[data-case]").count()):
        page.keyboard.press("F8")
        if panel.locator(":focus").count():
            break
    expect(panel.get_by_role("textbox")).to_be_focused()  # what is filled in, though links stand before it
    page.keyboard.insert_text("bản cấp lại ngày 05/01/2026")
    page.keyboard.press("F9")
    expect(page.locator("[data-case]", has_text=made.code)).to_have_count(0)
    assert words(node, made.rid) == {FIRST: "reissue"}


def test_a_form_without_a_reason_comes_back_at_its_own_case_and_settles_nothing(
    desk: tuple[Node, str, Browser], received: Received
) -> None:
    node, _, _ = desk
    page = cases(desk)
    panels = page.locator("[data-case]", has_text=received.code)
    panels.nth(1).get_by_role("button", name="Không phải một").click()
    expect(page.locator(".error-summary")).to_contain_text("Việc này phải ghi lý do")
    expect(panels.nth(1).get_by_role("textbox")).to_have_attribute("data-focus", "")
    expect(panels.nth(0).get_by_role("textbox")).not_to_have_attribute("data-focus", "")
    assert set(words(node, received.rid).values()) == {""}


def test_two_answers_that_differ_are_both_shown_and_the_next_one_closes_the_case(
    desk: tuple[Node, str, Browser], received: Received
) -> None:
    node, _, _ = desk
    for same in (True, False):
        kind, other, mine, theirs = SECOND
        body = DuplicateJudged(
            kind="document", other_rid=other, same=same, reason="x", officer="only-resolving", document_id=mine, other_document_id=theirs,
            office=node.identity.office,
        )  # fmt: skip
        node.desk.ledger.save(Act("only-resolving", "resolving", "judge"), [Draft(received.rid, body)])
    page = cases(desk)
    panel = page.locator("[data-case]", has_text=received.code).nth(1)
    expect(panel).to_contain_text("Hai người trả lời khác nhau")
    expect(panel.locator("li")).to_have_count(2)
    assert Axe().run(page).response["violations"] == []
    panel.get_by_role("textbox").fill("xem lại bản giấy: hai tờ khác nhau")
    panel.get_by_role("button", name="Không phải một").click()
    expect(page.locator("[data-case]", has_text=received.code)).to_have_count(1)
    assert words(node, received.rid) == {FIRST: "", SECOND: "not_same"}


def test_on_paper_both_values_stand_and_no_button(desk: tuple[Node, str, Browser]) -> None:
    node, _, _ = desk
    made = receive_one(node, number="001185012399")
    said = IdentityAsserted(field="name", value="Nguyễn Thị Ấm", proof="căn cước", officer="all")
    node.desk.ledger.save(Act("all", "intake", "assert"), [Draft(made.rid, said)])
    page = cases(desk)
    panel = page.locator("[data-case]", has_text=made.code)
    page.emulate_media(media="print")
    expect(panel.get_by_text("Nguyễn Thị Ấm", exact=True).last).to_be_visible()
    expect(panel.locator(".against")).to_have_count(2)
    expect(panel.locator(".against").first).to_be_visible()
    expect(panel.get_by_role("button")).to_have_count(0)
    expect(panel.get_by_role("textbox")).to_have_count(0)


def test_a_move_without_effect_is_told_in_words_and_answered_on_the_page(desk: tuple[Node, str, Browser]) -> None:
    node, address, _ = desk
    made = [receive_one(node, number=f"00118501230{n}") for n in range(2)]
    for one in made:
        late = StatusMoved(move="hand_over", office=OfficeCode("03401"), officer="cb-hy", at_ms=1)
        node.desk.ledger.save(Act("all", "intake", "move"), [Draft(one.rid, late, fence=0)])
    page = cases(desk)
    panel = page.locator("[data-case]", has_text=made[0].code)
    expect(panel).to_contain_text("bước “Chuyển hồ sơ” chưa có hiệu lực")
    expect(panel).to_contain_text("vì nơi làm không giữ quyền giải quyết")
    assert "not_custodian" not in page.content() and "hand_over" not in page.content()
    assert Axe().run(page).response["violations"] == []
    panel.get_by_role("button", name="Giữ nguyên, không làm").click()
    expect(page.locator(".error-summary")).to_contain_text("phải ghi lý do")
    panel.get_by_role("textbox").fill("đã chuyển bằng giấy")
    panel.get_by_role("button", name="Giữ nguyên, không làm").click()
    expect(page.locator("[data-case]", has_text=made[0].code)).to_have_count(0)
    page.goto(f"{address}/dossiers/{made[0].rid.hex()}")
    expect(page.locator("main")).to_contain_text("Lý do: đã chuyển bằng giấy")
    page.goto(f"{address}/conflicts")
    page.locator("[data-case]", has_text=made[1].code).get_by_role("button", name="Làm bước này").click()
    expect(page.locator(".error-summary")).to_contain_text("Nhờ người có vai trò")  # handing over is the counter's work
    page.close()
    counter = desk[2].new_page()
    sign_in(counter, address, "all", PASSWORD)
    counter.goto(f"{address}/conflicts")
    counter.locator("[data-case]", has_text=made[1].code).get_by_role("button", name="Làm bước này").click()
    expect(counter.locator("[data-case]", has_text=made[1].code)).to_have_count(0)
    assert dossier(node.desk, made[1].rid).state == "handed_over"
    counter.close()
