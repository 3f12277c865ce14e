"""Pages while the line goes up and down: the five words, the bar, and a dossier of another office, in a real browser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from edge_node.app import Node
from edge_node.people.passwords import open_passwords
from edge_node.store.ledger import Act, Draft
from edge_node.sync.line import Line
from edge_node.sync.transfers import Transfers
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from sync_protocol import sender
from sync_protocol.bodies import NoteAdded
from sync_protocol.data_tasks import TOLD
from tests.browser.browser import opened, sign_in
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node, served
from tests.browser.officers import receive_one
from tests.offices import Clock as Milliseconds
from tests.offices import DirectLine, Hub, Office, drained, reception, rid


class Enrolled:
    """What the hub needs to know of the node under test."""

    def __init__(self, node: Node) -> None:
        self.node, self.office, self.signer = node.identity.node, node.identity.office, node.keys.signer


class World:
    """Hà Nội's pages, a hub, and another office whose dossier is at the hub already. The line starts cut."""

    def __init__(self, root: Path) -> None:
        milliseconds = Milliseconds()
        self.node = make_node(root / "node", Clock())
        self.hub = Hub(root / "hub", milliseconds)
        self.hub.enrol(Enrolled(self.node))  # type: ignore[arg-type]
        self.other = Office(root / "other", "n03401a", "03401", milliseconds, seed=b"B")
        self.hub.enrol(self.other)
        self.carrier = DirectLine(self.node.identity.node, self.hub)
        self.live = LiveState()
        self.app = make_web(self.node, self.live, passwords=open_passwords(self.node.folder.root, CHEAP), refresh_s=1)
        self.app.on_startup.append(self._start)

    async def _start(self) -> None:
        self.loop = asyncio.get_running_loop()
        other = self.other.join(self.hub)
        body = reception(7, "03401", "Vũ Thị Ổn", "034185000007")
        note = NoteAdded(text=f"{TOLD} Họ tên: giấy tờ ghi khác dữ liệu.", officer="cb02", at_ms=1)
        self.other.ledger.save(Act("cb02", "intake", "receive"), [Draft(rid(7), body), Draft(rid(7), note)])
        self.tasks = [self.loop.create_task(other.run())]
        other.tell(sender.Saved(2))
        other.tell(sender.LineUp())
        await drained(other)
        line = Line(self.carrier)
        self.live.driver = self.node.driver(line)
        self.live.transfers = Transfers(self.node.store, self.node.files, line, self.node.desk.now_ms)
        self.tasks.append(self.loop.create_task(self.live.driver.run()))
        self.node.desk.ledger.listeners.append(lambda head: self.tell(sender.Saved(head)))

    def tell(self, what: sender.Input) -> None:
        assert self.live.driver is not None
        self.loop.call_soon_threadsafe(self.live.driver.tell, what)

    def close(self) -> None:
        self.node.close()
        self.other.close()
        self.hub.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str, Browser]]:
    one = World(tmp_path_factory.mktemp("world"))
    with served(one.app) as address, opened() as browser:
        yield one, address, browser
    one.close()


def test_the_words_of_an_open_page_follow_the_line(world: tuple[World, str, Browser]) -> None:
    one, address, browser = world
    page = browser.new_page()
    sign_in(page, address, "all", PASSWORD)
    received = receive_one(one.node)
    row = page.locator("tr", has_text=received.code)
    expect(row).to_contain_text("Đã lưu tại đây")
    expect(page.locator(".bar")).to_contain_text("Mất kết nối trung tâm")
    one.tell(sender.LineUp())
    expect(row).to_contain_text("Trung tâm đã nhận (số")
    expect(page.locator(".bar")).to_contain_text("không còn gì chờ gửi")
    one.tell(sender.LineDown())
    again = receive_one(one.node, "Lê Văn Ữ", "001185000999")
    expect(page.locator("tr", has_text=again.code)).to_contain_text("Đã lưu tại đây")
    expect(page.locator(".bar")).to_contain_text("Mất kết nối trung tâm từ")
    assert "trouble" not in (page.locator(".bar").get_attribute("class") or "")
    one.tell(sender.LineUp())
    expect(page.locator("tr", has_text=again.code)).to_contain_text("Trung tâm đã nhận (số")


def test_the_word_of_a_dossier_on_its_own_page_follows_the_line(world: tuple[World, str, Browser]) -> None:
    one, address, browser = world
    one.tell(sender.LineDown())
    page = browser.new_page()
    sign_in(page, address, "all", PASSWORD)
    received = receive_one(one.node, "Đỗ Thị Ẩm", "001185000888")
    page.goto(f"{address}/dossiers/{received.rid.hex()}")
    page.evaluate("window.stayed = true")
    word = page.locator(".summary div", has_text="Tình trạng dữ liệu")
    expect(word).to_contain_text("Đã lưu tại đây")
    one.tell(sender.LineUp())
    expect(word).to_contain_text("Trung tâm đã nhận (số")
    assert page.evaluate("window.stayed") is True


def test_a_dossier_of_another_office_is_found_for_a_purpose_opened_and_taken_over(
    world: tuple[World, str, Browser],
) -> None:
    one, address, browser = world
    one.tell(sender.LineUp())
    page = browser.new_page()
    sign_in(page, address, "only-resolving", PASSWORD)
    page.goto(f"{address}/lookup")
    page.fill("#value", "034 185 000 007")
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.locator(".error-summary")).to_contain_text("hồ sơ đang giải quyết")
    page.fill("#dossier", "G12.00101-261120-0001")
    page.fill("#reason", "giải quyết chế độ")
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.locator("main")).to_contain_text("03401-261122-0007")
    assert "Vũ Thị Ổn" not in page.content()
    page.get_by_role("button", name="Mở hồ sơ").click()
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("main")).to_contain_text("Vũ Thị Ổn")
    expect(page.locator("main")).to_contain_text("Hồ sơ đang do Bảo hiểm xã hội cơ sở Thái Bình (03401) giải quyết")
    held = page.url
    page.goto(f"{address}/conflicts")
    expect(page.locator("main")).not_to_contain_text("Đề nghị sửa dữ liệu")
    page.goto(held)
    page.locator("#reason").fill("người dân chuyển nơi cư trú")
    page.get_by_role("button", name="Nhận quyền giải quyết").click()
    expect(page.locator(".summary").first).to_contain_text("BHXH cơ sở Đống Đa")
    page.goto(f"{address}/conflicts")
    expect(page.locator("main")).to_contain_text("giấy tờ ghi khác dữ liệu")
    audit = one.hub.store.readers.run(lambda c: c.execute("SELECT what, reason FROM audit ORDER BY id").fetchall())
    assert [what for what, _ in audit] == ["find:personal_id", "open", "open", "custody"]
