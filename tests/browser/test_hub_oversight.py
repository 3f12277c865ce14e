"""Reports, cases, numbers, look-ups and oversight in a real browser: readable at both sizes, without a finding of axe, nothing from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from central_hub.app import Hub
from central_hub.cases.model import read_cases
from central_hub.figures.counting import count_all
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, Clock, served
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.cases.test_cases import double_filing
from tests.central_hub.figures.test_report_pages import tell
from tests.central_hub.numbers.test_changes import RIGHT, propose
from tests.offices import rid
from tests.sync_protocol.figures.stories import Story

NUMBER = "001185000001"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    double_filing(one)
    propose(one, "corrected", [rid(1)], old=NUMBER, new=RIGHT)
    day = Clock()().date()
    for number, late in ((51, 0), (52, 4)):
        tell(
            one,
            Story(
                number,
                "00101",
                day - dt.timedelta(days=4),
                0,
                day - dt.timedelta(days=2 + late),
                "online",
                ended=day,
                outcome="granted",
                open_parts=1,
            ),
        )
    count_all(one)
    yield one
    one.store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as one:
        yield one


def test_every_page_of_figures_and_oversight_reads_at_both_sizes_and_asks_nobody_else(
    hub: Hub, browser: Browser
) -> None:
    case = hub.store.readers.run(read_cases)[0]
    paths = (
        "gateways", "complaints", "reports", "reports/appendix", "reports/quality", "cases", f"cases/{case.rid.hex()}/{case.id.hex()}", "numbers", "lookup", "looks", "oversight",
    )  # fmt: skip
    asked: list[str] = []
    with served(web_of_hub(hub)) as address:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        sign_in(page, address, "all", PASSWORD)
        for size, screen in (("1280", DESK_SCREEN), ("360", PHONE)):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            for path in paths:
                page.goto(f"{address}/{path}")
                assert page.locator("h1").count() == 1, path
                assert Axe().run(page).response["violations"] == [], f"{path} at {size}"
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} at {size}"
        assert asked and all(url.startswith(address) for url in asked)
        page.close()


def test_an_officer_settles_a_double_filing_and_a_person_is_looked_up_by_keyboard_and_form(
    hub: Hub, browser: Browser
) -> None:
    with served(web_of_hub(hub)) as address:
        page = browser.new_page()
        sign_in(page, address, "all", PASSWORD)
        page.goto(f"{address}/cases")
        page.get_by_role("link", name="00101-261122-0001").first.click()
        expect(page.get_by_role("table")).to_contain_text("03401-261122-0002")
        page.fill("#reason", "hai con sinh đôi, hai hồ sơ riêng")
        page.get_by_role("button", name="Không phải một").click()
        page.wait_for_url("**/cases")
        expect(page.get_by_role("status")).to_contain_text("Đã ghi: hồ sơ 00101-261122-0001 và hồ sơ kia là hai")
        expect(page.get_by_role("status")).to_be_focused()
        assert Axe().run(page).response["violations"] == []
        expect(page.get_by_role("link", name="00101-261122-0001")).to_have_count(0)
        page.goto(f"{address}/lookup")
        page.fill("#dossier", "00101-9")
        page.fill("#reason", "giải quyết thai sản")
        page.fill("#value", NUMBER)
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("00101-261122-0001")
        assert "Lê Thị Ổn" not in page.content()
        page.get_by_role("button", name="Mở hồ sơ").first.click()
        expect(page.locator("main")).to_contain_text("0011••••0001")
        page.close()
