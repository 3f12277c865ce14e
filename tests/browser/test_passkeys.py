"""Passkeys in a real browser over TLS: Chromium's own virtual authenticator makes one and comes in with it; copies and other sites do not."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, expect, sync_playwright

from central_hub.app import Hub
from central_hub.operations.web_tls import web_tls
from central_hub.web.app import make_web
from deploy.demo.job.stage import free_port
from tests.browser.browser import CHROMIUM, QUIET
from tests.browser.desk import CHEAP, PASSWORD, Clock
from tests.browser.hub import make_hub
from tests.central_hub.directory.desk_of_law import acts

NAME = "hub.test"


class Place(NamedTuple):
    hub: Hub
    address: str
    browser: Browser


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The hub's pages over TLS under a name, and a browser that knows the name and this one certificate."""
    port, clock = free_port(), Clock()
    hub = make_hub(tmp_path_factory.mktemp("passkeys") / "hub", clock, f'[web]\nname = "{NAME}"\nport = {port}\n')
    tls = web_tls(hub)
    assert tls is not None
    key = (
        x509.load_pem_x509_certificate(tls.certificate.read_bytes())
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    pin = base64.b64encode(hashlib.sha256(key).digest()).decode()
    app = make_web(hub, is_tls=True, hasher=CHEAP)
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="error", ssl_certfile=tls.certificate, ssl_keyfile=tls.key)
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    beside = threading.Thread(target=server.run, daemon=True)
    beside.start()
    with sync_playwright() as playwright:
        ways = [*QUIET, f"--host-resolver-rules=MAP {NAME} 127.0.0.1", f"--ignore-certificate-errors-spki-list={pin}"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM) if CHROMIUM.exists() else None, args=ways)
        yield Place(hub, f"https://{NAME}:{port}", browser)
        browser.close()
    server.should_exit = True
    beside.join(10)
    hub.store.close()


def with_token(page: Page, *, verifies: bool = True) -> str:
    """Plug a virtual token into this page's browser; returns its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    found: str = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.token_session = session  # type: ignore[attr-defined]
    return found


def come_in(page: Page, address: str, account: str) -> None:
    page.goto(f"{address}/login")
    page.fill("#account", account)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def make_passkey(page: Page, address: str, label: str) -> None:
    page.goto(f"{address}/my-account")
    page.fill("#passkey-label", label)
    page.click("[data-passkey=make]")


def leave(page: Page) -> None:
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/login")


def test_an_officer_makes_a_passkey_and_comes_in_with_it_alone(place: Place) -> None:
    page = place.browser.new_context().new_page()
    with_token(page)
    come_in(page, place.address, "operator")
    make_passkey(page, place.address, "điện thoại")
    expect(page.locator(".tasks")).to_contain_text("điện thoại")
    leave(page)
    for _ in range(2):
        page.click("[data-passkey=enter]")
        page.wait_for_url("**/fleet")
        expect(page.locator(".who")).to_contain_text("operator")
        leave(page)
    assert ("operator", "passkey.add") in acts(place.hub)


def test_a_token_that_does_not_verify_its_person_makes_no_passkey(place: Place) -> None:
    page = place.browser.new_context().new_page()
    with_token(page, verifies=False)
    come_in(page, place.address, "auditor")
    make_passkey(page, place.address, "khóa không PIN")
    expect(page.locator("#passkey-says")).to_contain_text("Chưa làm xong")
    assert ("auditor", "passkey.add") not in acts(place.hub)


def test_a_copied_token_is_refused_and_the_password_still_works(place: Place) -> None:
    page = place.browser.new_context().new_page()
    with_token(page)
    come_in(page, place.address, "leader")
    make_passkey(page, place.address, "khóa USB")
    expect(page.locator(".tasks")).to_contain_text("khóa USB")
    leave(page)
    place.hub.store.writer.run(
        lambda c: c.execute("UPDATE passkey SET uses = 1000 WHERE account = 'leader'").fetchall()
    )  # the other copy was used more often
    page.click("[data-passkey=enter]")
    expect(page.locator("#passkey-says")).to_contain_text("Khóa truy cập chưa được chấp nhận")
    come_in(page, place.address, "leader")
    page.goto(f"{place.address}/my-account")
    page.get_by_role("button", name="Xóa khóa").click()
    expect(page.locator(".tasks")).to_have_count(0)
