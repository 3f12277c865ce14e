"""From a reading to proposals: values found, trust composed, reasons given."""

from __future__ import annotations

import msgspec
import pytest

from edge_node.extraction.errors import UnknownDocumentType
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldReading, FieldSource, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.imaging.geometry import Box, Transform
from edge_node.recognition.model import DocumentReading, Line, Unreadable
from sync_protocol.card_qr import CardQr, read_card_qr
from tests.edge_node.extraction.paper_types import DOCUMENT_TYPES
from tests.edge_node.extraction.recorded import HEAD, document, line, page

NOWHERE = Gazetteer()
CARD = read_card_qr("001185012345||NGUYỄN THỊ ẤN|01021985|Nữ|Phường Ngọc Hà, Hà Nội|10052021")


def field(name: str, *lines: Line, head: tuple[Line, ...] = HEAD) -> FieldReading:
    found = extract(document(*head, *lines), DOCUMENT_TYPES, NOWHERE).field(name)
    assert found is not None
    return found


def test_a_decision_is_known_by_its_title() -> None:
    proposal = extract(document(*HEAD), DOCUMENT_TYPES, NOWHERE)
    assert proposal.document_type == "QD"
    assert proposal.guesses[0].seen == "QUYẾT ĐỊNH"


def test_the_head_gives_issuer_number_date_title_and_subject() -> None:
    proposal = extract(document(*HEAD), DOCUMENT_TYPES, NOWHERE)
    said = {f.field: f.proposal for f in proposal.fields if f.item in ("c", "d", "đ", "e", "g")}
    assert said == {
        "document_name": "QUYẾT ĐỊNH",
        "number_symbol": "1234/QĐ-BHXH",
        "issue_date": "05/10/2026",
        "issuing_body": "BẢO HIỂM XÃ HỘI CƠ SỞ BA ĐÌNH",
        "summary": "hưởng trợ cấp thai sản",
    }


def test_a_value_right_of_its_label_on_which_both_readers_agree_is_pre_confirmed() -> None:
    found = field("personal_id", line(150, 700, "3. Số định danh cá nhân: 001185012345"))
    assert (found.proposal, found.trust) == ("001185012345", FieldTrust.AGREES)
    assert found.reason == "hai bộ đọc độc lập cho cùng kết quả"


def test_a_value_in_the_next_box_of_the_row_is_found() -> None:
    found = field("personal_id", line(150, 700, "Số định danh cá nhân:"), line(900, 702, "001185012345"))
    assert found.proposal == "001185012345"


def test_a_value_below_its_label_is_found() -> None:
    found = field("full_name", line(150, 700, "Họ và tên:"), line(160, 752, "NGUYỄN THỊ ẤN"))
    assert found.proposal == "NGUYỄN THỊ ẤN"


def test_two_values_in_one_row_do_not_mix() -> None:
    row = line(150, 700, "2. Ngày, tháng, năm sinh: 14/08/1994 Giới tính: Nữ")
    assert field("birth_date", row).proposal == "14/08/1994"
    assert field("sex", row).proposal == "Nữ"


def test_an_address_that_runs_on_is_taken_whole() -> None:
    first = line(150, 700, "Địa chỉ: Số 27 ngõ 105 đường Đội Cấn, khu tập thể nhà máy dệt may Sơn Hải, phường")
    found = field("address", first, line(150, 755, "Ngọc Hà, Hà Nội"), line(150, 810, "Số điện thoại: 0912345068"))
    assert found.proposal.endswith("phường Ngọc Hà, Hà Nội")
    assert found.place is not None
    assert found.place.box.bottom >= 755


def test_readers_that_differ_send_the_value_to_a_person() -> None:
    found = field(
        "personal_id", line(150, 700, "Số định danh cá nhân: 001185012345", "Số định danh cá nhân: 001185012346")
    )
    assert (found.trust, found.second) == (FieldTrust.CHECK, "001185012346")


def test_one_tone_mark_of_difference_sends_a_name_to_a_person() -> None:
    found = field("full_name", line(150, 700, "Họ và tên: HOÀNG VĂN TOÀN", "Họ và tên: HOÀNG VĂN TOẢN"))
    assert found.trust is FieldTrust.CHECK


def test_a_name_cut_short_by_one_reader_is_no_agreement() -> None:
    found = field("full_name", line(150, 700, "Họ và tên: NGUYỄN VĂN AN", "Họ và tên: NGUYỄN VĂN ANH"))
    assert found.trust is FieldTrust.CHECK


def test_a_single_reader_is_never_enough() -> None:
    found = field("personal_id", line(150, 700, "Số định danh cá nhân: 001185012345", None))
    assert (found.trust, found.reason) == (FieldTrust.CHECK, "chỉ có một bộ đọc")


def test_handwriting_is_never_pre_confirmed_even_when_both_agree() -> None:
    head = tuple(h for h in HEAD if not h.text.startswith(("Số", "Hà Nội")))
    written = line(200, 240, "Số: 57 /TLKT-BS", by_hand="57")
    day = line(900, 240, "Hà Nội, ngày 18 tháng 10 năm 2026", by_hand="18")
    for name in ("number_symbol", "issue_date"):
        found = field(name, head=(*head, written, day))
        assert found.proposal
        assert (found.trust, found.reason) == (FieldTrust.CHECK, "có chữ viết tay")


def test_an_impossible_day_is_shown_and_doubted() -> None:
    found = field("birth_date", line(150, 700, "Ngày sinh: 31/02/1985"))
    assert (found.trust, found.reason) == (FieldTrust.CHECK, "ngày này không có trong lịch")


def test_an_empty_blank_and_a_missing_label_say_different_things() -> None:
    assert field("bhxh_number", line(150, 700, "Mã số BHXH:")).reason == "ô này để trống trên giấy"
    missing = field("bhxh_number")
    assert (missing.trust, missing.reason) == (FieldTrust.UNREADABLE, "không thấy trên giấy")


def test_writing_without_a_value_is_called_unreadable() -> None:
    found = field("personal_id", line(150, 700, "Số định danh cá nhân: 0O1l85??"))
    assert (found.proposal, found.trust) == ("", FieldTrust.UNREADABLE)
    assert found.reason == "có chữ nhưng không đọc ra giá trị"


def test_boxes_are_those_of_the_evidence_page() -> None:
    turned = page(*HEAD, line(150, 700, "Mã số BHXH: 0123456789"), to_page=Transform(0, 1, 0, -1, 0, 1654))
    found = extract(DocumentReading((turned,)), DOCUMENT_TYPES, NOWHERE).field("bhxh_number")
    assert found is not None and found.place is not None
    box = found.place.box  # the first reading row becomes the last column; half a space belongs to the word
    assert box == Box(700, 1654 - (150 + 17 * 22), 40, 17 * 10 + 8)


def test_an_office_in_the_published_list_is_a_source_of_its_own() -> None:
    head = (*HEAD[:3], line(150, 180, "BẢO HIỂM XÃ HỘI CƠ SỞ BA ĐÌNH", "BẢO HIẾM XÃ HÔI CƠ SỞ BA ĐÌNH"), *HEAD[4:])
    known = Gazetteer(agencies=("Bảo hiểm xã hội cơ sở Ba Đình",))
    found = extract(document(*head), DOCUMENT_TYPES, known).field("issuing_body")
    assert found is not None
    assert (found.trust, found.reason) == (FieldTrust.AGREES, "khớp danh mục")


CARD_LINES = (
    line(700, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    line(700, 220, "CĂN CƯỚC CÔNG DÂN"),
    line(600, 300, "Số / No.: 001185012345"),
    line(600, 350, "Họ và tên / Full name:"),
    line(600, 395, "NGUYỄN THỊ ÁN"),
    line(600, 450, "Ngày sinh / Date of birth: 01/02/1985"),
)


def test_the_code_of_a_card_replaces_its_reading_and_is_cross_checked() -> None:
    proposal = extract(document(*CARD_LINES), DOCUMENT_TYPES, NOWHERE, CARD)
    number, name = proposal.field("personal_id"), proposal.field("full_name")
    assert number is not None and name is not None
    assert (number.source, number.trust) == (FieldSource.CARD, FieldTrust.AGREES)
    assert (name.proposal, name.trust) == ("NGUYỄN THỊ ẤN", FieldTrust.CHECK)
    assert name.reason == "chữ đọc được khác QR trên thẻ"


def test_on_other_papers_of_the_holder_the_card_is_one_more_source_and_the_paper_stays() -> None:
    lines = (
        line(150, 700, "Họ và tên: NGUYỄN THỊ ẨN"),
        line(150, 760, "Số định danh cá nhân: 001185012345", "Số định danh cá nhân: 00118501234"),
    )
    proposal = extract(document(*HEAD, *lines), DOCUMENT_TYPES, NOWHERE, CARD)
    number, name = proposal.field("personal_id"), proposal.field("full_name")
    assert number is not None and name is not None
    assert (number.trust, number.reason) == (FieldTrust.AGREES, "khớp QR trên thẻ căn cước")
    assert (name.proposal, name.reason) == ("NGUYỄN THỊ ẨN", "khác QR trên thẻ căn cước")


def test_what_one_reader_alone_has_read_is_pre_confirmed_by_the_card_or_a_published_list_and_by_nothing_else() -> None:
    written = (
        *HEAD, line(150, 700, "Họ và tên: NGUYỄN THỊ ẤN"), line(150, 760, "Số định danh cá nhân: 001185012345"),
        line(150, 820, "Mã số BHXH: 0123456789"),
    )  # fmt: skip
    alone = document(*(msgspec.structs.replace(one, second=None) for one in written))

    def confirmed(card: CardQr | None) -> dict[str, str]:
        found = extract(alone, DOCUMENT_TYPES, NOWHERE, card).fields
        return {one.field: one.reason for one in found if one.trust is FieldTrust.AGREES}

    by_list = {"document_name": "khớp danh mục"}
    assert confirmed(None) == by_list
    assert confirmed(CARD) == by_list | {name: "khớp QR trên thẻ căn cước" for name in ("full_name", "personal_id")}


def test_somebody_elses_card_changes_nothing() -> None:
    lines = (line(150, 760, "Số định danh cá nhân: 034194007325"),)
    alone = extract(document(*HEAD, *lines), DOCUMENT_TYPES, NOWHERE)
    assert extract(document(*HEAD, *lines), DOCUMENT_TYPES, NOWHERE, CARD) == alone


def test_a_label_under_a_heading_belongs_to_the_person_of_the_heading() -> None:
    lines = (
        line(700, 300, "TỜ KHAI CỦA THÂN NHÂN"),
        line(150, 460, "I. Thông tin người khai"),
        line(150, 520, "1. Họ và tên: LÊ THỊ KHUYÊN"),
        line(150, 880, "II. Thông tin người chết"),
        line(150, 940, "1. Họ và tên: HOÀNG VĂN TOẢN"),
    )
    proposal = extract(document(*lines), DOCUMENT_TYPES, NOWHERE)
    names = {f.field: f.proposal for f in proposal.fields if f.kind == "name"}
    assert names == {"full_name": "LÊ THỊ KHUYÊN", "deceased_name": "HOÀNG VĂN TOẢN"}


def test_an_unreadable_document_still_offers_every_common_field() -> None:
    proposal = extract(DocumentReading((Unreadable("IMG-006", "", ""),)), DOCUMENT_TYPES, NOWHERE)
    assert proposal.document_type is None
    assert {f.trust for f in proposal.fields} == {FieldTrust.UNREADABLE}


def test_a_chosen_type_wins_over_the_guess_and_must_exist() -> None:
    assert extract(document(*HEAD), DOCUMENT_TYPES, NOWHERE, chosen_type="CV").document_type == "CV"
    with pytest.raises(UnknownDocumentType) as refused:
        extract(document(*HEAD), DOCUMENT_TYPES, NOWHERE, chosen_type="XYZ")
    assert "XYZ" in refused.value.clerk_sentence


def test_the_same_reading_always_gives_the_same_proposal() -> None:
    one = extract(document(*HEAD), DOCUMENT_TYPES, NOWHERE)
    assert msgspec.msgpack.encode(one) == msgspec.msgpack.encode(extract(document(*HEAD), DOCUMENT_TYPES, NOWHERE))


def test_canary_the_harness_sees_a_wrong_trust() -> None:
    found = field(
        "personal_id", line(150, 700, "Số định danh cá nhân: 001185012345", "Số định danh cá nhân: 999185012345")
    )
    with pytest.raises(AssertionError):
        assert found.trust is FieldTrust.AGREES
