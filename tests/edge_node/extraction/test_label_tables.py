"""Labels and values in a table's cells: side by side, one above the other, digits in boxes, a column for each parent."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.edge_node.extraction.printed import TYPES, said
from tests.edge_node.extraction.recorded import document, line


def read(*lines: Line, chosen: str) -> DocumentProposal:
    return extract(document(*lines), TYPES, Gazetteer(), chosen_type=chosen)


@pytest.mark.parametrize(
    ("text", "value"),
    [("3101 234 567", "3101234567"), ("310 123 4567", "3101234567"), ("31 01 23 45 67", "3101234567"), ("3101.234.567", "3101234567"), ("3101 234 567-002", "3101234567-002"), ("3101234567 - 002", "3101234567-002")],
)
def test_a_tax_code_is_read_in_the_groups_that_offices_write(text: str, value: str) -> None:
    rows = (line(150, 300, "Tên đơn vị"), line(600, 300, "CÔNG TY TNHH GỖ HƯNG THỊNH"), line(150, 360, "Mã số thuế"), line(600, 360, text))
    assert said(read(*rows, chosen="D02-TS"), "tax_code") == (value, FieldTrust.AGREES)


def test_longer_numbers_hold_no_tax_code() -> None:
    assert said(read(line(150, 360, "Mã số thuế: 3101 234 567 89"), chosen="D02-TS"), "tax_code")[0] == ""


def test_the_table_over_a_list_gives_the_papers_own_values() -> None:
    table = [("Tên đơn vị", "CÔNG TY TNHH GỖ HƯNG THỊNH"), ("Mã số đơn vị", "TB0123C"), ("Mã số thuế", "3101 234 567"), ("Số hiệu văn bản", "27/DS-HT")]
    rows = [line(x, 200 + 60 * n, text) for n, (label, value) in enumerate(table) for x, text in ((150, label), (700, value))]
    found = read(*rows, chosen="01B-HSB")
    assert [said(found, name)[0] for name in ("organisation_name", "unit_number", "tax_code", "number_symbol")] == ["CÔNG TY TNHH GỖ HƯNG THỊNH", "TB0123C", "3101234567", "27/DS-HT"]


def test_a_label_in_a_lists_head_is_none_of_the_papers() -> None:
    head = [line(x, 600, text) for x, text in ((60, "TT"), (150, "Họ và tên"), (600, "Mã số BHXH"), (900, "Đóng từ ngày"), (1250, "Số tiền"))]
    row = [line(x, 670, text) for x, text in ((60, "1"), (150, "Lê Thị Hoa"), (600, "3612345678"), (900, "01/05/2026"), (1250, "1.200.000"))]
    found = read(line(150, 400, "DANH SÁCH NGƯỜI THAM GIA BHXH TỰ NGUYỆN"), *head, *row, line(150, 900, "Ngày lập danh sách: 12/05/2026"), chosen="D05-TS")
    assert said(found, "issue_date") == ("12/05/2026", FieldTrust.AGREES)
    assert said(read(*head, *row, chosen="D05-TS"), "issue_date")[0] == ""


def test_colons_set_under_each_other_stand_before_the_values() -> None:
    table = [("Họ, chữ đệm, tên", ": LÊ NGỌC BẢO"), ("Ngày, tháng, năm sinh", ": 03 tháng 5 năm 2020"), ("Giới tính", ": Nam"), ("Số định danh cá nhân", ": 036220004321")]
    rows = [line(x, 400 + 60 * n, text) for n, (label, value) in enumerate(table) for x, text in ((150, label), (700, value))]
    parents = [line(150, 700, "PHẦN KHAI VỀ NGƯỜI CHA"), line(850, 700, "PHẦN KHAI VỀ NGƯỜI MẸ"), line(150, 760, "Họ, chữ đệm, tên:"), line(850, 760, "Họ, chữ đệm, tên:")]
    found = read(*rows, *parents, line(150, 815, "LÊ VĂN HẢI"), line(850, 815, "TRẦN THỊ HÀ"), line(150, 880, "Năm sinh: 1990"), line(850, 880, "Năm sinh: 1992"), chosen="GKS")
    assert said(found, "child_name") == ("LÊ NGỌC BẢO", FieldTrust.AGREES)
    assert (said(found, "child_birth_date")[0], said(found, "personal_id")[0]) == ("03/05/2020", "036220004321")
    assert (said(found, "father_name")[0], said(found, "mother_name")[0]) == ("LÊ VĂN HẢI", "TRẦN THỊ HÀ")


@pytest.mark.parametrize("heads", [("NGƯỜI CHA", "NGƯỜI MẸ"), ("Thông tin người cha", "Thông tin người mẹ"), ("II. Khai về cha", "III. Khai về mẹ"), ("1. Cha", "2. Mẹ")])
def test_a_column_for_each_parent_names_them_behind_their_labels(heads: tuple[str, str]) -> None:
    rows = [line(150, 500, "Họ, chữ đệm, tên: LÊ NGỌC BẢO"), line(150, 600, heads[0]), line(850, 600, heads[1])]
    found = read(*rows, line(150, 660, "Họ và tên: Lê Văn Hải"), line(850, 660, "Họ và tên: Trần Thị Hà"), chosen="GKS")
    assert (said(found, "father_name")[0], said(found, "mother_name")[0]) == ("Lê Văn Hải", "Trần Thị Hà")
    assert said(found, "child_name")[0] == "LÊ NGỌC BẢO"


def test_a_child_that_only_the_parents_part_would_name_goes_to_a_person() -> None:
    rows = (line(150, 600, "PHẦN KHAI VỀ NGƯỜI CHA"), line(150, 660, "Họ và tên: Lê Văn Hải"), line(150, 720, "Năm sinh: 1990"))
    assert said(read(*rows, chosen="GKS"), "child_name")[1] is not FieldTrust.AGREES


@pytest.mark.parametrize(
    ("label", "value", "field", "wanted"),
    [
        ("Số CCCD / ID No", "036190004321", "personal_id", "036190004321"),
        ("Mã số thuế / Tax code", "3101234567", "tax_code", "3101234567"),
        ("Ngày sinh / Date of birth", "02/03/1990", "birth_date", "02/03/1990"),
        ("Họ và tên / Full name", "Lê Thị Hoa", "full_name", "Lê Thị Hoa"),
        ("Địa chỉ / Permanent address", "Thôn Đông, xã Tiên Lãng, Hải Phòng", "address", "Thôn Đông, xã Tiên Lãng, Hải Phòng"),
    ],
)
def test_a_label_said_again_in_english_is_a_label(label: str, value: str, field: str, wanted: str) -> None:
    assert said(read(line(110, 600, label), line(800, 600, value), chosen="HDLD"), field)[0] == wanted


def test_the_next_label_is_no_value() -> None:
    rows = (line(90, 470, "Tên đơn vị:"), line(920, 470, "MST người mua:"), line(90, 520, "Địa chỉ: Bản Mới, xã Châu Thôn, Nghệ An"))
    assert said(read(*rows, chosen="HD-CT"), "organisation_name")[0] == ""


def test_of_several_sums_the_one_to_be_paid_is_the_papers() -> None:
    sums = (("Cộng tiền:", "980.000"), ("Bảo hiểm trả:", "784.000"), ("Tổng tiền thanh toán:", "196.000"))
    rows = [line(x, 900 + 60 * n, text) for n, (label, value) in enumerate(sums) for x, text in ((950, label), (1400, value))]
    assert said(read(*rows, chosen="HD-CT"), "amount") == ("196.000", FieldTrust.AGREES)


@pytest.mark.parametrize("boxes", ["0 2 0 3 1 9 6 0", "02 0 3 1 9 6 0", "0 2 03 1 9 60", "0 2 / 0 3 / 1 9 6 0"])
def test_a_day_in_one_digit_boxes_is_a_day_though_two_were_read_as_one(boxes: str) -> None:
    rows = (line(110, 480, "2. NGÀY, THÁNG, NĂM SINH"), line(840, 480, "3. GIỚI TÍNH"), line(114, 530, boxes))
    assert said(read(*rows, chosen="14-HSB"), "birth_date")[0] == "02/03/1960"


def test_groups_of_a_longer_number_are_no_day() -> None:
    assert said(read(line(110, 480, "Ngày sinh: 0 2 0 3 1 9 6 0 5"), chosen="14-HSB"), "birth_date")[0] == ""


def test_the_days_of_a_stay_stand_beside_bare_labels() -> None:
    cells = ((170, "Vào viện"), (640, "03-04-2026 (21:35)"), (900, "Ra viện"), (1200, "09-04-2026 (14:00)"))
    found = read(*(line(x, 700, text) for x, text in cells), chosen="GRV")
    assert (said(found, "admission_date")[0], said(found, "discharge_date")[0]) == ("03/04/2026", "09/04/2026")


def test_a_label_that_a_cell_broke_also_says_whose_it_is() -> None:
    rows = (line(130, 630, "8. Đơn vị làm việc của"), line(700, 645, "Công ty cổ phần Hưng Thịnh"), line(130, 662, "người hưởng"), line(130, 730, "9. Chẩn đoán"), line(700, 730, "Viêm họng cấp"))
    assert said(read(*rows, chosen="GCN-NV"), "organisation_name")[0] == "Công ty cổ phần Hưng Thịnh"


def test_a_day_in_the_cell_below_a_centred_head_is_found() -> None:
    head = (line(390, 520, "Họ và tên"), line(900, 520, "Ngày sinh"), line(1250, 520, "Nam"), line(1440, 520, "Nữ"))
    cells = (line(170, 580, "Bùi Thị Thanh Nhàn"), line(815, 580, "13/06/1995"), line(1450, 580, "X"))
    assert said(read(*head, *cells, chosen="TK1-TS"), "birth_date")[0] == "13/06/1995"
