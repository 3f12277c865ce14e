"""Scanners that announce themselves: found on request, added by the administrator, scanned from; what is hostile does no harm."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.capture.arranging import open_empty
from edge_node.capture.finding import (
    ANNOUNCED_MAX,
    FOUND_MAX,
    TEXT_MAX,
    Announcement,
    FoundScanner,
    chosen,
    find_scanners,
    judged,
)
from edge_node.capture.landing import lay_waiting
from edge_node.capture.piles import any_pile
from edge_node.capture.scanning import Scans
from edge_node.capture.source_errors import ScannerSearchBlocked
from edge_node.people.keeping import take_settings
from edge_node.people.settings_text import save_settings, with_scanner, without_scanner
from edge_node.settings import CaptureSettings, ScannerSettings
from edge_node.web.live import LiveState
from sync_protocol.errors import Problem
from tests.browser.desk import Clock, make_node, web_of
from tests.doubles.escl_scanner import ScannerDouble, announced, running
from tests.edge_node.capture.sheets import sheet
from tests.edge_node.web.visitor import signed_in

HERE = [ipaddress.IPv4Interface("127.0.0.1/8")]
OFFICE = [ipaddress.IPv4Interface("192.168.7.20/24")]
LOOKS_MAX = 20


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    made = make_node(tmp_path_factory.mktemp("finding") / "node", Clock())
    yield made
    made.close()


def said(**changes: object) -> Announcement:
    whole: dict[str, object] = {
        "service": "_uscan._tcp.local.",
        "instance": "Máy quét quầy 3",
        "hosts": ("192.168.7.9",),
        "port": 8080,
        "text": {b"rs": b"eSCL", b"ty": "Kiểu 1".encode()},
    }
    return Announcement(**(whole | changes))  # type: ignore[arg-type]


async def looked_for(address: str) -> tuple[FoundScanner, ...]:
    """Looks until the device is there; how fast a machine hears an announcement decides nothing."""
    for _ in range(LOOKS_MAX):
        found = await find_scanners(HERE, listen_s=0.6)
        if any(one.address == address for one in found):
            return found
    raise AssertionError("the announced scanner was never found")


def test_an_announced_scanner_is_found_added_and_scanned_from(node: Node) -> None:
    live, name = LiveState(), f"Máy quét {secrets.token_hex(4)}"
    with (
        running(ScannerDouble([sheet("một"), sheet("hai")])) as base,
        announced(base, name, {"rs": "eSCL", "ty": "Kiểu 1"}),
    ):
        live.look_for_scanners = lambda: looked_for(base)
        client = signed_in(web_of(node, live), "only-administrator")
        form = {"_csrf_token": client.cookies.get("form") or ""}
        listed = client.post("/scanners/search", data=form)
        assert listed.status_code == 200 and name in listed.text and "Kiểu 1" in listed.text
        added = client.post("/scanners/add", data=form | {"address": base}, follow_redirects=False)
        assert added.status_code == 303, added.text[-400:]
        assert name in client.get("/scanners").text
        assert f'address = "{base}"' in node.folder.settings.read_text("utf-8")
        assert _scanned(node, [one.address for one in node.settings.capture.scanners].index(base)) == 2


def _scanned(node: Node, number: int) -> int:
    """Pages in the tray after a scan from a scanner of the settings."""
    pile = open_empty(node.desk, "all", "scanner", "", None)

    async def run() -> None:
        scans = Scans()
        await scans.start(node.desk, "all", node.settings.capture.scanners, number, "a4", pile.id)
        await scans.settled()

    asyncio.run(run())
    lay_waiting(node.desk)
    found = node.store.readers.run(lambda c: any_pile(c, pile.id))
    assert found is not None
    return len(found.tray.pages)


def test_a_hostile_announcement_beside_a_good_one_is_not_offered() -> None:
    bad = {"rs": b"\xff/../admin?x=", "ty": b"\xfe" * 200, "note": "x" * 200}
    with (
        running(ScannerDouble([])) as base,
        announced("http://127.0.0.1:9", f"Xấu {secrets.token_hex(4)}" + "x" * 40, bad),
        announced("http://127.0.0.1:80", f"Ngoài {secrets.token_hex(4)}", {"rs": "eSCL"}, host="203.0.113.7"),
        announced(base, f"Tốt {secrets.token_hex(4)}", {"rs": "/eSCL"}),
    ):
        found = asyncio.run(looked_for(base))
    assert not any("203.0.113.7" in one.address or "admin" in one.address for one in found)


@pytest.mark.parametrize(
    "changes",
    [
        {"hosts": ("203.0.113.7",)},
        {"hosts": ("127.0.0.1",)},
        {"hosts": ("10.0.0.9",)},
        {"hosts": ("0.0.0.0", "không phải số")},
        {"hosts": ()},
        {"port": 0},
        {"port": 70_000},
        {"service": "_http._tcp.local."},
        {"text": {b"rs": b"../admin"}},
        {"text": {b"rs": b"eSCL?x=1#y"}},
        {"text": {b"rs": b"@evil.example/"}},
        {"text": {b"rs": b"\xff\xfe"}},
        {"text": {b"rs": b"a" * 255}},
        {"instance": "\u202e\x00\u200b", "text": {b"ty": b"\xff"}},
    ],
)
def test_an_announcement_outside_the_rules_names_no_scanner(changes: dict[str, object]) -> None:
    assert judged(said(**changes), OFFICE) is None


def test_the_good_announcement_of_these_tests_names_its_scanner() -> None:
    expected = FoundScanner("Máy quét quầy 3", "http://192.168.7.9:8080/eSCL", "Kiểu 1")
    assert judged(said(hosts=("203.0.113.7", "192.168.7.9")), OFFICE) == expected


def test_a_long_name_with_invisible_characters_becomes_one_short_line() -> None:
    found = judged(said(instance="Quầy\u202e\x00\n3 " + "Ễ" * 500), OFFICE)
    assert found is not None and found.name.startswith("Quầy 3 Ễ") and len(found.name) == TEXT_MAX


def test_a_network_full_of_announcements_gives_a_short_list() -> None:
    many = [said(instance=f"Máy {number}", port=8000 + number) for number in range(ANNOUNCED_MAX)]
    assert len(chosen(many, OFFICE)) == FOUND_MAX


def test_a_device_that_offers_both_is_offered_once() -> None:
    both = [said(service="_uscans._tcp.local.", port=443), said()]
    assert [one.address for one in chosen(both, OFFICE)] == ["http://192.168.7.9:8080/eSCL"]
    assert [one.address for one in chosen(both[:1], OFFICE)] == ["https://192.168.7.9:443/eSCL"]


def _administrator(node: Node, live: LiveState) -> tuple[TestClient, dict[str, str]]:  # type: ignore[type-arg]
    client = signed_in(web_of(node, live), "only-administrator")
    return client, {"_csrf_token": client.cookies.get("form") or ""}


def test_nothing_found_is_said_with_the_next_step(node: Node) -> None:
    live = LiveState(look_for_scanners=lambda: find_scanners([]))
    client, form = _administrator(node, live)
    text = client.post("/scanners/search", data=form).text
    assert "Chưa thấy máy quét nào trong mạng" in text and "Bật máy quét" in text


def test_a_machine_that_lets_nobody_listen_says_so(node: Node) -> None:
    async def refused() -> tuple[FoundScanner, ...]:
        raise ScannerSearchBlocked(why="PermissionError")

    client, form = _administrator(node, LiveState(look_for_scanners=refused))
    answer = client.post("/scanners/search", data=form)
    assert answer.status_code == 503 and "CAP-038" in answer.text and "UDP 5353" in answer.text


async def test_sockets_that_cannot_be_opened_are_a_problem_with_a_code() -> None:
    with pytest.raises(ScannerSearchBlocked):
        await find_scanners([ipaddress.IPv4Interface("192.0.2.77/24")], listen_s=0.01)


def test_only_what_the_last_look_found_can_be_added(node: Node) -> None:
    client, form = _administrator(node, LiveState())
    before = node.folder.settings.read_text("utf-8")
    answer = client.post("/scanners/add", data=form | {"address": "http://203.0.113.7/eSCL"})
    assert answer.status_code == 409 and "CAP-037" in answer.text
    assert node.folder.settings.read_text("utf-8") == before


def test_a_scanner_added_twice_stands_once(node: Node) -> None:
    one = FoundScanner("Kho", "http://192.0.2.8/eSCL", "")
    client, form = _administrator(node, LiveState(found_scanners=(one,)))
    for _ in range(2):
        client.post("/scanners/add", data=form | {"address": one.address}, follow_redirects=False)
    assert node.folder.settings.read_text("utf-8").count(one.address) == 1
    take_settings(node, msgspec.structs.replace(node.settings, capture=CaptureSettings()))


def test_a_scanner_is_taken_out_by_the_administrator_and_the_others_and_all_comments_stay(node: Node) -> None:
    two = (FoundScanner("Kho", "http://192.0.2.18/eSCL", ""), FoundScanner("Quầy 2", "http://192.0.2.19/eSCL", ""))
    client, form = _administrator(node, LiveState(found_scanners=two))
    before = node.folder.settings.read_text("utf-8")
    for one in two:
        client.post("/scanners/add", data=form | {"address": one.address}, follow_redirects=False)
    answer = client.post("/scanners/remove", data=form | {"address": two[0].address}, follow_redirects=False)
    assert answer.status_code == 303, answer.text[-400:]
    left = {one.address for one in node.settings.capture.scanners}
    assert two[0].address not in left and two[1].address in left
    client.post("/scanners/remove", data=form | {"address": two[1].address}, follow_redirects=False)
    assert node.folder.settings.read_text("utf-8").strip() == before.strip()
    again = client.post("/scanners/remove", data=form | {"address": two[1].address})
    assert again.status_code == 409 and "CAP-039" in again.text
    take_settings(node, msgspec.structs.replace(node.settings, capture=CaptureSettings()))


def test_an_administrator_without_scanners_is_told_what_to_do_here(node: Node) -> None:
    client, _ = _administrator(node, LiveState())
    take_settings(node, msgspec.structs.replace(node.settings, capture=CaptureSettings()))
    page = client.get("/scanners").text
    assert "Tìm và thêm ở ngay bên dưới" in page and "Người quản trị thêm" not in page


@pytest.mark.parametrize("text", ['[capture]\nscanners = [{name = "K", address = "http://x"}]\n', "", "[[officers]]\n"])
def test_what_has_no_table_of_its_own_is_left_as_it_stands(text: str) -> None:
    assert without_scanner(text, "http://x") == text


def test_a_settings_file_with_its_scanners_in_one_line_is_left_as_it_stands(tmp_path: Path) -> None:
    text = 'office_name = "A"\n[capture]\nscanners = [{name = "Kho", address = "http://192.168.7.8/eSCL"}]\n'
    path = tmp_path / "node.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(Problem):
        save_settings(path, with_scanner(text, ScannerSettings("Quầy", "http://192.168.7.9/eSCL")))
    assert path.read_text("utf-8") == text


def test_a_name_with_quotes_is_read_back_as_it_was(tmp_path: Path) -> None:
    path, scanner = tmp_path / "node.toml", ScannerSettings('Máy "3" \\ [x]\u0110', "http://192.168.7.9/eSCL")
    text = 'office_name = "A"\n[capture]\nphone_address = "https://192.168.7.2"\n'
    assert save_settings(path, with_scanner(text, scanner)).capture.scanners == (scanner,)
