"""Card QR: the holder and nobody else."""

from __future__ import annotations

import datetime as dt
import unicodedata

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.card_qr import read_card_qr
from sync_protocol.law_problems import UnreadableQr

VECTOR = "001185012345||NGUYỄN THỊ AN|01021985|Nữ|Phường X, Quận Y, Hà Nội|10052021"


def test_a_2021_card_without_old_number_is_read_whole() -> None:
    card = read_card_qr(VECTOR)
    assert card.personal_id == "001185012345"
    assert (card.old_number, card.full_name, card.sex) == ("", "NGUYỄN THỊ AN", "female")
    assert (card.birth_date, card.issued_on) == (dt.date(1985, 2, 1), dt.date(2021, 5, 10))
    assert card.address == "Phường X, Quận Y, Hà Nội"
    assert card.layout == "2021"


def test_relatives_on_a_2024_card_leave_no_trace() -> None:
    card = read_card_qr(VECTOR + "|TRẦN VĂN BÌNH|001080000001|LÊ THỊ CHI|001160000002|001185999999")
    assert card.layout == "2024"
    kept = msgspec.json.encode(card).decode()
    for foreign in ("BÌNH", "001080000001", "CHI", "001160000002", "001185999999"):
        assert foreign not in kept


def test_a_2024_card_with_other_dates_is_read_as_far_as_possible() -> None:
    card = read_card_qr("001185012345|012345678|NGUYỄN THỊ AN|1985|X|Hà Nội|?|thêm")
    assert (card.birth_date, card.sex, card.issued_on, card.old_number) == (None, None, None, "012345678")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.vn/abc",
        "001185012345||NGUYỄN THỊ AN|01021985|Nữ|Hà Nội",
        "001185012345||NGUYỄN THỊ AN|31021985|Nữ|Hà Nội|10052021",
        "001185012345||NGUYỄN THỊ AN|01021985|N|Hà Nội|10052021",
        "001185012345|12|NGUYỄN THỊ AN|01021985|Nữ|Hà Nội|10052021",
        "00118501234||NGUYỄN THỊ AN|01021985|Nữ|Hà Nội|10052021",
    ],
)
def test_anything_else_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UnreadableQr) as caught:
        read_card_qr(text)
    assert "AN" not in caught.value.operator_line


def test_decomposed_vietnamese_is_composed() -> None:
    assert read_card_qr(unicodedata.normalize("NFD", VECTOR)) == read_card_qr(VECTOR)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        card = read_card_qr(text)
    except UnreadableQr:
        return
    assert len(card.personal_id) == 12
