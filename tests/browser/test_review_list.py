"""A list of workers reviewed in a real browser: doubtful cells only, rows added and removed, and all of it typed where nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.intake.service import Received, dossier
from sync_protocol.ids import DocumentId
from sync_protocol.view import DocumentView
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.lists import WORKERS, listed
from tests.browser.officers import KEY_PASSPHRASE, give_keys

Paper = tuple[Received, DocumentId]
T = TypeVar("T")


class Desk:
    """A served node, its browser, and two lists: one read, one to be typed."""

    def __init__(self, node: Node, address: str, browser: Browser, read: Paper, typed: Paper) -> None:
        self.node, self.address, self.browser, self.read, self.typed = node, address, browser, read, typed

    def at(self, paper: Paper) -> Page:
        page = self.browser.new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        sign_in(page, self.address, "all", PASSWORD)
        page.goto(f"{self.address}/dossiers/{paper[0].rid.hex()}/papers/{paper[1].hex()}")
        return page

    def document(self, paper: Paper) -> DocumentView:
        with ThreadPoolExecutor(1) as pool:
            found = pool.submit(lambda: dossier(self.node.desk, paper[0].rid).document(paper[1])).result()
        assert found is not None
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root, clock = tmp_path_factory.mktemp("lists"), Clock()
    node = make_node(root / "node", clock)
    authority = give_keys(node, root / "pki")
    begins = authority.people["officer_rsa"].certificate.not_valid_before_utc.replace(microsecond=0)
    clock.at = begins + (authority.people["officer_rsa"].certificate.not_valid_after_utc - begins) / 2
    node.open_key("all", KEY_PASSPHRASE)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(listed, node, stated=4).result()
        typed = pool.submit(lambda: listed(node, read=False)).result()
    with served(web_of(node)) as address, opened() as browser:
        yield Desk(node, address, browser, read, typed)
    node.close()


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()")
    )


def test_only_doubtful_cells_stop_the_cursor_and_their_boxes_are_outlined(desk: Desk) -> None:
    page = desk.at(desk.read)
    page.locator(".listed input[data-stop]").first.focus()
    stops = []
    while "data-confirm" not in page.evaluate("document.activeElement.outerHTML.slice(0, 200)"):
        stops.append(focused(page))
        assert page.evaluate(
            "document.querySelector('.listed rect.active').dataset.field === document.activeElement.closest('td').dataset.field"
        )
        page.keyboard.press("Enter")
    assert stops == ["dòng 2: Họ và tên", "dòng 3: Mã số BHXH", "dòng 3: Số ngày"]
    page.locator(".listed input[data-stop]").nth(1).focus()
    page.keyboard.press("Shift+Enter")
    assert focused(page) == "dòng 3: Họ và tên"
    shown = page.locator("[data-cell-strip]")
    page.locator(".listed input[data-stop]").first.focus()
    expect(shown).to_be_visible()
    expect(page.locator("[data-cell-reason]")).to_contain_text("Trần Văn Bữu")


def test_a_list_is_confirmed_by_keyboard_when_every_doubt_and_the_count_are_settled(desk: Desk) -> None:
    page = desk.at(desk.read)
    for field in ("issue_date", "document_name", "issuing_body"):
        if page.locator(f"#f-{field}").input_value() == "":
            page.locator(f"#f-{field}").fill(
                "05/10/2026" if field == "issue_date" else "CÔNG TY CỔ PHẦN DỆT MAY SÔNG LÔ"
            )
    page.locator("#f-tax_code").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".error-summary")).to_contain_text("4 dòng")
    page.locator("#recounted").check()
    page.locator("#f-tax_code").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".error-summary")).to_contain_text("dòng 2, Họ và tên")
    page.locator(".listed input[data-stop]").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("0312345679")
    page.keyboard.press("Enter")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.locator("tr[data-new] input[type=text]").first.fill("Đặng Thị Ữ")
    page.locator("label[for='x-r001']").click()
    page.locator("#f-tax_code").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice").first).to_contain_text("đã xác nhận")
    rows = desk.document(desk.read).confirmed_rows
    assert [(row["full_name"], row.get("bhxh_number"), row.get("days")) for row in rows.values()] == [
        ("Trần Văn Bửu", "0212345678", "5"), ("Lê Thị Chuyên", "0312345679", "2"), ("Đặng Thị Ữ", None, None),
    ]  # fmt: skip
    page.goto(f"{desk.address}/dossiers/{desk.read[0].rid.hex()}")
    expect(page.locator("table", has_text="Đặng Thị Ữ")).to_have_count(1)


def test_a_whole_list_is_typed_where_nothing_reads(desk: Desk) -> None:
    page = desk.at(desk.typed)
    for field in ("organisation_name", "unit_number", "document_name", "issuing_body"):
        page.locator(f"#f-{field}").fill("Danh sách")
    if page.locator("#f-issue_date").count():
        page.locator("#f-issue_date").fill("05/10/2026")
    page.locator(".listed input[data-new]").first.focus()
    for worker in WORKERS:
        for text in (*worker[1:5], "05/10/2026", "08/10/2026", worker[5], "", ""):
            page.keyboard.type(text)
            page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert "data-confirm" in page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    page.keyboard.press("Enter")
    expect(page.locator(".notice").first).to_contain_text("đã xác nhận")
    rows = list(desk.document(desk.typed).confirmed_rows.values())
    assert [row["full_name"] for row in rows] == [worker[1] for worker in WORKERS]
    assert rows[0] == {
        "full_name": "Nguyễn Thị Ẵm", "bhxh_number": "0112345678", "birth_date": "01/02/1985", "personal_id": "001185012345",
        "leave_from": "05/10/2026", "leave_to": "08/10/2026", "days": "4",
    }  # fmt: skip


def test_rows_that_were_being_typed_survive_an_ended_session(desk: Desk) -> None:
    page = desk.at(desk.typed)
    page.locator("tr[data-new] input[type=text]").first.fill("Phạm Văn Dở")
    page.locator("[data-add-row]").click()
    page.keyboard.type("Vũ Thị Dang")
    page.reload()
    names = page.locator("tr[data-new] input[type=text]").evaluate_all(
        "all => all.map(one => one.value).filter(one => one)"
    )
    assert names == ["Phạm Văn Dở", "Vũ Thị Dang"]


def test_the_list_has_no_accessibility_violation_and_stays_on_both_screens(desk: Desk) -> None:
    for paper in (desk.read, desk.typed):
        page = desk.at(paper)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        for screen in (PHONE, DESK_SCREEN):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), screen
