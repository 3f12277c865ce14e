"""Whom a paper is about: announced by a label, by "Ông/Bà", or inside a sentence; an office holder is somebody else."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import document, line

TYPES = published().document_types
NATIONAL = (line(600, 130, "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(700, 180, "Độc lập - Tự do - Hạnh phúc"))
PROSE = tuple(line(150, 1500 + 60 * n, "Khi tiếp nhận, cán bộ đối chiếu bản chụp với bản chính.") for n in range(6))


def read(chosen: str, *lines: Line) -> DocumentProposal:
    """What is proposed for a page of the chosen type with these lines under the national title."""
    return extract(document(*NATIONAL, *lines, *PROSE), TYPES, Gazetteer(), chosen_type=chosen)


def said(found: DocumentProposal, name: str = "full_name") -> tuple[str, FieldTrust]:
    """Value and trust of one field."""
    field = found.field(name)
    assert field is not None
    return field.proposal, field.trust


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("HD-CT", "Họ và tên người nộp tiền: Lê Thị Hoa"),
        ("HD-CT", "Họ tên người mua: Lê Thị Hoa"),
        ("HD-CT", "Người nộp tiền: Lê Thị Hoa"),
        ("HD-CT", "Họ, tên người nộp: Lê Thị Hoa"),
        ("HD-CT", "Đã nhận của ông (bà): Lê Thị Hoa"),
        ("GT-CM", "Xác nhận bà: Lê Thị Hoa"),
        ("GT-CM", "Cấp cho ông/bà: Lê Thị Hoa"),
        ("GT-CM", "Cấp cho: Lê Thị Hoa"),
        ("GT-CM", "Tên người bệnh: Lê Thị Hoa"),
        ("GT-CM", "2. Họ và tên bệnh nhân: Lê Thị Hoa"),
        ("BB-GDYK", "1. Họ và tên đối tượng giám định: Lê Thị Hoa"),
        ("13-HSB", "Ông/Bà: Lê Thị Hoa"),
        ("14-HSB", "Tên tôi là: Lê Thị Hoa"),
        ("HD-CT", "Tên đơn vị hoặc người nộp tiền: Lê Thị Hoa"),
        ("QD", "Điều 1. Bà: Lê Thị Hoa"),
        ("BB", "Người được xác minh: bà Lê Thị Hoa"),
        ("BB", "Người được xác minh: Bà Lê Thị Hoa"),
    ],
)
def test_a_name_is_found_however_the_form_announces_it(code: str, text: str) -> None:
    assert said(read(code, line(150, 700, text))) == ("Lê Thị Hoa", FieldTrust.AGREES)


@pytest.mark.parametrize(
    "text",
    [
        "Điều 1. Cho bà Lê Thị Hoa, sinh ngày 05/07/1957, thôi việc.",
        "Xác nhận bà Lê Thị Hoa sinh ngày 05/07/1957,",
        "Xác nhận Bà Lê Thị Hoa – sinh ngày 05/07/1957 – là người lao động của công ty.",
        "Công ty xác nhận chị Lê Thị Hoa, sinh ngày 05/07/1957, đang làm việc.",
        "Nay chấm dứt HĐLĐ với bà Lê Thị Hoa; sinh ngày 05/07/1957;",
        "Tiến hành xác minh việc bà Lê Thị Hoa, sinh ngày 05/07/1957, bị tai nạn giao thông",
    ],
)
def test_the_person_of_a_sentence_is_found_with_the_day_of_birth(text: str) -> None:
    found = read("QD", line(150, 700, text))
    assert said(found) == ("Lê Thị Hoa", FieldTrust.AGREES)
    assert said(found, "birth_date") == ("05/07/1957", FieldTrust.AGREES)


def test_the_next_items_letter_and_label_end_a_name() -> None:
    found = read("GCN-NV", line(150, 600, "a) Họ tên: Lê Thị Hoa b) Sinh ngày: 05/07/1957"), line(150, 660, "c) Mã số BHXH: 0112345678"))
    assert said(found) == ("Lê Thị Hoa", FieldTrust.AGREES)
    assert said(found, "birth_date") == ("05/07/1957", FieldTrust.AGREES)


@pytest.mark.parametrize("name", ["Lê Thị Hoa", "Lê Văn Sinh"])
def test_a_label_of_other_forms_on_the_same_row_ends_a_name(name: str) -> None:
    found = read("GCN-NV", line(150, 600, f"Họ tên: {name} Sinh ngày: 05/07/1957"))
    assert said(found) == (name, FieldTrust.AGREES)
    assert said(read("GCN-NV", line(150, 600, f"Họ tên: {name}"))) == (name, FieldTrust.AGREES)


def test_a_label_that_says_whose_name_it_is_may_stand_over_the_name() -> None:
    found = read("GT-CM", line(150, 600, "Họ và tên người bệnh"), line(150, 660, "LÊ THỊ HOA"), line(150, 720, "Ngày, tháng, năm sinh"), line(150, 780, "05/07/1957"))
    assert said(found) == ("LÊ THỊ HOA", FieldTrust.AGREES)


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("Lê Anh Minh Đức, sinh ngày 05/07/1957", "Lê Anh Minh Đức"),  # "Anh" is a part of the name
        ("Cho bà Lê Thị Anh Minh Thư, sinh ngày 05/07/1957", "Lê Thị Anh Minh Thư"),
        ("Người được xác minh: Ông Hoàng Yến", None),
    ],
)
def test_a_word_of_the_name_is_no_honorific(text: str, proposal: str | None) -> None:
    value, trust = said(read("BB", line(150, 700, text)))
    assert trust is not FieldTrust.AGREES if proposal is None else value == proposal


def test_a_number_right_behind_its_label_is_the_one_whatever_follows() -> None:
    found = read("14-HSB", line(150, 700, "Mã số BHXH 0112345678, số điện thoại 0912345678"))
    assert said(found, "bhxh_number") == ("0112345678", FieldTrust.AGREES)


def test_parents_and_child_are_found_under_the_words_of_every_day() -> None:
    rows = ("Họ và tên trẻ: NGUYỄN MINH ANH", "Họ và tên mẹ: LÊ THỊ HẠNH", "Họ và tên bố: NGUYỄN VĂN SƠN")
    found = read("GKS", *(line(150, 600 + 60 * n, text) for n, text in enumerate(rows)))
    wanted = {"child_name": "NGUYỄN MINH ANH", "mother_name": "LÊ THỊ HẠNH", "father_name": "NGUYỄN VĂN SƠN"}
    assert {name: said(found, name)[0] for name in wanted} == wanted


def test_numbers_behind_their_labels_inside_a_sentence_are_found() -> None:
    found = read("QD", line(150, 700, "Cho bà Lê Thị Hoa, số định danh cá nhân 001157012345, mã số BHXH 0112345678, nghỉ việc."))
    assert said(found, "personal_id") == ("001157012345", FieldTrust.AGREES)
    assert said(found, "bhxh_number") == ("0112345678", FieldTrust.AGREES)


def test_a_day_inside_a_sentence_is_taken_for_no_other_day_than_that_of_birth() -> None:
    found = read("GRV", line(150, 700, "Văn bản có hiệu lực từ ngày 01/04/2026 đến ngày 02/04/2026 trên cả nước"))
    assert said(found, "leave_from")[0] == "" and said(found, "leave_to")[0] == ""


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("GRV", "Ghi chú: Nghỉ 05 ngày, từ ngày 20/03/2026 đến hết ngày 24/03/2026"),
        ("GCN-NV", "(Từ ngày 20/03/2026 đến hết ngày 24/03/2026)"),
        ("GCN-NV", "Số ngày nghỉ 05 (từ ngày 20 tháng 03 năm 2026 đến ngày 24 tháng 03 năm 2026)"),
    ],
)
def test_the_days_of_leave_are_found_in_one_sentence(code: str, text: str) -> None:
    found = read(code, line(150, 700, text))
    assert said(found, "leave_from") == ("20/03/2026", FieldTrust.AGREES)
    assert said(found, "leave_to") == ("24/03/2026", FieldTrust.AGREES)


def test_a_name_that_runs_on_over_the_rows_end_is_whole() -> None:
    found = read("QD", line(150, 700, f"Điều 1. {'Quyết định cho thôi việc ' * 2}theo nguyện vọng đối với bà Lê Thị"), line(150, 760, "Hoa, sinh ngày 05/07/1957."))
    assert said(found) == ("Lê Thị Hoa", FieldTrust.AGREES)


@pytest.mark.parametrize(
    "other",
    [
        "Theo đề nghị của ông Trần Văn Bình, Trưởng phòng Tổ chức;",
        "Đại diện: Ông Trần Văn Bình, chức vụ: Giám đốc",
        "Đại diện bởi ông/bà: Trần Văn Bình   Chức vụ: Giám đốc",
        "Chúng tôi, một bên là ông: Trần Văn Bình   Chức vụ: Giám đốc",
    ],
)
@pytest.mark.parametrize("code", ["QD", "HDLD"])
def test_who_holds_an_office_is_not_the_person_the_paper_is_about(code: str, other: str) -> None:
    alone = read(code, line(150, 600, other))
    assert said(alone)[1] is not FieldTrust.AGREES
    found = read(code, line(150, 600, other), line(150, 700, "Và một bên là bà: Lê Thị Hoa"), line(150, 760, "Sinh ngày: 05/07/1957"))
    assert said(found) == ("Lê Thị Hoa", FieldTrust.AGREES)


def test_who_signs_for_the_firm_is_known_by_the_rows_below_the_name() -> None:
    found = read(
        "HDLD",
        line(150, 600, "Chúng tôi, một bên là Ông/Bà: Trần Văn Bình"), line(1000, 600, "Quốc tịch: Việt Nam"),
        line(150, 660, "Chức vụ: Giám đốc"), line(150, 720, "Đại diện cho: Công ty TNHH Minh Phát"),
        line(150, 780, "Và một bên là Ông/Bà: Lê Thị Hoa"), line(1000, 780, "Quốc tịch: Việt Nam"),
        line(150, 840, "Sinh ngày 05 tháng 07 năm 1957 tại Thái Bình"),
    )  # fmt: skip
    assert said(found) == ("Lê Thị Hoa", FieldTrust.AGREES)
    assert said(found, "birth_date") == ("05/07/1957", FieldTrust.AGREES)


def test_of_two_persons_in_sentences_that_nothing_tells_apart_none_is_proposed() -> None:
    found = read("QD", line(150, 600, "Phân công bà Lê Thị Hoa bàn giao cho ông Trần Văn Bình trước khi nghỉ."))
    assert said(found)[0] == ""


@pytest.mark.parametrize("first", ["Ông/Bà: Kxor Mẫn Kỷ", "Ông/Ba: Trần Văn Bình", "Ông/Bà: trần văn bình"])
def test_the_second_party_never_stands_in_for_the_first(first: str) -> None:
    found = read("13-HSB", line(150, 600, first), line(150, 660, "Ngày sinh: 05/07/1957"), line(150, 900, "Ông/Bà: Lê Thị Hoa"), line(150, 960, "Ngày sinh: 06/08/1960"))
    assert said(found)[0] in ("", "Kxor Mẫn Kỷ")
    assert said(found)[1] is not FieldTrust.AGREES


@pytest.mark.parametrize("name", ["Nguyễn Thị Giỏi", "Trần Văn Chúc", "Lê Sinh", "NGHIÊM LIỄU GIỎI", "Phạm Thị Ngày"])
def test_a_name_whose_last_word_is_also_that_of_a_label_is_whole(name: str) -> None:
    assert said(read("QD", line(150, 600, f"Điều 1. Bà: {name}"), line(150, 660, "Sinh ngày 05/07/1957"))) == (name, FieldTrust.AGREES)
    assert said(read("QD", line(150, 600, f"Điều 1. Bà: {name} Giới tính: Nữ"), line(150, 660, "Sinh ngày 05/07/1957")))[0] == name


def test_a_second_party_is_not_taken_where_the_first_was_announced_and_not_understood() -> None:
    rows = (line(150, 600, "Bà: Lê Thị Hoa, slnh ngy 05/07/1957"), line(150, 900, "Bà: Trần Thị Bình, sinh ngày 06/08/1960"))
    assert said(read("13-HSB", *rows))[0] == ""


def test_the_name_below_the_heading_of_an_agent_is_never_trusted() -> None:
    rows = (line(150, 600, "Bên được ủy quyền:"), line(150, 660, "Họ và tên: Trần Thị Bình"))
    assert said(read("13-HSB", *rows))[1] is not FieldTrust.AGREES


def test_a_name_of_the_highlands_is_a_name() -> None:
    assert said(read("14-HSB", line(150, 600, "Họ và tên: Ksor Mẫn Kỷ"))) == ("Ksor Mẫn Kỷ", FieldTrust.AGREES)


@pytest.mark.parametrize("text", ["NGƯỜI NỘP TIỀN        NGƯỜI THU TIỀN", "Người mua hàng        Người bán hàng"])
def test_the_offices_below_a_paper_are_no_names(text: str) -> None:
    left, right = text.split("        ")
    assert said(read("HD-CT", line(150, 1100, left), line(1000, 1100, right)))[1] is not FieldTrust.AGREES
    found = read("HD-CT", line(150, 700, "Họ và tên:"), line(400, 700, right))
    assert said(found)[1] is not FieldTrust.AGREES


def test_a_readers_difference_in_the_sentence_goes_to_a_person() -> None:
    first, second = "Điều 1. Cho bà Lê Thị Hoa, sinh ngày 05/07/1957,", "Điều 1. Cho bà Lê Thị Hoà, sinh ngày 05/07/1957,"
    assert said(read("QD", line(150, 700, first, second))) == ("Lê Thị Hoa", FieldTrust.CHECK)


def test_the_label_of_a_field_that_the_head_gave_still_ends_the_row_above() -> None:
    head = (line(150, 130, "UBND XÃ ĐẮK PÉK"), line(880, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(200, 240, "Số: 12/TLKT-BS"))
    rows = (line(150, 700, "Nơi cư trú cuối cùng"), line(800, 700, "Tổ 17, ấp Mão Oanh, xã Đắk Pék, Điện Biên"), line(150, 760, "Nơi đăng ký khai tử"), line(800, 760, "Ủy ban nhân dân xã Đắk Pék"))
    found = extract(document(*head, *rows), TYPES, Gazetteer(), chosen_type="TL-KT")
    assert said(found, "address")[0] == "Tổ 17, ấp Mão Oanh, xã Đắk Pék, Điện Biên"
