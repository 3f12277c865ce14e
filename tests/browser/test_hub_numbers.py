"""Numbers merged and split, a paper given its owner, a case that grew old: walked through on screen by two people, as it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from central_hub.app import Hub
from central_hub.cases.model import read_cases
from sync_protocol.adapters import projection
from sync_protocol.view import DossierView
from tests.browser.browser import DESK_SCREEN, opened, sign_in
from tests.browser.desk import PASSWORD, Clock, served
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.cases.test_cases import two_names
from tests.central_hub.numbers.test_changes import RIGHT, WRONG, received
from tests.offices import rid

clock = Clock()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Hub]:
    clock.at = Clock().at
    one = make_hub(tmp_path / "hub", clock)
    yield one
    one.store.close()


@pytest.fixture
def hub(bare: Hub) -> Hub:
    """Two offices each hold a paper of the same number."""
    received(bare, 1, "00101", WRONG)
    received(bare, 2, "03401", WRONG)
    return bare


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as one:
        yield one


@contextmanager
def two_people(hub: Hub, browser: Browser) -> Iterator[tuple[Page, Page, str]]:
    """An officer for conflicts and a leader, each at a screen, and the hub's address."""
    with served(web_of_hub(hub)) as address:
        pages = []
        for account in ("conflict_officer", "leader"):
            pages.append(browser.new_context(viewport=DESK_SCREEN).new_page())  # type: ignore[arg-type]
            sign_in(pages[-1], address, account, PASSWORD)
        yield pages[0], pages[1], address
        for page in pages:
            page.context.close()


def view(hub: Hub, number: int) -> DossierView:
    found = hub.store.readers.run(lambda c: projection.view_of(c, rid(number)))
    assert found is not None
    return found


def owners(hub: Hub, *numbers: int) -> list[str]:
    return [view(hub, number).documents[0].owner for number in numbers]


def ask_for(page: Page, kind: str, new: str) -> None:
    """Fill in the rest of the proposal and send it."""
    page.get_by_label("Loại thay đổi").select_option(kind)
    page.get_by_label("Số đúng").fill(new)
    page.get_by_label("Giấy tờ chứng minh").fill("CCCD cấp 01/06/2026, Bộ Công an")
    page.get_by_label("Lý do").fill("đối chiếu tại quầy")
    page.get_by_role("button", name="Gửi đề nghị").click()
    page.wait_for_url("**/numbers")


def approved(page: Page, address: str) -> None:
    """The leader finds the proposal and approves it."""
    page.goto(f"{address}/numbers")
    page.get_by_role("button", name="Duyệt").click()
    page.wait_for_url("**/numbers")
    expect(page.get_by_role("button", name="Duyệt")).to_have_count(0)


def test_two_numbers_of_one_person_are_merged_by_two_people(hub: Hub, browser: Browser) -> None:
    with two_people(hub, browser) as (officer, leader, address):
        officer.goto(f"{address}/numbers")
        officer.get_by_label("Số hiện đang ghi").fill(WRONG)
        officer.get_by_role("button", name="Xem hồ sơ mang số này").click()
        for code in ("00101-261122-0001", "03401-261122-0002"):
            officer.get_by_label(code).check()
        ask_for(officer, "merged", RIGHT)
        expect(officer.get_by_role("button", name="Duyệt")).to_have_count(0)  # not by whoever asked
        assert owners(hub, 1, 2) == [WRONG, WRONG]
        approved(leader, address)
        assert owners(hub, 1, 2) == [RIGHT, RIGHT]


def test_one_number_of_two_people_is_split_and_the_other_dossier_stays(hub: Hub, browser: Browser) -> None:
    with two_people(hub, browser) as (officer, leader, address):
        officer.goto(f"{address}/numbers")
        officer.get_by_label("Số hiện đang ghi").fill(WRONG)
        officer.get_by_role("button", name="Xem hồ sơ mang số này").click()
        officer.get_by_label("03401-261122-0002").check()
        ask_for(officer, "split", RIGHT)
        approved(leader, address)
        assert owners(hub, 1, 2) == [WRONG, RIGHT]


def test_a_number_that_cannot_be_one_is_said_and_what_was_typed_stays(hub: Hub, browser: Browser) -> None:
    with two_people(hub, browser) as (officer, _leader, address):
        officer.goto(f"{address}/numbers")
        officer.get_by_label("Số hiện đang ghi").fill(WRONG)
        officer.get_by_role("button", name="Xem hồ sơ mang số này").click()
        officer.get_by_label("03401-261122-0002").check()
        ask_for(officer, "split", "123")
        expect(officer.locator("main")).to_contain_text("NUM-")
        expect(officer.get_by_label("Số đúng")).to_have_value("123")
        expect(officer.get_by_label("03401-261122-0002")).to_be_checked()


def test_a_paper_of_nobody_gets_its_owner(hub: Hub, browser: Browser) -> None:
    received(hub, 3, "07906", "")
    with two_people(hub, browser) as (officer, leader, address):
        officer.goto(f"{address}/numbers")
        officer.get_by_label("07906-261122-0003").check()
        ask_for(officer, "obtained", RIGHT)
        approved(leader, address)
        expect(leader.locator("main")).to_contain_text("Mọi giấy tờ đã có chủ.")
        assert owners(hub, 3) == [RIGHT]


def test_a_case_that_grew_old_stands_first_is_taken_proposed_and_approved(bare: Hub, browser: Browser) -> None:
    two_names(bare)
    clock.at += dt.timedelta(days=6)
    with two_people(bare, browser) as (officer, leader, address):
        leader.goto(f"{address}/cases")
        expect(leader.get_by_role("row").nth(1)).to_contain_text("Quá 5 ngày")
        officer.goto(f"{address}/cases")
        officer.get_by_role("row", name="00101-261122-0003").get_by_role("link").click()
        expect(officer.locator("main")).to_contain_text("Quá 5 ngày")
        officer.get_by_role("button", name="Nhận việc này").click()
        expect(officer.locator("main")).to_contain_text("conflict_officer")
        officer.get_by_label("Lý do").fill("theo căn cước")
        officer.locator('button[name="choice"][value="Lê Thị Ơn"]').click()
        officer.wait_for_url("**/cases")
        expect(officer.get_by_role("status")).to_contain_text("một người khác mở việc này rồi duyệt")
        assert view(bare, 3).conflicts
        leader.goto(f"{address}/cases")
        leader.get_by_role("row", name="00101-261122-0003").get_by_role("link").click()
        leader.get_by_role("button", name="Duyệt và gửi tới các cơ quan").click()
        leader.wait_for_url("**/cases")
        expect(leader.get_by_role("status")).to_contain_text("Đã duyệt đề nghị cho hồ sơ 00101-261122-0003.")
        expect(leader.get_by_role("link", name="00101-261122-0003")).to_have_count(0)
    assert view(bare, 3).person("name") == "Lê Thị Ơn" and not view(bare, 3).conflicts
    assert all(one.kind != "identity" for one in bare.store.readers.run(read_cases))
