"""What two readers agreeing do not prove: that a value is the paper's own and whole. What the paper does not prove itself goes to a person, with the reason."""

from __future__ import annotations

import pytest

from edge_node.extraction.model import DocumentProposal, FieldTrust
from tests.edge_node.extraction.printed import in_rows, read, said
from tests.edge_node.extraction.recorded import line


def why(found: DocumentProposal, field: str) -> str:
    got = found.field(field)
    assert got is not None and got.trust is FieldTrust.CHECK
    return got.reason


def test_a_tax_code_inside_a_sentence_may_be_another_firms() -> None:
    rows = in_rows("Tòa án đang thụ lý vụ án giữa ông Lê Văn Tám với bị đơn Công ty TNHH Sao Mai (mã số", "thuế 0101234567), về việc tranh chấp hợp đồng lao động.", "Kính mong quý cơ quan giúp đỡ cho đúng hạn.")
    assert said(read(*rows, chosen="CV"), "tax_code")[1] is not FieldTrust.AGREES


def test_a_tax_code_behind_its_colon_is_the_papers() -> None:
    assert said(read(*in_rows("Tên đơn vị: Công ty TNHH Sao Mai", "Mã số thuế: 0101234567"), chosen="D02-TS"), "tax_code") == ("0101234567", FieldTrust.AGREES)


def test_of_an_extracts_two_days_neither_counts_without_a_look() -> None:
    head = (line(950, 250, "Ea Súp, ngày 04 tháng 3 năm 2026"), line(600, 380, "TRÍCH LỤC KHAI SINH"))
    row = in_rows("Đăng ký khai sinh tại: Ủy ban nhân dân xã Ea Súp, số 12/2026 ngày 02 tháng 3 năm 2026", y=900)
    assert why(read(*head, *row, chosen="GKS"), "issue_date") == "trên giấy còn ngày khác có thể là ngày cấp"


def test_the_day_that_stands_where_the_decree_has_it_counts_though_a_commune_confirms_on_another() -> None:
    head = (line(950, 250, "Hà Nội, ngày 04 tháng 3 năm 2026"), line(600, 380, "QUYẾT ĐỊNH"))
    foot = (line(900, 1800, "Đông Anh, ngày 09 tháng 3 năm 2026"),)
    assert said(read(*head, *foot, chosen="QD"), "issue_date") == ("04/03/2026", FieldTrust.AGREES)


def test_a_series_is_not_the_papers_number_where_another_is_announced() -> None:
    head = (line(1000, 230, "Số seri: 0417735"), line(1000, 280, "Số KCB: ......./KCB"))
    assert said(read(*head, line(300, 380, "GIẤY CHỨNG NHẬN NGHỈ VIỆC HƯỞNG BẢO HIỂM XÃ HỘI"), chosen="GCN-NV"), "number_symbol")[1] is not FieldTrust.AGREES


@pytest.mark.parametrize(("other", "trust"), [("Phụ cấp ăn ca: 650.000 đồng/tháng", FieldTrust.CHECK), ("Hình thức trả: chuyển khoản", FieldTrust.AGREES)])
def test_an_amount_beside_another_goes_to_a_person(other: str, trust: FieldTrust) -> None:
    assert said(read(*in_rows("Mức lương chính: 7.500.000 đồng/tháng", other), chosen="HDLD"), "amount") == ("7.500.000", trust)


def test_a_total_is_the_papers_amount_whatever_else_it_names() -> None:
    assert said(read(*in_rows("Tổng số tiền: 7.500.000 đồng", "Trong đó trợ cấp: 650.000 đồng"), chosen="QD"), "amount") == ("7.500.000", FieldTrust.AGREES)


def test_a_bodys_name_of_several_rows_counts_where_the_paper_says_it_again() -> None:
    head = (line(150, 130, "CÔNG TY CỔ PHẦN CHẾ BIẾN"), line(150, 175, "LÂM SẢN SÔNG ĐÀ"), line(200, 240, "Số: 12/CV-SĐ"))
    again = in_rows("Công ty Cổ phần Chế biến Lâm sản Sông Đà kính đề nghị quý cơ quan xem xét.", y=900)
    assert why(read(*head, chosen="CV"), "issuing_body") == "tên ghép từ nhiều dòng mà giấy không nhắc lại"
    assert said(read(*head, *again, chosen="CV"), "issuing_body") == ("CÔNG TY CỔ PHẦN CHẾ BIẾN LÂM SẢN SÔNG ĐÀ", FieldTrust.AGREES)


def test_a_second_row_of_a_title_is_no_part_of_the_body_far_above_it() -> None:
    head = (line(150, 130, "TRUNG TÂM Y TẾ SÔNG ĐÀ"), line(120, 260, "DANH SÁCH ĐỀ NGHỊ HƯỞNG CHẾ ĐỘ ỐM ĐAU, THAI SẢN,"), line(200, 310, "DƯỠNG SỨC PHỤC HỒI SỨC KHỎE"), line(300, 360, "Số: 11/DS-TTYT"))
    assert said(read(*head, chosen="01B-HSB"), "issuing_body")[0] == "TRUNG TÂM Y TẾ SÔNG ĐÀ"


def test_a_firms_name_in_small_letters_goes_to_a_person_where_the_head_has_capitals() -> None:
    head = (line(150, 130, "CÔNG TY TNHH SAO MAI"), line(200, 240, "Số: 12/CV-SM"))
    assert why(read(*head, *in_rows("1. Tên đơn vị: Công ty TNHH Sao Mai", y=900), chosen="05A-HSB"), "organisation_name") == "giấy viết tên này hai cách, chữ hoa và chữ thường"


def test_a_name_whose_label_announces_somebody_else_too_goes_to_a_person() -> None:
    rows = in_rows("A. Người khai", "Họ và tên: Lê Thị Hoa", "B. Người thân", "Họ và tên: Trần Văn Bình")
    assert why(read(*rows, chosen="14-HSB"), "full_name") == "giấy dùng cùng một nhãn cho người khác nữa"


@pytest.mark.parametrize(
    ("term", "day", "trust"),
    [
        ("xác định thời hạn 24 tháng, từ ngày 01/3/2023 đến hết ngày 28/02/2025", "28/02/2025", FieldTrust.CHECK),
        ("36 (ba mươi sáu) tháng, đến hết ngày 28/02/2025", "28/02/2025", FieldTrust.CHECK),
        ("từ 15/01/2026 đến 14/01/2028.", "14/01/2028", FieldTrust.CHECK),
        ("đến hết ngày 31 tháng 12 năm 2026", "ngày 31 tháng 12 năm 2026", FieldTrust.AGREES),
        ("không xác định thời hạn", "không xác định thời hạn", FieldTrust.AGREES),
        ("24 tháng kể từ ngày ký", "24 tháng kể từ ngày ký", FieldTrust.AGREES),
    ],
)
def test_a_term_is_the_day_on_which_it_ends_and_a_person_looks_where_the_paper_says_more(term: str, day: str, trust: FieldTrust) -> None:
    assert said(read(*in_rows(f"Thời hạn hợp đồng: {term}"), chosen="HDLD"), "valid_until") == (day, trust)


def test_a_term_that_names_only_when_it_begins_goes_to_a_person() -> None:
    assert said(read(*in_rows("Thời hạn hợp đồng: 12 tháng, từ ngày 01/3/2023"), chosen="HDLD"), "valid_until")[1] is FieldTrust.CHECK


def test_a_space_that_the_second_reader_alone_sees_goes_to_a_person() -> None:
    found = read(line(150, 500, "Địa chỉ: 42/7Y Ngông, phường Tân Lập, tỉnh Đắk Lắk", second="Địa chỉ: 42/7 Y Ngông, phường Tân Lập, tỉnh Đắk Lắk"), chosen="14-HSB")
    assert said(found, "address") == ("42/7 Y Ngông, phường Tân Lập, tỉnh Đắk Lắk", FieldTrust.CHECK)


def test_a_witness_in_a_sentence_lends_the_paper_neither_number_nor_birth() -> None:
    rows = in_rows(
        "Sầm Thị Nga, sinh ngày 30/3/1964, căn cước số 004164001592 do Bộ Công an cấp; tôi cam đoan có tên ghi tại Quyết định",
        "số 77/QĐ-UB ngày 02/10/1985 của UBND huyện Trà Lĩnh là cùng một người.",
        "Người làm chứng: ông Bế Văn Bình, sinh năm 1959, căn cước số 004059000873.",
    )
    found = read(*rows, chosen="GT-CM")
    for field in ("personal_id", "birth_date", "number_symbol"):
        assert said(found, field)[1] is not FieldTrust.AGREES, field


def test_a_bill_that_names_two_units_leaves_a_person_to_choose() -> None:
    rows = in_rows("Đơn vị bán hàng: CÔNG TY CỔ PHẦN BỆNH VIỆN SÔNG ĐÀ", "Mã số thuế: 1602048873", "Họ tên người mua hàng: Lê Thị Hoa", "Tên đơn vị: CÔNG TY CỔ PHẦN SAO MAI", "Mã số thuế: 1601997240")
    found = read(*rows, chosen="HD-CT")
    for field in ("organisation_name", "tax_code"):
        assert said(found, field)[1] is not FieldTrust.AGREES, field


@pytest.mark.parametrize("bracket", ["Chẩn đoán tuyến trước (Trạm Y tế xã Ea Súp, 10/3/2026)", "Chuyển đến từ phòng khám (Ea Súp, ngày 10/3/2026)"])
def test_a_day_within_brackets_is_not_the_papers_own(bracket: str) -> None:
    rows = (*in_rows(bracket, y=1300), line(950, 1700, "Ngày 20 tháng 3 năm 2026"))
    assert said(read(*rows, chosen="GRV"), "issue_date")[0] == "20/03/2026"
    assert said(read(*in_rows(bracket, y=1300), chosen="GRV"), "issue_date")[1] is not FieldTrust.AGREES


def test_an_extracts_entry_is_no_letterhead() -> None:
    row = in_rows("Đăng ký khai sinh tại: Ủy ban nhân dân xã Ea Súp, tỉnh Đắk Lắk", y=900)
    assert said(read(line(600, 380, "TRÍCH LỤC KHAI SINH"), *row, chosen="GKS"), "issuing_body")[1] is FieldTrust.CHECK
