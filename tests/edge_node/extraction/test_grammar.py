"""Values are found inside text, brought into their usual spelling, and doubted when their shape is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_node.extraction.grammar import values
from edge_node.recognition.syllable import is_syllable, is_vietnamese
from sync_protocol.paper_types import FieldKind


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("date", "ngày 05 tháng 10 năm 2026", "05/10/2026"),
        ("date", "Hà Nội, ngày 5 tháng 1 năm 2026", "05/01/2026"),
        ("date", "07 giờ 15 phút, ngày 05 tháng, 1 năm 2026", "05/01/2026"),
        ("date", "Sinh ngày: 01-02-1985.", "01/02/1985"),
        ("date", "1/2/1985", "01/02/1985"),
        ("personal_id", "Số: 001 185 012 345", "001185012345"),
        ("bhxh_number", "0123456789", "0123456789"),
        ("number_symbol", "1234/QĐ-BHXH", "1234/QĐ-BHXH"),
        ("number_symbol", "56 /GRV", "56/GRV"),
        ("number_symbol", "613/QĐ-TTg", "613/QĐ-TTg"),
        ("number_symbol", "676/C70a-HD", "676/C70a-HD"),
        ("date", "05 tháng 07 năm 1987", "05/07/1987"),
        ("money", "12.345.000 đồng", "12.345.000"),
        ("phone", "0912 345 068", "0912345068"),
        ("tax_code", "0100109106-001", "0100109106-001"),
        ("sex", "Nữ  Quốc tịch: Việt Nam", "Nữ"),
        ("name", "NGUYỄN THỊ ẤN ......", "NGUYỄN THỊ ẤN"),
        ("name", "Nguyễn Thị Ấn; sinh ngày 01/02/1985", "Nguyễn Thị Ấn"),
        ("name", "VÕ THỊ QUẾ HƯƠNG Tuổi: 47 Giới tính: Nữ", "VÕ THỊ QUẾ HƯƠNG"),
        ("name", "LÊ THỊ ẨN Số CCCD: 001185012345", "LÊ THỊ ẨN"),
        ("name", "TRẦN VĂN NAM Nơi ở hiện nay: Hà Nội", "TRẦN VĂN NAM"),
        ("name", "Nông Thị Kiều Oanh Nam Ở Nữ Ởn", "Nông Thị Kiều Oanh"),
        ("address", "Số 5, phường Ngọc Hà, Hà Nội ……", "Số 5, phường Ngọc Hà, Hà Nội"),
    ],
)
def test_a_value_is_found_and_spelled_as_usual(kind: FieldKind, text: str, wanted: str) -> None:
    found = values(kind, text)
    assert found[0].text == wanted
    assert found[0].holds


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("personal_id", "00118501234"),
        ("personal_id", "0011850123456"),
        ("date", "tháng 10 năm 2026"),
        ("sex", "Việt Namm"),
        ("bhxh_number", "012345678"),
    ],
)
def test_nothing_is_found_where_nothing_is(kind: FieldKind, text: str) -> None:
    assert values(kind, text) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "31/02/2026"),
        ("date", "05/13/2026"),
        ("number_symbol", "1234"),
        ("number_symbol", "BN26-004417"),
        ("number_symbol", "1234/QĐ-BHxH"),
        ("number_symbol", "1234/QĐ-bhxh"),
        ("name", "NGUYỄN TRƯNNG ẤN"),
        ("name", "Ấn"),
        ("address", "phường Nggọc Hà"),
    ],
)
def test_a_wrong_shape_is_kept_as_read_and_doubted(kind: FieldKind, text: str) -> None:
    (found,) = values(kind, text)
    assert found.text
    assert not found.holds


@given(
    st.sampled_from(["date", "personal_id", "number_symbol", "money", "phone", "name", "address", "text", "sex"]),
    st.text(),
)
def test_any_text_is_survived_and_positions_lie_inside(kind: FieldKind, text: str) -> None:
    for value in values(kind, text):
        assert 0 <= value.start <= value.end <= len(text)


@pytest.mark.parametrize(
    "word",
    [
        "Nguyễn",
        "khuỷu",
        "quyết",
        "giường",
        "nghiêng",
        "ươi",
        "hoặc",
        "thuở",
        "gì",
        "quốc",
        "Đắk",
        "xoong",
        "khuya",
        "Ẵng",
        "yên",
        "giếng",
    ],
)
def test_syllables_pass(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["trưnng", "Cưn’m", "đinểnm", "Nggọc", "cứć", "Gmail", "bac"])
def test_what_is_no_syllable_does_not_pass(word: str) -> None:
    assert not is_syllable(word)


def test_abbreviations_pass_in_a_sentence() -> None:
    assert is_vietnamese("Công ty TNHH Dệt may Sơn Hải")
    assert not is_vietnamese("Công ty Samsung")
