"""What two readers agreed on must still fit the number, the calendar and the dossier."""

from __future__ import annotations

import datetime as dt

import pytest

from edge_node.extraction.cross_check import cross_checked
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldReading, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.extraction.rows import rows_on
from edge_node.imaging.geometry import Box
from edge_node.recognition.model import Line, Word
from sync_protocol.paper_types import FieldKind
from tests.edge_node.extraction.paper_types import DOCUMENT_TYPES
from tests.edge_node.extraction.recorded import HEAD, document, line, page

TODAY = dt.date(2026, 11, 22)


def agreed(field: str, kind: FieldKind, proposal: str) -> FieldReading:
    return FieldReading(
        field=field, label=field, kind=kind, proposal=proposal, grammar_holds=True, trust=FieldTrust.AGREES, reason="ok"
    )


def person(number: str = "001185012345", birth: str = "01/02/1985", sex: str = "Nữ") -> list[FieldReading]:
    return [
        agreed("personal_id", "personal_id", number),
        agreed("birth_date", "date", birth),
        agreed("sex", "sex", sex),
    ]


def test_number_birth_date_and_sex_that_fit_stay_confirmed_and_say_so() -> None:
    for field in cross_checked(person(), TODAY):
        assert field.trust is FieldTrust.AGREES
        assert "khớp nhau" in field.reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [(person(birth="01/02/1986"), "năm sinh 1986 khác năm 1985"), (person(sex="Nam"), "chữ số thứ tư")],
)
def test_a_number_that_says_another_year_or_sex_is_for_a_person(fields: list[FieldReading], reason: str) -> None:
    for field in cross_checked(fields, TODAY):
        assert field.trust is FieldTrust.CHECK
        assert reason in field.reason


def test_an_old_card_number_says_nothing_about_its_holder() -> None:
    fields = [agreed("personal_id", "personal_id", "012345678"), agreed("birth_date", "date", "01/02/1990")]
    assert cross_checked(fields, TODAY) == fields


@pytest.mark.parametrize(("name", "trust"), [("issue_date", FieldTrust.CHECK), ("valid_until", FieldTrust.AGREES)])
def test_a_day_that_lies_ahead_is_doubted_where_it_must_have_passed(name: str, trust: FieldTrust) -> None:
    (field,) = cross_checked([agreed(name, "date", "23/11/2026")], TODAY)
    assert field.trust is trust
    (past,) = cross_checked([agreed(name, "date", "22/11/2026")], TODAY)
    assert past.trust is FieldTrust.AGREES


@pytest.mark.parametrize(
    ("name", "trust", "reason"),
    [
        ("NGUYỄN THỊ ẤN", FieldTrust.AGREES, "trùng tên đã có trong hồ sơ"),
        ("NGUYỄN THỊ ẨN", FieldTrust.CHECK, "khác dấu so với “Nguyễn Thị Ấn”"),
        ("KIÊU THỊ VỌNG", FieldTrust.CHECK, "họ “KIÊU” thường viết là “KIỀU”"),
        ("ẲNG VĂN BA", FieldTrust.AGREES, "ok"),
    ],
)
def test_a_name_is_held_against_the_dossier_and_usual_family_names(name: str, trust: FieldTrust, reason: str) -> None:
    (field,) = cross_checked([agreed("full_name", "name", name)], TODAY, ["Nguyễn Thị Ấn"])
    assert field.trust is trust
    assert reason in field.reason


def test_an_empty_place_is_not_made_better_or_worse() -> None:
    empty = FieldReading(field="full_name", label="Họ và tên", kind="name", trust=FieldTrust.UNREADABLE)
    assert cross_checked([empty], TODAY, ["An"]) == [empty]


def test_a_paper_dated_tomorrow_goes_to_a_person() -> None:
    reading = document(*HEAD)
    for today, trust in ((dt.date(2026, 10, 4), FieldTrust.CHECK), (dt.date(2026, 10, 5), FieldTrust.AGREES)):
        issued = extract(reading, DOCUMENT_TYPES, Gazetteer(), today=today).field("issue_date")
        assert issued is not None and issued.trust is trust


def test_a_word_taken_from_the_second_reader_is_never_an_agreement() -> None:
    mended = (Word("QUYẾT", Box(740, 380, 90, 40)), Word("ĐỊNH", Box(840, 380, 80, 40), mended=True))
    title = Line("QUYẾT ĐỊNH", Box(740, 380, 180, 40), 0.9, mended, "QUYẾT ĐỊNH", 0.9)
    subject = line(150, 500, "Họ và tên: NGUYỄN THỊ ẤN")
    whole = tuple(Word(w.text, w.box, False, w.text == "ẤN") for w in subject.words)
    reading = document(*HEAD[:-2], title, Line(subject.text, subject.box, 0.9, whole, subject.second, 0.9))
    name = next(f for f in extract(reading, DOCUMENT_TYPES, Gazetteer()).fields if f.proposal == "NGUYỄN THỊ ẤN")
    assert name.trust is FieldTrust.CHECK
    assert "một bộ đọc" in name.reason


def test_an_agency_beside_the_national_title_is_a_row_of_its_own() -> None:
    near = line(770, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    rows = rows_on(1, page(line(150, 130, "CÔNG TY CỔ PHẦN XÂY DỰNG LẠC VIÊN"), near))
    assert [row.text for row in rows] == ["CÔNG TY CỔ PHẦN XÂY DỰNG LẠC VIÊN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]


def test_a_sentence_in_smaller_type_does_not_go_on_the_subject() -> None:
    subject = line(420, 480, "Về việc phối hợp rà soát thông tin người tham gia", height=60)
    body = line(420, 556, "Đơn vị sử dụng lao động nộp hồ sơ chậm quá hạn", height=50)
    summary = extract(document(*HEAD[:-1], subject, body), DOCUMENT_TYPES, Gazetteer()).field("summary")
    assert summary is not None
    assert summary.proposal == "phối hợp rà soát thông tin người tham gia"


def test_a_sentence_longer_than_the_subject_does_not_go_on_it() -> None:
    subject = line(346, 480, "Về việc phối hợp rà soát, xác minh thông tin người")
    body = line(293, 536, "Việc điều chỉnh giới tính, ngày sinh hoặc chữ đệm phải")
    summary = extract(document(*HEAD[:-1], subject, body), DOCUMENT_TYPES, Gazetteer()).field("summary")
    assert summary is not None
    assert summary.proposal == "phối hợp rà soát, xác minh thông tin người"


def test_a_house_number_or_a_comma_parts_syllables_that_a_list_knows_with_other_marks() -> None:
    known = Gazetteer(places=("Sơn Tây", "Tịnh Sơn", "Phù Yên"))
    assert known.odd_marks("Số 19 Tây Sơn, phường Sơn Tịnh, Sơn La") is None
    assert known.odd_marks("xã Phủ Yên") == "phủ yên"


def test_a_word_without_any_mark_that_lists_only_know_with_one_is_odd() -> None:
    known = Gazetteer(agencies=("Bảo hiểm xã hội cơ sở Bình Giang",), places=("Hòa Bình", "Thái Bình", "An Giang", "Sơn La"))
    assert known.odd_marks("Tổ 5, ấp Binh, xã Đông Thanh") == "binh"
    assert known.odd_marks("Tổ 5, ấp Binh Đông, xã Đông Thanh") == "binh"
    assert known.odd_marks("số 12 đường La Giang, xã An Hoà") is None  # "La", "An" and "Giang" are written so in the lists
    assert known.odd_marks("ấp Cao, xã Ea Súp") is None  # of a word that no list has nothing is known
    assert known.odd_marks("đường binh đoàn") is None  # no name
    assert Gazetteer(places=("Hải Phòng", "Hòa Bình")).odd_marks("xã Phong Điền, Hoa Lư") is None
