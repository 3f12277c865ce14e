"""The office's report in a real browser: a period chosen, frozen, downloaded and printed; the pictures of today's page."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator

import pypdfium2 as pdfium
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.counter import service
from edge_node.people.passwords import open_passwords
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node, served
from tests.browser.officers import receive_one


class Office:
    """A served node with a month of work behind it."""

    def __init__(self, node: Node, clock: Clock, address: str, browser: Browser) -> None:
        self.node, self.clock, self.address, self.browser = node, clock, address, browser

    def page(self, path: str, account: str = "all") -> Page:
        page = self.browser.new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(20_000)
        sign_in(page, self.address, account, PASSWORD)
        page.goto(self.address + path)
        return page


def work(node: Node, clock: Clock) -> None:
    """Dossiers on several days of the reporting month before, and visits of today."""
    for day, count in ((20, 3), (22, 5), (27, 2)):
        clock.at = dt.datetime(2026, 10, day, 2, 0, tzinfo=dt.UTC)
        for number in range(count):
            receive_one(node, f"Nguyễn Thị Ẵm {day}{number}", f"00118501{day:02d}{number:02d}")
    clock.at = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
    receive_one(node, "Lê Thị Hường", "001185000777")
    for minutes in (4, 12, 33):
        service.draw(node.desk, "all", "submit")
        clock.at += dt.timedelta(minutes=minutes)
        called = service.call_next(node.desk, "all", 1)
        assert called is not None
        service.start(node.desk, called.id, 1)
        clock.at += dt.timedelta(minutes=3)
        service.end(node.desk, "all", called.id, 1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = Clock()
    node = make_node(tmp_path_factory.mktemp("reports") / "node", clock, roles=("intake", "leader"))
    work(node, clock)
    app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), refresh_s=1)
    with served(app) as address, opened() as browser:
        yield Office(node, clock, address, browser)
    node.close()


def test_a_leader_chooses_a_period_freezes_it_and_downloads_it(office: Office) -> None:
    page = office.page("/bao-cao")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("main")).to_contain_text("Kỳ đang chạy")
    page.select_option("#period", "month-2026-10-15")
    page.get_by_role("button", name="Xem kỳ này").click()
    expect(page.locator("main")).to_contain_text("Kỳ đã kết thúc hết ngày 14/11/2026")
    row = page.get_by_role("row", name="Tiếp nhận trong kỳ 10", exact=True)
    expect(row).to_be_visible()
    page.get_by_role("button", name="Chốt báo cáo").click()
    expect(page.locator("main")).to_contain_text("Đã chốt lần 1")
    expect(page.get_by_role("columnheader", name="Đến sau khi chốt")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Khi chốt", exact=True)).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bảng xlsx").click()
    assert download.value.suggested_filename == "bao-cao-month-2026-10-15.xlsx"
    assert "xl/workbook.xml" in zipfile.ZipFile(download.value.path()).namelist()
    assert asked and all(one.startswith((office.address, "data:")) for one in asked)


def test_who_is_no_leader_sees_the_figures_and_freezes_nothing(office: Office) -> None:
    page = office.page("/bao-cao?period=month-2026-10-15", "only-intake")
    expect(page.get_by_role("heading", name="Báo cáo của cơ quan")).to_be_visible()
    expect(page.get_by_role("button", name="Chốt")).to_have_count(0)


def test_a_period_that_does_not_exist_is_said(office: Office) -> None:
    page = office.page("/bao-cao?period=week-2026")
    expect(page.locator("main")).to_contain_text("Không có kỳ báo cáo “week-2026”")


def test_todays_page_draws_who_came_and_how_long_they_waited(office: Office) -> None:
    page = office.page("/today")
    names = page.locator("figure.charted svg")
    expect(names).to_have_count(5)
    said = [names.nth(at).get_attribute("aria-label") or "" for at in range(5)]
    assert any("8 3; 9 0" in one for one in said), said
    assert any("Trên 30 đến 60 phút 1 lượt" in one for one in said), said
    assert any(one.startswith("Hàng chờ gửi, theo tuổi: ") and "Quá 24 giờ 10 mục" in one for one in said), said


def test_a_printed_report_is_the_table_without_the_screen_around_it(office: Office) -> None:
    page = office.page("/bao-cao?period=month-2026-10-15")
    printed = pdfium.PdfDocument(io.BytesIO(page.pdf(format="A4", print_background=True)))
    text = " ".join(" ".join(one.get_textpage().get_text_range().split()) for one in printed)
    assert "Tiếp nhận trong kỳ" in text and "15/10/2026 – 14/11/2026" in text and len(printed) <= 4
    for of_the_screen in ("Đăng xuất", "Xem kỳ này", "Tải bảng xlsx", "Mất kết nối"):
        assert of_the_screen not in text, of_the_screen


def test_report_and_pictures_are_accessible_and_fit_both_screens(office: Office) -> None:
    page = office.page("/today")
    axe = Axe()
    for path in ("/bao-cao", "/bao-cao?period=half_year-2026", "/today"):
        page.goto(office.address + path)
        expect(page.locator("figure.charted").first).to_be_visible()
        found = axe.run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        for screen in (PHONE, DESK_SCREEN):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} {screen}"
