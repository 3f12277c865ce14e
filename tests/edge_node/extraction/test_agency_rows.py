"""The issuing body at the left of a head: the agency whole, without its parent."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.head import find_head
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.extraction.rows import rows_on
from edge_node.recognition.model import Line
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.printed import TYPES, read, said
from tests.edge_node.extraction.recorded import document, line, page


def body_of(*left: str) -> str:
    at_left = [line(150, 130 + 50 * at, text) for at, text in enumerate(left)]
    national = line(880, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    rows = rows_on(0, page(national, *at_left, line(200, 130 + 50 * len(left), "Số: 697/DS-NS")))
    found = find_head(rows, None)["issuing_body"]
    return " ".join(row.text for row in (found.row, *found.more))


@pytest.mark.parametrize(
    ("rows", "body"),
    [
        (("CÔNG TY CỔ PHẦN CƠ KHÍ", "TRƯỜNG THỊNH"), "CÔNG TY CỔ PHẦN CƠ KHÍ TRƯỜNG THỊNH"),
        (("CÔNG TY TNHH MAY", "PHONG PHÚ"), "CÔNG TY TNHH MAY PHONG PHÚ"),
        (("CÔNG TY CỔ PHẦN DỆT", "PHÒNG NHÂN SỰ"), "PHÒNG NHÂN SỰ"),
        (("ỦY BAN NHÂN DÂN TỈNH", "TRƯỜNG CAO ĐẲNG Y TẾ"), "TRƯỜNG CAO ĐẲNG Y TẾ"),
        (("SỞ GIÁO DỤC", "TRƯỜNG THPT CHU VĂN AN"), "TRƯỜNG THPT CHU VĂN AN"),
        (("BẢO HIỂM XÃ HỘI VIỆT NAM", "BẢO HIỂM XÃ HỘI TỈNH HÀ NAM"), "BẢO HIỂM XÃ HỘI TỈNH HÀ NAM"),
        (("CÔNG AN TỈNH AN GIANG", "CÔNG AN XÃ CẦN ĐĂNG"), "CÔNG AN XÃ CẦN ĐĂNG"),
        (("SỞ Y TẾ TỈNH GIA LAI", "HỘI ĐỒNG GIÁM ĐỊNH Y KHOA"), "HỘI ĐỒNG GIÁM ĐỊNH Y KHOA"),
    ],
)
def test_a_company_keeps_its_name_and_an_agency_leaves_its_parent(rows: tuple[str, ...], body: str) -> None:
    assert body_of(*rows) == body


def test_an_agency_whose_name_says_what_it_makes_out_is_no_title() -> None:
    rows = (
        line(250, 130, "SỞ Y TẾ TỈNH GIA LAI"), line(200, 180, "HỘI ĐỒNG GIÁM ĐỊNH Y KHOA"), line(900, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        line(250, 230, "Số: 302/GĐYK-TNLĐ"), line(1000, 180, "Độc lập - Tự do - Hạnh phúc"), line(700, 400, "BIÊN BẢN"),
        line(500, 450, "Giám định mức suy giảm khả năng lao động"),
    )  # fmt: skip
    found = extract(document(*rows), published().document_types, Gazetteer(), chosen_type="BB-GDYK")
    assert [found.field(name).proposal for name in ("issuing_body", "document_name")] == ["HỘI ĐỒNG GIÁM ĐỊNH Y KHOA", "BIÊN BẢN"]  # type: ignore[union-attr]


@pytest.mark.parametrize("second", [None, "CÔNG TY TNHH MỘT THÀNH VIÊN MAY SÔNG LÔ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CÔNG TY TNHH MỘT THÀNH VIÊN MAY SÔNG LÔ"])
def test_the_heading_of_the_state_in_one_box_with_an_agency_is_none_of_its_name(second: str | None) -> None:
    head = line(150, 130, "CÔNG TY TNHH MỘT THÀNH VIÊN MAY SÔNG LÔ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", second)
    rows = rows_on(0, page(head, line(980, 180, "Độc lập - Tự do - Hạnh phúc"), line(200, 240, "Số: 12/CV-SL")))
    assert [row.text for row in rows[:2]] == ["CÔNG TY TNHH MỘT THÀNH VIÊN MAY SÔNG LÔ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert rows[0].second == ("CÔNG TY TNHH MỘT THÀNH VIÊN MAY SÔNG LÔ" if second and "CỘNG" in second else second and "")
    assert find_head(rows, None)["issuing_body"].row is rows[0]


def test_place_and_day_close_to_an_agency_in_capitals_are_a_row_of_their_own() -> None:
    name = "CÔNG TY TNHH MỘT THÀNH VIÊN CẦU ĐƯỜNG"
    rows = rows_on(0, page(line(150, 130, name), line(150 + 17 * len(name) + 110, 135, "Hà Nội, ngày 28 tháng 10 năm 2025"), line(300, 180, "SÓC SƠN")))
    assert [row.text for row in rows[:2]] == [name, "Hà Nội, ngày 28 tháng 10 năm 2025"]


@pytest.mark.parametrize("text", ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Nước Cộng hòa"])
def test_the_heading_alone_and_words_like_it_are_one_row(text: str) -> None:
    assert [row.text for row in rows_on(0, page(line(150, 130, text)))] == [text]


MIDDLE = (line(516, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(598, 180, "Độc lập - Tự do - Hạnh phúc"))


def in_the_middle(*lines: Line, chosen: str) -> DocumentProposal:
    return extract(document(*MIDDLE, *lines), TYPES, Gazetteer(), chosen_type=chosen)


def test_a_letterhead_below_a_national_title_in_the_middle_goes_before_the_place_of_registration() -> None:
    head = (line(150, 240, "ỦY BAN NHÂN DÂN PHƯỜNG"), line(150, 285, "MỸ LÂM - BÌNH CA"), line(1250, 240, "Số: 41/2026"), line(600, 380, "GIẤY KHAI SINH"))
    place = line(150, 1500, "Nơi đăng ký khai sinh: UBND phường Mỹ Lâm - Bình Ca, tỉnh Tuyên Quang")
    assert said(in_the_middle(*head, place, chosen="GKS"), "issuing_body") == ("ỦY BAN NHÂN DÂN PHƯỜNG MỸ LÂM - BÌNH CA", FieldTrust.CHECK)


def test_a_regiment_below_its_command_is_the_body() -> None:
    head = (line(150, 130, "QUÂN KHU SÔNG ĐÀ"), line(150, 175, "TRUNG ĐOÀN CÔNG BINH 77"), line(200, 240, "Số: 12/XN-QL"))
    assert said(read(*head, chosen="GT-CM"), "issuing_body")[0] == "TRUNG ĐOÀN CÔNG BINH 77"


def test_who_sells_makes_out_the_bill() -> None:
    rows = (line(150, 250, "Đơn vị bán: BỆNH VIỆN ĐA KHOA SÔNG ĐÀ"), line(600, 380, "HÓA ĐƠN BÁN HÀNG"), line(150, 500, "Họ tên người mua hàng: Lê Thị Hoa"))
    assert said(read(*rows, chosen="HD-CT"), "issuing_body") == ("BỆNH VIỆN ĐA KHOA SÔNG ĐÀ", FieldTrust.CHECK)
