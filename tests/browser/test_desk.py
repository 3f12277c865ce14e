"""The desk in a real browser: the day's pages, seen and used as an officer uses them."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.capture.jobs import waiting_jobs
from edge_node.capture.service import work_off
from edge_node.people.passwords import open_passwords
from edge_node.store.node_store import write_state
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from sync_protocol.adapters import projection
from tests.browser.browser import DESK_SCREEN, opened, sign_in
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node, served
from tests.browser.officers import CARD, KEY_PASSPHRASE, give_keys, receive_one, scanned_paper

CAPITALS = "ẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰĐ"


class Desk:
    """A served node with its browser and one paper on the scanner."""

    def __init__(self, node: Node, clock: Clock, address: str, browser: Browser, paper: Path) -> None:
        self.node, self.clock, self.address, self.browser, self.paper = node, clock, address, browser, paper

    def page(self, account: str = "all", screen: dict[str, int] = DESK_SCREEN) -> Page:
        page = self.browser.new_context(viewport=screen).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        sign_in(page, self.address, account, PASSWORD)
        return page

    def work(self) -> None:
        """What the serving node's worker does, in a thread as there."""
        worker = threading.Thread(target=work_off, args=(self.node.desk, self.node.key_of))
        worker.start()
        worker.join(60)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root = tmp_path_factory.mktemp("desk")
    clock = Clock()
    node = make_node(root / "node", clock)
    authority = give_keys(node, root / "pki")
    clock.at = authority.people["officer_rsa"].certificate.not_valid_before_utc.replace(microsecond=0) + (
        (
            authority.people["officer_rsa"].certificate.not_valid_after_utc
            - authority.people["officer_rsa"].certificate.not_valid_before_utc
        )
        / 2
    )
    paper = root / "giay-chung-sinh.jpg"
    paper.write_bytes(scanned_paper())
    receive_one(node, CAPITALS)
    app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), refresh_s=1)
    with served(app) as address, opened() as browser:
        yield Desk(node, clock, address, browser, paper)
    node.close()


def test_a_wrong_password_is_said_on_top_and_the_account_is_kept(desk: Desk) -> None:
    page = desk.browser.new_page()
    page.goto(f"{desk.address}/today")
    page.fill("#account", "only-leader")
    page.fill("#password", "sai mật khẩu")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("chưa đúng")
    assert page.title().startswith("Lỗi: ") and page.input_value("#account") == "only-leader"
    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_the_live_page_shows_what_happened_elsewhere_without_a_reload(desk: Desk) -> None:
    page = desk.page()
    page.evaluate("window.stayed = true")
    received = receive_one(desk.node, "Lê Thị Hường", "001185000777")
    expect(page.locator("main")).to_contain_text(received.code)
    expect(page.locator(".bar")).to_contain_text("Mất kết nối trung tâm")
    assert page.evaluate("window.stayed") is True


def test_a_page_that_refreshes_itself_keeps_the_focus_and_what_was_unfolded(desk: Desk) -> None:
    page = desk.page()
    link = page.locator("tbody a").first
    link.focus()
    held = link.get_attribute("id")
    page.evaluate("document.querySelector('tbody tr').dataset.mark = 'untouched'")
    for _ in range(2):
        with page.expect_response("**/today/list*"):
            pass
    assert page.evaluate("document.activeElement.id") == held
    expect(page.locator("tbody tr").first).to_have_attribute("data-mark", "untouched")
    receive_one(desk.node, "Đỗ Thị Ẩm", "001185000666")
    expect(page.locator("main")).to_contain_text("Đỗ Thị Ẩm")
    assert page.evaluate("document.activeElement.id") == held


def test_the_journey_from_the_card_to_the_returned_result(desk: Desk) -> None:
    page = desk.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{desk.address}/intake")
    page.fill("#qr", CARD)
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_value("NGUYỄN THỊ ẴM")
    page.locator("#procedure").press_sequentially("sinh con")
    page.locator("#found button").first.click()
    page.locator("#rules input").first.wait_for()
    page.get_by_role("button", name="Nhận hồ sơ").click()
    page.wait_for_url("**/dossiers/*")
    assert CARD.split("|")[0] in page.content()

    page.get_by_role("link", name="Quét hoặc dùng lại").first.click()
    page.fill("#pages", "1")
    page.set_input_files("#files", desk.paper)
    page.get_by_role("button", name="Lưu tệp và ký").click()
    page.wait_for_url("**/dossiers/*")
    assert len(desk.node.store.readers.run(waiting_jobs)) == 1
    page.fill("#key-passphrase", KEY_PASSPHRASE.decode())
    page.get_by_role("button", name="Mở chữ ký").click()
    expect(page.locator("main")).to_contain_text("đang mở trong lượt này")
    desk.work()
    page.get_by_role("link", name="Kiểm tra và xác nhận").click()
    _review_by_keyboard(page)
    page.get_by_role("button", name="Cấp mã kết quả số hóa").click()
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("main")).to_contain_text("chưa có giá trị pháp lý")

    page.get_by_role("button", name="In và ký phiếu").click()
    expect(page.get_by_role("link", name="Mẫu 01")).to_have_count(1)
    page.get_by_role("button", name="Chuyển hồ sơ").click()
    expect(page.locator("h1")).to_contain_text("Đã chuyển")
    page.locator("summary", has_text="Chuyển trạng thái").click()
    page.check("#move-take_up")
    page.get_by_role("button", name="Làm bước đã chọn").click()
    expect(page.locator("h1")).to_contain_text("Đang xử lý")
    page.locator("summary", has_text="Ra kết quả").click()
    page.get_by_role("button", name="Ra kết quả").click()
    expect(page.locator("h1")).to_contain_text("Có kết quả")
    page.fill("#passphrase", KEY_PASSPHRASE.decode())
    page.get_by_role("button", name="Ký số cơ quan").click()
    expect(page.locator("main")).to_contain_text("đã ký số cơ quan, có giá trị pháp lý")
    page.get_by_role("button", name="Trả kết quả").click()
    expect(page.locator("h1")).to_contain_text("Đã trả kết quả")

    assert asked and all(one.startswith((desk.address, "data:")) for one in asked)
    assert complaints == []
    view = desk.node.store.readers.run(lambda c: projection.newest(c, 1))[0]
    assert view.state == "result_returned" and view.documents[0].has_legal_value and len(view.slips) == 1


def _review_by_keyboard(page: Page) -> None:
    """Type every value from the paper and confirm without touching the mouse; Enter while composing does nothing."""
    page.locator("[data-confirm]").wait_for()
    first = page.locator(".value input[type=text]").first
    expect(first).to_be_focused()
    composing = "(e) => e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, isComposing: true}))"
    first.evaluate(composing)
    expect(first).to_be_focused()
    for _ in range(page.locator(".value").count()):
        if page.evaluate("document.activeElement.hasAttribute('data-confirm')"):
            break
        name = page.evaluate("document.activeElement.name")
        page.keyboard.type("05/10/2026" if "date" in name else "123/CS" if "number" in name else "Nguyễn Thị Ẵm")
        page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter") if page.locator(".value :focus").count() else page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Nguyễn Thị Ẵm Ữ đã xác nhận")


def test_a_page_count_that_is_no_number_keeps_everything_else(desk: Desk) -> None:
    page = desk.page()
    received = receive_one(desk.node, "Phạm Đình Ữ", "001185000888")
    page.goto(f"{desk.address}/dossiers/{received.rid.hex()}/components/{received.components[0].component_id.hex()}")
    page.fill("#pages", "hai")
    page.fill("#notes", "1")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Số trang đếm trên bàn")
    assert page.input_value("#pages") == "hai" and page.input_value("#notes") == "1"


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing_typed(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/intake")
    page.locator("#name").press_sequentially("Hoàng Thị Ổi")
    desk.clock.at += dt.timedelta(minutes=31)
    page.keyboard.press("Enter")
    page.wait_for_url("**/login?next=/intake")
    page.fill("#account", "all")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/intake")
    assert page.input_value("#name") == "Hoàng Thị Ổi"
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/login")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_part_that_finds_the_session_ended_leads_nowhere_while_a_form_is_on_its_way(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/intake")
    before, after = page.evaluate("""() => {
        const isHeldBack = () => !document.getElementById("bar").dispatchEvent(
            new CustomEvent("htmx:beforeOnLoad", {bubbles: true, cancelable: true, detail: {xhr: {status: 401}}}));
        const before = isHeldBack();
        document.querySelector('form[action="/logout"]').requestSubmit();
        return [before, isHeldBack()];
    }""")
    assert (before, after) == (False, True)
    page.wait_for_url("**/login")


def test_the_accessibility_check_can_fail(desk: Desk) -> None:
    page = desk.page()
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert Axe().run(page).violations_count > 0


def test_every_capital_with_two_marks_is_whole_in_fields_tables_tags_and_headings(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/help")
    page.evaluate("document.fonts.ready")
    for place in ("input", "td", "tag", "h1", "button"):
        whole, shown = _ink(page, place, "4"), _ink(page, place, "")
        assert shown > 0.97 * whole, f"{place}: {shown / whole:.3f} of the ink is left"
    for place in ("input", "td", "button"):
        left = _ink(page, place, "cut") / _ink(page, place, "4")
        assert left < 0.97, f"the check does not see a cut mark in {place}: {left:.3f}"


def _ink(page: Page, place: str, line_height: str) -> float:
    """Darkness of the capitals as drawn in one place; `cut` draws them as a careless style would."""
    page.evaluate(
        """([place, height, text]) => {
        document.getElementById('proof')?.remove();
        const proof = document.createElement('div'); proof.id = 'proof';
        const made = document.createElement(place === 'tag' ? 'strong' : place);
        if (place === 'tag') made.className = 'tag plain';
        if (place === 'button') made.className = 'button second';
        if (place === 'input') { made.value = text; made.setAttribute('aria-label', 'x'); } else made.textContent = text;
        let outer = made;
        if (place === 'td') { outer = document.createElement('table'); outer.insertRow().append(made); }
        proof.append(outer);
        document.querySelector('main').replaceChildren(proof);
        made.style.whiteSpace = 'nowrap'; made.style.maxWidth = 'none'; made.style.border = '0'; made.style.background = '#fff';
        made.style.boxShadow = 'none'; made.style.color = '#000';
        outer.style.background = '#fff'; proof.style.background = '#fff'; proof.style.padding = '0'; proof.style.display = 'flow-root';
        if (height === 'cut') { made.style.lineHeight = '1'; made.style.height = '1.05em'; made.style.minHeight = '0'; made.style.padding = '0'; made.style.overflow = 'hidden'; }
        else if (height) { made.style.lineHeight = height; made.style.height = 'auto'; }
        }""",
        [place, line_height, CAPITALS],
    )
    import io

    from PIL import Image

    drawn = Image.open(io.BytesIO(page.locator("#proof").screenshot())).convert("L")
    return float(sum((255 - value) * count for value, count in enumerate(drawn.histogram()) if value < 250))


def test_english_is_one_press_away_and_stays(desk: Desk) -> None:
    page = desk.page()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Today's work")
    page.goto(f"{desk.address}/queue")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator("h1")).to_have_text("Outbox")


def test_the_first_load_is_small_and_is_kept_afterwards(desk: Desk) -> None:
    page = desk.browser.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.__setitem__(answer.url, int(answer.headers.get("content-length", "0"))))
    page.goto(f"{desk.address}/login", wait_until="networkidle")
    assert 20_000 < sum(sizes.values()) < 150_000, sizes
    assert len(sizes) >= 5


def test_the_line_state_reaches_the_bar_of_an_open_page(desk: Desk) -> None:
    page = desk.page()
    desk.node.store.writer.run(lambda c: write_state(c, "line", b"open"))
    page.goto(f"{desk.address}/queue")
    page.get_by_role("button", name="Thử ngay").click()
    expect(page.locator("h1")).to_have_text("Hàng chờ gửi")
    expect(page.locator("main")).to_contain_text("Lần thử kế tiếp")
    desk.node.store.writer.run(lambda c: write_state(c, "line", b"offline"))
