"""The counter in a real browser: numbers drawn, called and ended by keys; the board of the hall; what both look like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.counter import service
from edge_node.people.passwords import open_passwords
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from sync_protocol.adapters.visits import visits_between
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node, served


class Hall:
    """A served node with a browser and a clock that only tests move."""

    def __init__(self, node: Node, clock: Clock, address: str, browser: Browser) -> None:
        self.node, self.clock, self.address, self.browser = node, clock, address, browser

    def page(self, path: str = "/quay") -> Page:
        page = self.browser.new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(20_000)
        sign_in(page, self.address, "all", PASSWORD)
        page.goto(self.address + path)
        return page

    def wait(self, minutes: int) -> None:
        self.clock.at += dt.timedelta(minutes=minutes)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    clock = Clock()
    node = make_node(tmp_path_factory.mktemp("hall") / "node", clock, roles=("intake",))
    app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), refresh_s=1)
    with served(app) as address, opened() as browser:
        yield Hall(node, clock, address, browser)
    node.close()


def test_a_morning_at_the_counter_by_keys(hall: Hall) -> None:
    page = hall.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.fill("#desk", "3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bàn số 3")).to_be_visible()
    for kind in ("Nộp hồ sơ", "Nhận kết quả"):
        page.get_by_role("button", name=kind).click()
        expect(page.locator(".notice")).to_contain_text(kind)
    with hall.browser.new_context() as board:
        screen = board.new_page()
        screen.goto(f"{hall.address}/quay/board")
        expect(screen.locator("main")).to_contain_text("2 người đang chờ")
        hall.wait(16)
        page.keyboard.press("F2")
        expect(page.locator(".called")).to_contain_text("1")
        expect(screen.locator(".board-number")).to_have_text("A-001")
        expect(screen.locator(".board-desk")).to_contain_text("bàn 3")
    page.keyboard.press("F4")
    expect(page.get_by_role("button", name="Kết thúc")).to_be_visible()
    hall.wait(5)
    page.keyboard.press("F8")
    expect(page.locator("main")).to_contain_text("Bàn đang trống")
    page.keyboard.press("F2")
    expect(page.locator(".called")).to_contain_text("2")
    page.keyboard.press("F9")
    expect(page.locator("main")).to_contain_text("Không có ai đang chờ")
    expect(page.locator(".numbers")).to_contain_text("16 phút 00 giây")
    found = hall.node.store.readers.run(lambda c: list(visits_between(c, 0, 2**60)))
    assert sorted((one.number, one.outcome, one.desk) for one in found) == [(1, "served", 3), (2, "no_show", 3)]
    assert asked and all(one.startswith((hall.address, "data:")) for one in asked)


def test_a_key_pressed_in_a_page_that_is_old_says_so_and_loses_nothing(hall: Hall) -> None:
    page = hall.page()
    page.fill("#desk", "5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bàn số 5")).to_be_visible()  # a key pressed on the page before would go with it
    drawn = service.draw(hall.node.desk, "all", "advice")
    page.keyboard.press("F2")
    expect(page.locator(".called")).to_contain_text(str(drawn.number))
    service.start(hall.node.desk, drawn.id, 5)
    page.keyboard.press("F9")
    expect(page.locator(".error-summary")).to_contain_text(f"Số {drawn.label}")
    page.keyboard.press("F8")
    expect(page.locator("main")).to_contain_text("Bàn đang trống")


def test_a_desk_number_that_is_none_is_said_and_kept(hall: Hall) -> None:
    page = hall.page()
    page.fill("#desk", "bàn ba")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Bàn số")
    assert page.input_value("#desk") == "bàn ba"


def test_the_ticket_prints_and_the_board_needs_nobody_signed_in(hall: Hall) -> None:
    page = hall.page()
    page.get_by_role("button", name="Bổ sung giấy tờ").click()
    link = page.get_by_role("link", name="80 mm").get_attribute("href") or ""
    answer = page.request.get(hall.address + link)
    assert answer.ok and answer.body().startswith(b"%PDF") and answer.headers["content-type"] == "application/pdf"
    stranger = hall.browser.new_context().request
    assert stranger.get(f"{hall.address}/quay/board").ok
    assert "/login" in stranger.get(hall.address + link).url


def test_counter_and_board_are_accessible_and_fit_both_screens(hall: Hall) -> None:
    for _ in range(8):
        service.draw(hall.node.desk, "all", "submit")
    called = service.call_next(hall.node.desk, "all", 1)
    service.call_next(hall.node.desk, "all", 2)
    assert called is not None
    page = hall.page()
    axe = Axe()
    for path in ("/quay", "/quay/board"):
        page.goto(hall.address + path)
        found = axe.run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        for screen in (PHONE, DESK_SCREEN):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} {screen}"
