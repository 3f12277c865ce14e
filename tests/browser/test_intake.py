"""Intake in a real browser: reuse first, one of three endings, nothing doubled, nothing lost, and the keys counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from sync_protocol.adapters import projection
from sync_protocol.view import DossierView
from tests.browser.browser import DESK_SCREEN, PHONE
from tests.browser.desk import PASSWORD
from tests.browser.desk_with_keys import desk_with_keys
from tests.browser.officers import CARD
from tests.browser.test_desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_with_keys(tmp_path_factory.mktemp("intake")) as made:
        yield made


def newest(desk: Desk) -> DossierView:
    return desk.node.store.readers.run(lambda c: projection.newest(c, 1))[0]


def count(desk: Desk) -> int:
    return len(desk.node.store.readers.run(lambda c: projection.newest(c, 500)))


def filled(desk: Desk, page: Page, name: str = "") -> None:
    """The applicant from the card, the procedure by its words."""
    page.goto(f"{desk.address}/intake")
    page.fill("#qr", CARD)
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_value("NGUYỄN THỊ ẴM")
    if name:
        page.fill("#name", name)
    page.locator("#procedure").press_sequentially("1.014166")
    page.locator("#found button").first.click()
    expect(page.locator("#papers li").first).to_be_visible()


def test_a_paper_on_file_is_taken_with_one_key_and_the_component_refers_to_it(desk: Desk) -> None:
    page = desk.page()
    filled(desk, page)
    row = page.locator("#papers li", has_text="Đã có dữ liệu – không cần nộp").first
    expect(row).to_contain_text("chưa có giá trị pháp lý")
    expect(page.locator("#papers")).to_contain_text("Mới tra tại máy này")
    row.locator("[data-missing]").focus()
    page.keyboard.press("F2")
    expect(row.locator("[data-take]")).to_be_checked()
    page.keyboard.press("F8")
    expect(row.locator("[data-take]")).not_to_be_checked()
    page.keyboard.press("F2")
    expect(row.locator("[data-missing]")).not_to_be_checked()
    page.get_by_role("button", name="Nhận hồ sơ").click()
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("main")).to_contain_text("Đã có dữ liệu – không cần nộp (mã ")
    taken = [one for one in newest(desk).components if one.state == "reused"]
    assert len(taken) == 1 and taken[0].source is not None and taken[0].reuse_check == "local_only"
    expect(page.get_by_role("link", name="Mẫu 01")).to_have_count(1)


def test_missing_papers_are_asked_for_once_and_come_back_as_a_reception(desk: Desk) -> None:
    page = desk.page()
    filled(desk, page)
    page.locator("#missing-0").check()
    page.get_by_role("button", name="Nhận hồ sơ").click()
    expect(page.locator(".error-summary")).to_contain_text("1 giấy tờ đang đánh dấu còn thiếu")
    expect(page.locator("#missing-0")).to_be_checked()
    expect(page.locator("#name")).to_have_value("NGUYỄN THỊ ẴM")
    page.locator("summary", has_text="Yêu cầu bổ sung").click()
    page.fill("#request", "Bản chính thẻ căn cước để đối chiếu")
    page.locator("#reason-BS-THIEU").check()
    page.get_by_role("button", name="Yêu cầu bổ sung", exact=True).click()
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("h1")).to_contain_text("Yêu cầu bổ sung khi tiếp nhận")
    expect(page.locator("main")).to_contain_text("Bản chính thẻ căn cước để đối chiếu")
    expect(page.get_by_role("link", name="Mẫu 02")).to_have_count(1)
    assert newest(desk).code == "" and Axe().run(page).violations_count == 0
    desk.clock.at += dt.timedelta(minutes=20)
    page.get_by_role("button", name="Đã đủ giấy tờ, nhận hồ sơ").click()
    expect(page.locator("h1")).to_contain_text("Đã tiếp nhận")
    expect(page.get_by_role("link", name="Mẫu 01")).to_have_count(1)
    assert newest(desk).received_ms == desk.node.desk.now_ms() and newest(desk).due_date


def test_a_refusal_needs_a_reason_and_then_has_its_slip(desk: Desk) -> None:
    page = desk.page()
    filled(desk, page)
    page.locator("summary", has_text="Từ chối tiếp nhận").click()
    page.get_by_role("button", name="Từ chối và ghi phiếu").click()
    expect(page.locator(".error-summary")).to_contain_text("chưa có lý do")
    page.locator("#reason-TC-THAM-QUYEN").check()
    page.get_by_role("button", name="Từ chối và ghi phiếu").click()
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("h1")).to_contain_text("Từ chối tiếp nhận")
    expect(page.get_by_role("link", name="Mẫu 03")).to_have_count(1)
    page.goto(f"{desk.address}/today")
    expect(page.locator("main")).to_contain_text("yêu cầu bổ sung 1, từ chối 1")


def test_a_double_click_makes_one_dossier_and_back_shows_a_fresh_form(desk: Desk) -> None:
    page = desk.page()
    filled(desk, page)
    before = count(desk)
    sent = page.locator("form[data-keep]").evaluate("(form) => new URLSearchParams(new FormData(form)).toString()")
    page.get_by_role("button", name="Nhận hồ sơ").dblclick()
    page.wait_for_url("**/dossiers/*")
    assert count(desk) == before + 1
    again = "async (body) => (await fetch('/intake', {method: 'POST', body, headers: {'content-type': 'application/x-www-form-urlencoded'}})).url"
    assert page.evaluate(again, sent) == page.url, "sent once more, it leads to the same dossier"
    assert count(desk) == before + 1
    page.go_back()
    expect(page.locator("h1")).to_have_text("Tiếp nhận hồ sơ")
    expect(page.locator("#name")).to_have_value("")
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("Đã tiếp nhận")


def test_the_form_with_its_checklist_has_no_violation_and_fits_both_screens(desk: Desk) -> None:
    page = desk.page()
    filled(desk, page)
    for one in page.locator("details.panel summary").all():
        one.click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    for screen in (PHONE, DESK_SCREEN):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


class Keys:
    """The officer's ten fingers: every key is counted; what a card reader or a scanner does is not."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)


MOST_KEYS = 81  # on 2026-11-22, 59 of them typed values; fewer is better, more needs a reason


def test_from_the_card_to_the_hand_over_by_keyboard_alone_with_the_keys_counted(desk: Desk) -> None:
    page = desk.page()
    keys = Keys(page)
    page.goto(f"{desk.address}/intake")
    expect(page.locator("#qr")).to_be_focused()
    page.keyboard.insert_text(CARD.replace("001185012345", "001185077777"))  # the reader
    keys.press("Enter")
    expect(page.locator("#procedure")).to_be_focused()
    keys.type("1.014166")
    expect(page.locator("#found button").first).to_be_visible()
    keys.press("Tab", "Enter")
    expect(page.locator("#papers li").first).to_be_visible()
    expect(page.locator("#procedure")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("main .tasks a:focus")).to_contain_text("Quét hoặc dùng lại")
    keys.press("Enter")
    expect(page.locator("#pages")).to_be_focused()
    keys.type("1")
    page.set_input_files("#files", desk.paper)  # the scanner
    page.locator("#pages").focus()
    keys.press("Enter")
    page.wait_for_url("**/dossiers/*")
    desk.work()
    page.reload()
    expect(page.locator("main .tasks a:focus")).to_contain_text("Kiểm tra và xác nhận")
    keys.press("Enter")
    page.locator("[data-confirm]").wait_for()
    for _ in range(page.locator(".value").count()):
        if not page.locator(".value input[type=text]:focus").count():
            break
        name = page.evaluate("document.activeElement.name")
        keys.type(
            "5/10/2026" if "date" in name else "1/CS" if "number" in name else "001185077777" if "_id" in name else "Ẵm"
        )
        keys.press("Enter")
    keys.press("Control+Enter" if page.locator(".value :focus").count() else "Enter")
    expect(page.get_by_role("button", name="Cấp mã kết quả số hóa")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("#section")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("Đã chuyển")
    view = newest(desk)
    assert view.state == "handed_over" and view.documents[0].codes and any(slip.form == "01" for slip in view.slips)
    assert keys.count <= MOST_KEYS, f"{keys.count} keys"


def test_a_session_that_ends_while_the_page_refreshes_itself_brings_back_what_was_typed_and_chosen(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/intake")
    page.locator("#name").press_sequentially("Hoàng Thị Ổi")
    with page.expect_response("**/intake/papers"):  # asked for as the name is left; on its way it would keep the session alive
        page.locator("#kind-organisation").check()
    page.select_option("#channel", "postal")
    desk.clock.at += dt.timedelta(minutes=31)
    expect(page).to_have_url(f"{desk.address}/login?next=/intake")  # two parts of the page may leave at once, and one departure end the other
    page.fill("#account", "all")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/intake")
    expect(page.locator("#name")).to_have_value("Hoàng Thị Ổi")
    expect(page.locator("#kind-organisation")).to_be_checked()
    expect(page.locator("#channel")).to_have_value("postal")


def test_a_list_of_procedures_that_comes_anew_leaves_the_focus_on_the_chosen_one(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/intake")
    page.locator("#procedure").press_sequentially("1.014166")
    page.locator("#found button").first.focus()
    with page.expect_response("**/intake/procedures*"):
        page.evaluate(
            "(() => { const box = document.getElementById('procedure'); box.value = '1.01416'; box.dispatchEvent(new Event('input', {bubbles: true})); })()"
        )
    expect(page.locator("#found button").nth(1)).to_be_visible()
    expect(page.locator("[id='found-1.014166']")).to_be_focused()


def test_another_key_does_the_same_and_stands_on_every_button_and_in_the_list(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/help")
    page.select_option("#key-F8", "F10")
    page.select_option("#key-F2", "F8")
    filled(desk, page)
    missing = page.locator("#missing-0")
    missing.focus()
    page.keyboard.press("F10")
    expect(missing).to_be_checked()
    page.keyboard.press("F2")
    expect(missing).to_be_checked()
    page.keyboard.press("F8")
    expect(page.locator("#take-0")).to_be_checked()
    expect(page.locator("#papers kbd").first).to_have_text("F8")
    expect(page.locator("#papers .hint, #papers + .hint, main .hint", has_text="F10").first).to_be_visible()
    page.goto(f"{desk.address}/help")
    expect(page.locator("#key-F8")).to_have_value("F10")
    expect(page.locator("#counter kbd")).to_have_text(["F8", "F4", "F10", "F9"])
    page.select_option("#key-F4", "F10")
    expect(page.locator("#counter kbd")).to_have_text(["F8", "F10", "F4", "F9"])
    expect(page.locator("#key-F8")).to_have_value("F4")
    is_sound = Axe().run(page)
    assert is_sound.violations_count == 0, is_sound.generate_report()


def test_a_box_ticked_while_the_list_is_asked_for_anew_stays_ticked(desk: Desk) -> None:
    page = desk.page()
    filled(desk, page)
    held: list[Route] = []
    page.route("**/intake/papers", lambda route: held.append(route))
    with page.expect_request("**/intake/papers"):
        page.evaluate("document.querySelector('#personal_id').dispatchEvent(new Event('change', {bubbles: true}))")
    page.locator("#missing-0").check()
    page.locator("#take-0").check()
    with page.expect_response("**/intake/papers"):
        held[0].continue_()
    page.unroute("**/intake/papers")
    expect(page.locator("#take-0")).to_be_checked()
    expect(page.locator("#missing-0")).not_to_be_checked()
