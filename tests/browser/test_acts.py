"""What officers add to a dossier on its page, and take back from it: notes that every office reads, a component that counts no more, a result that was wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.intake.service import Received, dossier
from edge_node.resolution.service import decide
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import ComponentDeclared, NoteAdded
from sync_protocol.ids import ComponentId, OfficeCode
from tests.browser.browser import opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.officers import receive_one

Desk = tuple[Node, str, Browser]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    node = make_node(tmp_path_factory.mktemp("acts"), Clock())
    with served(web_of(node)) as address, opened() as browser:
        yield node, address, browser
    node.close()


def opened_by(desk: Desk, account: str, made: Received) -> Page:
    page = desk[2].new_page()
    sign_in(page, desk[1], account, PASSWORD)
    page.goto(f"{desk[1]}/dossiers/{made.rid.hex()}")
    return page


def test_a_note_is_written_at_the_dossier_and_shown_with_who_and_when(desk: Desk) -> None:
    made = receive_one(desk[0])
    elsewhere = NoteAdded(text="dòng một\ndòng hai", officer="cb-hy", at_ms=desk[0].desk.now_ms(), office=OfficeCode("03401"))
    desk[0].desk.ledger.save(Act("all", "intake", "note"), [Draft(made.rid, elsewhere)])
    page = opened_by(desk, "only-archive", made)
    expect(page.locator(".note")).to_contain_text("Bảo hiểm xã hội cơ sở Thái Bình (03401), cb-hy, 20/11/2026 09:30")
    page.get_by_label("Thêm ghi chú").fill("")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".error-summary")).to_contain_text("Ghi chú phải có nội dung")
    page.get_by_label("Thêm ghi chú").fill("bản giấy ở <b>kho 2</b>")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator(".note")).to_have_count(2)
    expect(page.locator(".note").nth(1)).to_contain_text("bản giấy ở <b>kho 2</b>")
    expect(page.locator(".note").nth(1)).to_contain_text("BHXH cơ sở Đống Đa")
    assert Axe().run(page).response["violations"] == []
    page.close()


def test_a_component_taken_back_is_struck_through_with_its_reason(desk: Desk) -> None:
    made = receive_one(desk[0])
    name = made.components[0].name
    page = opened_by(desk, "only-resolving", made)
    page.get_by_text("Rút một thành phần").click()
    page.get_by_label("Thành phần", exact=True).select_option(index=1)
    page.get_by_role("button", name="Rút thành phần").click()
    expect(page.locator(".error-summary")).to_contain_text("phải ghi lý do")
    expect(page.get_by_label("Thành phần", exact=True)).to_have_value(made.components[0].component_id.hex())
    page.get_by_label("Lý do rút").fill("đính nhầm giấy của người khác")
    page.get_by_role("button", name="Rút thành phần").click()
    expect(page.locator("s")).to_have_text(name)
    expect(page.locator("main")).to_contain_text("Đã rút: đính nhầm giấy của người khác")
    assert Axe().run(page).response["violations"] == []
    assert [one.withdrawn_reason for one in dossier(desk[0].desk, made.rid).components][0]
    page.goto(f"{desk[1]}/dossiers/{made.rid.hex()}/components/{made.components[0].component_id.hex()}")
    page.close()
    other = opened_by(desk, "only-archive", made)
    expect(other.get_by_text("Rút một thành phần")).to_have_count(0)
    other.close()


def test_a_wrong_result_is_taken_back_and_shown_as_the_former_one(desk: Desk) -> None:
    node, address, _ = desk
    made = receive_one(node)
    decide(node.desk, "all", made.rid, "granted", number_symbol="12/QĐ-BHXH")
    page = opened_by(desk, "only-resolving", made)
    expect(page.get_by_text("Mở lại hồ sơ đã kết thúc")).to_have_count(0)  # a decision is the leader's
    page.close()
    page = opened_by(desk, "only-leader", made)
    page.get_by_text("Mở lại hồ sơ đã kết thúc").click()
    page.get_by_role("button", name="Mở lại hồ sơ").click()
    expect(page.locator(".error-summary")).to_contain_text("phải ghi lý do")
    page.get_by_label("Lý do mở lại").fill("cộng sai thời gian đóng")
    page.get_by_role("button", name="Mở lại hồ sơ").click()
    expect(page.locator("h1")).to_contain_text("Đang xử lý")
    expect(page.locator(".notice").first).to_contain_text("Kết quả trước: Giải quyết, số 12/QĐ-BHXH")
    expect(page.locator(".notice").first).to_contain_text("Lý do: cộng sai thời gian đóng")
    assert Axe().run(page).response["violations"] == []
    page.close()


def test_a_supplement_that_comes_after_the_result_is_a_case_with_its_two_answers(desk: Desk) -> None:
    node, address, _ = desk
    made = receive_one(node)
    decide(node.desk, "all", made.rid, "granted", number_symbol="13/QĐ-BHXH")
    late = ComponentDeclared(
        component_id=ComponentId(b"s" * 16), document_type="GKS", name="Giấy khai sinh", decision="digitize", is_supplement=True, office=OfficeCode("03401")
    )
    node.desk.ledger.save(Act("all", "intake", "declare"), [Draft(made.rid, late)])
    page = opened_by(desk, "all", made)
    page.goto(f"{address}/conflicts")
    panel = page.locator("[data-case]", has_text=made.code)
    expect(panel).to_contain_text("có giấy tờ bổ sung mà nơi kết thúc hồ sơ chưa thấy")
    expect(panel).to_contain_text("Đây là giấy tờ bổ sung nhận sau khi đã kết thúc")
    expect(panel.get_by_role("button", name="Giữ nguyên kết quả")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    panel.get_by_role("textbox").fill("xét lại theo giấy bổ sung")
    panel.get_by_role("button", name="Mở lại hồ sơ").click()
    expect(page.locator("[data-case]", has_text=made.code)).to_have_count(0)
    assert dossier(node.desk, made.rid).state == "in_processing"
    page.close()
