"""Papers of the catalogue as agencies lay them out that no template knows: labels above, beside, in brackets, in other words."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.printed import said
from tests.edge_node.extraction.recorded import document, line

TYPES = published().document_types
NATIONAL = (line(600, 130, "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(700, 180, "Độc lập - Tự do - Hạnh phúc"))
PROSE = tuple(line(150, 1500 + 60 * n, "Khi tiếp nhận, cán bộ đối chiếu bản chụp với bản chính.") for n in range(6))


def read(*lines: Line, chosen: str | None = None) -> DocumentProposal:
    """What is proposed for a page with these lines under the national title."""
    return extract(document(*NATIONAL, *lines), TYPES, Gazetteer(), chosen_type=chosen)


def test_small_labels_over_their_values_in_two_columns_do_not_mix() -> None:
    found = read(
        line(150, 600, "[01] Họ và tên (viết chữ in hoa)"), line(900, 600, "[03] Ngày, tháng, năm sinh"),
        line(150, 650, "NGUYỄN THỊ ỬM"), line(900, 650, "01/02/1985"),
        line(150, 800, "[05] Số ĐDCN/CCCD"), line(900, 800, "[04] Quốc tịch"),
        line(150, 850, "001185012345"), line(900, 850, "Việt Nam"), chosen="TK1-TS",
    )  # fmt: skip
    assert said(found, "full_name") == ("NGUYỄN THỊ ỬM", FieldTrust.AGREES)
    assert said(found, "birth_date") == ("01/02/1985", FieldTrust.AGREES)
    assert said(found, "personal_id") == ("001185012345", FieldTrust.AGREES)


def test_a_row_of_values_under_a_row_of_labels_is_parted_where_the_next_label_stands() -> None:
    labels = line(150, 600, "Ngày, tháng, năm sinh:        Giới tính:")
    values = line(150, 650, "23/09/1978                    Nữ")
    found = read(labels, values, chosen="CCCD")
    assert said(found, "birth_date") == ("23/09/1978", FieldTrust.AGREES)


@pytest.mark.parametrize(
    ("label", "value", "field"),
    [
        ("Căn cước công dân số", "001185012345", "personal_id"),
        ("CCCD số", "001185012345", "personal_id"),
        ("Điện thoại", "0912345068", "phone"),
        ("Chỗ ở hiện nay", "Thôn Đoài, xã Đông Anh, Hà Nội", "address"),
        ("Tôi tên là", "Nguyễn Thị Ẵm", "full_name"),
        ("Sổ BHXH số", "0112345678", "bhxh_number"),
    ],
)
def test_what_other_forms_call_it_is_found_too(label: str, value: str, field: str) -> None:
    assert said(read(line(150, 700, f"{label}: {value}"), chosen="13-HSB"), field) == (value, FieldTrust.AGREES)


def test_a_day_whose_own_word_belongs_to_the_label_is_agreed_on() -> None:
    found = read(line(150, 600, "Hôm nay, ngày 01 tháng 10 năm 2024, chúng tôi gồm:"), chosen="HDLD")
    assert said(found, "issue_date") == ("01/10/2024", FieldTrust.AGREES)


def test_an_amount_in_the_next_cell_is_not_taken_for_a_numbered_label() -> None:
    found = read(line(150, 600, "Tiền lương"), line(900, 600, "41.691.968"), chosen="HDLD")
    assert said(found, "amount") == ("41.691.968", FieldTrust.AGREES)


@pytest.mark.parametrize("label", ["Ngày ra viện", "Ra vào ngày"])
def test_a_title_that_is_spelled_almost_like_a_label_announces_nothing(label: str) -> None:
    found = read(
        line(615, 310, "GIẤY RA VIỆN", height=69),
        line(165, 411, "Họ và tên người bệnh"), line(586, 411, "THÁI THÊU KHOẺ GẤM"),
        line(165, 471, "Sinh ngày"), line(590, 471, "19/01/1999"),
        line(165, 788, label), line(590, 788, "24/03/2026"),
    )  # fmt: skip
    day = found.field("discharge_date")
    assert found.document_type == "GRV" and day is not None and day.proposal != "19/01/1999"
    assert day.proposal == "24/03/2026" or label != "Ngày ra viện"


def test_a_label_without_its_value_is_never_the_value() -> None:
    found = read(line(150, 600, "Nơi đăng ký"), line(150, 900, "Ghi chú"), chosen="GKS")
    assert said(found, "issuing_body")[1] is not FieldTrust.AGREES


@pytest.mark.parametrize(
    "title",
    ["THÔNG BÁO NỘP TIỀN ĐIỆN NƯỚC", "DANH SÁCH KHEN THƯỞNG CUỐI NĂM", "TỜ KHAI THUẾ THU NHẬP", "ĐƠN XIN NGHỈ PHÉP", "SAO KÊ TÀI KHOẢN"],
)
def test_a_title_that_only_begins_like_a_types_is_not_guessed(title: str) -> None:
    assert read(line(700, 380, title), *PROSE).document_type is None


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Hợp đồng lao động", "HDLD"),
        ("Tờ khai tham gia, điều chỉnh thông tin", "TK1-TS"),
        ("Giấy ra viện", "GRV"),
    ],
)
def test_a_title_in_small_letters_is_known_by_its_size(title: str, code: str) -> None:
    assert read(line(827 - 17 * len(title) // 2, 380, title, height=58), *PROSE).document_type == code


def test_a_letter_has_no_title_and_is_known_by_its_subject_and_addressee() -> None:
    found = read(
        line(150, 300, "V/v xác nhận thời gian đóng BHXH"), line(500, 450, "Kính gửi: Bảo hiểm xã hội cơ sở Ba Đình"), *PROSE
    )
    assert found.document_type == "CV"


@pytest.mark.parametrize(("name", "trust"), [("Nguyễn Thị Ấn", FieldTrust.CHECK), ("Nguyễn Thị Ẩn", FieldTrust.CHECK), ("Trần Quốc Tuấn", FieldTrust.AGREES)])
def test_an_acute_or_a_hook_over_a_circumflex_that_may_be_the_other_goes_to_a_person(name: str, trust: FieldTrust) -> None:
    assert said(read(line(150, 600, f"Họ và tên: {name}"), chosen="TK1-TS"), "full_name") == (name, trust)


def test_a_name_in_capitals_never_runs_on_into_the_national_title_beside_it() -> None:
    left, right = (line(150, 130, "CÔNG TY TNHH DẬU"), line(150, 180, "NGOÃN")), (line(880, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(980, 180, "Độc lập - Tự do - Hạnh phúc"))
    found = extract(document(left[0], right[0], left[1], right[1], line(600, 400, "HỢP ĐỒNG LAO ĐỘNG")), TYPES, Gazetteer(), chosen_type="HDLD")
    assert said(found, "organisation_name")[0] == "CÔNG TY TNHH DẬU NGOÃN"


def test_the_number_for_complaints_is_not_that_of_the_person() -> None:
    assert said(read(line(150, 700, "Số điện thoại tiếp nhận phản ánh: 0219.3866.425"), chosen="BB-GDYK"), "phone")[0] == ""
    assert said(read(line(150, 700, "Số điện thoại của người đề nghị: 0912345068"), chosen="BB-GDYK"), "phone")[0] == "0912345068"


@pytest.mark.parametrize(
    "row",
    [
        "- Vào viện lúc: 08 giờ 15 phút, ngày 03 tháng 09 năm 2024", "Vào viện hồi 8 giờ 15 phút, ngày 03 tháng 09 năm 2024", "Sinh ngày 03 tháng 09 năm 2024",
        "Kể từ ngày 03 tháng 09 năm 2024", "- Ra viện ngày 03 tháng 09 năm 2024",
    ],
)  # fmt: skip
def test_another_day_spelled_in_words_is_not_the_day_of_issue(row: str) -> None:
    signed = line(900, 1700, "Thái Hòa, ngày 11 tháng 09 năm 2024")
    assert said(read(line(150, 700, row), *PROSE[:2], signed, chosen="GRV"), "issue_date")[0] == "11/09/2024"
    assert said(read(line(150, 700, row), *PROSE[:2], chosen="CV"), "issue_date")[0] == ""


def test_tick_boxes_behind_a_name_are_no_part_of_it_and_a_short_rest_is_looked_at() -> None:
    found = read(line(150, 700, "1. Họ và tên: Nông Thị Kiều Oanh Nam Ở Nữ Ởn"), chosen="14-HSB")
    assert said(found, "full_name") == ("Nông Thị Kiều Oanh", FieldTrust.AGREES)
    assert said(read(line(150, 700, "1. Họ và tên: Lê Hoài Nam Nữ"), chosen="14-HSB"), "full_name")[1] is not FieldTrust.AGREES
