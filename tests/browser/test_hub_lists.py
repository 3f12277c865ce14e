"""The register of certificates and the revocation lists in a real browser: readable at both sizes, without a finding of axe, a list renewed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from deploy.demo.authority import revocation_list
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, served
from tests.browser.hub import web_of_hub
from tests.central_hub.seals.test_lists_command import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path)
    yield one
    one.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as one:
        yield one


def test_the_lists_read_at_both_sizes_and_a_newer_one_is_taken(world: World, browser: Browser, tmp_path: Path) -> None:
    newer = tmp_path / "newer.crl"
    newer.write_bytes(revocation_list(world.authority, world.now, serial_of=("revoked", "officer_rsa", "agency")))
    with served(web_of_hub(world.hub)) as address:
        page = browser.new_page()
        sign_in(page, address, "all", PASSWORD)
        axe = Axe()
        for path in ("revocation-lists", "officers"):
            for screen in (DESK_SCREEN, PHONE):
                page.set_viewport_size(screen)  # type: ignore[arg-type]
                page.goto(f"{address}/{path}")
                assert axe.run(page).response["violations"] == [], (path, screen)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, screen)
        page.set_viewport_size(DESK_SCREEN)  # type: ignore[arg-type]
        page.goto(f"{address}/revocation-lists")
        page.set_input_files("input[type=file]", newer)
        page.locator("form:has(input[type=file]) button").click()
        expect(page.get_by_text("Liên Thông Demo Issuing CA").first).to_be_visible()
        assert any(one.read_bytes() == newer.read_bytes() for one in world.hub.folder.root.glob("signers/*.crl"))
        page.close()
