"""The directory on screen: from an empty draft to a published version, by two people, and every refusal on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar

from central_hub.app import Hub
from central_hub.cli.catalogue import CONSOLE
from central_hub.directory.changes import PLACES, entries_of
from central_hub.directory.web_state import law_desk_of
from sync_protocol.catalogue import Catalogue, CataloguePart
from tests.browser.hub import web_of_hub
from tests.central_hub.directory.desk_of_law import hub_with_law, receive
from tests.central_hub.directory.published import published
from tests.central_hub.web.person import Person

NEW_DRAFT = {"title": "Thai sản 2027 Ẵ", "reason": "QĐ 863/QĐ-BNV"}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one, _ = hub_with_law(tmp_path)
    yield one
    one.store.close()


@pytest.fixture
def app(hub: Hub) -> Litestar:
    return web_of_hub(hub)


def newest(hub: Hub) -> Catalogue:
    return law_desk_of(hub).held.newest()[1]


def test_a_next_version_goes_from_the_form_to_every_node_through_two_people(hub: Hub, app: Litestar) -> None:
    receive(hub, 1, procedure="1.014166")
    keeper, leader = Person(app, "catalogue_keeper"), Person(app, "leader")
    assert keeper.post("/drafts", NEW_DRAFT).headers["location"] == "/drafts/1"
    form = keeper.form_at("/drafts/1/entry?place=procedures&key=1.014166|1&next=1")
    assert form["version"] == "2" and form["deadlines-0-amount"] == "7" and form["valid_from"] == ""
    kept = keeper.post("/drafts/1/entry", {**form, "valid_from": "01/01/2027", "deadlines-0-amount": "4"})
    assert kept.status_code == 303, kept.text
    page = keeper.get("/drafts/1").text
    for said in ("Thai sản 2027 Ẵ", "1.014166 · 2", "Hồ sơ đang mở bị ảnh hưởng", "00101", "31/12/2026"):
        assert said in page, said
    assert keeper.post("/drafts/1/submit").status_code == 303
    refused = keeper.post("/drafts/1/approve")
    assert refused.status_code == 403 and "CAT-014" in refused.text
    assert "Duyệt và phát hành" in leader.get("/drafts/1").text
    assert leader.post("/drafts/1/approve").status_code == 303
    rules = newest(hub)
    assert rules.version == "2"
    assert rules.procedure("1.014166", dt.date(2027, 1, 1)).deadlines[0].amount == 4  # type: ignore[union-attr]
    assert rules.procedure("1.014166", dt.date(2026, 12, 31)) == rules.procedure_version("1.014166", 1)
    assert "leader duyệt" in leader.get("/drafts/1").text
    assert keeper.post("/catalogue/versions/1/restore", {"reason": "phát hành nhầm"}).headers["location"] == "/drafts/2"


def test_a_new_list_of_areas_is_seen_taken_back_and_published_by_two_people(hub: Hub, app: Litestar) -> None:
    desk, keeper, leader = law_desk_of(hub), Person(app, "catalogue_keeper"), Person(app, "leader")
    part = CataloguePart("areas", "ab" * 32, 107_147, "NQ 202/2025/QH15", "2")
    wanted = msgspec.structs.replace(published(), parts=(part,))
    for draft in (1, 2):
        assert desk.begin_with(CONSOLE, "Danh mục từ tệp nguồn", "bản phát hành mới", wanted, "law.sources") == draft
    page = keeper.get("/drafts/1").text
    assert "Tệp kèm danh mục" in page and part.digest in page and "place=parts" not in page
    assert keeper.get("/drafts/1/entry?place=parts&key=areas").status_code == 404
    assert keeper.post("/drafts/1/take-back", {"place": "parts", "key": "areas"}).status_code == 303
    assert "Chưa thay đổi mục nào" in keeper.get("/drafts/1").text
    assert keeper.post("/drafts/2/submit").status_code == 303 and leader.post("/drafts/2/approve").status_code == 303
    assert newest(hub).part("areas") == part
    page = keeper.get("/catalogue").text
    assert "Danh sách tỉnh, huyện, xã cũ và mới" in page and part.digest in page


def test_an_entry_form_sent_as_it_stands_changes_nothing(hub: Hub, app: Litestar) -> None:
    keeper = Person(app, "catalogue_keeper")
    keeper.post("/drafts", NEW_DRAFT)
    for place in PLACES:
        key = next(iter(entries_of(published(), place)))
        address = f"/drafts/1/entry?place={place}&key={key.replace('|', '%7C')}"
        answer = keeper.post("/drafts/1/entry", keeper.form_at(address))
        assert answer.status_code == 303, (place, answer.text)
        assert keeper.get(f"/catalogue/entry?place={place}&key={key.replace('|', '%7C')}").status_code == 200
        assert keeper.get(f"/drafts/1/entries?place={place}").status_code == 200
        assert keeper.get(f"/catalogue/entries?place={place}").status_code == 200
        assert keeper.get(f"/drafts/1/entry?place={place}").status_code == 200
    assert "Chưa thay đổi mục nào" in keeper.get("/drafts/1").text


def test_wrong_boxes_are_named_and_everything_typed_stays(hub: Hub, app: Litestar) -> None:
    keeper = Person(app, "catalogue_keeper")
    keeper.post("/drafts", NEW_DRAFT)
    form = keeper.form_at("/drafts/1/entry?place=procedures&key=1.014166|1")
    wrong = {**form, "source": "", "valid_from": "31/02/2027", "deadlines-0-amount": "năm", "name": "Tên đang gõ"}
    answer = keeper.post("/drafts/1/entry", wrong)
    assert answer.status_code == 422 and "CAT-017" in answer.text and "Tên đang gõ" in answer.text
    for said in (
        "Căn cứ (văn bản, điều, khoản): ô còn trống",
        "Hiệu lực từ: giá trị không đọc được",
        "Thời hạn 1, Số ngày",
    ):
        assert said in answer.text, said
    assert "Chưa thay đổi mục nào" in keeper.get("/drafts/1").text


def test_a_procedure_loses_a_row_and_the_draft_says_what_is_missing(app: Litestar) -> None:
    keeper = Person(app, "catalogue_keeper")
    keeper.post("/drafts", NEW_DRAFT)
    form = keeper.form_at("/drafts/1/entry?place=procedures&key=1.014163|1")
    keeper.post("/drafts/1/entry", {**form, "deadlines-0-drop": "1"})
    page = keeper.get("/drafts/1").text
    assert "1.014163 phiên bản 1: chưa có thời hạn" in page
    answer = keeper.post("/drafts/1/submit")
    assert answer.status_code == 422 and "CAT-020" in answer.text
    taken_back = keeper.post("/drafts/1/take-back", {"place": "procedures", "key": "1.014163|1"})
    assert taken_back.status_code == 303 and "Chưa thay đổi mục nào" in keeper.get("/drafts/1").text


def test_a_spreadsheet_with_wrong_columns_names_them_and_nothing_is_applied(app: Litestar) -> None:
    keeper = Person(app, "catalogue_keeper")
    keeper.post("/drafts", NEW_DRAFT)
    good = "date,name,kind,provisional,source,trust\n01/03/2027,Nghỉ,holiday,no,TB,P\n"
    bad = good + "2027-03-02,Bù,làm,no,TB,P\n"
    for content, code in (
        (bad, "CAT-019"),
        (good.replace("date", "day"), "CAT-019"),
        ("\0", "CAT-022"),
        ("", "WEB-031"),
    ):
        answer = keeper.post("/drafts/1/import", {"sheet": "holidays"}, files={"file": ("b.csv", content.encode())})
        assert answer.status_code >= 400 and code in answer.text, content
    answer = keeper.post("/drafts/1/import", {"sheet": "holidays"}, files={"file": ("b.csv", bad.encode())})
    assert "Ngày nghỉ, ngày làm bù, dòng 3: cột kind" in answer.text
    assert "Chưa thay đổi mục nào" in keeper.get("/drafts/1").text
    assert (
        keeper.post("/drafts/1/import", {"sheet": "holidays"}, files={"file": ("b.csv", good.encode())}).status_code
        == 303
    )
    assert "2027-03-01" in keeper.get("/drafts/1").text


def test_a_draft_needs_a_name_and_a_legal_basis(app: Litestar) -> None:
    answer = Person(app, "catalogue_keeper").post("/drafts", {"title": "Tên", "reason": " "})
    assert answer.status_code == 400 and "WEB-031" in answer.text and 'value="Tên"' in answer.text


def test_a_returned_draft_shows_who_returned_it_and_why(app: Litestar) -> None:
    keeper, leader = Person(app, "catalogue_keeper"), Person(app, "leader")
    keeper.post("/drafts", NEW_DRAFT)
    form = keeper.form_at("/drafts/1/entry?place=results&key=KQ.G24.000004|2022-09-06")
    keeper.post("/drafts/1/entry", {**form, "name": "Thẻ"})
    keeper.post("/drafts/1/submit")
    assert leader.post("/drafts/1/return", {"reason": ""}).status_code == 400
    assert leader.post("/drafts/1/return", {"reason": "Thiếu số văn bản"}).status_code == 303
    assert "leader trả lại: Thiếu số văn bản" in keeper.get("/drafts/1").text


def test_the_ways_to_submit_a_paper_are_read_in_words(hub: Hub, app: Litestar) -> None:
    keeper = Person(app, "catalogue_keeper")
    page = keeper.get("/catalogue/entry?place=procedures&key=1.014166|1").text
    assert "Bản chính; Bản sao điện tử cấp từ sổ gốc" in page and "register_e_copy" not in page
    keeper.post("/drafts", NEW_DRAFT)
    form = keeper.get("/drafts/1/entry?place=procedures&key=1.014166|1").text
    assert "Hình thức nộp (ngăn bằng dấu chấm phẩy)" in form and "register_e_copy" in form


def test_a_workbook_that_is_none_is_called_so(app: Litestar) -> None:
    keeper = Person(app, "catalogue_keeper")
    keeper.post("/drafts", NEW_DRAFT)
    answer = keeper.post("/drafts/1/import", {"sheet": "procedures"}, files={"file": ("bảng.xlsx", b"not a zip")})
    assert "CAT-022" in answer.text and "có cột lạ" not in answer.text
