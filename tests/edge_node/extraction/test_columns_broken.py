"""Where a line was broken: at the edge of its own column, which on a paper in two languages or with a cell for each party is half a page wide."""

from __future__ import annotations

import pytest

from edge_node.extraction.model import FieldTrust
from tests.edge_node.extraction.printed import in_rows, read, said
from tests.edge_node.extraction.recorded import line

ENGLISH = in_rows("PARTY B - THE EMPLOYEE", "Permanent residence in Bac Kan Province,", "Viet Nam", "Both parties agree to sign this contract", x=950)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("Địa chỉ thường trú: Tổ 3, xã Bình Trung,", "huyện Chợ Đồn, tỉnh Bắc Kạn", "Tổ 3, xã Bình Trung, huyện Chợ Đồn, tỉnh Bắc Kạn"),
        ("Địa chỉ thường trú: xã Bình Trung, Chợ", "Đồn, tỉnh Bắc Kạn", "xã Bình Trung, Chợ Đồn, tỉnh Bắc Kạn"),
        ("Địa chỉ thường trú: thôn 2, xã Bình Trung", "huyện Chợ Đồn, tỉnh Bắc Kạn", "thôn 2, xã Bình Trung huyện Chợ Đồn, tỉnh Bắc Kạn"),
    ],
)
def test_an_address_goes_on_below_itself_in_a_column_of_half_a_page(first: str, second: str, whole: str) -> None:
    rows = in_rows("Họ và tên: Vi Văn Đượm", first, second, "Hai bên thỏa thuận ký hợp đồng này")
    assert said(read(*rows, *ENGLISH, chosen="HDLD"), "address")[0] == whole


def test_a_contracts_term_that_goes_on_is_the_day_on_which_it_ends() -> None:
    rows = in_rows("Hai bên thỏa thuận như sau đây nhé", "Điều 1. Thời hạn: 24 tháng, từ ngày", "02/6/2025 đến hết ngày 01/6/2027", "Chức danh: Kỹ sư bảo trì")
    value, _ = said(read(*rows, *ENGLISH, chosen="HDLD"), "valid_until")
    assert value == "01/6/2027"


@pytest.mark.parametrize("said_of_it", ["24 tháng, từ ngày", "12 tháng kể từ", "xác định, theo"])
def test_a_text_that_ends_with_a_word_that_something_follows_goes_to_a_person(said_of_it: str) -> None:
    assert said(read(*in_rows(f"Thời hạn hợp đồng: {said_of_it}"), chosen="HDLD"), "valid_until")[1] is FieldTrust.CHECK


@pytest.mark.parametrize("term", ["06 tháng", "24 tháng kể từ ngày ký"])
def test_a_term_is_whole(term: str) -> None:
    assert said(read(*in_rows(f"Thời hạn hợp đồng: {term}"), chosen="HDLD"), "valid_until") == (term, FieldTrust.AGREES)


def test_a_street_that_a_row_broke_goes_on_with_its_ward() -> None:
    rows = [line(150, 500, "Nơi cư trú cuối cùng: số 5 kiệt 91 đường Nguyễn Sinh", height=44), line(150, 550, "Cung, phường Vỹ Dạ, quận Thuận Hóa, thành phố Huế", height=44), line(150, 600, "Dân tộc: Kinh", height=44)]
    wide = line(150, 700, "x" * 50)
    assert said(read(*rows, wide, chosen="TL-KT"), "address")[0] == "số 5 kiệt 91 đường Nguyễn Sinh Cung, phường Vỹ Dạ, quận Thuận Hóa, thành phố Huế"
