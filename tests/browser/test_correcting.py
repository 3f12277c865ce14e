"""The applicant's identity corrected in a real browser: proposed by one, approved by another, shown with its proof; what was typed stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.intake.service import dossier
from tests.browser.browser import opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.officers import receive_one


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, str, Browser]]:
    node = make_node(tmp_path_factory.mktemp("correcting"), Clock())
    with served(web_of(node)) as address, opened() as browser:
        yield node, address, browser
    node.close()


def page_of(desk: tuple[Node, str, Browser], account: str, path: str) -> Page:
    _, address, browser = desk
    page = browser.new_context().new_page()
    sign_in(page, address, account, PASSWORD)
    page.goto(f"{address}{path}")
    return page


def test_a_number_is_corrected_by_two_people_and_the_old_one_stays_in_sight(desk: tuple[Node, str, Browser]) -> None:
    node, _, _ = desk
    received = receive_one(node)
    path = f"/dossiers/{received.rid.hex()}"
    page = page_of(desk, "only-resolving", path)
    page.locator("summary", has_text="Sửa thông tin người nộp").click()
    page.get_by_label("Giá trị đúng").fill("001 185 099 999")
    page.get_by_role("button", name="Đề nghị sửa").click()
    expect(page.locator(".error-summary")).to_contain_text("phải nêu giấy tờ chứng minh")
    expect(page.get_by_label("Giá trị đúng")).to_have_value("001 185 099 999")
    page.get_by_label("Giấy tờ chứng minh khác").fill("căn cước cấp ngày 01/02/2026")
    page.get_by_role("button", name="Đề nghị sửa").click()
    expect(page.locator("main")).to_contain_text("001185012345 → 001185099999")
    expect(page.locator("main")).to_contain_text("chờ duyệt")
    assert Axe().run(page).response["violations"] == []
    page.goto(page.url.split("/dossiers")[0] + "/conflicts")
    own = page.locator("[data-case]", has_text=received.code)
    expect(own).to_contain_text("chờ người khác duyệt")
    expect(own.get_by_role("button", name="Duyệt giá trị này")).to_have_count(0)

    other = page_of(desk, "only-leader", "/conflicts")
    panel = other.locator("[data-case]", has_text=received.code)
    expect(panel).to_contain_text("căn cước cấp ngày 01/02/2026")
    assert Axe().run(other).response["violations"] == []
    panel.get_by_role("textbox").fill("đã xem bản chính")
    panel.get_by_role("button", name="Duyệt giá trị này").click()
    expect(other.locator("[data-case]", has_text=received.code)).to_have_count(0)
    view = dossier(node.desk, received.rid)
    assert view.person("personal_id") == "001185099999" and view.former_numbers == (("personal_id", "001185012345"),)
    page.goto(page.url.split("/conflicts")[0] + path)
    expect(page.locator("main")).to_contain_text("Số định danh cá nhân cũ (vẫn tra được)")
    expect(page.locator("main")).to_contain_text("Chỉ leader duyệt lúc")
    assert Axe().run(page).response["violations"] == []


def test_a_birth_date_is_typed_as_on_paper_and_a_day_that_cannot_be_is_asked_back(desk: tuple[Node, str, Browser]) -> None:
    node, _, _ = desk
    received = receive_one(node, number="001185012346")
    page = page_of(desk, "only-resolving", f"/dossiers/{received.rid.hex()}")
    page.locator("summary", has_text="Sửa thông tin người nộp").click()
    page.get_by_label("Ngày sinh:").check()
    page.get_by_label("Giấy tờ chứng minh khác").fill("giấy khai sinh số 12")
    page.get_by_label("Giá trị đúng").fill("31/02/1985")
    page.get_by_role("button", name="Đề nghị sửa").click()
    expect(page.locator(".error-summary")).to_contain_text("Giá trị đúng")
    page.get_by_label("Giá trị đúng").fill("03/02/1985")
    page.get_by_role("button", name="Đề nghị sửa").click()
    expect(page.locator("main")).to_contain_text("01/02/1985 → 03/02/1985")
    other = page_of(desk, "only-leader", "/conflicts")
    panel = other.locator("[data-case]", has_text=received.code)
    panel.get_by_role("button", name="Giữ giá trị này").click()
    expect(other.locator(".error-summary")).to_contain_text("Việc này phải ghi lý do")
    panel.get_by_role("textbox").fill("giấy khai sinh ghi 01/02/1985")
    panel.get_by_role("button", name="Giữ giá trị này").click()
    expect(other.locator("[data-case]", has_text=received.code)).to_have_count(0)
    assert dossier(node.desk, received.rid).person("birth_date") == "1985-02-01"
