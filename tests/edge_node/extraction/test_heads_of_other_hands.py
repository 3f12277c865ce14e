"""Heads as other hands print them: titles that go on in another size, decisions with several sums, bodies below their parent, letters whose "V/v" lost its stroke."""

from __future__ import annotations

import pytest

from edge_node.extraction.classify import guesses
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.extraction.rows import rows_on
from edge_node.recognition.model import Line
from tests.edge_node.extraction.printed import NATIONAL, TYPES, in_rows, read, said
from tests.edge_node.extraction.recorded import document, line, page

WHOLE = "GIẤY ĐỀ NGHỊ NHẬN CHẾ ĐỘ BẢO HIỂM XÃ HỘI CỦA NGƯỜI ĐÃ CHẾT"


def middle(y: int, text: str, height: int = 40) -> Line:
    return line(round((1654 - 17 * len(text)) / 2), y, text, height=height)


@pytest.mark.parametrize("heights", [(71, 50), (56, 56), (44, 66)])
def test_a_title_goes_on_in_the_next_row_of_another_size(heights: tuple[int, int]) -> None:
    first, second = heights
    rows = (middle(330, "GIẤY ĐỀ NGHỊ", first), middle(332 + first, WHOLE[13:], second))
    assert said(read(*rows, chosen="3-CBH"), "document_name") == (WHOLE, FieldTrust.AGREES)


def test_a_general_word_above_a_row_of_capitals_that_is_not_taken_is_for_a_person() -> None:
    rows = (middle(330, "ĐƠN ĐỀ NGHỊ", 30), middle(364, "HƯỞNG TRỢ CẤP HẰNG THÁNG", 60))
    assert said(read(*rows, chosen="14-HSB"), "document_name") == ("ĐƠN ĐỀ NGHỊ", FieldTrust.CHECK)


@pytest.mark.parametrize("below", ["Kính gửi: Bảo hiểm xã hội", "GIÁM ĐỐC CÔNG TY MAY", "IDENTITY CARD", "(BẢN SAO)"])
def test_a_title_ends_above_what_is_none_of_it(below: str) -> None:
    assert said(read(middle(330, "ĐƠN ĐỀ NGHỊ", 44), middle(380, below, 34), chosen="14-HSB"), "document_name") == ("ĐƠN ĐỀ NGHỊ", FieldTrust.AGREES)


def test_a_short_title_in_the_middle_right_below_the_national_title_is_no_letterhead() -> None:
    nation = (line(950, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(1050, 180, "Độc lập - Tự do - Hạnh phúc"))
    found = extract(document(*nation, line(150, 130, "HTX DƯỢC LIỆU TẢ VAN"), middle(250, "BIÊN BẢN XÁC MINH")), TYPES, Gazetteer(), chosen_type="BB")
    assert said(found, "document_name")[0] == "BIÊN BẢN XÁC MINH"


def reckoned(*rows: tuple[str, str]) -> list[Line]:
    """A decision's table with a column of sums."""
    head = [line(300, 700, "Nội dung"), line(1200, 700, "Số tiền (đồng)")]
    return [*head, *(one for n, (what, sum_) in enumerate(rows) for one in (line(200, 760 + 60 * n, what), line(1230, 760 + 60 * n, sum_)))]


def test_what_is_paid_goes_before_what_it_is_reckoned_from_and_a_person_looks() -> None:
    rows = reckoned(("Mức bình quân tiền lương", "8.126.400"), ("Lương hưu hằng tháng", "6.094.800"))
    assert said(read(*rows, chosen="QD"), "amount") == ("6.094.800", FieldTrust.CHECK)


def test_of_two_sums_in_a_column_that_nothing_tells_apart_a_person_chooses() -> None:
    rows = reckoned(("Mức bình quân tiền lương", "8.126.400"), ("Khoản khác", "6.094.800"))
    assert said(read(*rows, chosen="QD"), "amount")[1] is FieldTrust.CHECK


def test_the_only_sum_of_a_column_is_the_papers_own() -> None:
    assert said(read(*reckoned(("Lương hưu hằng tháng", "6.094.800")), chosen="QD"), "amount") == ("6.094.800", FieldTrust.AGREES)


@pytest.mark.parametrize(
    ("parent", "own"),
    [
        ("BINH ĐOÀN 16", "ĐOÀN KINH TẾ - QUỐC PHÒNG 799"),
        ("LIÊN HIỆP GIẤY GỖ DIÊM", "NHÀ MÁY GIẤY HÒA XÁ"),
        ("TỔNG CÔNG TY CAO SU ĐỒNG NAI", "NÔNG TRƯỜNG CAO SU CẨM ĐƯỜNG"),
    ],
)
def test_a_works_below_its_parent_made_the_paper(parent: str, own: str) -> None:
    head = (line(150, 130, parent), line(150, 175, own), line(200, 240, "Số: 12/CV"))
    assert said(read(*head, chosen="CV"), "issuing_body")[0] == own


def test_a_works_below_two_parents_made_the_paper() -> None:
    head = (line(150, 130, "BỘ CÔNG NGHIỆP NHẸ"), line(150, 175, "LIÊN HIỆP GIẤY GỖ DIÊM"), line(150, 220, "NHÀ MÁY GIẤY HÒA XÁ"), line(200, 280, "Số: 12/QĐ"))
    assert said(read(*head, chosen="QD"), "issuing_body")[0] == "NHÀ MÁY GIẤY HÒA XÁ"


def test_a_farm_in_the_head_of_its_list_is_the_unit_for_a_person_to_look_at() -> None:
    head = (line(150, 130, "NÔNG TRƯỜNG CAO SU IA BLỨ"), line(150, 240, "Số: 45/01B-NT"))
    assert said(read(*head, chosen="01B-HSB"), "organisation_name") == ("NÔNG TRƯỜNG CAO SU IA BLỨ", FieldTrust.CHECK)


def test_an_old_letterhead_in_small_letters_names_the_committee_for_a_person_to_look_at() -> None:
    head = (line(150, 130, "Tỉnh HÀ TUYÊN"), line(150, 175, "Huyện MÈO VẠC"), line(150, 220, "Ủy ban Nhân dân xã Sủng Máng"))
    assert said(read(*head, chosen="GKS"), "issuing_body") == ("Ủy ban Nhân dân xã Sủng Máng", FieldTrust.CHECK)


def test_who_certified_signatures_below_made_the_paper_out_where_its_head_names_none() -> None:
    foot = in_rows("LỜI CHỨNG CỦA ỦY BAN NHÂN DÂN THỊ TRẤN CHỢ RÃ", "Tại Ủy ban nhân dân thị trấn Chợ Rã, huyện Ba Bể. Tôi là Hứa Viết Hà, Phó", "Chủ tịch, chứng thực", y=1500)
    assert said(read(*foot, chosen="13-HSB"), "issuing_body") == ("Ủy ban nhân dân thị trấn Chợ Rã", FieldTrust.CHECK)


def test_a_parish_below_its_diocese_gives_an_extract_of_baptism() -> None:
    paper = (line(330, 340, "GIÁO PHẬN KONTUM"), line(310, 385, "GIÁO XỨ PLEI RƠHAI"), middle(530, "TRÍCH LỤC SỔ RỬA TỘI", 80))
    found = extract(document(*paper, *in_rows("Sinh ngày: 29-6-1968", y=760)), TYPES, Gazetteer())
    assert found.document_type == "GT-CM"
    assert said(found, "issuing_body") == ("GIÁO XỨ PLEI RƠHAI", FieldTrust.CHECK)
    assert said(found, "document_name")[0] == "TRÍCH LỤC SỔ RỬA TỘI"


def letter(subject: str, *body: Line) -> tuple[Line, ...]:
    return (*NATIONAL, line(150, 130, "CÔNG TY TNHH BÒ SỮA"), line(200, 200, "Số: 276/CV-TCLĐ"), line(150, 320, subject), line(500, 460, "Kính gửi: Bảo hiểm xã hội tỉnh Sơn La"), *body)


def test_a_letter_whose_stroke_was_lost_is_a_letter_with_its_subject() -> None:
    found = extract(document(*letter("V xác nhận thời gian công tác")), TYPES, Gazetteer())
    assert (found.document_type, *said(found, "summary")) == ("CV", "xác nhận thời gian công tác", FieldTrust.CHECK)


def test_the_end_of_a_sentence_in_large_print_is_no_title() -> None:
    body = (line(150, 600, "Công ty đang quản lý hồ sơ gốc"), line(150, 660, "của 214 người lao động.", height=59))
    assert all(guess.code != "HDLD" or guess.evidence < 0.5 for guess in guesses(rows_on(1, page(*letter("V xác nhận thời gian công tác", *body))), TYPES))
