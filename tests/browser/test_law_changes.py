"""The row about a procedure that had ended, in a real browser: seen at the bar, at the dossier and in the list, closed with a reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from edge_node.app import Node
from edge_node.intake.service import dossier
from tests.browser.browser import opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.officers import receive_one
from tests.edge_node.resolution.test_law_changes import ended, published


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, str, Browser]]:
    node = make_node(tmp_path_factory.mktemp("law"), Clock())
    with served(web_of(node)) as address, opened() as browser:
        yield node, address, browser
    node.close()


def test_a_version_that_had_ended_is_told_and_kept_with_a_reason(desk: tuple[Node, str, Browser]) -> None:
    node, address, browser = desk
    received = receive_one(node)
    published(node, *ended(node))
    page = browser.new_page()
    sign_in(page, address, "only-resolving", PASSWORD)
    page.goto(f"{address}/dossiers/{received.rid.hex()}")
    expect(page.locator("main")).to_contain_text("hết hiệu lực ngày 15/11/2026")
    expect(page.locator("body")).to_contain_text("1 việc cần bạn xem")
    assert Axe().run(page).response["violations"] == []
    page.goto(f"{address}/conflicts")
    panel = page.locator("[data-case]", has_text=received.code)
    expect(panel).to_contain_text("kiểm tra lại thành phần và thời hạn")
    assert Axe().run(page).response["violations"] == []
    panel.get_by_role("button", name="Giữ như lúc tiếp nhận").click()
    expect(page.locator(".error-summary")).to_contain_text("phải ghi lý do")
    panel.get_by_role("textbox").fill("điều khoản chuyển tiếp giữ quy định cũ")
    panel.get_by_role("button", name="Giữ như lúc tiếp nhận").click()
    expect(page.locator("[data-case]")).to_have_count(0)
    assert len(dossier(node.desk, received.rid).versions_kept) == 1
    page.goto(f"{address}/dossiers/{received.rid.hex()}")
    expect(page.locator("main")).to_contain_text("Giữ phiên bản thủ tục lúc tiếp nhận")
    expect(page.locator(".notice.warn")).to_have_count(0)
