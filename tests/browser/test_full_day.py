"""A clerk's day by the keyboard alone, with the product's own processes: hub, message server, node; the line cut, the node killed, a double settled, a dossier returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, expect

from deploy.demo.authority import make_authority
from deploy.demo.job import offices
from deploy.demo.job.line import Relay
from deploy.demo.job.offices import PASSWORD, Office, open_hub, open_office, start_office
from deploy.demo.job.stage import Actor, free_port
from tests.browser.browser import DESK_SCREEN, opened
from tests.browser.officers import CARD, scanned_paper
from tests.browser.test_intake import Keys

MOST_KEYS = 293  # on 2026-11-28, values typed from the papers included; fewer is better, more needs a reason


class Day(Keys):
    """The officer's fingers on one page; the mouse stays in the drawer."""

    def go(self, words: str) -> None:
        """To another page by the menu."""
        self.press("Escape")
        names = [" ".join(one.split()) for one in self.page.locator("nav a").all_inner_texts()]
        at = names.index(self.page.evaluate("document.activeElement.innerText").strip())
        right = (names.index(words) - at) % len(names)
        left = len(names) - right  # the menu is a ring: people take the shorter way round
        self.press(*(["ArrowRight"] * right if right <= left else ["ArrowLeft"] * left), "Enter")
        expect(self.page.locator("nav [aria-current]")).to_have_text(words)

    def tab_to(self, place: str, most: int = 40) -> None:
        """Tab until the focus is there."""
        wanted = self.page.locator(place).first
        for _ in range(most):
            if wanted.evaluate("(one) => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{place} is not reached by {most} tabs")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("day")
    held = offices._SETTINGS
    offices._SETTINGS = f'{held}\n[reading]\nkind = "manual"\n'
    authority = make_authority(folder / "authority", dt.datetime.now(dt.UTC), agency="BHXH cơ sở Ba Đình")
    hub, bus, _ = open_hub(folder, authority)
    line = Relay(bus)
    one = Office(
        "A", "n00101a", "00101", "BHXH cơ sở Ba Đình", "BHXH thành phố Hà Nội", "Hà Nội", "cb.nhan", "Nguyễn Thị Ẵm", "officer_rsa",
        Actor("node", folder / "a"), free_port(8040), line,
    )  # fmt: skip
    try:
        open_office(hub, bus, folder, authority, one)
        yield one
    finally:
        offices._SETTINGS = held
        one.actor.kill()
        hub.kill()
        line.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as one:
        yield one


def a_colleagues_double(office: Office, folder: Path) -> str:
    """Another desk of the office took the same procedure of the same person in this morning, with a scanned notice; returns the code."""
    person, notice = folder / "person.json", folder / "notice.jpg"
    person.write_bytes(
        msgspec.json.encode(
            {"kind": "person", "name": "NGUYỄN THỊ ẴM", "personal_id": "001185012345", "birth_date": "1985-02-01"}
        )
    )
    notice.write_bytes(scanned_paper())
    run = office.actor.run
    words = [
        "--procedure",
        "1.014166",
        "--applicant",
        person,
        "--channel",
        "in_person",
        "--submitter",
        "worker",
        "--json",
    ]
    code = str(run("receive", "--officer", "cb.nhan", *words)["code"])
    run(
        "scan",
        code,
        "VBTB",
        notice,
        "--officer",
        "cb.nhan",
        "--pages",
        "1",
        "--form",
        "original",
        "--add",
        "Văn bản thông báo",
        "--json",
    )
    return code


@pytest.mark.timeout(300)
def test_a_day_by_keyboard_alone_with_a_cut_line_a_killed_node_a_double_and_a_return(
    office: Office, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(20_000)
    day = Day(page)
    double = a_colleagues_double(office, tmp_path)
    page.goto(office.page)
    day.type("cb.nhan")
    day.press("Tab")
    page.keyboard.insert_text(PASSWORD)  # what one types without looking is not the product's
    day.press("Enter")
    expect(page.locator("h1")).to_have_text("Việc hôm nay")
    expect(page.locator(".bar")).to_contain_text("không còn gì chờ gửi")

    _a_person_is_called(day)
    office.line.cut()
    expect(page.locator(".bar")).to_contain_text("Mất kết nối trung tâm")
    code = _taken_in_while_the_node_dies(day, office)
    _signed_checked_coded_and_handed_on(day, tmp_path)
    office.line.mend()
    expect(page.locator(".bar")).to_contain_text("không còn gì chờ gửi", timeout=40_000)
    expect(page.locator(".paper-line").first).to_contain_text("Trung tâm đã nhận", timeout=40_000)
    _the_double_is_judged(day, double)
    _returned_with_notice(day, double)
    day.go("Việc hôm nay")
    expect(page.locator("tr", has_text=double)).to_contain_text("Trả lại hồ sơ")
    page.goto(f"{office.page}/today?show=all")  # handed on, it is no work of today any more: a look for the test's sake
    expect(page.locator("tr", has_text=code)).to_contain_text("Đã chuyển")
    print(f"keys: {day.count}")
    assert day.count <= MOST_KEYS, f"{day.count} keys"


def _a_person_is_called(day: Day) -> None:
    day.go("Quầy")
    day.tab_to("#desk")
    day.type("3")
    day.press("Enter")
    day.tab_to("form[action='/quay/tickets'] button")
    day.press("Enter")
    expect(day.page.locator("main")).to_contain_text("Số A-001")
    day.press("F2")
    expect(day.page.locator(".called")).to_contain_text("A-001")
    day.press("F4")
    expect(day.page.locator("main")).to_contain_text("đang phục vụ")


def _taken_in_while_the_node_dies(day: Day, office: Office) -> str:
    page = day.page
    day.go("Tiếp nhận")
    expect(page.locator("#qr")).to_be_focused()
    page.keyboard.insert_text(CARD)  # the reader
    day.press("Enter")
    expect(page.locator("#procedure")).to_be_focused()
    day.type("1.014166")
    expect(page.locator("#found button").first).to_be_visible()
    day.press("Tab", "Enter")
    expect(page.locator("#papers li").first).to_be_visible()
    day.tab_to("#note")
    day.type("1 bản")
    page.route("**/bar", lambda route: None)  # the open page has not noticed yet: the form is sent into the void
    office.actor.kill()
    day.press("Enter")
    expect(page.locator("#main")).to_have_count(0)
    start_office(office)
    page.unroute("**/bar")
    page.go_back(wait_until="domcontentloaded")
    day.count += 1  # Alt and the arrow to the left
    expect(page.locator("#note")).to_have_value("1 bản")
    expect(page.locator("#name")).to_have_value("NGUYỄN THỊ ẴM")
    page.locator("#papers li").first.wait_for()
    page.locator("#note").focus() if page.evaluate("document.activeElement.tagName") == "BODY" else None
    day.press("Enter")
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("h1")).to_contain_text("Đã tiếp nhận")
    return page.locator("h1").inner_text().split()[2]


def _signed_checked_coded_and_handed_on(day: Day, folder: Path) -> None:
    page = day.page
    paper = folder / "paper.jpg"
    paper.write_bytes(scanned_paper())
    expect(page.locator("main .tasks a:focus")).to_contain_text("Quét hoặc dùng lại")
    day.press("Enter")
    expect(page.locator("#pages")).to_be_focused()
    day.type("1")
    page.set_input_files("#files", paper)  # the scanner
    page.locator("#pages").focus()
    day.press("Enter")
    page.wait_for_url("**/dossiers/*")
    expect(page.get_by_role("link", name="Kiểm tra và xác nhận")).to_be_visible(timeout=40_000)
    page.reload()
    day.count += 1
    expect(page.locator("main .tasks a:focus")).to_contain_text("Kiểm tra và xác nhận")
    day.press("Enter")
    page.locator("[data-confirm]").wait_for()
    for _ in range(page.locator(".value").count()):
        if not page.locator(".value input[type=text]:focus").count():
            break
        name = page.evaluate("document.activeElement.name")
        day.type(
            "5/10/2026" if "date" in name else "1/CS" if "number" in name else "001185012345" if "_id" in name else "Ẵm"
        )
        day.press("Enter")
    day.press("Control+Enter" if page.locator(".value :focus").count() else "Enter")
    expect(page.get_by_role("button", name="Cấp mã kết quả số hóa")).to_be_focused()
    day.press("Enter")
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("#section")).to_be_focused()
    day.press("Enter")
    expect(page.locator("h1")).to_contain_text("Đã chuyển")


def _the_double_is_judged(day: Day, double: str) -> None:
    page = day.page
    day.go("Cần đối chiếu")
    case = page.locator("[data-case]", has_text="có thể trùng với một hồ sơ")
    for _ in range(5):
        if case.count():
            break
        page.reload()
        day.count += 1
        page.wait_for_timeout(500)
    left = case.count()
    assert left, page.locator("main").inner_text()
    while case.count():
        day.press("F8")
        day.type("hai con")
        day.press("F4")
        expect(case).to_have_count(left - 1)
        left -= 1


def _returned_with_notice(day: Day, double: str) -> None:
    page = day.page
    day.go("Việc hôm nay")
    day.tab_to(f"tbody a:text-is('{double}')", most=60)
    day.press("Enter")
    expect(page.locator("h1")).to_contain_text(double)
    day.tab_to("#section", most=60)
    day.press("Enter")
    expect(page.locator("h1")).to_contain_text("Đã chuyển")
    _move(day, "take_up")
    expect(page.locator("h1")).to_contain_text("Đang xử lý")
    _move(day, "return_with_notice", "không đủ điều kiện hưởng", with_notice=True)
    expect(page.locator("h1")).to_contain_text("Trả lại hồ sơ")


def _move(day: Day, what: str, reason: str = "", *, with_notice: bool = False) -> None:
    """One step of the form: the radio by the arrows, the rest by tabs, sent by Enter."""
    page = day.page
    day.tab_to("summary:has-text('Chuyển trạng thái')", most=60)
    if page.locator("details:has(summary:text('Chuyển trạng thái'))").get_attribute("open") is None:
        day.press("Enter")
    day.press("Tab")
    day.press("Space")
    for _ in range(12):
        if page.locator(f"#move-{what}").is_checked():
            break
        day.press("ArrowDown")
    if reason:
        day.tab_to("#reason-move")
        day.type(reason)
    if with_notice:
        day.tab_to("#notice")
        day.press("ArrowDown")
    day.tab_to("form[action$='/move'] button")
    day.press("Enter")
