"""The page of the JSON interface: a packaged UI under the node's own policy, with the keyboard, for whoever may program against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.officers import receive_one


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Browser]]:
    root: Path = tmp_path_factory.mktemp("interface")
    node = make_node(root / "node", Clock())
    receive_one(node)
    with served(web_of(node)) as address, opened() as browser:
        yield address, browser
    node.close()


def page_of(desk: tuple[str, Browser], account: str) -> Page:
    page = desk[1].new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
    sign_in(page, desk[0], account, PASSWORD)
    return page


def test_every_operation_is_shown_and_tried_under_the_policy_without_asking_anybody_else(desk: tuple[str, Browser]) -> None:
    page, asked, complaints = page_of(desk, "all"), list[str](), list[str]()
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(f"{desk[0]}/api/v1/docs")
    assert answer is not None and "unsafe" not in answer.headers["content-security-policy"]
    operations = page.locator(".opblock")
    expect(operations).to_have_count(6)
    assert Axe().run(page).violations_count == 0
    for one in operations.all():
        one.locator(".opblock-summary-control").press("Enter")
        one.locator(".try-out__btn").press("Enter")
        expect(one.locator(".execute")).to_be_visible()
    drawing = page.locator(".opblock-post", has=page.locator('[data-path="/api/v1/tickets"]'))
    drawing.locator(".execute").press("Enter")
    expect(drawing.locator("td.response-col_status").nth(1)).to_contain_text("201")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for screen in (PHONE, DESK_SCREEN):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), screen
    assert {one for one in asked if not one.startswith((desk[0], "data:"))} == set() and complaints == []


def test_whoever_sees_no_dossier_does_not_see_the_interface(desk: tuple[str, Browser]) -> None:
    page = page_of(desk, "only-administrator")
    answer = page.goto(f"{desk[0]}/api/v1/docs")
    assert answer is not None and answer.status == 403 and page.locator("#interface").count() == 0
    stranger = desk[1].new_context().new_page()
    stranger.goto(f"{desk[0]}/api/v1/docs")
    assert "/login" in stranger.url
