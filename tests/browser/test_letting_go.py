"""Letting a dossier go in a real browser, with a real hub that judges: the form, the wait for the answer, the tombstone, the list, and the return by a look-up."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from central_hub.ingest.backup_cover import cover_feeds, feed_heads
from central_hub.store.epoch import begin_epoch
from sync_protocol import sender
from sync_protocol.ids import HubEpoch
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, served
from tests.browser.test_line import World

PERSON = "Vũ Thị Ổn"
PICTURES = os.environ.get("PICTURES", "")  # a folder, where somebody wants to look


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str, Browser]]:
    one = World(tmp_path_factory.mktemp("world"))
    one.hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(b"e" * 16), 1))  # a backup covers the feeds of a life
    with served(one.app) as address, opened() as browser:
        yield one, address, browser
    one.close()


def _news(one: World) -> None:
    """The desk is level with the hub, and has greeted it since."""

    async def take() -> None:
        assert one.live.driver is not None
        await one.live.driver.pull_all()
        await one.live.driver.greet_once()

    asyncio.run_coroutine_threadsafe(take(), one.loop).result(30)


def _look_up(page: Page, address: str) -> None:
    page.goto(f"{address}/lookup")
    page.fill("#value", "034 185 000 007")
    page.fill("#dossier", "G12.00101-261120-0001")
    page.fill("#reason", "giải quyết chế độ")
    page.get_by_role("button", name="Tra cứu").click()
    page.get_by_role("button", name="Mở hồ sơ").click()
    page.wait_for_url("**/dossiers/*")


def _look(page: Page, name: str) -> None:
    """Nothing runs over the side of a desk's screen or a telephone's."""
    for size, screen in (("desk", DESK_SCREEN), ("phone", PHONE)):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (name, size)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}.png", full_page=True)
    page.set_viewport_size(DESK_SCREEN)  # type: ignore[arg-type]


def test_a_dossier_that_was_looked_up_is_let_go_and_comes_back_by_another_look_up(world: tuple[World, str, Browser]) -> None:
    one, address, browser = world
    one.tell(sender.LineUp())
    page = browser.new_page()
    sign_in(page, address, "only-resolving", PASSWORD)
    _look_up(page, address)
    dossier = page.url
    main = page.locator("main")
    expect(main).to_contain_text(PERSON)

    page.locator("summary", has_text="Thôi theo dõi hồ sơ này").click()
    page.get_by_role("button", name="Thôi theo dõi").click()
    expect(page.locator(".error-summary")).to_contain_text("lý do thôi theo dõi")
    _look(page, "form")
    page.get_by_label("Lý do khác").check()
    page.get_by_label("Ghi rõ thêm").fill("mở nhầm khi tra cứu")
    page.get_by_role("button", name="Thôi theo dõi").click()
    expect(page.locator(".error-summary")).to_contain_text("ô xác nhận")
    expect(page.get_by_label("Ghi rõ thêm")).to_have_value("mở nhầm khi tra cứu")
    expect(page.get_by_label("Lý do khác")).to_be_checked()
    one.tell(sender.LineDown())
    expect(page.locator(".bar")).to_contain_text("Mất kết nối trung tâm")
    page.get_by_label("Tôi xác nhận cơ quan này không còn việc trong hồ sơ").check()
    page.get_by_role("button", name="Thôi theo dõi").click()
    expect(main).to_contain_text("Đã xin thôi theo dõi hồ sơ này; chờ Trung tâm trả lời")
    expect(page.locator("summary", has_text="Thôi theo dõi hồ sơ này")).to_have_count(0)
    _look(page, "asked")

    one.tell(sender.LineUp())
    expect(page.locator(".summary div", has_text="Tình trạng dữ liệu")).to_contain_text("Trung tâm đã nhận (số")
    _news(one)
    page.goto(dossier)
    expect(main.get_by_role("heading", level=1)).to_contain_text("03401-261122-0007")
    expect(main).to_contain_text("Đã thôi theo dõi")
    expect(main).to_contain_text("mở nhầm khi tra cứu")
    expect(main).to_contain_text("Chờ Trung tâm có bản dự phòng rồi xóa")
    assert PERSON not in page.content()
    one.hub.store.writer.run(lambda c: cover_feeds(c, feed_heads(c)))
    _news(one)
    page.reload()
    expect(main).to_contain_text("Đã xóa khỏi máy này")
    _look(page, "tombstone")
    page.get_by_role("link", name="Hồ sơ đã thôi theo dõi").click()
    expect(main.locator(".tasks li")).to_contain_text("03401-261122-0007")
    assert PERSON not in page.content()
    _look(page, "list")
    main.get_by_role("link", name="03401-261122-0007").click()

    page.get_by_role("link", name="Tra cứu lại").click()
    expect(page.locator("#dossier")).to_have_value("03401-261122-0007")
    _look_up(page, address)
    assert page.url == dossier
    expect(main).to_contain_text(PERSON)
    page.goto(f"{address}/let-go")
    expect(main.locator(".tasks li")).to_have_count(0)
