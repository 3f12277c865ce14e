"""What a text must be to count as read: a body's name begins like one, nothing ends in the middle of a statement, a unit's code is a code."""

from __future__ import annotations

import msgspec
import pytest

from edge_node.extraction.agencies import behind_an_office, is_body
from edge_node.extraction.country import Country
from edge_node.extraction.grammar import values
from edge_node.extraction.model import FieldTrust
from sync_protocol.areas import Area
from tests.edge_node.extraction.printed import read, said
from tests.edge_node.extraction.recorded import line
from tests.sync_protocol.areas import COUNTRY


@pytest.mark.parametrize("words", ["0312445567), đề nghị giữ nguyên", "NGƯỜI SỬ DỤNG LAO ĐỘNG", "giấy ra viện; biên bản điều tra"])
def test_words_that_begin_like_no_body_are_nobodys_name(words: str) -> None:
    assert said(read(line(150, 500, f"Tên đơn vị: {words}"), chosen="HDLD"), "organisation_name")[1] is not FieldTrust.AGREES


@pytest.mark.parametrize(
    "words",
    ["cong ty co phan det", "htx nong nghiep", "truong tieu hoc", "dai ly thu xa", "phong kham da khoa", "cua hang xang dau", "tyt xa", "nha tre hoa mai", "ban quan ly rung", "vien kiem sat", "cty tnhh", "ho kinh doanh"],
)
def test_whatever_employs_people_or_issues_papers_is_a_body(words: str) -> None:
    assert is_body(words)


def test_the_office_of_who_signs_is_no_part_of_the_bodys_name() -> None:
    assert "cuc truong cuc canh sat"[behind_an_office("cuc truong cuc canh sat") :] == "cuc canh sat"
    assert behind_an_office("truong phong giao duc") == 0, "behind the office no body follows"
    assert behind_an_office("cuc canh sat giao thong") == 0


@pytest.mark.parametrize("term", ["24 tháng, từ ngày", "12 tháng kể từ", "36 tháng, đến"])
def test_a_text_that_ends_in_the_middle_goes_to_a_person(term: str) -> None:
    rows = (line(150, 500, f"Thời hạn hợp đồng: {term}"), line(150, 900, "Điều 2. Công việc"))
    assert said(read(*rows, chosen="HDLD"), "valid_until")[1] is not FieldTrust.AGREES


@pytest.mark.parametrize(
    ("row", "code"),
    [("Mã đơn vị BHXH: YN0321B", "YN0321B"), ("Mã đơn vị tham gia: HC0555H Điện thoại: 0203 3811 234", "HC0555H"), ("Mã đơn vị: TZ0112L) hiện có 02 lao động", "TZ0112L")],
)
def test_a_units_code_is_found_behind_more_words_and_alone(row: str, code: str) -> None:
    assert said(read(line(150, 500, row), chosen="D02-TS"), "unit_number")[0] == code


def test_words_behind_the_label_of_a_code_are_none() -> None:
    assert said(read(line(150, 500, "Mã đơn vị: chưa cấp"), chosen="D02-TS"), "unit_number")[0] == ""


def test_the_subject_is_what_stands_behind_its_lead_and_a_person_looks_at_it() -> None:
    head = (line(150, 200, "BẢO HIỂM XÃ HỘI CƠ SỞ LẤP VÒ"), line(150, 260, "Số: 41/BHXH-CST"), line(150, 310, "V/v xác nhận quá trình đóng"))
    assert said(read(*head, line(500, 450, "Kính gửi: Công ty Cổ phần Sông Tiền"), chosen="CV"), "summary") == ("xác nhận quá trình đóng", FieldTrust.CHECK)


def test_a_label_that_ends_with_an_abbreviation_takes_its_first_word_along() -> None:
    found = read(line(150, 500, "Họ tên: Danh Thị Sà Mây Mã BN: PK24.00001"), chosen="HD-CT")
    assert said(found, "full_name")[0] == "Danh Thị Sà Mây"


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [("ấp 3, huyện Vũ", True), ("BỆNH VIỆN ĐA KHOA HUYỆN VŨ", True), ("ấp 3, huyện Vũ Thư", False), ("số 5 đường Vũ", False), ("huyện Vũ, gần chợ", False)],
)
def test_a_text_that_ends_within_the_name_of_a_unit_is_cut(text: str, is_cut: bool) -> None:
    assert Country(COUNTRY).is_cut(text) is is_cut


def test_a_body_ends_in_front_of_a_semicolon() -> None:
    (found,) = values("organisation", "Ủy ban nhân dân xã Nhã Nam, tỉnh Bắc Ninh; Số 52/2025")
    assert found.text == "Ủy ban nhân dân xã Nhã Nam, tỉnh Bắc Ninh"


@pytest.mark.parametrize(("cell", "text"), [('Tăng mới"', "Tăng mới"), ('Đội "Sao đỏ"', 'Đội "Sao đỏ"')])
def test_a_quotation_mark_without_its_partner_is_none(cell: str, text: str) -> None:
    assert values("text", cell)[0].text == text


def test_a_commune_of_the_name_does_not_make_the_beginning_of_a_districts_name_whole() -> None:
    known = Country(msgspec.structs.replace(COUNTRY, areas=(*COUNTRY.areas, Area("12999", "Vũ", "xã", "commune", "344", 2))))
    assert known.is_cut("bản Đông, xã Song Lãng, huyện Vũ") and not known.is_cut("thôn Đông, xã Vũ")


@pytest.mark.parametrize("number", ["1C25TSH/00018834", "2K24TAA/00000007", "2025.06.0147/C70A", "TU.1846/GRV", "12.345/CV-X"])
def test_series_stops_and_prefixes_belong_to_a_papers_number(number: str) -> None:
    assert said(read(line(150, 240, f"Số: {number}"), chosen="HD-CT"), "number_symbol") == (number, FieldTrust.AGREES)


def test_a_number_behind_letters_and_a_stop_that_is_no_prefix_goes_to_a_person() -> None:
    assert said(read(line(150, 240, "Số: hs.1846/GRV"), chosen="HD-CT"), "number_symbol")[1] is not FieldTrust.AGREES


def test_where_and_when_a_card_was_issued_is_no_papers_day() -> None:
    card = (line(170, 500, "Nơi cấp, ngày cấp"), line(670, 500, "Cục Cảnh sát QLHC về TTXH, 11/08/2021"))
    found = read(*card, line(930, 1500, "Vĩnh Xương, ngày 21 tháng 07 năm 2025"), chosen="14-HSB")
    assert said(found, "issue_date")[0] == "21/07/2025"
    assert said(read(*card, chosen="14-HSB"), "issue_date")[1] is not FieldTrust.AGREES


def test_the_buyer_of_an_invoice_is_not_its_seller() -> None:
    assert said(read(line(150, 500, "Đơn vị mua hàng: Trường Tiểu học Hoa Mai"), chosen="HD-CT"), "organisation_name")[1] is not FieldTrust.AGREES


@pytest.mark.parametrize(("row", "field", "kind"), [("Địa chỉ: Bình", "address", "14-HSB"), ("Tên đơn vị: Công ty Cổ phần Sông Lô (của mẹ)", "organisation_name", "HDLD")])
def test_a_single_place_and_a_name_with_a_remark_go_to_a_person(row: str, field: str, kind: str) -> None:
    assert said(read(line(150, 500, row), chosen=kind), field)[1] is not FieldTrust.AGREES


def test_a_papers_number_above_the_arrival_stamp_is_its_own() -> None:
    head = (line(360, 246, "Số: 046/CV-ĐP"), line(820, 119, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(300, 300, "CÔNG VĂN ĐẾN"), line(340, 340, "Số: 1388"), line(300, 380, "Ngày: 11/9/2024"))
    assert said(read(*head, chosen="CV"), "number_symbol")[0] == "046/CV-ĐP"


@pytest.mark.parametrize("label", ["Ngày vào viện..:", "Ngày vào viện.....:", "Ngày vào viện . . . :"])
def test_dots_between_a_label_and_its_colon_are_a_printers_way_to_align(label: str) -> None:
    assert said(read(line(120, 500, f"{label} 29/11/2024"), chosen="GRV"), "admission_date")[0] == "29/11/2024"
