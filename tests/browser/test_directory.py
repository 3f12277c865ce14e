"""The directory in a real browser: a draft from opening to publication by two people; every page accessible at both sizes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from central_hub.app import Hub
from central_hub.directory.web_state import law_desk_of
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, Clock, served
from tests.browser.directory import DIRECTORY_PAGES, fill_directory
from tests.browser.hub import make_hub, web_of_hub


class Directory:
    """A served hub with its browser."""

    def __init__(self, hub: Hub, address: str, browser: Browser) -> None:
        self.hub, self.address, self.browser = hub, address, browser

    def page(self, account: str) -> Page:
        page = self.browser.new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(20_000)
        sign_in(page, self.address, account, PASSWORD)
        return page


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    root = tmp_path_factory.mktemp("directory")
    hub = make_hub(root / "hub", Clock())
    fill_directory(hub, root)
    with served(web_of_hub(hub)) as address, opened() as browser:
        yield Directory(hub, address, browser)
    hub.store.close()


def test_every_page_is_accessible_fits_both_screens_and_asks_nobody_else(directory: Directory) -> None:
    page = directory.page("all")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    axe = Axe()
    for path in DIRECTORY_PAGES:
        page.goto(f"{directory.address}/{path}")
        expect(page.locator("h1")).to_have_count(1)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found = axe.run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        for screen in (PHONE, DESK_SCREEN):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} {screen}"
    assert asked and all(one.startswith((directory.address, "data:")) for one in asked)


def test_a_new_account_is_shown_its_secrets_once(directory: Directory) -> None:
    page = directory.page("operator")
    page.goto(f"{directory.address}/accounts")
    page.locator("summary").click()
    page.fill("#account", "hoa.dm")
    page.fill("#name", "Phạm Thị Ọc")
    page.check("#role-catalogue_keeper")
    page.get_by_role("button", name="Thêm tài khoản").click()
    expect(page.locator("h1")).to_have_text("Mật khẩu lần đầu của hoa.dm")
    assert page.locator("img[alt]").evaluate("(one) => one.naturalWidth") > 100
    assert Axe().run(page).violations_count == 0


def test_a_draft_is_edited_refused_to_its_author_and_published_by_another(directory: Directory) -> None:
    keeper, leader = directory.page("catalogue_keeper"), directory.page("leader")
    keeper.goto(f"{directory.address}/drafts/1")
    expect(keeper.locator("main")).to_contain_text("Hồ sơ đang mở bị ảnh hưởng")
    keeper.get_by_role("link", name="Sửa hoặc thêm mục").click()
    keeper.select_option("#place", "results")
    keeper.fill("#q", "the bao hiem y te")
    keeper.get_by_role("button", name="Tìm").click()
    keeper.get_by_role("link", name="KQ.G24.000004 · 2022-09-06").click()
    keeper.fill("#name", "")
    keeper.get_by_role("button", name="Ghi vào bản nháp").click()
    expect(keeper.locator("main")).to_contain_text("Tên: ô còn trống")
    keeper.fill("#name", "Thẻ bảo hiểm y tế điện tử")
    keeper.get_by_role("button", name="Ghi vào bản nháp").click()
    expect(keeper.locator("ins").first).to_be_visible()
    keeper.get_by_role("button", name="Gửi duyệt").click()
    expect(keeper.locator("main")).to_contain_text("Bạn đã tham gia soạn nên cần một người khác duyệt")
    leader.goto(f"{directory.address}/drafts/1")
    leader.get_by_role("button", name="Duyệt và phát hành").click()
    expect(leader.locator("main")).to_contain_text("Đã phát hành thành phiên bản 2, leader duyệt")
    assert law_desk_of(directory.hub).held.newest()[0] == 2


def test_the_accessibility_check_can_fail(directory: Directory) -> None:
    page = directory.page("leader")
    page.goto(f"{directory.address}/drafts")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert Axe().run(page).violations_count > 0
