"""Shapes that programs of companies and of the insurer print: numbers that begin with letters, a year behind two noughts, telephones with the country's number."""

from __future__ import annotations

import pytest

from edge_node.extraction.grammar import values
from edge_node.extraction.model import FieldTrust
from sync_protocol.paper_types import FieldKind
from tests.edge_node.extraction.printed import in_rows, read, said
from tests.edge_node.extraction.recorded import line


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("number_symbol", "NS-QĐ/2024/0113", "NS-QĐ/2024/0113"),
        ("number_symbol", "TMC-HR/LC-26/0045", "TMC-HR/LC-26/0045"),
        ("number_symbol", "0113/NS-QĐ", "0113/NS-QĐ"),
        ("phone", "(+84) 918 220 341", "+84918220341"),
        ("phone", "(0296) 3 851 204", "02963851204"),
        ("bhxh_number", "HC.4.79.7911024586", "7911024586"),
    ],
)
def test_a_value_is_whole_in_the_shape_that_programs_print(kind: FieldKind, text: str, wanted: str) -> None:
    assert [(value.text, value.holds) for value in values(kind, text)] == [(wanted, True)]


def test_two_noughts_in_front_of_a_year_say_that_only_the_year_is_known() -> None:
    assert [(value.text, value.holds) for value in values("date", "00/00/1957", "year")] == [("1957", True)]
    assert not any(value.holds for value in values("date", "00/00/1957"))


def test_a_leave_whose_last_day_stands_on_the_next_row_ends_there() -> None:
    rows = in_rows("Ghi chú: Nghỉ thêm tại nhà sau khi xuất viện là 10 ngày, kể từ ngày 02/06/2026 đến hết ngày", "11/06/2026.")
    value, trust = said(read(line(150, 400, "Họ tên người bệnh: Kim Thị Liêng"), *rows, chosen="GRV"), "leave_to")
    assert value == "11/06/2026" and trust is FieldTrust.CHECK


def test_a_department_of_a_commune_is_the_body_and_not_the_committee_above_it() -> None:
    head = (line(150, 130, "ỦY BAN NHÂN DÂN"), line(150, 180, "XÃ AN THẠNH"), line(150, 230, "PHÒNG KINH TẾ"), line(200, 290, "Số: 12/BB-KT"), line(700, 400, "BIÊN BẢN"))
    assert said(read(*head, chosen="BB"), "issuing_body")[0] == "PHÒNG KINH TẾ"


def test_of_several_persons_the_one_right_below_the_heading_is_meant() -> None:
    rows = in_rows(
        "1. Ông Mai Văn Tám, sinh năm 1960 - nguyên Trưởng ấp, người làm chứng;", "II. Người được xác minh", "Bà Lư Thị Nhàn, sinh ngày 04/5/1971, số định danh cá nhân 094171003322"
    )
    assert said(read(*rows, chosen="BB"), "full_name")[0] == "Lư Thị Nhàn"
