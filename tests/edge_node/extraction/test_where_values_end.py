"""Where a title, a body's name and a subject end when the paper repeats, goes on or brackets them."""

from __future__ import annotations

import pytest

from edge_node.extraction.model import FieldTrust
from tests.edge_node.extraction.recorded import line
from tests.edge_node.extraction.test_extent import in_rows
from tests.edge_node.extraction.test_printed_papers import read, said
from tests.edge_node.extraction.test_titles import BODY

FULL_TITLE = line(320, 340, "QUYẾT ĐỊNH CỦA GIÁM ĐỐC XÍ NGHIỆP GIÀY BA SAO")
ENACTS = line(740, 800, "QUYẾT ĐỊNH")


def test_a_title_is_the_row_that_says_more_and_not_the_words_with_which_the_decision_begins() -> None:
    value, trust = said(read(FULL_TITLE, ENACTS, *BODY[:2], chosen="QD"), "document_name")
    assert value.startswith("QUYẾT ĐỊNH CỦA GIÁM ĐỐC") and trust is FieldTrust.CHECK


def test_a_title_that_stands_alone_is_whole() -> None:
    assert said(read(line(740, 400, "QUYẾT ĐỊNH"), *BODY, chosen="QD"), "document_name") == ("QUYẾT ĐỊNH", FieldTrust.AGREES)


@pytest.mark.parametrize("below", ["Người thực hiện", "Người lập biểu", "Cán bộ tiếp nhận"])
def test_who_signs_at_the_left_is_no_end_of_the_body_above(below: str) -> None:
    rows = (line(560, 300, "TRÍCH LỤC KHAI TỬ"), line(150, 1200, "Nơi đăng ký: Ủy ban nhân dân phường Đông Sơn, tỉnh Thanh Hóa, Việt Nam"), line(280, 1280, below))
    assert below not in said(read(*rows, chosen="TL-KT"), "issuing_body")[0]


def test_where_a_hospital_lies_is_no_end_of_its_name() -> None:
    rows = (line(320, 110, "SỞ Y TẾ TỈNH HẢI DƯƠNG"), line(325, 165, "BỆNH VIỆN NHI KINH MÔN"), line(318, 220, "18 Trần Phú, phường An Lưu - ĐT 0220 3822 117"), line(1210, 120, "GIẤY RA VIỆN", height=80))
    assert said(read(*rows, *BODY, chosen="GRV"), "hospital")[0] == "BỆNH VIỆN NHI KINH MÔN"


def test_a_subject_in_brackets_ends_in_front_of_the_last_one() -> None:
    rows = (line(740, 340, "QUYẾT ĐỊNH"), line(400, 400, "(V/v cho công nhân nghỉ hưởng chế độ hưu trí)"))
    assert said(read(*rows, *BODY, chosen="QD"), "summary")[0] == "cho công nhân nghỉ hưởng chế độ hưu trí"
    rows = (line(740, 340, "QUYẾT ĐỊNH"), line(400, 400, "Về việc chi trả chế độ (đợt 2)"))
    assert said(read(*rows, *BODY, chosen="QD"), "summary")[0] == "chi trả chế độ (đợt 2)"


def test_an_extract_of_a_parishs_register_is_another_proof() -> None:
    rows = in_rows("CHỨNG THƯ RỬA TỘI", "Tên thánh, họ và tên: Maria Cù Thị Nết", "Sinh ngày 12 tháng 5 năm 1960")
    assert read(*rows).document_type == "GT-CM"
