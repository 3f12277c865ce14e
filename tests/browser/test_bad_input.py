"""What goes wrong at a desk, in a real browser: the server away under an open page, a printer that is away, a wrong file.

The others of issue 6's list stand with the work they disturb: a session that ends (test_desk, test_intake, test_review_list), a double click
and the back button, two officers on one field (test_intake), the scanner (test_tray), a killed node (test_full_day).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Route, expect

from edge_node.intake.service import Received, dossier
from edge_node.people.passwords import open_passwords
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from tests.browser.browser import opened
from tests.browser.desk import CHEAP, Clock, make_node, served
from tests.browser.officers import KEY_PASSPHRASE, give_keys, receive_one, scanned_paper
from tests.browser.test_desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root, clock = tmp_path_factory.mktemp("bad"), Clock()
    node = make_node(root / "node", clock)
    certificate = give_keys(node, root / "pki").people["officer_rsa"].certificate
    clock.at = certificate.not_valid_before_utc.replace(microsecond=0) + dt.timedelta(days=30)
    paper = root / "giay-chung-sinh.jpg"
    paper.write_bytes(scanned_paper())
    node.open_key("all", KEY_PASSPHRASE)
    app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), refresh_s=1)
    with served(app) as address, opened() as browser:
        yield Desk(node, clock, address, browser, paper)
    node.close()


def stop_server(page: Page) -> None:
    """Every request is refused, as by a machine whose service has stopped."""

    def refuse(route: Route) -> None:
        route.abort("connectionrefused")

    page.route("**/*", refuse)


def test_a_server_that_stops_under_an_open_page_is_told_and_what_is_typed_waits_for_it(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/lookup")
    page.fill("#dossier", "G12.00101-261120-0001")
    page.fill("#reason", "giải quyết chế độ")
    stop_server(page)
    away = page.locator("#away")
    expect(away).to_be_visible()
    expect(away).to_contain_text("Không tới được máy chủ của điểm này từ")
    expect(page.locator("#bar")).to_be_hidden()
    assert Axe().run(page).violations_count == 0
    page.fill("#value", "001185012345")
    page.keyboard.press("Enter")
    expect(away).to_be_focused()
    assert page.url.endswith("/lookup") and page.input_value("#reason") == "giải quyết chế độ"
    page.unroute("**/*")
    expect(away).to_be_hidden()
    expect(page.locator("#bar")).to_be_visible()
    assert page.input_value("#value") == "001185012345"
    page.locator("#value").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Chưa thấy hồ sơ nào")


def test_a_form_sent_at_the_moment_the_server_is_back_goes_through_once(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/intake")
    page.locator("#name").press_sequentially("Hoàng Thị Ổi")
    stop_server(page)
    expect(page.locator("#away")).to_be_visible()
    page.unroute("**/bar")  # the page has not asked again when the key is pressed
    page.unroute("**/*")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" and one.url.endswith("/intake") else None)
    page.get_by_role("button", name="Nhận hồ sơ").press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    assert len(sent) == 1 and page.input_value("#name") == "Hoàng Thị Ổi"


def test_a_slip_that_did_not_come_out_of_the_printer_is_opened_again_without_a_new_number(desk: Desk) -> None:
    received = receive_one(desk.node, "Bùi Thị Ẩm", "001185000555")
    page = desk.page()
    page.goto(f"{desk.address}/dossiers/{received.rid.hex()}")
    page.get_by_role("button", name="In và ký phiếu").click()
    link = page.get_by_role("link", name="Mẫu 01")
    expect(link).to_have_count(1)
    address = f"{desk.address}{link.get_attribute('href')}"
    first = page.request.get(address)
    page.reload()
    again = page.request.get(address)
    assert first.body()[:5] == b"%PDF-" and first.body() == again.body()
    expect(page.get_by_role("link", name="Mẫu 01")).to_have_count(1)
    assert len(dossier(desk.node.desk, received.rid).slips) == 1


def one_pixel() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1, 1), "white").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bang-luong.docx", b"PK\x03\x04" + bytes(200), "không phải PDF, JPEG, PNG"),
        ("quet-do.pdf", b"%PDF-1.7\n1 0 obj\n<<", "bị hỏng hoặc chưa chép xong"),
        ("trong.jpg", b"", "Tệp “trong.jpg” rỗng"),
        ("diem.png", one_pixel(), "chỉ có 1 × 1 điểm ảnh"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_do_and_takes_nothing_with_it(
    desk: Desk, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    received = receive_one(desk.node, "Bùi Thị Ẩm", "001185000556")
    part = received.components[0].component_id.hex()
    wrong = tmp_path / name
    wrong.write_bytes(content)
    page = desk.page()
    page.goto(f"{desk.address}/dossiers/{received.rid.hex()}/components/{part}")
    page.fill("#pages", "1")
    page.set_input_files("#files", [wrong])
    page.get_by_role("button", name="Lưu tệp và ký").click()
    desk.work()
    told = page.locator(".error-summary, .notice.warn").filter(has_text=said)
    expect(told).to_be_visible()
    assert dossier(desk.node.desk, received.rid).documents == ()
    if content:
        _is_counted_listed_and_put_aside(desk, page, received)
    page.goto(f"{desk.address}/dossiers/{received.rid.hex()}/components/{part}")
    page.fill("#pages", "1")
    page.set_input_files("#files", [desk.paper])
    page.get_by_role("button", name="Lưu tệp và ký").click()
    page.wait_for_url(lambda url: "/components/" not in url)
    desk.work()
    assert len(dossier(desk.node.desk, received.rid).documents) == 1


def _is_counted_listed_and_put_aside(desk: Desk, page: Page, received: Received) -> None:
    """The stopped scan is work of today, once in every count; another try cannot help, so it is put aside with its file kept."""
    page.goto(f"{desk.address}/today")
    row = page.locator("tr", has=page.locator(f"#d-{received.rid.hex()}"))
    expect(row).to_contain_text("Xem bản quét dừng lại")
    expect(page.locator("#bar")).to_contain_text("1 việc cần bạn xem")
    expect(page.locator("main")).to_contain_text("cần xem 1")
    row.locator("a").click()
    expect(page.get_by_role("button", name="Thử lại")).to_have_count(0)
    page.get_by_role("button", name="Bỏ lượt quét này, giữ tệp gốc").click()
    expect(page.locator("main .notice.warn")).to_have_count(0)
    expect(page.locator("#bar")).not_to_contain_text("cần bạn xem")
