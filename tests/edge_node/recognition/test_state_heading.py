"""The heading of the state is known by its letters, written as printed, never counts as agreement, and nothing beside it is passed over."""

from __future__ import annotations

import pytest

from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.model import Word
from edge_node.recognition.state_heading import as_printed, heading_mended, headings, lies_on, not_read

TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
AT = Box(800, 100, 600, 40)


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(part, Box(800 + 80 * i, 100, 70, 40)) for i, part in enumerate(text.split()))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        (TITLE, TITLE),
        ("CÔNG HÒA XÃ HỘI CHÚ NGHĨA VIẾT NAM", TITLE),
        ("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Độc lập – Tụ do — Hanh phúc", MOTTO),
    ],
)
def test_marks_of_the_heading_are_put_right_and_both_spellings_stay(read: str, printed: str) -> None:
    assert as_printed(read) == printed
    mended = heading_mended(words(read))
    assert " ".join(word.text for word in mended) == printed
    assert all(word.mended for word in mended)


@pytest.mark.parametrize(
    "read",
    [
        "Độc lập - Tựdo - Hạnh phúc",
        "ĐỘC LẬP - TỰ DO - HẠNH PHÚC",
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "SỞ Y TẾ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAN",
        "Hạnh phúc",
        "",
    ],
)
def test_every_other_line_is_left_to_the_readers(read: str) -> None:
    assert as_printed(read) is None
    assert heading_mended(words(read)) == words(read)
    assert headings([LineDraft(read, AT, 0.99)]) == []


def test_what_reaches_beyond_the_heading_is_still_read() -> None:
    assert lies_on(Box(805, 95, 590, 50), [AT])
    assert lies_on(Box(805, 95, 200, 50), [AT])  # a part of it that the first reader's boxes cut off
    assert not lies_on(Box(500, 95, 900, 50), [AT])
    assert not lies_on(Box(805, 145, 590, 50), [AT])


def test_a_heading_that_was_read_with_its_neighbour_is_not_told_twice() -> None:
    heading = LineDraft(TITLE, AT, 0.99)
    assert not_read([heading], []) == [heading]
    assert not_read([heading], [LineDraft("SỞ Y TẾ", Box(100, 100, 300, 40), 0.9)]) == [heading]
    assert not_read([heading], [LineDraft("SỞ Y TẾ " + TITLE, Box(100, 100, 1300, 40), 0.9)]) == []
