"""The orders to erase in a real browser: asked for, seen by the second person, readable on a phone, without a finding of axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from central_hub.app import Hub
from central_hub.erasure import orders
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, Clock, served
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.web.test_pages import RID, fill

PAGES = ("erasures", f"erasures/{RID.hex()}", f"dossiers/{RID.hex()}")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    one.store.writer.run(lambda c: fill(c, one.now_ms()))
    event = one.store.readers.run(lambda c: orders.erasable(c, RID))[0].event
    one.store.writer.run(
        lambda c: orders.ask(
            c, RID, [event], number="7/QĐ-BHXH", reason="Đơn của chủ dữ liệu", officer="mai", now_ms=one.now_ms()
        )
    )
    yield one
    one.store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as one:
        yield one


def test_the_second_person_approves_in_the_browser_and_no_page_leaves_this_machine(
    hub: Hub, browser: Browser, tmp_path: Path
) -> None:
    asked: list[str] = []
    with served(web_of_hub(hub)) as address:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        sign_in(page, address, "all", PASSWORD)
        for size, screen in (("1280", DESK_SCREEN), ("360", PHONE)):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            for path in PAGES:
                page.goto(f"{address}/{path}")
                assert Axe().run(page).response["violations"] == [], f"{path} at {size}"
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} at {size}"
        page.goto(f"{address}/erasures")
        approve = page.get_by_role("button", name=re.compile("Phê duyệt và xóa"))
        expect(approve).to_be_hidden()  # what goes is looked at first
        page.locator("summary", has_text="Xem rồi phê duyệt").click()
        expect(page.get_by_text("Không lấy lại được")).to_be_visible()
        assert Axe().run(page).response["violations"] == []
        approve.click()
        expect(page.get_by_text("Đã thực hiện")).to_be_visible()
        page.goto(f"{address}/dossiers/{RID.hex()}")
        expect(page.get_by_text("đã xóa theo lệnh số 7/QĐ-BHXH")).to_be_visible()
        assert asked and all(url.startswith(address) for url in asked)
        page.close()
