"""Words that look like a label of the field's and are none, and labels that look like none: each was a wrong value that nobody was asked about, or no value."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.proposal import extract
from tests.edge_node.extraction.printed import TYPES, in_rows, read, said
from tests.edge_node.extraction.recorded import document, line


def test_the_head_of_a_column_does_not_say_when_the_list_was_made() -> None:
    rows = (
        line(600, 300, "DANH SÁCH NGƯỜI THAM GIA BHXH TỰ NGUYỆN"), line(150, 400, "Họ và tên"), line(600, 400, "Thu qua"), line(900, 400, "Đóng từ"), line(610, 440, "kênh"), line(910, 440, "ngày"),
        line(150, 500, "Rơ Ô Bhung"), line(600, 500, "Bưu điện"), line(900, 500, "01/07/2025"),
    )  # fmt: skip
    assert said(read(*rows, chosen="D05-TS"), "issue_date")[1] is not FieldTrust.AGREES


@pytest.mark.parametrize("label", ["Ngày lập danh sách", "Ngày lập biểu", "Ngày lập hồ sơ"])
def test_the_day_on_which_a_list_was_drawn_up_is_its_own(label: str) -> None:
    rows = (line(600, 300, "DANH SÁCH NGƯỜI THAM GIA BHXH TỰ NGUYỆN"), line(150, 900, f"{label}: 19/07/2025. Nhân viên thu: Siu H'Yên"))
    assert said(read(*rows, chosen="D05-TS"), "issue_date") == ("19/07/2025", FieldTrust.AGREES)


@pytest.mark.parametrize("card", ["GD 4 64 6421093358", "GD4646421093358", "HS 4 64 64 210 93358", "TE 1 64 6421093358 Hạn đến: 31/12/2025"])
def test_of_a_health_insurance_cards_number_the_last_ten_digits_are_the_insurance_number(card: str) -> None:
    value, trust = said(read(line(150, 500, f"Mã số BHXH/Thẻ BHYT số: {card}"), chosen="GRV"), "bhxh_number")
    assert value == "6421093358" or trust is not FieldTrust.AGREES


def test_a_letter_that_only_sounds_like_a_cards_keeps_the_digits() -> None:
    assert said(read(line(150, 500, "Mã số BHXH/Thẻ BHYT số: GD 4 64 6421093358"), chosen="GRV"), "bhxh_number")[0] == "6421093358"


def test_a_colon_in_front_of_the_value_belongs_to_the_label_far_left_of_it() -> None:
    labels, held = ("Họ, chữ đệm, tên", "Ngày, tháng, năm sinh", "Giới tính"), (": RAH LAN THU", ": 17 tháng 5 năm 2016", ": Nữ")
    top = [line(x, 500 + 55 * n, text) for n in range(3) for x, text in ((150, labels[n]), (700, held[n]))]
    parents = (
        line(150, 760, "PHẦN KHAI VỀ NGƯỜI CHA"), line(900, 760, "PHẦN KHAI VỀ NGƯỜI MẸ"), line(150, 815, "Họ, chữ đệm, tên:"), line(900, 815, "Họ, chữ đệm, tên:"),
        line(150, 860, "RAH LAN HYAN"), line(900, 860, "SIU H'BLAN"),
    )  # fmt: skip
    found = read(*top, *parents, chosen="GKS")
    assert said(found, "child_name")[0] == "RAH LAN THU"
    assert said(found, "child_birth_date") == ("17/05/2016", FieldTrust.AGREES)
    assert said(found, "father_name")[0] == "RAH LAN HYAN"
    assert said(found, "mother_name")[0] == "SIU H'BLAN"


@pytest.mark.parametrize("heading", ["THÔNG TIN VỀ CHA", "PHẦN GHI VỀ NGƯỜI CHA", "Người cha"])
def test_a_name_under_the_heading_of_a_parent_is_never_the_childs(heading: str) -> None:
    found = read(*in_rows(heading, "Họ, chữ đệm, tên: Kpă Thuin", "Năm sinh: 1990"), chosen="GKS")
    assert said(found, "child_name")[0] != "Kpă Thuin"


def test_where_a_birth_was_registered_goes_before_who_made_the_extract() -> None:
    head = (line(150, 130, "ỦY BAN NHÂN DÂN"), line(200, 180, "XÃ ĐĂK SAO"), line(180, 240, "Số: 31/TLKS-BS"), line(600, 380, "TRÍCH LỤC KHAI SINH"))
    rows = (line(150, 500, "Họ, chữ đệm, tên: RAH LAN THU"), line(150, 900, "Đăng ký khai sinh tại: Ủy ban nhân dân xã Đăk Na, tỉnh Kon Tum"))
    assert said(read(*head, *rows, chosen="GKS"), "issuing_body")[0] == "Ủy ban nhân dân xã Đăk Na, tỉnh Kon Tum"


def test_an_extract_that_does_not_say_where_it_was_registered_goes_to_a_person() -> None:
    head = (line(150, 130, "ỦY BAN NHÂN DÂN"), line(200, 180, "XÃ ĐĂK SAO"), line(180, 240, "Số: 31/TLKT-BS"), line(600, 380, "TRÍCH LỤC KHAI TỬ"), line(700, 430, "(BẢN SAO)"))
    assert said(read(*head, line(150, 500, "Họ, chữ đệm, tên: RAH LAN THU"), chosen="TL-KT"), "issuing_body")[1] is not FieldTrust.AGREES


def test_the_day_beside_the_registers_number_is_the_day_of_registration() -> None:
    head = (line(950, 250, "Đăk Sao, ngày 04 tháng 3 năm 2026"), line(600, 380, "TRÍCH LỤC KHAI TỬ"))
    rows = in_rows("Đăng ký khai tử tại: Ủy ban nhân dân xã Đăk Sao, tỉnh Quảng Ngãi", "Số: 12/2026, ngày 02 tháng 3 năm 2026", y=900)
    assert said(read(*head, *rows, chosen="TL-KT"), "issue_date") == ("02/03/2026", FieldTrust.CHECK)  # the extract has a day of its own


@pytest.mark.parametrize("text", ["Mã cơ sở KCB: 64017", "Cơ sở KCB: 64017"])
def test_the_code_of_a_clinic_is_no_number_of_the_paper(text: str) -> None:
    assert said(read(line(150, 200, text), chosen="GCN-NV"), "number_symbol")[0] == ""


def test_a_department_is_no_label_for_a_number() -> None:
    assert said(read(line(150, 130, "SỞ Y TẾ GIA LAI"), chosen="GRV"), "number_symbol")[0] == ""


@pytest.mark.parametrize(
    ("chosen", "text", "value"),
    [
        ("GRV", "Số giấy: 0417/2026/GRV-PY", "0417/2026/GRV-PY"), ("GCN-NV", "Số khám bệnh: 00912/BVPY", "00912/BVPY"), ("CV", "Số văn bản: 44/CV-HP", "44/CV-HP"),
        ("HDLD", "Số / No.: HĐ-2024/0311", "HĐ-2024/0311"), ("HDLD", "Số: HĐLĐ-077/2022", "HĐLĐ-077/2022"),
    ],
)  # fmt: skip
def test_a_number_under_another_word_or_with_letters_in_front_is_whole(chosen: str, text: str, value: str) -> None:
    assert said(read(line(850, 260, text), chosen=chosen), "number_symbol")[0] == value


def test_a_number_whose_beginning_was_not_understood_goes_to_a_person() -> None:
    assert said(read(line(150, 260, "Số: A4x-2024/0311"), chosen="HDLD"), "number_symbol")[1] is not FieldTrust.AGREES


def test_a_label_beside_an_empty_one_is_no_value() -> None:
    rows = (line(150, 430, "Họ tên người mua hàng: Ksor Liêu"), line(150, 480, "Tên đơn vị:"), line(900, 480, "Số bệnh án:"), line(150, 530, "Địa chỉ: Buôn Ma Hiao"))
    assert said(read(*rows, chosen="HD-CT"), "organisation_name")[0] != "Số bệnh án"


def test_a_sum_that_is_not_the_total_is_no_misread_total() -> None:
    rows = (line(900, 900, "Cộng tiền khám: 612.300"), line(900, 955, "BHYT chi trả:"), line(1400, 955, "489.840"), line(900, 1010, "Tổng tiền thanh toán:"), line(1400, 1010, "122.460"))
    assert said(read(*rows, chosen="HD-CT"), "amount")[0] == "122.460"


def test_a_title_ends_with_no_colon() -> None:
    rows = (line(700, 380, "QUYẾT ĐỊNH"), line(500, 430, "Về việc hưởng trợ cấp thất nghiệp"), line(700, 700, "QUYẾT ĐỊNH:"))
    assert said(read(*rows, chosen="QD"), "document_name")[0] == "QUYẾT ĐỊNH"
    rows = (line(450, 420, "GIẤY XÁC NHẬN THỜI GIAN CÔNG TÁC"), line(700, 600, "XÁC NHẬN:"))
    assert said(read(*rows, chosen="GT-CM"), "document_name")[0] == "GIẤY XÁC NHẬN THỜI GIAN CÔNG TÁC"


def test_a_label_in_two_languages_needs_no_colon() -> None:
    rows = (
        line(150, 500, "BÊN A: NGƯỜI SỬ DỤNG LAO ĐỘNG / Employer"), line(150, 550, "Tên công ty / Company name"), line(650, 550, "CÔNG TY TNHH SEJIN PLEIKU"), line(150, 600, "Mã số thuế / Tax code"), line(650, 600, "5900877214"),
        line(150, 700, "BÊN B: NGƯỜI LAO ĐỘNG / Employee"), line(150, 750, "Họ và tên / Full name"), line(650, 750, "Rơ Châm Hồng"), line(150, 800, "Địa chỉ / Address"), line(650, 800, "Làng Bối, xã Ia Hrung, tỉnh Gia Lai"),
        line(150, 900, "Mức lương chính / Basic salary"), line(650, 900, "5.310.000 đồng/tháng"),
    )  # fmt: skip
    found = read(*rows, chosen="HDLD")
    assert [said(found, name)[0] for name in ("organisation_name", "tax_code", "full_name", "address", "amount")] == [
        "CÔNG TY TNHH SEJIN PLEIKU", "5900877214", "Rơ Châm Hồng", "Làng Bối, xã Ia Hrung, tỉnh Gia Lai", "5.310.000",
    ]  # fmt: skip


def test_a_label_whose_last_word_stands_below_has_its_value_beside_it() -> None:
    rows = (line(150, 500, "8. Đơn vị công tác, làm việc"), line(150, 555, "9. Đơn vị làm việc của"), line(700, 570, "Công ty cổ phần chè Bàu Cạn"), line(150, 590, "người bệnh"))
    assert said(read(*rows, chosen="GCN-NV"), "organisation_name")[0] == "Công ty cổ phần chè Bàu Cạn"


def test_days_in_cells_without_a_colon_are_those_of_the_stay() -> None:
    rows = (line(150, 500, "Vào viện"), line(500, 500, "04-03-2026 (08:20)"), line(1000, 500, "Ra viện"), line(1300, 500, "11-03-2026 (15:00)"))
    found = read(*rows, chosen="GRV")
    assert [said(found, name)[0] for name in ("admission_date", "discharge_date")] == ["04/03/2026", "11/03/2026"]


def test_sex_behind_its_short_label_is_read() -> None:
    assert said(read(line(150, 500, "- Ngày/tháng/năm sinh: 21/04/1997 (Tuổi: 28) Giới: Nữ"), chosen="GRV"), "sex")[0] == "Nữ"


def test_a_day_that_a_rows_end_parts_from_its_month_is_whole() -> None:
    rows = in_rows("2. Họ và tên người chết: Siu Krung; mã số BHXH: 6408113390; sinh ngày 14/6/1961; chết ngày 9", "tháng 11 năm 2025. Trước khi chết hưởng lương hưu tại xã Ia Hrung, huyện Ia Grai, Gia Lai")
    assert said(read(*rows, chosen="09-HSB"), "death_date")[0] == "09/11/2025"


def test_digits_in_boxes_of_which_two_were_read_as_one_word_are_a_day() -> None:
    rows = (line(150, 500, "2. NGÀY, THÁNG, NĂM SINH"), line(150, 545, "2 1 04 1 9 6 6"))
    assert said(read(*rows, chosen="14-HSB"), "birth_date")[0] == "21/04/1966"


@pytest.mark.parametrize("text", ["Mã số thuế: 5900 877 214", "Mã số thuế: 59 0087 7214"])
def test_a_tax_code_may_be_parted_into_groups(text: str) -> None:
    assert said(read(line(150, 500, text), chosen="HD-CT"), "tax_code") == ("5900877214", FieldTrust.AGREES)


def test_the_code_of_a_unit_inside_a_sentence_goes_to_a_person() -> None:
    row = line(150, 500, "Công ty chúng tôi có mã đơn vị tham gia BHXH là TG0417P, mã số thuế 5900877214, đang đóng cho 96 lao động.")
    assert said(read(row, chosen="CV"), "unit_number") == ("TG0417P", FieldTrust.CHECK)


@pytest.mark.parametrize("name", ["R’CHÂM Y THUYN", "R'CHÂM Y THUYN", "K’BRÊU"])
def test_an_apostrophe_in_a_name_is_spelled_in_one_way(name: str) -> None:
    value, _ = said(read(line(150, 500, f"Họ và tên: {name} Nam"), chosen="14-HSB"), "full_name")
    assert "’" not in value


def test_a_name_of_the_highlands_with_an_apostrophe_holds() -> None:
    assert said(read(line(150, 500, "Họ và tên: R’CHÂM Y HOAN"), chosen="14-HSB"), "full_name") == ("R'CHÂM Y HOAN", FieldTrust.AGREES)


def test_a_dot_behind_a_units_word_is_none() -> None:
    row = line(150, 500, "Nơi cư trú: Thôn Kon Hia, xã Đăk Sao, huyện. Tu Mơ Rông, Kon Tum", second="Nơi cư trú: Thôn Kon Hia, xã Đăk Sao, huyện Tu Mơ Rông, Kon Tum")
    assert said(read(row, chosen="GKS"), "address")[0] == "Thôn Kon Hia, xã Đăk Sao, huyện Tu Mơ Rông, Kon Tum"


def test_the_english_line_below_is_no_part_of_a_bodys_name() -> None:
    rows = (line(600, 300, "CĂN CƯỚC"), line(600, 340, "IDENTITY CARD"), line(700, 900, "BỘ CÔNG AN"), line(640, 940, "MINISTRY OF PUBLIC SECURITY"))
    assert said(extract(document(*rows), TYPES, Gazetteer(), chosen_type="CCCD"), "issuing_body")[0] == "BỘ CÔNG AN"


def test_the_words_above_a_signature_are_no_employer() -> None:
    rows = (line(150, 500, "Tên công ty / Company"), line(700, 500, "CÔNG TY TNHH SEJIN PLEIKU"), line(150, 1900, "NGƯỜI LAO ĐỘNG"), line(900, 1900, "NGƯỜI SỬ DỤNG LAO ĐỘNG"))
    assert said(read(*rows, chosen="HDLD"), "organisation_name")[0] == "CÔNG TY TNHH SEJIN PLEIKU"


def test_whose_relative_somebody_is_does_not_name_that_person() -> None:
    rows = in_rows("1. Người ủy quyền", "Họ và tên: Lâm Thị Sen Em, sinh ngày 03 tháng 3 năm 1958", "2. Người được ủy quyền", "Họ và tên: Đỗ Văn Chín, sinh ngày 19 tháng 6 năm 1985", "Quan hệ với người ủy quyền: con rể")
    assert said(read(*rows, chosen="13-HSB"), "full_name")[0] == "Lâm Thị Sen Em"


def test_the_number_of_a_remark_ends_a_label_as_the_remark_does() -> None:
    rows = (line(150, 430, "Họ và tên (1)"), line(750, 430, "LÂM HOÀNG ĐÀO"), line(150, 480, "Ngày tháng năm sinh"), line(750, 480, "20/10/1983"))
    assert said(read(*rows, chosen="14-HSB"), "full_name") == ("LÂM HOÀNG ĐÀO", FieldTrust.AGREES)


def test_what_stands_behind_the_next_label_is_no_value_of_this_one() -> None:
    rows = (line(150, 400, "Họ tên người bệnh"), line(700, 400, "Ngày sinh"), line(1200, 400, "Giới"), line(150, 446, "Huỳnh Thị Ca"), line(700, 446, "02-02-1971"), line(1200, 446, "Nữ"))
    assert said(read(*rows, chosen="GRV"), "full_name")[0] == "Huỳnh Thị Ca"
