"""The tray in a real browser: a stack is scanned, arranged by keys alone, counted and signed; a phone adds its photos; sheets are printed."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.capture.arranging import Purpose, discard, open_empty
from edge_node.capture.jobs import waiting_jobs
from edge_node.capture.landing import lay_waiting, take
from edge_node.capture.marks import separator_text
from edge_node.capture.piles import Pile, piles_in
from edge_node.capture.service import work_off
from edge_node.capture.tending import tend
from edge_node.intake.service import dossier
from edge_node.people.passwords import open_passwords
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node, served
from tests.browser.officers import CARD, KEY_PASSPHRASE, give_keys, receive_one
from tests.doubles.escl_scanner import ScannerDouble, running
from tests.edge_node.capture.sheets import sheet, stack
from tests.edge_node.capture.test_straightened import photo


class Desk:
    """A served node with a scanner double, its tray tended as the serving command tends it."""

    def __init__(self, node: Node, address: str, browser: Browser, scanner: ScannerDouble) -> None:
        self.node, self.address, self.browser, self.scanner = node, address, browser, scanner

    def page(self, account: str = "all") -> Page:
        page = self.browser.new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(20_000)
        sign_in(page, self.address, account, PASSWORD)
        return page

    def piles(self) -> list[Pile]:
        return self.node.store.readers.run(lambda c: piles_in(c, "open"))

    def clear(self) -> None:
        for pile in self.piles():
            discard(self.node.desk, "all", pile.id, "thử xong")

    def work(self) -> None:
        """What the serving node's worker does, in a thread as there."""
        worker = threading.Thread(target=work_off, args=(self.node.desk, self.node.key_of))
        worker.start()
        worker.join(120)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root = tmp_path_factory.mktemp("tray")
    clock = Clock()
    scanner = ScannerDouble([])
    with running(scanner) as escl:
        settings = f'[[capture.scanners]]\nname = "Quầy Đống Đa"\naddress = "{escl}"\n'
        node = make_node(root / "node", clock, settings=settings)
        authority = give_keys(node, root / "pki")
        certificate = authority.people["officer_rsa"].certificate
        begins = certificate.not_valid_before_utc.replace(microsecond=0)
        clock.at = begins + (certificate.not_valid_after_utc - certificate.not_valid_before_utc) / 2
        app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), refresh_s=1)
        stop = asyncio.Event()
        loop = asyncio.new_event_loop()
        tending = threading.Thread(target=lambda: loop.run_until_complete(tend(node.desk, stop)), daemon=True)
        tending.start()
        with served(app) as address, opened() as browser:
            yield Desk(node, address, browser, scanner)
        loop.call_soon_threadsafe(stop.set)
        tending.join(60)
        node.close()


def test_a_stack_is_scanned_arranged_counted_and_signed_by_keyboard_alone(desk: Desk) -> None:
    desk.clear()
    received = receive_one(desk.node)
    part = received.components[0]
    desk.scanner.sheets = [
        sheet("trang hai"),
        sheet("trang một"),
        sheet("có ghi chú"),
        sheet("không ghi chú"),
        sheet("thừa"),
    ]
    page = desk.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{desk.address}/dossiers/{received.rid.hex()}/components/{part.component_id.hex()}")
    expect(page.locator("#pages")).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    _tab_to(page, "Quét vào khay")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tray/piles/*")
    expect(page.locator(".sheet")).to_have_count(5, timeout=60_000)
    expect(page.locator(".count")).to_contain_text("Thừa 1 ảnh")

    page.keyboard.press("Control+Enter")
    expect(page.locator(".error-summary")).to_contain_text("Đã khai 3 trang")
    assert desk.node.store.readers.run(waiting_jobs) == []
    page.goto(page.url.removesuffix("/purpose"))

    _tab_to_sheets(page)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Delete")
    expect(page.locator(".sheet")).to_have_count(4)
    _choose(page, 1)
    with page.expect_navigation():
        page.keyboard.press("Control+ArrowRight")
    _choose(page, 1)
    with page.expect_navigation():
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".sheet .thumb").first).to_have_class("thumb turn-1")
    with page.expect_navigation():
        page.keyboard.press("Shift+ArrowLeft")
    _choose(page, 3)
    with page.expect_navigation():
        page.keyboard.press("F2")  # the declared pair was marked by itself; a press takes it off, the next puts it back
    expect(page.locator(".count")).to_contain_text("Đủ 4 ảnh nhưng mới có 0 cặp")
    with page.expect_navigation():
        page.keyboard.press("F2")
    expect(page.locator(".count")).to_contain_text("Khớp: đếm 3 trang (1 trang có giấy ghi chú), có 4 ảnh")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/dossiers/*")
    page.fill("#key-passphrase", KEY_PASSPHRASE.decode())
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("đang mở trong lượt này")
    desk.work()
    view = dossier(desk.node.desk, received.rid)
    assert [(one.pages, one.images) for one in view.documents] == [(3, 4)]
    assert asked and all(one.startswith((desk.address, "data:")) for one in asked)
    # 409 is the count that was refused; a refresh that was under way when the next page was asked for is no complaint.
    assert [one for one in complaints if "409" not in one and not one.startswith("htmx:")] == []


def _tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        if (
            words in (page.evaluate("document.activeElement.textContent") or "")[:80]
            and page.evaluate("document.activeElement.tagName") == "BUTTON"
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {words} by keyboard")


def _tab_to_sheets(page: Page) -> None:
    page.locator(".sheet").first.wait_for()
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == "page":
            return
        page.keyboard.press("Shift+Tab")  # the page count has the focus; the pages stand before it
    raise AssertionError("no way to the pages by keyboard")


def _choose(page: Page, number: int) -> None:
    """Move the choice to the page with this number by the arrow keys."""
    expect(page.locator(".sheet input:checked")).to_be_focused()
    for _ in range(20):
        now = page.evaluate("[...document.querySelectorAll('.sheet input')].findIndex(one => one.checked) + 1")
        if now == number:
            return
        page.keyboard.press("ArrowLeft" if now > number else "ArrowRight")
    raise AssertionError(f"page {number} cannot be chosen")


def test_printed_separators_cut_a_scanned_stack_and_name_each_paper(desk: Desk, tmp_path: Path) -> None:
    desk.clear()
    received = receive_one(desk.node, "Lê Thị Ứng", "001185000778")
    page = desk.page()
    page.goto(f"{desk.address}/dossiers/{received.rid.hex()}/separators")
    page.emulate_media(media="print")
    take(desk.node.desk, "", "folder", [("in.pdf", _each_before_a_page(page.pdf(format="A4")))], place="in.pdf")
    page.emulate_media(media="screen")
    page.goto(f"{desk.address}/tray")
    expect(page.locator("#main")).to_contain_text(received.components[0].name, timeout=60_000)
    named = [pile.component_id for pile in desk.piles() if pile.rid == received.rid]
    assert named == [one.component_id for one in received.components]
    assert [len(pile.tray.pages) for pile in desk.piles()] == [1] * (len(received.components) + 1), (
        "a sheet ran over two pages"
    )


def _each_before_a_page(printed: bytes) -> bytes:
    """The printed sheets as a clerk puts them into a stack: each before one page of paper."""
    import pikepdf

    with (
        pikepdf.open(io.BytesIO(printed)) as sheets,
        pikepdf.open(io.BytesIO(stack(sheet("giấy")))) as paper,
        pikepdf.new() as made,
    ):
        for one in sheets.pages:
            made.pages.append(one)
            made.pages.append(paper.pages[0])
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def test_a_card_in_the_pile_fills_the_intake_and_a_slip_proposes_its_dossier(desk: Desk) -> None:
    desk.clear()
    received = receive_one(desk.node, "Trần Thị Ổn", "001185000779")
    take(
        desk.node.desk,
        "all",
        "upload",
        [("thẻ.jpg", sheet("thẻ", CARD)), ("giấy.jpg", sheet("giấy", f"lienthong:{received.code}"))],
    )
    page = desk.page()
    page.goto(f"{desk.address}/tray")
    expect(page.locator(".piles > li")).to_have_count(2, timeout=60_000)
    page.locator(".piles a").first.click()
    page.get_by_role("button", name="Tiếp nhận hồ sơ mới cho người này").click()
    expect(page.locator("#name")).to_have_value("NGUYỄN THỊ ẴM")
    page.goto(f"{desk.address}/tray")
    page.locator(".piles a").nth(1).click()
    page.get_by_role("button", name=f"Đúng, hồ sơ {received.code}").click()
    expect(page.locator("#component option")).to_have_count(len(received.components) + 1)


def test_a_phone_adds_a_photo_to_the_open_pile(desk: Desk, tmp_path: Path) -> None:
    desk.clear()
    received = receive_one(desk.node, "Đỗ Thị Ưng", "001185000780")
    page = desk.page()
    page.goto(f"{desk.address}/dossiers/{received.rid.hex()}/components/{received.components[0].component_id.hex()}")
    page.fill("#pages", "1")
    page.get_by_role("button", name="Chụp bằng điện thoại", exact=True).click()
    link = page.locator(".phone-offer .hint").inner_text()
    phone = desk.browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    phone.goto(link)
    assert received.code not in phone.content() and "Ưng" not in phone.content()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert Axe().run(phone).violations_count == 0
    photo = tmp_path / "anh.jpg"
    photo.write_bytes(sheet("chụp"))
    phone.set_input_files("#photo", photo)
    expect(phone.locator("main")).to_contain_text("Điểm đã nhận 1 ảnh")
    expect(page.locator(".sheet")).to_have_count(1, timeout=60_000)
    expect(page.locator(".count")).to_contain_text("Khớp")
    phone.goto(link[:-4] + "AAAA")
    expect(phone.locator("main")).to_contain_text("hết hạn")


def test_what_went_wrong_at_the_scanner_stands_on_the_screen(desk: Desk) -> None:
    desk.clear()
    desk.scanner.sheets, desk.scanner.jams_after, desk.scanner.feeder_state = (
        [sheet("một"), sheet("hai")],
        1,
        b"ScannerAdfJam",
    )
    page = desk.page()
    page.goto(f"{desk.address}/scanners")
    expect(page.locator("main")).to_contain_text("Kẹt giấy")
    page.get_by_role("button", name="Giấy A4 một mặt").click()
    expect(page.locator("main")).to_contain_text("kẹt giấy sau 1 ảnh", timeout=60_000)
    desk.scanner.sheets, desk.scanner.jams_after, desk.scanner.feeder_state = [sheet("hai")], None, b"ScannerAdfLoaded"
    page.locator("summary", has_text="Thêm ảnh").click()
    page.get_by_role("button", name="Quét tiếp").click()
    expect(page.locator(".sheet")).to_have_count(2, timeout=60_000)


def _full(desk: Desk) -> tuple[str, str]:
    """A tray with something of everything: (a dossier, a pile at work)."""
    desk.clear()
    received = receive_one(desk.node, "Nguyễn Thị Ẵm Ữ", "001185000781")
    part = received.components[0].component_id
    content = stack(
        sheet("một"),
        sheet("hai", CARD),
        sheet("x", separator_text(received.rid, part)),
        sheet("ba"),
        sheet(),
        sheet("ba"),
        sheet("bốn"),
    )
    take(desk.node.desk, "", "folder", [("may-quet.pdf", content)], place="quay-3/may-quet.pdf")
    take(desk.node.desk, "all", "upload", [("ghi chú.txt", b"a note")])
    open_empty(desk.node.desk, "all", "phone", "", Purpose(received.rid, part, declared_pages=2))
    while lay_waiting(desk.node.desk):
        pass
    pile = next(one for one in desk.piles() if one.component_id == part and one.tray.pages)
    return received.rid.hex(), pile.id.hex()


def test_the_trays_pages_have_no_accessibility_violation_and_fit_a_desk_and_a_phone_screen(desk: Desk) -> None:
    rid, pile = _full(desk)
    page = desk.page()
    axe = Axe()
    for address in ("/tray", f"/tray/piles/{pile}", "/scanners", f"/dossiers/{rid}/separators", f"/dossiers/{rid}"):
        page.goto(desk.address + address)
        page.locator("h1").wait_for()
        found = axe.run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        for screen in (PHONE, DESK_SCREEN):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} {screen}"


def test_a_photographed_sheet_shows_its_corners_and_a_person_takes_it_straightened_or_as_it_was(desk: Desk) -> None:
    desk.clear()
    take(desk.node.desk, "all", "phone", [("anh.jpg", photo())], pile=b"P" * 16)
    while lay_waiting(desk.node.desk):
        pass
    page = desk.page()
    page.goto(f"{desk.address}/tray/piles/{(b'P' * 16).hex()}")
    page.get_by_role("link", name="Xem bốn góc").click()
    drawn = page.locator("svg.corners polygon").bounding_box()
    assert drawn is not None and drawn["width"] > 300
    assert Axe().run(page).violations_count == 0
    for screen in (PHONE, DESK_SCREEN):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), screen
    page.get_by_role("button", name="Dùng bản nắn thẳng khổ A4").click()
    expect(page.locator(".sheet")).to_contain_text("Sẽ dùng bản nắn thẳng")
    page.get_by_role("link", name="Xem bốn góc").click()
    page.get_by_role("button", name="Giữ nguyên ảnh chụp").click()
    expect(page.locator(".sheet")).to_contain_text("có thể nắn thẳng")


def test_the_keys_can_fail(desk: Desk) -> None:
    """Canary: a key that no button carries changes nothing."""
    _, pile = _full(desk)
    page = desk.page()
    page.goto(f"{desk.address}/tray/piles/{pile}")
    before = page.locator(".sheet").count()
    page.locator(".sheet input").first.focus()
    page.keyboard.press("F4")
    assert page.locator(".sheet").count() == before and "page=" not in page.url
