"""Who made a paper out, as other offices say it: in the middle of the head, above an address, above a centre, below "TM."; and contracts in two languages."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.edge_node.extraction.recorded import document, line
from tests.edge_node.extraction.test_extent import in_rows
from tests.edge_node.extraction.test_printed_papers import TYPES, read, said


def middle(y: int, text: str) -> Line:
    return line(round((1654 - 17 * len(text)) / 2), y, text)


def alone(*lines: Line, chosen: str) -> DocumentProposal:
    """A paper without a national title."""
    return extract(document(*lines), TYPES, Gazetteer(), chosen_type=chosen)


def test_a_letterhead_in_the_middle_is_the_body_for_a_person_to_look_at() -> None:
    head = (middle(110, "CÔNG TY TNHH MAY MẶC HƯNG LONG"), middle(155, "Địa chỉ: Lô B4, khu công nghiệp Phú Bài"), line(150, 240, "Số: 26/CV-HL"), line(900, 240, "Huế, ngày 18 tháng 6 năm 2026"))
    assert said(alone(*head, chosen="CV"), "issuing_body") == ("CÔNG TY TNHH MAY MẶC HƯNG LONG", FieldTrust.CHECK)


def test_a_title_in_the_middle_is_no_body() -> None:
    assert said(alone(middle(110, "PHIẾU THU TIỀN"), middle(155, "BỆNH VIỆN"), chosen="BB"), "issuing_body")[0] == ""


@pytest.mark.parametrize("below", ["Khu Minh Khai, thị trấn Chũ - Điện thoại 0204 3882 114", "276 Điện Biên Phủ, Đà Nẵng", "Trung tâm Chấn thương - Chỉnh hình"])
def test_a_hospital_in_capitals_ends_where_small_letters_begin(below: str) -> None:
    value, _ = said(alone(middle(110, "BỆNH VIỆN ĐA KHOA KHU VỰC LỤC NGẠN"), middle(155, below), middle(300, "GIẤY RA VIỆN"), chosen="GRV"), "issuing_body")
    assert value == "BỆNH VIỆN ĐA KHOA KHU VỰC LỤC NGẠN"


@pytest.mark.parametrize(("below", "trust"), [("Trung tâm Sản khoa", FieldTrust.CHECK), ("Phòng Kế hoạch tổng hợp", FieldTrust.AGREES)])
def test_a_centre_below_its_hospital_leaves_a_person_to_choose(below: str, trust: FieldTrust) -> None:
    head = (line(150, 130, "BỆNH VIỆN ĐA KHOA LỤC NGẠN"), line(200, 175, below))
    assert said(read(*head, line(700, 330, "GIẤY RA VIỆN"), chosen="GRV"), "issuing_body") == ("BỆNH VIỆN ĐA KHOA LỤC NGẠN", trust)


def test_the_body_that_somebody_signs_for_made_the_paper_where_its_head_names_none() -> None:
    foot = (line(950, 1500, "TM. UBND XÃ THANH XƯƠNG"), line(1050, 1550, "CHỦ TỊCH"))
    assert said(read(*foot, chosen="BB"), "issuing_body") == ("UBND XÃ THANH XƯƠNG", FieldTrust.CHECK)


def test_the_head_goes_before_who_signs() -> None:
    paper = (line(150, 130, "BẢO HIỂM XÃ HỘI HUYỆN YÊN THẾ"), line(200, 240, "Số: 12/BB-BHXH"), line(950, 1500, "TM. UBND XÃ THANH XƯƠNG"))
    assert said(read(*paper, chosen="BB"), "issuing_body")[0] == "BẢO HIỂM XÃ HỘI HUYỆN YÊN THẾ"


def test_of_two_bodies_that_sign_none_is_proposed() -> None:
    assert said(read(line(150, 1500, "TM. UBND XÃ THANH XƯƠNG"), line(950, 1500, "TM. HỘI ĐỒNG"), chosen="BB"), "issuing_body")[0] == ""


def test_a_companys_name_does_not_go_on_in_english() -> None:
    head = (line(150, 110, "CÔNG TY CỔ PHẦN BAO BÌ ĐẠI LỤC"), line(150, 150, "DAI LÚC PACKAGING JOINT STOCK COMPANY"), middle(260, "HỢP ĐỒNG LAO ĐỘNG"))
    assert said(alone(*head, chosen="HDLD"), "organisation_name")[0] == "CÔNG TY CỔ PHẦN BAO BÌ ĐẠI LỤC"


def test_a_term_in_two_languages_ends_on_its_day() -> None:
    rows = in_rows("Thời hạn hợp đồng/Contract term: từ ngày/from 01/04/2026 đến hết ngày/to 31/03/2027")
    assert said(read(*rows, chosen="HDLD"), "valid_until")[0] == "31/03/2027"
