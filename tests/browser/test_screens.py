"""Every screen of the desk, in one walk: accessible at 200 % zoom too, fits a desk and a phone, asks nobody else, names are text, both languages, small."""

from __future__ import annotations

import datetime as dt
import gzip
import html
import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from edge_node.people.passwords import open_passwords
from edge_node.web.app import FOLDER, make_web
from edge_node.web.live import LiveState
from edge_node.web.routes import system
from sync_protocol.adapters.web.assets import NAMES, asset
from sync_protocol.adapters.web.templating import KIT
from sync_protocol.adapters.web.words import Words
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node, served
from tests.browser.officers import give_keys
from tests.browser.rich import CAPITALS, Rich, filled

ZOOMED = {"width": 640, "height": 360}  # what is left of 1280 × 720 at 200 %
FIRST_LOAD_BYTES = 150_000


class Walk:
    """A filled desk, served; `pages` are all screens by name."""

    def __init__(self, rich: Rich, address: str, browser: Browser) -> None:
        self.rich, self.address, self.browser = rich, address, browser
        self.pages = rich.pages()

    def page(self) -> Page:
        page = self.browser.new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
        sign_in(page, self.address, "all", PASSWORD)
        return page


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    root, clock = tmp_path_factory.mktemp("screens"), Clock()
    node = make_node(root / "node", clock)
    authority = give_keys(node, root / "pki")
    clock.at = authority.people["officer_rsa"].certificate.not_valid_before_utc.replace(microsecond=0) + dt.timedelta(
        days=40
    )
    rich = filled(node)
    app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), refresh_s=60)
    with served(app) as address, opened() as browser:
        yield Walk(rich, address, browser)
    node.close()


def test_every_screen_is_accessible_fits_asks_nobody_else_and_shows_names_as_text(walk: Walk) -> None:
    page, axe = walk.page(), Axe()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    wrong = []
    for name, path in walk.pages.items():
        page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        answer = page.goto(walk.address + path)
        assert answer is not None and answer.status == 200, f"{name}: {answer and answer.status}"
        found = axe.run(page)
        if found.violations_count:
            wrong.append(f"{name} {path}\n{found.generate_report()}")
        for screen in (ZOOMED, PHONE, DESK_SCREEN):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
                wrong.append(f"{name} runs out of {screen['width']} px")
        if page.locator("main script").count() or "49" in page.locator("main").inner_text().split():
            wrong.append(f"{name} takes a name for markup")
    assert wrong == [], "\n".join(wrong)
    assert asked and {one for one in asked if not one.startswith((walk.address, "data:"))} == set()
    assert complaints == []


def test_the_walk_can_fail(walk: Walk) -> None:
    page = walk.page()
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    page.evaluate("document.querySelector('h1').style.width = '3000px'")
    assert Axe().run(page).violations_count > 0
    assert not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_state_of_the_system_is_shown_before_its_check_up_ends(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, whole = threading.Event(), system.check_lines
    monkeypatch.setattr(system, "check_lines", lambda node, connection: go_on.wait(60) and whole(node, connection))
    page = walk.page()
    page.goto(f"{walk.address}/system", wait_until="commit")
    expect(page.get_by_text("Đang kiểm tra từng mục")).to_be_visible()
    go_on.set()
    expect(page.get_by_text("Hộp cát")).to_be_visible()
    assert Axe().run(page).violations_count == 0


def test_hostile_names_stand_whole_on_the_lists(walk: Walk) -> None:
    page = walk.page()
    text = page.locator("main").inner_text()
    assert "<script>alert(1)</script>\"'&" in text and CAPITALS in text and "{{ 7*7 }}" in text and "Ễ" * 490 in text
    assert "Nguyễn An" in text, "it turns the name and the words behind it"
    for name in ("conflicts", "applications"):
        page.goto(walk.address + walk.pages[name])
        assert CAPITALS in page.locator("main").inner_text(), name
        assert "\u202e" not in page.content(), name


def test_english_reaches_every_screen_and_no_message_id_is_shown(walk: Walk) -> None:
    page = walk.page()
    ids = set(Words([KIT / "words.toml", FOLDER / "words.toml"]).ids())
    page.get_by_role("button", name="English").click()
    for name, path in walk.pages.items():
        sent = page.request.get(walk.address + path).text()
        assert '<html lang="en">' in sent, name
        text = html.unescape(re.sub(r"<[^>]*>", " ", sent))
        assert not set(re.findall(r"[a-z_0-9]+\.[a-z_0-9]+", text)) & ids, name
        if name not in ("board", "api"):
            assert re.search(r"<footer>\s*<a [^>]*>Keys</a>", sent), name


def test_the_first_load_of_every_screen_is_small(walk: Walk) -> None:
    page = walk.page()
    fixed = sum(len(one.packed or one.content) for one in map(asset, NAMES))
    sizes = {}
    for name, path in walk.pages.items():
        answer = page.request.get(walk.address + path)
        sizes[name] = fixed + len(gzip.compress(answer.body(), 4))
        assert len(answer.body()) < 2_000 or answer.headers["content-encoding"] == "gzip", name
    largest = max(sizes, key=lambda one: sizes[one])
    print(f"fixed {fixed}, largest {largest} {sizes[largest]}")
    assert 60_000 < sizes[largest] <= FIRST_LOAD_BYTES, (largest, sizes[largest])
