"""A letter that only the first reader saw, at the very rim of its line, is dropped; one that may be there stays."""

from __future__ import annotations

import pytest

from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.stray_end import without_stray_end, without_stray_signs

BOX = Box(100, 50, 400, 40)


def line(text: str, from_the_rim: float) -> LineDraft:
    """A line whose last letter's centre lies so many heights of the box before its end."""
    last = BOX.right - from_the_rim * BOX.h
    step = (last - BOX.x - 10) / max(1, len(text) - 1)
    return LineDraft(text, BOX, 0.96, tuple(BOX.x + 10 + step * at for at in range(len(text))))


@pytest.mark.parametrize(
    ("first", "second", "right"),
    [("thì làm đơn gửi cơn", "thì làm đơn gửi cơ", "thì làm đơn gửi cơ"), ("CHẾ ĐỘI", "CHÊ ĐỘ", "CHẾ ĐỘ")],
)
def test_a_letter_on_the_rim_that_the_second_reader_lacks_is_dropped(first: str, second: str, right: str) -> None:
    done = without_stray_end(line(first, 0.1), second)
    assert done.text == right
    assert len(done.centres) == len(right)


@pytest.mark.parametrize(
    ("first", "second", "from_the_rim"),
    [
        ("đơn gửi cơn", "đơn gửi cơ", 0.4),  # stands where a last letter stands
        ("đơn gửi cơn", "đơn gửi cơn", 0.1),
        ("đơn gửi cơn", "đơn gửi", 0.1),
        ("trước ngày 201", "trước ngày 20", 0.1),  # numbers are never settled
        ("đơn gửi cơn", "", 0.1),
        ("a", "", 0.1),
    ],
)
def test_a_letter_that_may_be_there_stays(first: str, second: str, from_the_rim: float) -> None:
    draft = line(first, from_the_rim)
    assert without_stray_end(draft, second) is draft


@pytest.mark.parametrize(
    ("first", "second", "right"),
    [("_24_", "24", "24"), ('"TTYT Tuần Giáo', "TTYT Tuãn Giáo", "TTYT Tuần Giáo"), ('xã Pú Nhung "', "xã Pú Nhung", "xã Pú Nhung"), ("_10", "", "10"), ('"3"', "3", "3")],
)
def test_a_piece_of_a_border_that_only_the_first_reader_took_for_a_sign_is_dropped(first: str, second: str, right: str) -> None:
    done = without_stray_signs(line(first, 0.4), second)
    assert done.text == right
    assert len(done.centres) == len(right)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('"Nhà" thiếu nhi', "Nhà thiếu nhi"),  # its pair stands inside
        ('"Nhà thiếu nhi"', '"Nhà thiếu nhi"'),
        ('"Nhà thiếu nhi', ""),  # nobody else looked
        ("SHEET_01_", "SHEET_01_"),
        ("Họ tên: ___", "Họ tên:"),  # a line to write on
        ("_", ""),
    ],
)
def test_a_sign_that_may_be_printed_stays(first: str, second: str) -> None:
    draft = line(first, 0.4)
    assert without_stray_signs(draft, second) is draft
