"""Accounts in a real browser: the wizard, one's own password and phone, and errors that stand at their field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.app import Node
from edge_node.people.passwords import open_passwords
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import CHEAP, Clock, make_node, served
from tests.browser.officers import KEY_PASSPHRASE, give_keys, receive_one

NEW = "một mật khẩu khác hẳn"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, str, Browser]]:
    root = tmp_path_factory.mktemp("accounts")
    node = make_node(root / "node", Clock())
    (root / "node" / "officers.passwords").unlink()
    passwords = open_passwords(node.folder.root, CHEAP)
    app = make_web(node, LiveState(), passwords=passwords, refresh_s=1, first_run_code="1a2b3c4d")
    with served(app) as address, opened() as browser:
        yield node, address, browser
    node.close()


def is_sound(page: Page) -> None:
    """No violation, and nothing runs out of a desk or a phone screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    for screen in (PHONE, DESK_SCREEN):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} {screen}"


def test_a_fresh_office_is_set_up_by_the_keyboard_and_its_check_is_read(place: tuple[Node, str, Browser]) -> None:
    _, address, browser = place
    page = browser.new_page()
    page.goto(f"{address}/first-run")
    is_sound(page)
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type("1a2b3c4d")
    for typed in ("BHXH cơ sở Đống Đa", "", "", "quan.tri", "Lê Thị Ữ", NEW):
        page.keyboard.press("Tab")
        if typed:
            page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.wait_for_url("**/first-run/check")
    expect(page.locator("main")).to_contain_text("chữ ký của trung tâm đúng")
    is_sound(page)
    page.goto(f"{address}/people")
    page.locator("summary", has_text="Thêm người dùng").click()
    page.fill("#account", "an.nt")
    page.fill("#name", "Nguyễn Thị Ấn")
    page.check("#role-intake")
    page.get_by_role("button", name="Thêm và cấp mật khẩu đầu").click()
    given = page.locator(".notice code").inner_text()
    is_sound(page)
    other = browser.new_context().new_page()
    sign_in(other, address, "an.nt", given)
    expect(other.locator("h1")).to_have_text("Việc hôm nay")


def test_a_phone_becomes_the_second_factor_and_its_codes_are_shown_once(place: tuple[Node, str, Browser]) -> None:
    node, address, browser = place
    open_passwords(node.folder.root, CHEAP).set("only-leader", "mật khẩu đầu tiên")
    page = browser.new_context().new_page()
    sign_in(page, address, "only-leader", "mật khẩu đầu tiên")
    page.get_by_role("link", name="Chỉ leader").click()
    expect(page.locator("h1")).to_have_text("Tài khoản của tôi")
    is_sound(page)
    page.fill("#former-factor", "sai")
    page.get_by_role("button", name="Bật mã một lần").click()
    expect(page.locator("#former-factor-error")).to_contain_text("chưa đúng")
    page.fill("#former-factor", "mật khẩu đầu tiên")
    page.get_by_role("button", name="Bật mã một lần").click()
    secret = page.locator(".summary dd").first.inner_text()
    expect(page.locator("img[alt='Mã QR của mã một lần']")).to_be_visible()
    is_sound(page)
    page.fill("#code", "000000")
    page.keyboard.press("Enter")
    expect(page.locator("#code-error")).to_contain_text("chưa khớp")
    assert page.locator(".summary dd").first.inner_text() == secret
    page.fill("#code", pyotp.TOTP(secret).at(node.now()))
    page.keyboard.press("Enter")
    expect(page.locator("main li code")).to_have_count(8)
    is_sound(page)


def test_a_wrong_key_passphrase_is_said_at_its_field_on_the_page_one_came_from(
    place: tuple[Node, str, Browser], tmp_path: Path
) -> None:
    node, address, browser = place
    give_keys(node, tmp_path / "pki")
    received = receive_one(node)
    open_passwords(node.folder.root, CHEAP).set("all", NEW)
    page = browser.new_context().new_page()
    sign_in(page, address, "all", NEW)
    page.goto(f"{address}/dossiers/{received.rid.hex()}")
    page.fill("#key-passphrase", "sai")
    page.get_by_role("button", name="Mở chữ ký").click()
    expect(page.locator("#key-error")).to_be_visible()
    expect(page.locator("#key-passphrase")).to_be_focused()
    assert received.rid.hex() in page.url
    is_sound(page)
    page.fill("#key-passphrase", KEY_PASSPHRASE.decode())
    page.get_by_role("button", name="Mở chữ ký").click()
    expect(page.locator("main")).to_contain_text("đang mở trong lượt này")
    page.reload()
    expect(page.locator("#key-error")).to_have_count(0)


def test_the_interface_for_programs_is_read_on_a_page_of_this_node(place: tuple[Node, str, Browser]) -> None:
    node, address, browser = place
    open_passwords(node.folder.root, CHEAP).set("all", NEW)
    page = browser.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, address, "all", NEW)
    page.goto(f"{address}/api/v1/docs")
    expect(page.locator('.opblock-get [data-path="/api/v1/dossiers/{code}"]')).to_be_visible()
    is_sound(page)
    assert complaints == [] and all(one.startswith((address, "data:")) for one in asked)
