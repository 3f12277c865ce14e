"""The list of cases page by page: each case on one page, counted honestly, the question kept in the links, and nothing lost between pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.app import Hub
from central_hub.cases.model import DAY_MS, Case
from central_hub.cases.paging import FIRST, KINDS, SHOWN, STATES, Asked, page_of, place_of
from sync_protocol.bodies import IdentityAsserted
from sync_protocol.ids import GENESIS, OfficeCode, RecordId
from tests.browser.desk import Clock
from tests.browser.hub import client_of, make_hub
from tests.central_hub.cases.heard import say
from tests.offices import reception

MANY = 120
NOW_MS = 100 * DAY_MS
moments = st.integers(0, 40)


def case(number: int, opened: int, kind: str = "identity", office: str = "00101", owner: str = "") -> Case:
    return Case(
        id=number.to_bytes(32, "big"), kind=kind, rid=RecordId(bytes(16)), code="", offices=(OfficeCode(office),), custodian=OfficeCode(office),  # type: ignore[arg-type]
        opened_ms=opened, owner=owner,
    )  # fmt: skip


def in_order(opened: list[int]) -> list[Case]:
    made = (case(number, at, KINDS[at % 2], f"0010{at % 3}", "lan" if at % 4 else "") for number, at in enumerate(opened))
    return sorted(made, key=lambda one: (one.opened_ms, one.id))


def walk(cases: list[Case], asked: Asked, answered: set[bytes]) -> list[bytes]:
    """What a person sees who reads every page and answers `answered` while reading the first."""
    seen: list[bytes] = []
    after = FIRST
    while True:
        page = page_of(cases, asked, "lan", after, now_ms=NOW_MS, after_days=3)
        assert len(page.rows) <= SHOWN and page.skipped + len(page.rows) <= page.found <= page.open == len(cases)
        seen += [one.id for one in page.rows]
        if page.after is None:
            return seen
        after = page.after
        cases = [one for one in cases if one.id not in answered]


@given(st.lists(moments, max_size=300), st.sampled_from(("", *KINDS[:2])), st.sampled_from(("", "00101")), st.sampled_from(("", *STATES)), st.data())
def test_every_case_that_is_asked_for_is_seen_once_whatever_is_answered_meanwhile(
    opened: list[int], kind: str, office: str, state: str, data: st.DataObject
) -> None:
    cases, asked = in_order(opened), Asked.of(kind, office, state)
    wanted = [one.id for one in cases if asked.takes(one, "lan", is_old=one.is_escalated(NOW_MS, 3))]
    answered = set(data.draw(st.lists(st.sampled_from(wanted), unique=True))) if wanted else set()
    seen = walk(cases, asked, answered)
    assert len(seen) == len(set(seen)) and set(wanted) - answered <= set(seen) <= set(wanted)


@given(st.lists(moments, min_size=1, max_size=300), st.integers(0, 300))
def test_a_place_behind_the_last_case_shows_the_last_page(opened: list[int], at: int) -> None:
    page = page_of(in_order(opened), Asked(), "lan", (at, b"\xff" * 33), now_ms=NOW_MS, after_days=3)
    assert page.rows and page.skipped < page.found


@given(st.text(), st.text(), st.text(), st.text())
def test_an_invented_address_leaves_nothing_out_and_is_never_repeated(kind: str, office: str, state: str, after: str) -> None:
    asked = Asked.of(kind, office, state)
    assert re.fullmatch(r"/cases(\?(kind|office|state|after)=[\w-]+(&(office|state|after)=[\w-]+)*)?", asked.address(place_of(after)), re.ASCII)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    root: Path = tmp_path_factory.mktemp("paged")
    one = make_hub(root / "hub", Clock())
    one.store.writer.run(lambda c: fill(c, one))  # type: ignore[arg-type]
    yield one
    one.store.close()


def fill(connection: object, hub: Hub) -> None:
    """Two offices disagree on the name in so many dossiers."""
    last = {"00101": (0, GENESIS), "03401": (0, GENESIS), "07906": (0, GENESIS)}
    for number in range(1, MANY + 1):
        first, body = "00101" if number % 3 else "07906", IdentityAsserted(field="name", value="Lê Thị Ơn", proof="căn cước", officer="cb")
        for office, what in ((first, reception(number, first, "Lê Thị Ổn", f"{number:012d}")), ("03401", body)):
            seq, prev = last[office]
            last[office] = seq + 1, say(connection, hub, number, office, what, seq + 1, prev)  # type: ignore[arg-type]


def read(hub: Hub, path: str) -> tuple[list[str], str, dict[str, str]]:
    """The cases on a page, its words, and its links to other pages."""
    text = client_of(hub, "all").get(path).text
    cases = re.findall(r'<td data-label="[^"]*"><a href="(/cases/[^"]+)"', text)
    links = {said: html.unescape(to) for to, said in re.findall(r'<a href="(/cases(?:\?[^"]*)?)"[^>]*>([^<]+)</a>', text.partition("</table>")[2])}
    return cases, re.sub(r"<[^>]*>", " ", text), links


def test_the_list_has_pages_of_fifty_with_honest_counts_and_each_case_once(hub: Hub) -> None:
    path, seen, counts = "/cases", [], []
    while path:
        cases, text, links = read(hub, path)
        seen += cases
        counts += re.findall(r"Việc (\d+–\d+) trong 120\.", text)
        path = links.get("Xem các mục tiếp theo", "")
    assert counts == ["1–50", "51–100", "101–120"] and len(seen) == len(set(seen)) == MANY


def test_what_was_asked_for_stays_in_the_links_of_the_pages(hub: Hub) -> None:
    cases, text, links = read(hub, "/cases?kind=identity&office=00101&state=free")
    assert "Đang lọc: 80 trong 120 việc đang mở." in text and len(cases) == 50
    more, text, links = read(hub, links["Xem các mục tiếp theo"])
    assert len(more) == 30 and not set(more) & set(cases) and links["Về đầu danh sách"] == "/cases?kind=identity&office=00101&state=free"
    assert '<option value="00101" selected>' in client_of(hub, "all").get("/cases?office=00101").text


def test_a_filter_that_finds_nothing_says_so_and_leads_back(hub: Hub) -> None:
    cases, text, _ = read(hub, "/cases?kind=document")
    assert not cases and "Không có việc nào như đã lọc." in text and "Bỏ lọc" in text


def test_the_way_back_from_a_case_leads_to_the_page_it_was_on(hub: Hub) -> None:
    client = client_of(hub, "all")
    second = read(hub, "/cases?office=00101")[2]["Xem các mục tiếp theo"]
    case = re.findall(r'<td data-label="[^"]*"><a href="(/cases/[^"]+)"', client.get(second).text)[0]
    assert f'<a href="{html.escape(second)}">Về danh sách' in client.get(case).text
