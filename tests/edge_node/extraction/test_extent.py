"""A text that may end on the next row, or may have ended on the one before, goes to a person however well both readers agree; and what else other offices' papers showed."""

from __future__ import annotations

import pytest

from edge_node.extraction.field import propose
from edge_node.extraction.find import Find
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.extraction.rows import rows_on
from tests.edge_node.extraction.printed import NATIONAL, TYPES, in_rows, read, said
from tests.edge_node.extraction.recorded import document, line
from tests.edge_node.extraction.test_country import LISTED


def test_an_address_whose_next_row_may_be_its_rest_goes_to_a_person() -> None:
    column = in_rows("NGƯỜI CHA", "Họ, chữ đệm, tên người cha: LÝ SƠN", "Năm sinh: 1995", x=900)
    own = in_rows("NGƯỜI MẸ", "Nơi cư trú: Ấp Phước, xã Mỹ Tú, thành", "phố Cần Thơ")
    value, trust = said(read(*own, *column, chosen="GKS"), "address")
    assert trust is FieldTrust.CHECK or value == "Ấp Phước, xã Mỹ Tú, thành phố Cần Thơ"


def test_an_address_below_which_a_ward_stands_alone_goes_to_a_person() -> None:
    rows = in_rows("Nơi thường trú: 41/7 Trần Phú Cường", "Phường 5, Gò Dưa, TP. Cà Mau", "Dân tộc: Kinh")
    value, trust = said(read(*rows, chosen="CCCD"), "address")
    assert trust is FieldTrust.CHECK or value.endswith("TP. Cà Mau")


def test_a_commune_that_begins_a_row_is_nobodys_name() -> None:
    texts = ("II. Người được xác minh", "Ông Tạ Hữu Phước, sinh năm 1979; số định danh cá nhân 087079004411; nơi cư trú: ấp 6, xã", "Bình Thạnh, huyện Cao Lãnh, tỉnh Đồng Tháp.")
    rows = [line(150, 500 + 45 * n, text, height=44) for n, text in enumerate(texts)]  # set closely
    value, trust = said(read(*rows, chosen="BB"), "full_name")
    assert value == "Tạ Hữu Phước" or trust is not FieldTrust.AGREES
    assert value != "Bình Thạnh"


def test_a_text_behind_which_its_own_label_stands_again_goes_to_a_person() -> None:
    rows = in_rows("2.1. Loại hợp đồng: không trọn thời gian. Thời hạn: 18 tháng kể từ ngày ký", "2.2. Địa điểm làm việc: Kho Tân Cảng")
    value, trust = said(read(*rows, chosen="HDLD"), "valid_until")
    assert trust is not FieldTrust.AGREES or value.startswith("18 tháng")


def test_a_bodys_name_has_words() -> None:
    rows = in_rows("Tên đơn vị: CN0731K", "Địa chỉ: Tổ 3, phường Lam Hạ")
    assert said(read(*rows, chosen="D05-TS"), "organisation_name")[1] is not FieldTrust.AGREES


def test_a_companys_name_in_capitals_that_may_go_on_below_goes_to_a_person() -> None:
    left = (line(150, 130, "Tên đơn vị: CÔNG TY CP MÍA"), line(170, 180, "ĐƯỜNG SÔNG CON"), line(200, 240, "Số: 56/HĐLĐ"))
    found = read(*left, chosen="HDLD")
    assert said(found, "organisation_name")[1] is not FieldTrust.AGREES
    assert said(found, "issuing_body")[1] is not FieldTrust.AGREES


def test_a_name_that_wraps_below_itself_beside_the_next_label_goes_to_a_person() -> None:
    rows = (line(150, 500, "Họ tên người bệnh: PHÙNG THỊ THÙY Tuổi: 29 Nam/Nữ: Nữ"), line(480, 545, "DUNG"), line(150, 600, "Địa chỉ: Tổ 3, phường Lam Hạ"))
    value, trust = said(read(*rows, chosen="GRV"), "full_name")
    assert trust is FieldTrust.CHECK or value == "PHÙNG THỊ THÙY DUNG"


def test_a_bodys_name_that_begins_as_its_label_goes_to_a_person() -> None:
    left = (line(150, 130, "Ủy ban nhân dân xã: Đại Lộc"), line(150, 180, "Tỉnh/TP: Đà Nẵng"), line(150, 240, "Số: 28/2015"))
    value, trust = said(read(*left, chosen="TL-KT"), "issuing_body")
    assert value == "Đại Lộc" and trust is FieldTrust.CHECK


def test_a_term_that_took_up_the_words_above_a_signature_goes_to_a_person() -> None:
    rows = in_rows("Thời hạn ủy quyền: từ tháng 01/2026 đến hết tháng 12/2026 cho đến khi giải quyết xong", "Xác nhận của xã")
    value, trust = said(read(*rows, chosen="13-HSB"), "valid_until")
    assert trust is FieldTrust.CHECK or not value.endswith("của xã")


def test_a_title_ends_before_the_first_numbered_part() -> None:
    rows = (line(600, 400, "GIẤY ỦY QUYỀN"), line(150, 450, "I. NGƯỜI ỦY QUYỀN"))
    assert said(extract(document(*NATIONAL, *rows), TYPES, Gazetteer(), chosen_type="13-HSB"), "document_name")[0] == "GIẤY ỦY QUYỀN"


def test_a_title_does_not_take_up_the_offices_above_it() -> None:
    rows = (line(500, 130, "CÔNG AN THÀNH PHỐ HẢI PHÒNG"), line(500, 180, "CÔNG AN PHƯỜNG KIẾN AN"), line(450, 230, "GIẤY XÁC NHẬN NƠI THƯỜNG TRÚ"))
    assert said(extract(document(*rows), TYPES, Gazetteer(), chosen_type="GT-CM"), "document_name")[0] == "GIẤY XÁC NHẬN NƠI THƯỜNG TRÚ"


def test_a_mothers_name_is_not_her_childs() -> None:
    rows = [one for n, (label, value) in enumerate([("Họ và tên", "Kiên Thị Sóc Kha"), ("Chẩn đoán", "Sinh thường"), ("Họ tên con", "Kiên Gia Linh")]) for one in (line(150, 500 + 60 * n, label), line(700, 500 + 60 * n, value))]
    assert said(read(*rows, chosen="GRV"), "child_name")[0] == "Kiên Gia Linh"


def test_a_fathers_label_is_no_misread_label_of_a_child() -> None:
    found = read(*in_rows("Họ và tên người bệnh: Ka Să Gia Bảo", "Họ tên cha: Ka Să Ha Tang"), chosen="GRV")
    assert said(found, "child_name")[0] == ""


@pytest.mark.parametrize("label", ["Ngày, tháng, năm đăng ký khai tử:", "Đăng ký ngày"])
def test_the_day_of_registration_is_known_by_more_words(label: str) -> None:
    found = read(line(1000, 240, "Hòa Cường, ngày 02 tháng 12 năm 2025"), line(150, 700, f"{label} 01/12/2025"), chosen="TL-KT")
    assert said(found, "issue_date") == ("01/12/2025", FieldTrust.CHECK)  # the extract has a day of its own


def test_where_the_day_of_registration_was_not_read_the_day_of_the_copy_goes_to_a_person() -> None:
    found = read(line(1000, 240, "Hòa Cường, ngày 02 tháng 12 năm 2025"), line(150, 700, "Vào sổ, ngày đăng ký khai tử: O1/I2/Z025"), chosen="TL-KT")
    assert said(found, "issue_date")[1] is not FieldTrust.AGREES


def test_a_place_and_a_day_beside_the_word_worker_are_no_name() -> None:
    rows = (line(200, 1700, "Người lao động"), line(900, 1700, "Tân Kỳ, ngày 28 tháng 7 năm 2025"))
    assert said(read(*rows, chosen="HDLD"), "full_name")[0] == ""


def test_a_label_that_a_rows_end_broke_is_a_label() -> None:
    rows = in_rows("Hợp tác xã Nông nghiệp Bình Tân xác nhận bà Lương Thị Mộng Kha, sinh", "ngày 07/07/1990, CCCD số 086190003398, là xã viên của Hợp tác xã từ ngày 01/02/2018.")
    assert said(read(*rows, chosen="GT-CM"), "birth_date") == ("07/07/1990", FieldTrust.AGREES)


def test_a_day_whose_year_a_narrow_column_put_below_is_read() -> None:
    rows = (line(925, 1200, "Cao Bằng, ngày 24 tháng 01 năm"), line(1181, 1250, "2025"))
    assert said(read(*rows, chosen="SO-BHXH"), "issue_date")[0] == "24/01/2025"


def test_a_company_of_which_only_the_kind_was_read_goes_to_a_person() -> None:
    assert said(read(line(150, 500, "Tên đơn vị: Công ty TNHH"), chosen="HDLD"), "organisation_name")[1] is not FieldTrust.AGREES


def test_a_companys_name_ends_at_the_next_label_and_not_at_a_word_with_a_capital() -> None:
    row = line(150, 500, "Tên đơn vị: Công ty TNHH Điện tử Samjin Vina Điện thoại: 0222 371 4888")
    assert said(read(row, chosen="HDLD"), "organisation_name")[0] == "Công ty TNHH Điện tử Samjin Vina"


def test_an_invoices_number_is_whole_and_one_behind_letters_is_not() -> None:
    assert said(read(line(150, 240, "Số: 00004127"), chosen="HD-CT"), "number_symbol") == ("00004127", FieldTrust.AGREES)
    assert said(read(line(150, 240, "Số: VP0082451"), chosen="HD-CT"), "number_symbol")[1] is not FieldTrust.AGREES


def test_what_stands_over_a_list_is_neither_cut_at_its_columns_nor_a_part_of_the_title() -> None:
    over = (line(520, 300, "DANH SÁCH ĐỀ NGHỊ GIẢI QUYẾT HƯỞNG CHẾ ĐỘ"), line(90, 350, "Tên đơn vị: CÔNG TY CỔ PHẦN DỆT MAY SÔNG LÔ"), line(90, 400, "Mã đơn vị: TZ0112L"))
    cells = [line(x, 500 + 70 * n, text) for n in range(4) for x, text in ((170, "Trần Văn Bửu"), (600, "0212345678"))]
    found = read(*over, *cells, chosen="01B-HSB")
    assert said(found, "organisation_name") == ("CÔNG TY CỔ PHẦN DỆT MAY SÔNG LÔ", FieldTrust.AGREES)
    assert said(found, "document_name") == ("DANH SÁCH ĐỀ NGHỊ GIẢI QUYẾT HƯỞNG CHẾ ĐỘ", FieldTrust.AGREES)


def test_the_mark_of_a_form_is_not_its_title() -> None:
    rows = (line(1100, 250, "Mẫu 05A-HSB"), line(600, 330, "VĂN BẢN ĐỀ NGHỊ"))
    assert said(read(*rows, chosen="05A-HSB"), "document_name")[0] != "Mẫu 05A-HSB"


def test_a_number_that_a_sentence_gives_to_a_relative_goes_to_a_person() -> None:
    rows = in_rows("được cấp để hưởng trợ cấp tuất hằng tháng của cha là ông Phạm", "Văn Hường, mã số BHXH 5105013227.")
    assert said(read(*rows, chosen="GT-CM"), "bhxh_number") == ("5105013227", FieldTrust.CHECK)


def test_the_telephone_of_an_office_for_callers_goes_to_a_person() -> None:
    rows = in_rows("Họ và tên: Phạm Nguyễn Ý Thiên", "Thông tin liên hệ: Phòng Công tác HSSV", "Điện thoại: 0255 3611 440")
    beside = line(1000, 555 + 20, "Quảng Ngãi, ngày 09 tháng 3 năm 2026")
    assert said(read(*rows, beside, chosen="GT-CM"), "phone")[1] is not FieldTrust.AGREES


def test_a_cards_address_goes_on_below_beside_what_stands_under_the_photograph() -> None:
    rows = [line(480, 600, "Nơi thường trú:"), line(480, 650, "Số 7/21 Cát Cụt"), line(60, 692, "Có giá trị: 2031"), line(482, 695, "An Biên, Lê Chân, Hải Phòng")]
    value, trust = said(read(*rows, chosen="CCCD"), "address")
    assert value == "Số 7/21 Cát Cụt An Biên, Lê Chân, Hải Phòng"
    assert trust is FieldTrust.CHECK


def test_an_address_that_ends_with_no_unit_of_the_list_goes_to_a_person() -> None:
    rows = [line(150, 130, "GIẤY RA VIỆN"), *in_rows("Địa chỉ: Số 7/21 phố Cát Cụt", "Dân tộc: Kinh")]
    value, trust = said(extract(document(*rows), TYPES, LISTED, chosen_type="GRV"), "address")
    assert (value, trust) == ("Số 7/21 phố Cát Cụt", FieldTrust.CHECK)


def test_where_a_school_lies_may_be_no_part_of_its_name() -> None:
    rows = in_rows("Đơn vị làm việc: Trường Tiểu học Vũ Lễ, huyện Bắc Sơn", "Chẩn đoán: Sốt virus")
    assert said(read(*rows, chosen="GCN-NV"), "organisation_name")[1] is FieldTrust.CHECK


def test_a_number_of_a_clinics_book_is_no_body() -> None:
    left = (line(150, 130, "TRUNG TÂM Y TẾ HUYỆN BẮC SƠN"), line(150, 180, "TRẠM Y TẾ XÃ VŨ LỄ"), line(200, 240, "Số KCB: 31/KCB-TYT"))
    value, _ = said(read(*left, chosen="GCN-NV"), "issuing_body")
    assert value == "TRẠM Y TẾ XÃ VŨ LỄ"


def test_the_day_of_an_appointment_is_not_the_papers_own() -> None:
    rows = [line(150, 800, "Tái khám"), line(500, 800, "Ngày 12/11/2026 tại Phòng khám Nội, tầng 3"), line(1050, 1000, "Ngày 02/11/2026"), line(950, 1050, "NGƯỜI HÀNH NGHỀ")]
    assert said(read(*rows, chosen="GRV"), "issue_date") == ("02/11/2026", FieldTrust.CHECK)
    assert said(read(*rows[:2], chosen="GRV"), "issue_date")[1] is not FieldTrust.AGREES


def test_a_hamlet_alone_in_a_cell_of_a_list_is_whole() -> None:
    template = next(one for kind in TYPES for one in kind.template if one.kind == "address")
    (row,) = rows_on(1, document(line(150, 500, "Ấp Giồng Chùa A")).pages[0])
    find = Find("address", row, 0, len(row.text))
    assert propose(template, find, True, LISTED, is_cell=True).trust is FieldTrust.AGREES
    assert propose(template, find, True, LISTED).trust is FieldTrust.CHECK
