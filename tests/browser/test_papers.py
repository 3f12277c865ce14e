"""Papers in a real browser: composed letters and two officers at the review, the agency's batch with what became of each, the Kho of a person."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from edge_node.capture.service import hand_in
from edge_node.intake.service import Choice, Received, declare, dossier
from edge_node.resolution.service import decide
from edge_node.signing.errors import TokenGone
from edge_node.signing.keys import SigningKey
from tests.browser.desk_with_keys import desk_with_keys
from tests.browser.officers import KEY_PASSPHRASE, receive_one, scanned_paper
from tests.browser.test_desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_with_keys(tmp_path_factory.mktemp("papers")) as made:
        yield made


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
