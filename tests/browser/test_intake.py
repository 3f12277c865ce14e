"""Intake in a real browser: reuse first, one of three endings, nothing doubled, nothing lost, and the keys counted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from edge_node.capture.service import hand_in
from edge_node.intake.service import Choice, Received, declare, dossier
from edge_node.people.passwords import open_passwords
from edge_node.resolution.service import decide
from edge_node.signing.errors import TokenGone
from edge_node.signing.keys import SigningKey
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from sync_protocol.adapters import projection
from sync_protocol.view import DossierView
from tests.browser.browser import DESK_SCREEN, PHONE, opened
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node, served
from tests.browser.officers import CARD, KEY_PASSPHRASE, coded_paper, give_keys, receive_one, scanned_paper
from tests.browser.test_desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root = tmp_path_factory.mktemp("intake")
    clock = Clock()
    node = make_node(root / "node", clock)
    authority = give_keys(node, root / "pki")
    certificate = authority.people["officer_rsa"].certificate
    clock.at = certificate.not_valid_before_utc.replace(microsecond=0) + dt.timedelta(days=30)
    paper = root / "giay-chung-sinh.jpg"
    paper.write_bytes(scanned_paper())
    node.open_key("all", KEY_PASSPHRASE)
    coded_paper(node, "GKS")
    app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), refresh_s=1)
    with served(app) as address, opened() as browser:
        yield Desk(node, clock, address, browser, paper)
    node.close()


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
    page.wait_for_url("**/login?next=/intake")
    page.fill("#account", "all")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/intake")
    expect(page.locator("#name")).to_have_value("Hoàng Thị Ổi")
    expect(page.locator("#kind-organisation")).to_be_checked()
    expect(page.locator("#channel")).to_have_value("postal")


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


def scanned(desk: Desk, name: str, number: str) -> Received:
    """A dossier with one signed paper that nobody has confirmed."""
    received = receive_one(desk.node, name, number)
    part = received.components[0]
    declare(desk.node.desk, "all", received.rid, part, Choice(decision="digitize", declared_pages=1))
    hand_in(desk.node.desk, "all", received.rid, part.component_id, [("trang.jpg", scanned_paper())], declared_pages=1)
    desk.work()
    return received


@pytest.fixture(scope="module")
def paper(desk: Desk) -> str:
    """The review page of a paper that nobody has confirmed."""
    received = scanned(desk, "Vũ Thị Ổn", "001185066666")
    (document,) = dossier(desk.node.desk, received.rid).documents
    return f"{desk.address}/dossiers/{received.rid.hex()}/papers/{document.document_id.hex()}"


def test_enter_while_an_input_method_composes_neither_sends_nor_acts_and_works_afterwards(desk: Desk, paper: str) -> None:
    page = desk.page()
    method = page.context.new_cdp_session(page)
    name, value = page.locator("#name"), page.locator(".value input[type=text]").first
    for address, field, sends in ((f"{desk.address}/intake", name, True), (paper, value, False)):
        page.goto(address)
        page.evaluate(
            "window.sent = 0; document.addEventListener('submit', (event) => { window.sent += 1; event.preventDefault(); })"
        )
        field.focus()
        method.send("Input.imeSetComposition", {"text": "Nguyê", "selectionStart": 5, "selectionEnd": 5})
        expect(field).to_have_value("Nguyê")
        consumed = {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        method.send("Input.dispatchKeyEvent", consumed)  # as an input method passes on the keys that it takes for itself
        for key in ("Enter", "F2", "F8"):
            page.keyboard.press(key)
        expect(field).to_be_focused()
        assert page.evaluate("window.sent") == 0 and page.locator("[data-unreadable]:checked").count() == 0
        assert field.input_value().startswith("Nguyê")
        method.send("Input.imeSetComposition", {"text": "Nguyễ", "selectionStart": 5, "selectionEnd": 5})
        method.send("Input.insertText", {"text": "Nguyễn"})
        expect(field).to_have_value("Nguyễn")
        page.keyboard.press("Enter")
        expect(field).to_be_focused() if sends else expect(field).not_to_be_focused()
        assert page.evaluate("window.sent") == int(sends)


def test_a_second_officer_on_the_same_paper_is_told_what_the_first_one_said(desk: Desk, paper: str) -> None:
    first, second = desk.page(), desk.page("only-resolving")
    for page, number in ((first, "12/CS"), (second, "21/CS")):
        page.goto(paper)
        fill = """(all, number) => { for (const one of all) one.value = /date/.test(one.name) ? "05/10/2026"
            : /number/.test(one.name) ? number : /_id/.test(one.name) ? "001185066666" : "Vũ"; }"""
        page.locator(".value input[type=text]").evaluate_all(fill, number)
    first.locator("#f-summary").fill("Vũ")
    second.locator("#f-summary").fill("")
    for page in (first, second):
        page.locator(".value input[type=text]").first.focus()
    first.keyboard.press("Control+Enter")
    expect(first.locator("main")).to_contain_text("Nguyễn Thị Ẵm Ữ đã xác nhận")
    second.keyboard.press("Control+Enter")
    expect(second.locator(".error-summary")).to_contain_text("all đã xác nhận khác bạn")
    told = second.locator(".value", has_text="Nguyễn Thị Ẵm Ữ vừa xác nhận: 12/CS").first
    expect(told.locator("input[type=text]")).to_have_value("21/CS")
    expect(second.locator("#f-summary")).to_have_value("Vũ")
    assert Axe().run(second).violations_count == 0
    first.reload()
    values = "all => all.map((one) => one.value)"
    assert "12/CS" in first.locator(".value input[type=text]").evaluate_all(values)
    second.keyboard.press("Control+Enter")
    expect(second.locator("main")).to_contain_text("Chỉ resolving đã xác nhận")
    assert "21/CS" in second.locator(".value input[type=text]").evaluate_all(values)
    expect(second.locator("#f-summary")).to_have_value("Vũ")  # and not what was typed before the answer
    assert second.evaluate("Object.keys(sessionStorage).length") == 0


def test_the_agency_signs_what_it_can_and_says_what_became_of_each(desk: Desk) -> None:
    good, broken = (scanned(desk, f"Lý Thị Ẩn {at}", f"00118505555{at}") for at in range(2))
    for one in (good, broken):
        decide(desk.node.desk, "all", one.rid, "granted", number_symbol="12/QĐ-BHXH", issue_date="2027-01-05")
    (document,) = dossier(desk.node.desk, broken.rid).documents
    desk.node.files.remove(document.pdf.hex())
    page = desk.page("only-clerk")
    page.goto(f"{desk.address}/agency-signatures")
    page.fill("#passphrase", "sai mật khẩu")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    assert not dossier(desk.node.desk, good.rid).documents[0].agency_form
    page.fill("#passphrase", KEY_PASSPHRASE.decode())
    page.keyboard.press("Enter")
    expect(page.locator(".done h2")).to_have_text("Đã ký xong 1 trên 2 hồ sơ")
    done = page.locator(".done + ul > li")
    expect(done.filter(has_text=dossier(desk.node.desk, good.rid).code)).to_contain_text("Đã ký đủ")
    expect(done.filter(has_text=dossier(desk.node.desk, broken.rid).code)).to_contain_text("(FIL-001)")
    assert dossier(desk.node.desk, good.rid).documents[0].agency_form
    assert not dossier(desk.node.desk, broken.rid).documents[0].agency_form
    expect(page.locator("form .choice")).to_have_count(1)


def test_a_token_pulled_in_the_middle_of_a_batch_leaves_what_is_signed_and_says_what_is_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [scanned(desk, f"Mai Thị Ẩn {at}", f"00118506666{at}") for at in range(3)]
    for one in made:
        decide(desk.node.desk, "all", one.rid, "granted", number_symbol="13/QĐ-BHXH", issue_date="2027-01-05")
    signed = [dossier(desk.node.desk, one.rid) for one in made]
    open_key = desk.node.agency_key

    def pulled_after_two(passphrase: bytes) -> SigningKey:
        key = open_key(passphrase)

        def sign(content: bytes) -> bytes:
            if sum(bool(dossier(desk.node.desk, one.rid).documents[0].agency_form) for one in made) == 2:
                raise TokenGone(found="rút ra")
            return key.sign(content)

        return dataclasses.replace(key, sign=sign)

    monkeypatch.setattr(desk.node, "agency_key", pulled_after_two)
    page = desk.page("only-clerk")
    page.goto(f"{desk.address}/agency-signatures")
    for box in page.locator("form .choice input[type=checkbox]").all():
        box.set_checked(box.get_attribute("value") in [one.rid.hex() for one in made])
    page.fill("#passphrase", KEY_PASSPHRASE.decode())
    page.keyboard.press("Enter")
    expect(page.locator(".done h2")).to_have_text("Đã ký xong 2 trên 3 hồ sơ")
    done = page.locator(".done + ul > li")
    expect(done.filter(has_text="Đã ký đủ")).to_have_count(2)
    assert "(SIG-005)" in done.filter(has_text="Chưa ký đủ").inner_text()
    left = [one.code for one in signed if not dossier(desk.node.desk, one.rid).documents[0].agency_form]
    assert len(left) == 1 and left[0] in done.filter(has_text="(SIG-005)").inner_text()
    expect(page.locator("form .choice", has_text=left[0])).to_have_count(1)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_kho_of_a_person_is_opened_from_a_paper_and_no_number_stands_in_an_address(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/repository")
    page.locator("td button", has_text="001185012345").first.click()
    expect(page.locator("h1")).to_have_text("Kho của 001185012345")
    expect(page.locator("main")).to_contain_text("Nguyễn Thị Ẵm", ignore_case=True)
    expect(page.get_by_role("link", name="Giấy khai sinh").first).to_be_visible()
    assert "001185012345" not in page.url and Axe().run(page).violations_count == 0
    page.fill("#owner", "001 199 000 000")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kho của 001199000000")
    expect(page.locator("main")).to_contain_text("Chưa có gì")
    looked = desk.node.store.readers.run(
        lambda c: c.execute("SELECT what, outcome FROM audit WHERE what = 'find:kho' ORDER BY id").fetchall()
    )
    assert [what for what, _ in looked] == ["find:kho"] * 2 and looked[-1][1] == "0 found"


def test_a_paper_is_scanned_again_with_one_key(desk: Desk, paper: str) -> None:
    page = desk.page()
    page.goto(paper)
    page.locator(".value input[type=text]").first.focus()
    page.keyboard.press("F9")
    expect(page.locator("#pages")).to_be_focused()
