"""A year alone, a month and a year: what a paper says of a day in its own precision, and nothing more."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.grammar import values
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from sync_protocol.calendar import vietnam_date
from tests.central_hub.directory.published import BUILT_AT
from tests.edge_node.extraction.printed import TYPES, said
from tests.edge_node.extraction.recorded import document, line

TODAY = vietnam_date(BUILT_AT)


def read(*lines: Line, chosen: str) -> DocumentProposal:
    return extract(document(*lines), TYPES, Gazetteer(), chosen_type=chosen, today=TODAY)


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("Năm sinh: 1948", "1948"),
        ("Sinh năm 1948, dân tộc: Tày", "1948"),
        ("Tôi là Lò Thị Pản, sinh năm 1948, trú tại bản Nà Lốc.", "1948"),
        ("Ngày, tháng, năm sinh: 1948 Giới tính: Nữ", "1948"),
        ("Ngày sinh: tháng 7 năm 1948", "07/1948"),
        ("Ngày sinh: 7/1948", "07/1948"),
        ("Ngày sinh: 05/7/1948", "05/07/1948"),
        ("Năm sinh: 1948 Ngày cấp CCCD: 12/03/2021", "1948"),
    ],
)
def test_a_birth_is_what_the_paper_says_of_it(row: str, value: str) -> None:
    assert said(read(line(150, 500, row), chosen="TL-KT"), "birth_date") == (value, FieldTrust.AGREES)


@pytest.mark.parametrize("row", ["Ngày sinh: …/…/1948", "Ngày sinh: /  /1948", "Ngày sinh: ......1948"])
def test_a_year_behind_a_day_left_blank_goes_to_a_person_since_a_pen_may_have_filled_it(row: str) -> None:
    assert said(read(line(150, 500, row), chosen="TL-KT"), "birth_date") == ("1948", FieldTrust.CHECK)


@pytest.mark.parametrize("row", ["Ngày sinh: 15/ /1948", "Ngày sinh: 194", "Ngày sinh: 19485", "Ngày sinh: 1948/2"])
def test_a_piece_of_a_day_is_no_year(row: str) -> None:
    assert said(read(line(150, 500, row), chosen="TL-KT"), "birth_date")[0] == ""


def test_a_year_below_its_label_is_found() -> None:
    rows = (line(200, 500, "Họ và tên"), line(900, 500, "Năm sinh"), line(200, 560, "Lò Thị Pản"), line(900, 560, "1948"))
    assert said(read(*rows, chosen="TL-KT"), "birth_date")[0] == "1948"


def test_two_readers_that_saw_another_year_go_to_a_person() -> None:
    assert said(read(line(150, 500, "Năm sinh: 1948", "Năm sinh: 1943"), chosen="TL-KT"), "birth_date") == ("1948", FieldTrust.CHECK)


def test_a_day_is_still_asked_where_papers_have_one() -> None:
    found = read(line(150, 500, "Ngày cấp: 2019"), chosen="GT-CM")
    assert said(found, "issue_date")[0] == ""


def test_a_year_is_held_against_the_personal_number() -> None:
    rows = (line(150, 500, "Họ và tên: Lò Thị Pản"), line(150, 560, "Năm sinh: 1948"), line(150, 620, "Số định danh cá nhân: 011149004747"))
    field = read(*rows, chosen="14-HSB").field("birth_date")
    assert field is not None
    assert (field.proposal, field.trust, "khác năm 1949" in field.reason) == ("1948", FieldTrust.CHECK, True)


def test_a_year_or_month_that_lies_ahead_goes_to_a_person() -> None:
    assert said(read(line(150, 500, "Năm sinh: 2028"), chosen="TL-KT"), "birth_date")[1] is FieldTrust.CHECK
    assert said(read(line(150, 500, "Năm sinh: 2026"), chosen="TL-KT"), "birth_date")[1] is FieldTrust.AGREES


@pytest.mark.parametrize(
    ("cell", "value"), [("01/2019", "01/2019"), ("Tháng 1/2019", "01/2019"), ("T01/2019", "01/2019"), ("từ tháng 01 năm 2019", "01/2019"), ("01/2019 - 06/2019", "01/2019"), ("13/2019", "13/2019"), ("2019", ""), ("15/01/2019", "15/01/2019")]
)
def test_a_month_is_the_months_own_spelling(cell: str, value: str) -> None:
    assert next((one.text for one in values("date", cell, "month")), "") == value


def test_a_month_that_no_year_has_does_not_hold() -> None:
    assert not values("date", "13/2019", "month")[0].holds


@pytest.mark.parametrize("said", ["0 5 0 119 7 8 3. Giới tính", "0 5 0 1 19 7 8", "05 0 1 1 9 7 8", "0 5 /0 1 /19 7 8"])
def test_a_day_in_boxes_is_one_though_digits_of_two_parts_were_read_as_one_word(said: str) -> None:
    assert [value.text for value in values("date", said) if value.holds] == ["05/01/1978"]


@pytest.mark.parametrize("said", ["0 5 0 119 7 8 4 6", "050119784600", "5 0 119 7 8", "0 9 1 2 3 4 5 6 7 8"])
def test_other_digits_in_boxes_are_no_day(said: str) -> None:
    assert not [value for value in values("date", said) if value.holds]
