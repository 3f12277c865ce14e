"""Papers as offices set them: columns, tables of two persons, wrapped letterheads, many days on one page.

Each came from a paper that no generator of ours had drawn, and was a wrong value that no person was asked about, or a value not found.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.edge_node.extraction.printed import TYPES, read, said
from tests.edge_node.extraction.recorded import document, line


def test_an_agency_that_goes_on_below_with_a_word_like_a_schools_is_whole() -> None:
    head = (line(150, 130, "UBND TỈNH PHÚ THỌ"), line(150, 180, "SỞ NÔNG NGHIỆP VÀ MÔI"), line(250, 230, "TRƯỜNG"), line(200, 290, "Số: 618/QĐ-SNNMT"))
    assert said(read(*head, chosen="QD"), "issuing_body")[0] == "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"


def test_the_number_of_the_register_is_not_the_papers() -> None:
    head = (line(150, 130, "Mẫu TP/HT-2006-KT.1"), line(150, 180, "Quyển số: 01/2011"), line(740, 300, "GIẤY CHỨNG TỬ"), line(760, 360, "Số: 47/2011"))
    assert said(read(*head, chosen="TL-KT"), "number_symbol") == ("47/2011", FieldTrust.AGREES)


def test_a_row_that_goes_on_with_a_day_does_not_say_when_the_paper_was_made_out() -> None:
    rows = (line(150, 800, "Điều 2: Bà Danh Thị Lệ bàn giao công việc, tài sản của công ty trước"), line(150, 850, "ngày 28/02/2026."))
    head = (line(1000, 260, "Đồng Nai, ngày 27/02/2026"),)
    assert said(read(*head, *rows, chosen="QD"), "issue_date") == ("27/02/2026", FieldTrust.AGREES)
    assert said(read(*rows, chosen="QD"), "issue_date")[0] == ""


def test_the_day_behind_a_place_goes_before_the_one_on_which_the_commune_confirmed() -> None:
    below = (line(200, 1700, "ngày 16 tháng 12 năm 2025"), line(900, 1650, "Thành Vinh, ngày 15 tháng 12 năm 2025"))
    assert said(read(*below, chosen="09-HSB"), "issue_date") == ("15/12/2025", FieldTrust.AGREES)


def test_of_two_days_behind_places_a_person_chooses() -> None:
    below = (line(900, 1650, "Thành Vinh, ngày 15 tháng 12 năm 2025"), line(900, 1900, "Thành Vinh, ngày 18 tháng 12 năm 2025"))
    assert said(read(*below, chosen="09-HSB"), "issue_date") == ("15/12/2025", FieldTrust.CHECK)


def test_minutes_are_of_the_day_behind_the_hour() -> None:
    row = line(150, 500, "Hôm nay, hồi 08 giờ 30 phút ngày 23 tháng 4 năm 2026, tại trụ sở UBND phường Buôn Hồ,")
    assert said(read(row, chosen="BB"), "issue_date") == ("23/04/2026", FieldTrust.AGREES)


@pytest.mark.parametrize("behind", ["Nam, nữ: Nam", "Nam/nữ: Nam", "Nam hay nữ: Nam"])
def test_the_label_of_the_sex_is_no_part_of_the_name_before_it(behind: str) -> None:
    assert said(read(line(150, 500, f"Họ và tên người chết: Phan Đình Luyến {behind}"), chosen="TL-KT"), "deceased_name")[0] == "Phan Đình Luyến"


def test_a_native_place_or_a_place_of_death_is_no_address() -> None:
    assert said(read(line(150, 500, "Quê quán: Chiềng Sinh, Sơn La"), chosen="GKS"), "address")[0] == ""
    assert said(read(line(150, 500, "Nơi chết: Tại nhà riêng"), chosen="TL-KT"), "address")[0] == ""


def test_the_two_parties_of_a_contract_stand_in_columns_that_are_read_downwards() -> None:
    left = ("Đại diện: Bà Tạ Ngọc Diễm", "Chức vụ: Giám đốc", "Điện thoại: 0270 3962 114")
    right = ("Họ và tên: Sơn Thị Chanh Thu", "Ngày sinh: 30/12/2001", "Số CCCD: 084301007761")
    rows = [line(x, 600 + 55 * n, text) for n in range(3) for x, text in ((150, left[n]), (850, right[n]))]
    assert said(read(*rows, chosen="HDLD"), "personal_id") == ("084301007761", FieldTrust.AGREES)


def test_a_table_with_a_column_for_each_of_two_persons_goes_to_a_person() -> None:
    rows = (
        line(470, 500, "Người ủy quyền"), line(1000, 500, "Người được ủy quyền"), line(150, 560, "Họ và tên"), line(420, 560, "Khuất Duy Tiến"), line(850, 560, "Khuất Thị Hải Yến"),
        line(150, 620, "Số CCCD"), line(420, 620, "001057014429"), line(850, 620, "001185022630"),
    )  # fmt: skip
    found = read(*rows, chosen="13-HSB")
    assert said(found, "full_name") == ("Khuất Duy Tiến", FieldTrust.CHECK)
    assert said(found, "personal_id") == ("001057014429", FieldTrust.CHECK)


def test_two_cells_that_were_read_as_one_line_are_no_address() -> None:
    column = [line(850, 600 + 60 * n, text) for n, text in enumerate(("Khuất Thị Hải Yến", "08/12/1985", "001185022630"))]
    row = line(150, 540, "Nơi cư trú: Thôn 3, xã Thạch Thất, thành phố Số 9 ngõ 42, phường Yên Hòa,")
    assert said(read(row, *column, chosen="13-HSB"), "address")[1] is not FieldTrust.AGREES


def test_a_cards_number_with_letters_is_no_personal_number() -> None:
    assert said(read(line(150, 500, "Thẻ BHYT số: DN 4 46 4618203377"), chosen="GRV"), "personal_id")[0] == ""


def test_a_wrapped_national_title_is_no_part_of_the_hospital_beside_it() -> None:
    head = (line(150, 240, "Bệnh viện: Bệnh viện Trung ương Huế"), line(820, 240, "NGHĨA VIỆT NAM"))
    assert said(read(*head, chosen="GRV"), "issuing_body")[0] == "Bệnh viện Trung ương Huế"


def test_a_name_in_capitals_goes_on_below_though_something_else_stands_between_in_the_corner() -> None:
    head = (line(150, 130, "PHÒNG KHÁM ĐA KHOA VẠN"), line(1350, 140, "Mẫu số: CT07"), line(150, 180, "PHÚC"))
    assert said(extract(document(*head), TYPES, Gazetteer(), chosen_type="GCN-NV"), "issuing_body")[0] == "PHÒNG KHÁM ĐA KHOA VẠN PHÚC"


def test_the_title_of_a_book_is_not_the_body_that_issued_it() -> None:
    rows = (line(500, 300, "SỔ BẢO HIỂM XÃ HỘI"), line(850, 1200, "BẢO HIỂM XÃ HỘI TỈNH ĐIỆN BIÊN"), line(950, 1250, "GIÁM ĐỐC"))
    found = extract(document(line(500, 130, "BẢO HIỂM XÃ HỘI VIỆT NAM"), *rows), TYPES, Gazetteer(), chosen_type="SO-BHXH")
    assert said(found, "issuing_body")[0] == "BẢO HIỂM XÃ HỘI TỈNH ĐIỆN BIÊN"


def test_a_title_does_not_begin_with_the_number_above_it() -> None:
    rows = (line(150, 250, "Số: 296/XN-ĐCQN"), line(500, 310, "GIẤY XÁC NHẬN SỐ DƯ TÀI KHOẢN"))
    assert said(extract(document(*rows), TYPES, Gazetteer(), chosen_type="GT-CM"), "document_name")[0] == "GIẤY XÁC NHẬN SỐ DƯ TÀI KHOẢN"


def test_values_below_their_labels_are_found_though_another_label_is_beside() -> None:
    rows = (line(200, 500, "Số CCCD"), line(1000, 500, "Ngày cấp"), line(200, 550, "051186005530"), line(1000, 550, "08/04/2022"))
    assert said(read(*rows, chosen="GT-CM"), "personal_id")[0] == "051186005530"


def test_a_heading_with_a_digit_says_whose_name_stands_below() -> None:
    rows = [line(150, 500 + 55 * n, text) for n, text in enumerate(("1. Người khai", "Họ và tên: Tăng Thị Hạnh", "2. Người chết", "Họ và tên: Ngô Trí Dũng", "Chết ngày: 08/12/2025"))]
    found = read(*rows, chosen="09-HSB")
    assert (said(found, "full_name")[0], said(found, "deceased_name")[0]) == ("Tăng Thị Hạnh", "Ngô Trí Dũng")
    assert said(found, "death_date") == ("08/12/2025", FieldTrust.AGREES)


def test_a_hospital_tells_of_a_death_in_words_of_its_own() -> None:
    rows = [line(150, 500 + 55 * n, text) for n, text in enumerate(("Ông/bà: Huỳnh Thị Khéo", "Sinh ngày: 11/02/1951", "Đã tử vong lúc 23 giờ 05 phút ngày 30/01/2026."))]
    found = read(*rows, chosen="TL-KT")
    assert said(found, "deceased_name")[0] == "Huỳnh Thị Khéo"
    assert said(found, "birth_date") == ("11/02/1951", FieldTrust.AGREES)
    assert said(found, "death_date") == ("30/01/2026", FieldTrust.AGREES)


def test_an_empty_line_for_a_guardian_names_nobody() -> None:
    rows = [line(150, 500 + 55 * n, text) for n, text in enumerate(("[01]. Họ và tên: QUÁCH PHONG", "[10]. Họ tên cha/mẹ/giám hộ (trẻ em dưới 6 tuổi):", "[11]. Mã số BHXH: 9212007784"))]
    assert said(read(*rows, chosen="TK1-TS"), "bhxh_number") == ("9212007784", FieldTrust.AGREES)


def test_the_words_under_a_signature_are_no_title() -> None:
    rows = (line(500, 300, "GIẤY CHỨNG NHẬN KẾT HÔN", height=60), line(1150, 950, "NGƯỜI KÝ GIẤY"), line(1130, 1000, "CHỨNG NHẬN KẾT"), line(1250, 1050, "HÔN"))
    assert read(*rows).document_type != "GCN-NV"


@pytest.mark.parametrize("place", ["Tân Kỳ", "Chiềng Sinh", "Tam Hợp"])
def test_a_places_name_that_sounds_like_another_days_label_is_a_place(place: str) -> None:
    assert said(read(line(900, 250, f"{place}, ngày 28 tháng 7 năm 2025"), chosen="QD"), "issue_date") == ("28/07/2025", FieldTrust.AGREES)


def test_a_year_below_its_day_is_found_though_the_next_column_begins_beside_it() -> None:
    rows = (line(670, 232, "Ngày 18 tháng 11 năm Ký hiệu: 1C25TBK"), line(813, 280, "2025"))
    found = extract(document(line(500, 150, "HÓA ĐƠN GIÁ TRỊ GIA TĂNG"), *rows), TYPES, Gazetteer(), chosen_type="HD-CT")
    assert said(found, "issue_date") == ("18/11/2025", FieldTrust.CHECK)


def test_a_label_that_a_cell_broke_over_two_rows_has_its_value_beside_it() -> None:
    rows = (line(150, 500, "Họ và tên"), line(450, 500, "Khuất Duy Tiến"), line(150, 560, "Số điện"), line(450, 568, "0983520614"), line(152, 606, "thoại"))
    assert said(read(*rows, chosen="13-HSB"), "phone") == ("0983520614", FieldTrust.AGREES)


def test_a_second_label_behind_a_stroke_has_its_value_in_the_next_column() -> None:
    rows = (line(150, 500, "Số đăng ký / ngày đăng ký"), line(735, 500, "Số 151 ngày 14/11/2018"), line(150, 250, "Số: 88/TLKS-BS"), line(900, 250, "Sơn La, ngày 22 tháng 01 năm 2026"))
    assert said(read(*rows, chosen="GKS"), "issue_date") == ("14/11/2018", FieldTrust.AGREES)


def test_a_value_that_begins_the_row_below_its_label_is_found() -> None:
    rows = (line(150, 500, "Hợp tác xã Bình Tân Xanh xác nhận bà Lương Thị Mộng Kha, sinh ngày"), line(150, 550, "07/07/1990, CCCD số 086190003398, là xã viên."))
    assert said(read(*rows, chosen="GT-CM"), "birth_date") == ("07/07/1990", FieldTrust.AGREES)
    rows = (line(150, 500, "Điều 1. Bà: Phạm Thị Út Em; Ngày, tháng, năm sinh: 03/03/1982; Mã số BHXH:"), line(150, 550, "7210023945; Số CCCD: 072182006617"))
    found = read(*rows, chosen="QD")
    assert said(found, "bhxh_number") == ("7210023945", FieldTrust.AGREES)
    assert said(found, "birth_date") == ("03/03/1982", FieldTrust.AGREES)


def test_a_name_ends_before_the_next_items_number_in_brackets() -> None:
    assert said(read(line(150, 500, "[01] Họ và tên: LA VĂN TÌNH [02], Ngày sinh: 03/02/1988"), chosen="TK1-TS"), "full_name") == ("LA VĂN TÌNH", FieldTrust.AGREES)


def test_a_stray_small_letter_behind_a_name_is_none_of_it_and_goes_to_a_person() -> None:
    assert said(read(line(150, 500, "Họ và tên: Trương Hải Đăng g Ngày sinh: 05/05/2022"), chosen="GCN-NV"), "full_name") == ("Trương Hải Đăng", FieldTrust.CHECK)


def test_a_womans_name_of_the_highlands_begins_with_a_particle() -> None:
    assert said(read(line(150, 500, "Bà: H'Nuel Ayun, sinh năm 1972, số CCCD 066172008811"), chosen="BB"), "full_name")[0] == "H'Nuel Ayun"
    assert said(read(line(150, 500, "Họ và tên: H'Hoa Niê"), chosen="GT-CM"), "full_name") == ("H'Hoa Niê", FieldTrust.AGREES)


def test_a_school_calls_the_paper_s_subject_a_student() -> None:
    assert said(read(line(150, 500, "Sinh viên: Quàng Thị Lan"), chosen="GT-CM"), "full_name") == ("Quàng Thị Lan", FieldTrust.AGREES)


def test_a_number_that_only_the_second_reader_read_goes_to_a_person() -> None:
    boxes = line(150, 500, "4. Số định danh cá nhân: 0 3 3 1 7 6 00 90028220", "4. Số định danh cá nhân: 0 3 3 1 7 6 0 0 9 0 8 2")
    assert said(read(boxes, chosen="GT-CM"), "personal_id") == ("033176009082", FieldTrust.CHECK)


def test_a_name_that_only_the_second_reader_parts_into_words_goes_to_a_person() -> None:
    assert said(read(line(150, 500, "Họ và tên: MÙAA PÁO", "Họ và tên: MÙA A PÁO"), chosen="GT-CM"), "full_name") == ("MÙA A PÁO", FieldTrust.CHECK)


def test_a_receipts_number_with_letters_is_found_whole_and_goes_to_a_person() -> None:
    assert said(read(line(150, 500, "Số: PT000148"), chosen="HD-CT"), "number_symbol") == ("PT000148", FieldTrust.CHECK)


def test_of_a_series_and_a_number_the_number_is_proposed_to_a_person() -> None:
    rows = (line(1300, 250, "Số seri: VP0082451"), line(150, 300, "Số KCB: 5521/KCB"))
    assert said(read(*rows, chosen="GCN-NV"), "number_symbol") == ("5521/KCB", FieldTrust.CHECK)


def test_the_day_of_a_register_counts_on_papers_that_no_type_has() -> None:
    rows = (line(500, 300, "GIẤY CHỨNG NHẬN KẾT HÔN"), line(150, 900, "Ngày, tháng, năm đăng ký: 12/02/2024"))
    assert said(read(*rows), "issue_date") == ("12/02/2024", FieldTrust.AGREES)


def test_what_a_sentence_says_of_the_paper_s_subject_goes_to_a_person() -> None:
    rows = (
        line(150, 500, "Tôi là: Đinh Thị Mến, sinh năm 1960 (ngày 12/12/1960), căn cước số 037160004928"),
        line(150, 550, "cấp ngày 02/07/2021, thường trú tại xóm 4, xã Yên Khánh, điện thoại 0345617228."),
        line(150, 600, "Nay ủy quyền cho con gái tôi là bà Phạm Thị Lệ Quyên, sinh ngày 30/01/1989, điện thoại"),
        line(150, 650, "0916004482, trú tại phường Hoa Lư."),
    )
    found = read(*rows, chosen="13-HSB")
    assert said(found, "phone") == ("0345617228", FieldTrust.CHECK)
    assert said(found, "birth_date") == ("12/12/1960", FieldTrust.CHECK)


def test_a_telephone_behind_somebody_else_is_not_the_subjects() -> None:
    rows = (line(150, 500, "Tôi là: Đinh Thị Mến, ủy quyền cho"), line(150, 550, "bà Phạm Thị Lệ Quyên, điện thoại 0916004482."))
    assert said(read(*rows, chosen="13-HSB"), "phone")[0] == ""


def test_the_one_amount_of_a_decision_goes_to_a_person_and_of_two_none_is_proposed() -> None:
    one = line(150, 500, "Điều 2. Ông Lò Láo San được hưởng trợ cấp thôi việc 38.520.000 đồng.")
    assert said(read(one, chosen="QD"), "amount") == ("38.520.000", FieldTrust.CHECK)
    assert said(read(one, line(150, 550, "và tiền phép 1.200.000 đồng."), chosen="QD"), "amount")[0] == ""


IN_COLUMNS = (
    line(850, 500, "Người mẹ"), line(1250, 500, "Người cha"), line(170, 550, "Họ và tên"), line(800, 550, "Tô Thị Nhài"), line(1200, 550, "Bùi Văn Khoát"),
    line(170, 600, "Dân tộc"), line(800, 600, "Kinh"), line(1200, 600, "Kinh"),
)  # fmt: skip
IN_ROWS = (
    line(500, 500, "Họ và tên"), line(1100, 500, "Năm sinh"), line(170, 550, "Mẹ"), line(450, 550, "Tô Thị Nhài"), line(1100, 550, "1972"),
    line(170, 600, "Cha"), line(450, 600, "Bùi Văn Khoát"), line(1100, 600, "1968"),
)  # fmt: skip


@pytest.mark.parametrize("table", [IN_COLUMNS, IN_ROWS], ids=["a column for each", "a row for each"])
def test_parents_are_named_in_a_table_that_has_a_place_for_each(table: Sequence[Line]) -> None:
    found = read(line(150, 400, "Họ và tên: Bùi Quang Thụy"), *table, chosen="GKS")
    assert (said(found, "mother_name"), said(found, "father_name")) == (("Tô Thị Nhài", FieldTrust.CHECK), ("Bùi Văn Khoát", FieldTrust.CHECK))


def test_the_last_cell_of_a_tables_head_does_not_announce_the_first_cell_below() -> None:
    head = (line(150, 500, "Số quyết định"), line(700, 500, "Nội dung"), line(1200, 500, "Mã số BHXH"))
    found = read(*head, line(150, 550, "0123456789"), line(700, 550, "Nghỉ hưu"), chosen="QD")
    assert said(found, "bhxh_number")[1] is not FieldTrust.AGREES


def test_a_year_in_a_box_beside_its_day_belongs_to_it() -> None:
    rows = (line(500, 232, "Ngày 18 tháng 11 năm"), line(1000, 236, "2025"))
    found = extract(document(line(500, 150, "HÓA ĐƠN GIÁ TRỊ GIA TĂNG"), *rows), TYPES, Gazetteer(), chosen_type="HD-CT")
    assert said(found, "issue_date") == ("18/11/2025", FieldTrust.AGREES)


def test_digits_in_boxes_of_their_own_are_a_day_and_a_tax_number() -> None:
    rows = (line(150, 500, "Ngày sinh: 0 3 0 2 1 9 8 8"), line(150, 550, "Số CCCD: 0 3 3 1 8 8 0 0 9 0 8 2"))
    assert said(read(*rows, chosen="TK1-TS"), "birth_date") == ("03/02/1988", FieldTrust.AGREES)
    assert said(read(line(150, 500, "Mã số thuế: 0 1 0 2 0 3 0 4 0 5"), chosen="HDLD"), "tax_code")[0] == "0102030405"


def test_a_leave_whose_days_a_bracket_gives_goes_to_a_person() -> None:
    found = read(line(150, 500, "Số ngày nghỉ: 05 ngày (từ 01/02/2025 đến 05/02/2025)"), chosen="GCN-NV")
    assert (said(found, "leave_from"), said(found, "leave_to")) == (("01/02/2025", FieldTrust.CHECK), ("05/02/2025", FieldTrust.CHECK))


def test_a_parent_behind_the_bare_word_that_begins_a_row_goes_to_a_person() -> None:
    rows = [line(150, 500 + 55 * n, text) for n, text in enumerate(("Tên con: LÊ BẢO AN", "Mẹ: Trần Thị Hà", "Cha: Lê Văn Hải", "Nơi cư trú của mẹ: Xã Lộc An"))]
    found = read(*rows, chosen="GKS")
    assert said(found, "child_name")[0] == "LÊ BẢO AN"
    assert (said(found, "mother_name"), said(found, "father_name")) == (("Trần Thị Hà", FieldTrust.CHECK), ("Lê Văn Hải", FieldTrust.CHECK))


def test_a_day_of_birth_behind_the_words_for_a_year_is_found() -> None:
    rows = [line(150, 500 + 55 * n, text) for n, text in enumerate(("Ông/Bà: Lê Thị Mận", "Sinh năm: 02/03/1950", "Nơi sinh: Vụ Bản, cấp ngày 03/04/2021"))]
    assert said(read(*rows, chosen="13-HSB"), "birth_date") == ("02/03/1950", FieldTrust.AGREES)


def test_a_health_insurance_cards_number_goes_to_a_person() -> None:
    found = read(line(150, 500, "Họ tên người bệnh: Lê Thị Mận"), line(150, 550, "Mã thẻ BHYT: DN 4 36 3612345678"), chosen="GRV")
    assert said(found, "bhxh_number") == ("3612345678", FieldTrust.CHECK)
    assert said(found, "child_name")[0] == ""


def test_a_label_behind_a_name_that_has_no_label_of_the_types_ends_it() -> None:
    assert said(read(line(150, 500, "Ông (Bà): Lê Thị Mận Quốc tịch: Việt Nam"), chosen="HDLD"), "full_name")[0] == "Lê Thị Mận"


def test_what_stands_behind_a_colon_is_no_part_of_a_misread_label() -> None:
    assert said(read(line(150, 500, "Tôi tên: Lê Thị Mận"), chosen="14-HSB"), "full_name") == ("Lê Thị Mận", FieldTrust.AGREES)


def test_minutes_that_begin_with_the_hour_are_of_that_day_and_a_person_looks() -> None:
    rows = (line(150, 500, "Vào hồi 8h30 ngày 05/06/2025, tại UBND xã, chúng tôi gồm:"), line(150, 550, "Đối tượng xác minh: Bà Lê Thị Mận"))
    found = read(*rows, chosen="BB")
    assert said(found, "issue_date") == ("05/06/2025", FieldTrust.CHECK)
    assert said(found, "full_name")[0] == "Lê Thị Mận"


def test_whom_a_sentence_calls_dead_is_proposed_to_a_person_with_the_day() -> None:
    found = read(line(150, 500, "Tôi là: Lê Thị Mận"), line(150, 550, "Là vợ của ông Trần Văn Tư, đã chết ngày 05/06/2025"), chosen="09-HSB")
    assert said(found, "deceased_name") == ("Trần Văn Tư", FieldTrust.CHECK)
    assert said(found, "death_date")[0] == "05/06/2025"
    assert said(found, "full_name")[0] == "Lê Thị Mận"


def test_a_day_of_birth_below_the_words_for_the_dead_is_no_day_of_death() -> None:
    rows = [line(150, 500 + 55 * n, text) for n, text in enumerate(("1. Họ, chữ đệm, tên người chết: LÊ VĂN TÁM", "2. Sinh ngày 02 tháng 3 năm 1940", "4. Thời gian chết: 05 giờ 10 phút ngày 05/06/2025"))]
    assert said(read(*rows, chosen="TL-KT"), "death_date") == ("05/06/2025", FieldTrust.CHECK)


@pytest.mark.parametrize(
    ("chosen", "text", "name", "value"),
    [
        ("14-HSB", "Người đề nghị: Lê Thị Mận", "full_name", "Lê Thị Mận"),
        ("GT-CM", "Họ và tên NLĐ: Lê Thị Mận", "full_name", "Lê Thị Mận"),
        ("HDLD", "BÊN B: Lê Thị Mận", "full_name", "Lê Thị Mận"),
        ("TL-KT", "Người chết: LÊ VĂN TÁM", "deceased_name", "LÊ VĂN TÁM"),
        ("TL-KT", "Họ, chữ đệm và tên: LÊ VĂN TÁM", "deceased_name", "LÊ VĂN TÁM"),
        ("GCN-NV", "Cha: Lê Văn Hải - Mẹ: Trần Thị Hà", "mother_name", "Trần Thị Hà"),
        ("GKS", "Họ tên: LÊ BẢO AN", "child_name", "LÊ BẢO AN"),
    ],
)
def test_what_else_a_form_calls_somebody_goes_to_a_person(chosen: str, text: str, name: str, value: str) -> None:
    assert said(read(line(150, 500, text), chosen=chosen), name) == (value, FieldTrust.CHECK)


def test_a_heading_for_each_parent_says_whose_name_stands_below() -> None:
    texts = ("Họ, chữ đệm, tên: LÊ BẢO AN", "Phần khai về người mẹ", "Họ, chữ đệm, tên: TRẦN THỊ HÀ", "Phần khai về người cha", "Họ, chữ đệm, tên: LÊ VĂN HẢI")
    found = read(*(line(150, 500 + 55 * n, text) for n, text in enumerate(texts)), chosen="GKS")
    assert [said(found, name)[0] for name in ("child_name", "mother_name", "father_name")] == ["LÊ BẢO AN", "TRẦN THỊ HÀ", "LÊ VĂN HẢI"]
