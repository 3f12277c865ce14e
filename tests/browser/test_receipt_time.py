"""The time of a receipt corrected in a real browser: both times and the effect on the deadline stand there before anything is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from edge_node.app import Node
from edge_node.intake.service import dossier
from edge_node.sync.clock_spans import note_clock
from tests.browser.browser import opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.officers import receive_one

Desk = tuple[Node, str, Browser, Clock]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    clock = Clock()
    node = make_node(tmp_path_factory.mktemp("receipt"), clock)
    with served(web_of(node)) as address, opened() as browser:
        yield node, address, browser, clock
    node.close()


def test_a_leader_sees_both_times_and_the_new_deadline_before_confirming(desk: Desk) -> None:
    node, address, browser, clock = desk
    clock.at += dt.timedelta(days=3)
    received = receive_one(node)
    node.store.writer.run(lambda c: note_clock(c, -3 * 86_400_000))
    clock.at -= dt.timedelta(days=3)
    before = dossier(node.desk, received.rid)
    path = f"{address}/dossiers/{received.rid.hex()}"

    officer = browser.new_context().new_page()
    sign_in(officer, address, "only-intake", PASSWORD)
    officer.goto(path)
    expect(officer.locator(".notice.warn", has_text="Đồng hồ máy sai")).to_contain_text("Lãnh đạo của nơi tiếp nhận")

    page = browser.new_context().new_page()
    sign_in(page, address, "only-leader", PASSWORD)
    page.goto(path)
    page.get_by_role("link", name="Xem và sửa thời điểm tiếp nhận").click()
    expect(page.locator(".panel").first).to_contain_text("23/11/2026 09:30")
    expect(page.locator(".panel").first).to_contain_text("nhanh 72 giờ")
    expect(page.get_by_label("Ngày tiếp nhận đúng")).to_have_value("20/11/2026")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Lý do, căn cứ").fill("sổ theo dõi ngày 20/11")
    page.get_by_role("button", name="Xem thay đổi").click()
    expect(page.locator("table")).to_contain_text("30/11/2026")
    expect(page.get_by_label("Lý do, căn cứ")).to_have_value("sổ theo dõi ngày 20/11")
    assert Axe().run(page).response["violations"] == []
    assert dossier(node.desk, received.rid).received_ms == before.received_ms, "nothing is recorded by looking"

    page.get_by_label("Giờ tiếp nhận đúng").fill("08:45")
    page.get_by_role("button", name="Ghi thời điểm đúng").click()
    expect(page.locator("table")).to_contain_text("20/11/2026 08:45")
    page.get_by_label("Giờ tiếp nhận đúng").fill("lúc trưa")
    page.get_by_role("button", name="Ghi thời điểm đúng").click()
    expect(page.locator(".error-summary")).to_contain_text("cần giờ và phút")
    page.get_by_label("Giờ tiếp nhận đúng").fill("09:15")
    page.get_by_role("button", name="Xem thay đổi").click()
    page.get_by_role("button", name="Ghi thời điểm đúng").click()
    expect(page.locator("main")).to_contain_text("23/11/2026 09:30 → 20/11/2026 09:15")
    expect(page.locator(".notice.warn", has_text="Đồng hồ máy sai")).to_have_count(0)  # it is put right
    expect(page.get_by_role("link", name="Xem và sửa thời điểm tiếp nhận")).to_have_count(1)
    view = dossier(node.desk, received.rid)
    assert view.due_date == "2026-11-30" and view.code == before.code
