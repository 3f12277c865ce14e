"""The stamp "ĐẾN", what stands under a certified copy, numbers written in, and values that go on in the next row."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import document, line

TYPES = published().document_types
NATIONAL = (line(880, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(980, 180, "Độc lập - Tự do - Hạnh phúc"))


def read(*lines: Line, chosen: str) -> DocumentProposal:
    return extract(document(*NATIONAL, *lines), TYPES, Gazetteer(), chosen_type=chosen)


def said(found: DocumentProposal, name: str) -> tuple[str, FieldTrust]:
    field = found.field(name)
    assert field is not None
    return field.proposal, field.trust


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
