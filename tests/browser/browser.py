"""The real browser: the system's Chromium, told to ask nothing of the network by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK_SCREEN, PHONE = {"width": 1280, "height": 720}, {"width": 360, "height": 740}


@contextmanager
def opened() -> Iterator[Browser]:
    """A browser for one module."""
    expect.set_options(timeout=20_000)  # pages refresh themselves every five seconds
    with sync_playwright() as playwright:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, address: str, account: str, password: str) -> None:
    """Come in by the keyboard."""
    page.goto(f"{address}/login")
    expect(
        page.locator("[name=account]")
    ).to_be_focused()  # the page focuses it; on a busy machine a moment after loading
    page.keyboard.type(account)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
