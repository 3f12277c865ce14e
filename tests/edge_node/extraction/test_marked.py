"""The stamp "ĐẾN", what stands under a certified copy, numbers written in, and values that go on in the next row."""

from __future__ import annotations

import msgspec
import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.edge_node.extraction.printed import TYPES, said
from tests.edge_node.extraction.recorded import document, line

NATIONAL = (line(880, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(980, 180, "Độc lập - Tự do - Hạnh phúc"))


def read(*lines: Line, chosen: str) -> DocumentProposal:
    return extract(document(*NATIONAL, *lines), TYPES, Gazetteer(), chosen_type=chosen)


@pytest.mark.parametrize("words", ["CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH", "SAO Y BẢN CHÍNH", "Bản sao này đúng với bản chính"])
def test_the_day_under_a_certified_copy_is_not_the_papers(words: str) -> None:
    copied = (line(300, 1500, words), line(150, 1560, "Ngày 14 tháng 11 năm 2026"))
    found = read(line(150, 700, "Họ, chữ đệm, tên: LÒ THỊ DUNG"), line(150, 900, "Ngày, tháng, năm đăng ký: 09/04/2024"), *copied, chosen="GKS")
    assert said(found, "issue_date") == ("09/04/2024", FieldTrust.AGREES)
    assert said(read(line(150, 700, "Họ, chữ đệm, tên: LÒ THỊ DUNG"), *copied, chosen="GKS"), "issue_date")[0] == ""


def test_the_day_on_which_a_letter_came_is_not_its_own() -> None:
    stamp = (line(160, 420, "ĐẾN"), line(260, 400, "Số: 9862"), line(260, 460, "Ngày: 27/03/2026"))
    assert said(read(*stamp, line(150, 900, "Kính gửi: Bảo hiểm xã hội cơ sở Ba Đình"), chosen="CV"), "issue_date")[0] == ""


def test_a_number_with_a_gap_before_its_stroke_may_be_written_in() -> None:
    assert said(read(line(150, 240, "Số: 221 /GBT-BV"), chosen="GT-CM"), "number_symbol") == ("221/GBT-BV", FieldTrust.CHECK)
    assert said(read(line(150, 240, "Số: 221/GBT-BV"), chosen="GT-CM"), "number_symbol") == ("221/GBT-BV", FieldTrust.AGREES)


def test_a_symbol_of_which_a_part_was_not_understood_is_not_whole() -> None:
    assert said(read(line(150, 240, "Số: 49/CV-ỔP"), chosen="CV"), "number_symbol")[1] is FieldTrust.CHECK


def test_an_agencys_telephone_is_no_part_of_its_name() -> None:
    head = (line(250, 130, "BỘ Y TẾ"), line(150, 180, "BỆNH VIỆN PHÚ THỌ"), line(200, 230, "ĐT: 0210123456"))
    assert said(read(*head, chosen="GRV"), "issuing_body")[0] == "BỆNH VIỆN PHÚ THỌ"


def test_a_hospital_behind_its_label_goes_before_the_one_in_capitals_above() -> None:
    head = (line(150, 180, "BỆNH VIỆN ĐA KHOA VŨ THƯ"), line(200, 240, "Số: 12/GRV"))
    found = read(*head, line(150, 700, "- Bệnh viện: Bệnh viện Đa khoa Vũ Thư"), chosen="GRV")
    assert said(found, "hospital")[0] == "Bệnh viện Đa khoa Vũ Thư"


def test_a_request_goes_on_in_small_letters_though_a_code_in_the_corner_reaches_further_right() -> None:
    rows = (
        line(1266, 60, "Mẫu số: 14-HSB hàng A"), line(150, 800, "II. Nội dung đề nghị"),
        line(200, 860, "Đề nghị giải quyết hưởng chế độ theo quy định của Luật Bảo hiểm xã"), line(150, 920, "hội."), line(150, 980, "III. Lý do và căn cứ"),
    )  # fmt: skip
    assert said(read(*rows, chosen="14-HSB"), "summary")[0].endswith("Bảo hiểm xã hội.")


def test_digits_in_a_row_much_higher_than_print_may_be_written() -> None:
    rows = tuple(line(150, 800 + 60 * n, "Tôi cam đoan những lời khai trên là đúng sự thật.") for n in range(5))
    assert said(read(line(150, 700, "Mã số BHXH: 7928785572", height=54), *rows, chosen="14-HSB"), "bhxh_number")[1] is FieldTrust.CHECK
    assert said(read(line(150, 700, "Mã số BHXH: 7928785572", height=44), *rows, chosen="14-HSB"), "bhxh_number")[1] is FieldTrust.AGREES


@pytest.mark.parametrize(("tone_seen", "second", "trust"), [(True, "Họ và tên: Lò Quyên", FieldTrust.AGREES), (False, "Họ và tên: Lò Quyên", FieldTrust.CHECK), (True, "Họ và tên: Lò Quyền", FieldTrust.CHECK)])
def test_a_mended_word_has_two_witnesses_where_the_second_reader_has_it_and_the_eye_sees_its_tone(tone_seen: bool, second: str, trust: FieldTrust) -> None:
    row = line(150, 700, "Họ và tên: Lò Quyên", second)
    words = (*row.words[:-1], msgspec.structs.replace(row.words[-1], mended=True, tone_seen=tone_seen))
    assert said(read(msgspec.structs.replace(row, words=words), chosen="14-HSB"), "full_name")[1] is trust


def test_a_forms_code_and_the_agency_at_the_left_are_no_names_of_the_paper() -> None:
    council = (line(150, 130, "SỞ Y TẾ PHÚ THỌ"), line(150, 180, "HỘI ĐỒNG GIÁM ĐỊNH Y KHOA"))
    assert said(read(*council, line(600, 380, "BIÊN BẢN GIÁM ĐỊNH Y KHOA"), chosen="BB-GDYK"), "document_name")[0] == "BIÊN BẢN GIÁM ĐỊNH Y KHOA"
    assert said(read(line(150, 60, "MẪU TK1-TS"), line(750, 380, "TỜ KHAI"), chosen="TK1-TS"), "document_name")[0] == "TỜ KHAI"


def test_the_first_party_of_a_paper_without_a_letterhead_is_no_issuing_body() -> None:
    middle = (line(500, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(600, 180, "Độc lập - Tự do - Hạnh phúc"))
    found = extract(document(*middle, line(600, 300, "GIẤY ỦY QUYỀN"), line(150, 330, "I. BÊN ỦY QUYỀN:")), TYPES, Gazetteer(), chosen_type="13-HSB")
    assert said(found, "issuing_body")[0] == ""


def test_a_tone_may_stand_on_either_vowel_of_a_list() -> None:
    known = Gazetteer(agencies=("Ủy ban nhân dân xã Hòa Bình",))
    assert known.knows("UỶ BAN NHÂN DÂN XÃ HOÀ BÌNH") and known.odd_marks("Uỷ ban nhân dân xã Hoà Bình") is None
    assert not known.knows("Uỷ ban nhân dân xã Hoá Bình") and known.odd_marks("Hoá Bình") == "hoá bình"


def test_a_new_sentence_is_no_part_of_an_address_that_reached_the_margin() -> None:
    rows = (line(150, 700, "Nơi cư trú: Tổ 19, ấp Quyên Chước, xã Thường Xuân, Gia Lai và thêm chữ cho dài ra"), line(150, 760, "Trẻ em dưới sáu tuổi được cấp thẻ bảo hiểm y tế ngay sau khi đăng ký khai sinh"))
    assert said(read(line(150, 640, "Họ và tên: Lò Thị Dung"), *rows, chosen="14-HSB"), "address")[0].endswith("dài ra")


@pytest.mark.parametrize(("amount", "trust"), [("0195409", FieldTrust.CHECK), ("1950000", FieldTrust.CHECK), ("1.950.000", FieldTrust.AGREES)])
def test_an_amount_without_stops_may_be_written_in(amount: str, trust: FieldTrust) -> None:
    assert said(read(line(150, 700, f"Số tiền: {amount}"), chosen="HD-CT"), "amount") == (amount, trust)


@pytest.mark.parametrize("said_there", ["ĐẾN Số: 0636", "đến số: 0636"])
def test_a_letter_is_known_under_a_stamp_of_arrival_and_though_its_address_lost_a_letter(said_there: str) -> None:
    stamp = (line(1188, 391, "BHXH TỈNH GIA LAI"), line(1123, 421, said_there, height=80), line(1226, 480, "Ngày: 12/05/2026"))
    letter = (line(190, 293, "V/v xác minh nhân thân người hưởng"), line(488, 560, "Kính gử: Bảo hiểm xã hội tỉnh Tuyên Quang"), line(150, 700, "Đề nghị quý cơ quan phối hợp."))
    found = extract(document(*NATIONAL, *letter, *stamp), TYPES, Gazetteer())
    assert found.document_type == "CV" and said(found, "issue_date")[0] == ""


def test_the_last_day_of_a_leave_is_no_stamp_of_arrival() -> None:
    found = read(line(150, 700, "Họ và tên: Lò Thị Dung"), line(150, 760, "Từ ngày: 01/03/2026"), line(150, 820, "Đến ngày: 05/03/2026"), chosen="GCN-NV")
    assert said(found, "leave_to") == ("05/03/2026", FieldTrust.AGREES)
