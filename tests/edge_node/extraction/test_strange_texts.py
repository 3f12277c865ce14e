"""Letterheads without a national title, addresses that go on below, amounts in words, and a name that the same paper spells otherwise elsewhere."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.edge_node.extraction.printed import TYPES, in_rows, read, said
from tests.edge_node.extraction.recorded import document, line


def read_alone(*lines: Line, chosen: str) -> DocumentProposal:
    """A paper that has no national title."""
    return extract(document(*lines), TYPES, Gazetteer(), chosen_type=chosen)


def test_an_address_that_ends_with_a_comma_at_the_rows_end_is_never_whole() -> None:
    value, trust = said(read(line(150, 500, "Nơi cư trú: buôn Tul,"), chosen="09-HSB"), "address")
    assert value.startswith("buôn Tul") and trust is not FieldTrust.AGREES


def test_an_address_goes_on_in_front_of_the_next_label_below() -> None:
    rows = in_rows("CCCD: 064172010904 do Cục Cảnh sát QLHC về TTXH cấp ngày 14/5/2021. Nơi cư trú: buôn Tul,", "thị trấn Phú Túc, huyện Krông Pa. Số điện thoại: 0349782616.")
    found = read(*rows, chosen="09-HSB")
    assert said(found, "address")[0] == "buôn Tul, thị trấn Phú Túc, huyện Krông Pa"
    assert said(found, "phone")[0] == "0349782616"


def test_an_address_on_a_card_that_wraps_without_a_comma_is_taken_whole_and_goes_to_a_person() -> None:
    rows = in_rows("Nơi thường trú: Số 14 hẻm 6 Lê Duẩn", "Thắng Lợi, Pleiku, Gia Lai", x=510)
    value, trust = said(read(*rows, chosen="CCCD"), "address")
    assert value == "Số 14 hẻm 6 Lê Duẩn Thắng Lợi, Pleiku, Gia Lai" and trust is FieldTrust.CHECK


def test_the_parts_of_an_address_under_labels_of_their_own_are_joined() -> None:
    row = line(150, 500, "[11]. Địa chỉ nhận hồ sơ: [11.1]. Số nhà, đường phố, thôn xóm: Làng Tốt, xã Ia Hrung, tỉnh Gia Lai")
    assert said(read(row, chosen="TK1-TS"), "address")[0] == "Làng Tốt, xã Ia Hrung, tỉnh Gia Lai"


def test_a_clinic_without_a_national_title_is_in_the_letterhead_and_the_hospital_is_the_same() -> None:
    rows = (line(130, 107, "SỞ Y TẾ TỈNH GIA LAI"), line(130, 141, "TRUNG TÂM Y TẾ CHƯ PRÔNG", height=32), line(1371, 110, "Mẫu số 09"), line(520, 250, "GIẤY CHỨNG NHẬN NGHỈ VIỆC HƯỞNG BHXH"))
    found = read_alone(*rows, chosen="GCN-NV")
    assert said(found, "issuing_body")[0] == "TRUNG TÂM Y TẾ CHƯ PRÔNG"
    assert said(found, "hospital")[0] == "TRUNG TÂM Y TẾ CHƯ PRÔNG"


def test_the_hospital_of_a_discharge_paper_is_the_body_in_its_head() -> None:
    head = (line(150, 130, "SỞ Y TẾ GIA LAI"), line(150, 180, "BỆNH VIỆN NHI TỈNH GIA LAI"), line(180, 240, "Số: 0417/GRV"))
    found = read(*head, chosen="GRV")
    assert said(found, "hospital") == said(found, "issuing_body")
    assert said(found, "hospital")[0] == "BỆNH VIỆN NHI TỈNH GIA LAI"


def test_where_somebody_registers_for_treatment_is_not_in_the_head() -> None:
    assert said(read(line(150, 130, "BỆNH VIỆN NHI TỈNH GIA LAI"), chosen="TK1-TS"), "hospital")[0] == ""


def test_a_head_in_three_narrow_columns_is_read_down_each() -> None:
    rows = (
        line(230, 106, "SỞ Y TẾ TỈNH GIA LAI"), line(700, 108, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"), line(1300, 106, "MS: 01/BV-01"), line(160, 154, "BỆNH VIỆN SẢN NHI TỈNH GIA"), line(850, 152, "VIỆT NAM"), line(1300, 150, "Số lưu trữ: 26.0933"),
        line(384, 199, "LAI"), line(770, 206, "Độc lập - Tự do - Hạnh phúc"), line(690, 318, "GIẤY RA VIỆN"),
    )  # fmt: skip
    value, trust = said(read_alone(*rows, chosen="GRV"), "issuing_body")
    assert value == "BỆNH VIỆN SẢN NHI TỈNH GIA LAI" or trust is not FieldTrust.AGREES
    assert value != "LAI"


def test_who_sells_stands_in_the_letterhead_and_goes_to_a_person() -> None:
    rows = (line(90, 80, "BỆNH VIỆN ĐA KHOA TỈNH GIA LAI"), line(90, 130, "Mã số thuế: 5900 191 227"), line(600, 280, "HÓA ĐƠN BÁN HÀNG"), line(90, 430, "Họ tên người mua hàng: Ksor Liêu"), line(90, 480, "Tên đơn vị:"))
    assert said(read_alone(*rows, chosen="HD-CT"), "organisation_name") == ("BỆNH VIỆN ĐA KHOA TỈNH GIA LAI", FieldTrust.CHECK)


def test_the_agency_that_settles_a_list_is_in_the_letterhead_and_not_above_the_signature() -> None:
    rows = (
        line(130, 70, "BẢO HIỂM XÃ HỘI TỈNH GIA LAI"), line(90, 110, "BẢO HIỂM XÃ HỘI HUYỆN CHƯ SÊ", height=34), line(1300, 70, "Mẫu C70a-HD"), line(300, 180, "DANH SÁCH GIẢI QUYẾT HƯỞNG CHẾ ĐỘ ỐM ĐAU, THAI SẢN"),
        line(900, 1500, "BẢO HIỂM"), line(900, 1545, "xã hội Ngô Văn Tèo"),
    )  # fmt: skip
    assert said(read_alone(*rows, chosen="C70A-HD"), "issuing_body")[0] == "BẢO HIỂM XÃ HỘI HUYỆN CHƯ SÊ"


def test_the_commune_that_sends_a_list_is_its_unit_and_goes_to_a_person() -> None:
    rows = (line(150, 130, "ỦY BAN NHÂN DÂN XÃ IA HRUNG"), line(180, 240, "Số: 12/DS-UBND"), line(500, 330, "DANH SÁCH NGƯỜI CHỈ THAM GIA BẢO HIỂM Y TẾ"))
    assert said(read(*rows, chosen="D03-TS"), "organisation_name") == ("ỦY BAN NHÂN DÂN XÃ IA HRUNG", FieldTrust.CHECK)


def test_a_name_that_the_paper_spells_otherwise_elsewhere_goes_to_a_person() -> None:
    rows = in_rows("Họ và tên người khai: Siu Thị Vin, sinh năm 1972", "Cử người nhận: bà Siu Thị Vìn", "Siu Thị Vìn")
    assert said(read(*rows, chosen="09-HSB"), "full_name") == ("Siu Thị Vin", FieldTrust.CHECK)


def test_a_signature_that_one_reader_misread_does_not_make_the_name_doubtful() -> None:
    rows = [*in_rows("Họ và tên người khai: Siu Thị Vìn, sinh năm 1972"), line(900, 1500, "Siu Thị Vin", second="Siu Thị Vìn")]
    assert said(read(*rows, chosen="09-HSB"), "full_name") == ("Siu Thị Vìn", FieldTrust.AGREES)


@pytest.mark.parametrize(
    "words",
    ["Hai triệu tám trăm bảy mươi nghìn không trăm linh năm đồng", "hai triệu tám trăm bẩy mươi ngàn không trăm lẻ năm đồng chẵn"],
)
def test_of_several_amounts_the_one_that_is_also_said_in_words_is_meant(words: str) -> None:
    rows = in_rows("Mức bình quân tiền lương tháng đóng BHXH: 4.415.000 đồng.", f"Mức lương hưu hằng tháng là 2.870.005 đồng ({words}).", "Trợ cấp một lần: 0 đồng.")
    assert said(read(*rows, chosen="QD"), "amount") == ("2.870.005", FieldTrust.CHECK)


def test_a_total_that_the_words_contradict_goes_to_a_person() -> None:
    rows = in_rows("Số tiền: 750.000 đồng", "Tổng số tiền viết bằng chữ: Bảy trăm sáu mươi nghìn đồng")
    assert said(read(*rows, chosen="QD"), "amount")[1] is not FieldTrust.AGREES


def test_a_tax_code_is_no_sum_beside_the_total() -> None:
    assert said(read(*in_rows("Mã số thuế: 5900877214", "Tổng số tiền: 42.688.000"), chosen="QD"), "amount") == ("42.688.000", FieldTrust.AGREES)


def test_the_words_choose_among_the_amounts_of_an_invoice() -> None:
    rows = in_rows("Tổng tiền: 900.000", "Giảm trừ: 180.000", "Còn phải thu: 720.000", "Số tiền viết bằng chữ: Bảy trăm hai mươi nghìn đồng chẵn.")
    assert said(read(*rows, chosen="HD-CT"), "amount")[0] == "720.000"


def test_a_day_behind_a_place_whose_comma_was_lost_goes_to_a_person() -> None:
    rows = (line(500, 300, "DANH SÁCH"), line(1050, 1700, "Chư Prông 28/11/2025"), line(1100, 1750, "GIÁM ĐỐC"))
    assert said(read(*rows, chosen="01B-HSB"), "issue_date") == ("28/11/2025", FieldTrust.CHECK)


def test_an_address_asked_for_in_parts_is_put_together_and_goes_to_a_person() -> None:
    row = line(150, 500, "Địa chỉ nhận hồ sơ: Số nhà, thôn: làng Tốt; Xã: Ia Hrung; Huyện: Ia Grai; Tỉnh: Gia Lai")
    assert said(read(row, chosen="TK1-TS"), "address") == ("làng Tốt, xã Ia Hrung, huyện Ia Grai, tỉnh Gia Lai", FieldTrust.CHECK)


@pytest.mark.parametrize("words", ["Thời gian điều trị: từ ngày 04/03/2026 đến ngày 11/03/2026", "Nằm viện từ 04/03/2026 đến 11/03/2026"])
def test_a_stay_that_is_told_from_day_to_day_goes_to_a_person(words: str) -> None:
    found = read(line(150, 500, words), chosen="GRV")
    assert [said(found, name) for name in ("admission_date", "discharge_date")] == [("04/03/2026", FieldTrust.CHECK), ("11/03/2026", FieldTrust.CHECK)]


@pytest.mark.parametrize(
    ("chosen", "text", "name", "value"),
    [
        ("GCN-NV", "Nơi công tác: Công ty TNHH Cao su Chư Sê", "organisation_name", "Công ty TNHH Cao su Chư Sê"), ("HD-CT", "Người bán: NHÀ THUỐC AN BÌNH PLEIKU", "organisation_name", "NHÀ THUỐC AN BÌNH PLEIKU"),
        ("13-HSB", "1. Bên ủy quyền: Bà Rơ Lan H'Mrim, sinh ngày 04/06/1988", "full_name", "Rơ Lan H'Mrim"), ("CV", "Mã đơn vị: TG0417P; MST: 5900877214", "unit_number", "TG0417P"),
    ],
)  # fmt: skip
def test_what_other_offices_call_it_is_found(chosen: str, text: str, name: str, value: str) -> None:
    assert said(read(line(150, 500, text), chosen=chosen), name)[0] == value


def test_a_patient_is_no_misread_seller() -> None:
    assert said(read(line(150, 500, "Họ tên người bệnh: RƠ CHÂM AN"), chosen="HD-CT"), "organisation_name")[0] == ""


def test_the_buyers_tax_code_is_not_the_sellers() -> None:
    rows = (
        line(150, 130, "CÔNG TY TNHH VẬT TƯ Y TẾ CHƯ SÊ"), line(150, 180, "MST: 5900877214"), line(600, 330, "HÓA ĐƠN GIÁ TRỊ GIA TĂNG"), line(150, 450, "Họ tên người mua hàng: Siu Nhơn"),
        line(150, 500, "Tên đơn vị: Công ty CP Cao su Mang Yang"), line(150, 550, "Mã số thuế: 5900154060"),
    )  # fmt: skip
    found = read_alone(*rows, chosen="HD-CT")
    assert said(found, "organisation_name") == ("CÔNG TY TNHH VẬT TƯ Y TẾ CHƯ SÊ", FieldTrust.CHECK)
    assert said(found, "tax_code")[0] == "5900877214"


def test_a_department_is_no_part_of_its_hospitals_name() -> None:
    head = (line(150, 130, "BỘ Y TẾ"), line(150, 180, "BỆNH VIỆN PHỔI PLEIKU"), line(150, 230, "KHOA NỘI TIẾT"), line(150, 290, "Số: 2217/GRV"))
    assert said(read(*head, chosen="GRV"), "issuing_body")[0] == "BỆNH VIỆN PHỔI PLEIKU"
    head = (line(150, 130, "BỆNH VIỆN ĐA"), line(150, 180, "KHOA HUYỆN CHƯ SÊ"), line(150, 290, "Số: 2217/GRV"))
    assert said(read(*head, chosen="GRV"), "issuing_body")[0] == "BỆNH VIỆN ĐA KHOA HUYỆN CHƯ SÊ"


def test_the_parties_of_a_contract_by_letter_go_to_a_person() -> None:
    rows = in_rows("Bên A (NSDLĐ): CÔNG TY CP CÀ PHÊ CHƯ SÊ", "Đại diện: Ông Ngô Đức Thọ", "Bên B (NLĐ): Siu Nhơn", "Sinh ngày: 02/03/1990")
    found = read(*rows, chosen="HDLD")
    assert said(found, "organisation_name") == ("CÔNG TY CP CÀ PHÊ CHƯ SÊ", FieldTrust.CHECK)
    assert said(found, "full_name") == ("Siu Nhơn", FieldTrust.CHECK)


@pytest.mark.parametrize(("chosen", "body", "title"), [("GRV", "BỆNH VIỆN ĐK TỈNH GIA LAI", "GIẤY RA VIỆN"), ("HD-CT", "PHÒNG KHÁM ĐA KHOA HÙNG VƯƠNG", "PHIẾU THU")])
def test_a_title_right_below_the_head_is_no_part_of_the_body(chosen: str, body: str, title: str) -> None:
    head = (line(150, 130, body), line(150, 180, "KHOA NGOẠI"), line(600, 330, title))
    found = read(*head, chosen=chosen)
    assert said(found, "issuing_body")[0] == body
    assert chosen != "GRV" or said(found, "hospital")[0] == body
