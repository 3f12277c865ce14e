"""A mark behind a word is what stands in the ink, where it shows clearly and no more is claimed than it shows."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import red_channel
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.mark_ink import LOW, STACKED, line_ink, mark_behind
from edge_node.recognition.word_ink import snug_boxes
from edge_node.recognition.word_marks import marks_settled
from tests.edge_node.imaging.pictures import faces, typeset

MARKS = ("", ".", ",", ":", ";")
OPEN = {".": LOW, ",": LOW, ":": STACKED, ";": STACKED}


def drawn(text: str, face: str = "serif", size_px: int = 30) -> tuple[Grey, Box]:
    """A line of print and its box, as loose as a detector's."""
    grey = red_channel(typeset([(100, 60, text)], (1100, 200), size_px, face))
    ys, xs = np.nonzero(grey < 128)
    top, bottom = int(ys.min()), int(ys.max())
    return grey, Box(int(xs.min()) - 3, top - 4, int(np.ptp(xs)) + 6, max(bottom - top, round(size_px * 1.2)) + 8)


def seen_behind(grey: Grey, box: Box, text: str, word: int) -> str | None:
    boxes = snug_boxes(grey, [part.box for part in words_of(LineDraft(text, box, 0.9))])
    ink = line_ink(grey, box, box.x)
    return mark_behind(ink, boxes[word]) if ink is not None else None


def settled(text: str, second: str, printed: str) -> str:
    """What becomes of both readings where `printed` stands on paper."""
    grey, box = drawn(printed)
    return " ".join(word.text for word in marks_settled(words_of(LineDraft(text, box, 0.9)), second, grey, box))


@pytest.mark.parametrize("face", faces())
@pytest.mark.parametrize("size_px", [26, 30, 44])
@pytest.mark.parametrize("mark", MARKS[1:])
def test_a_mark_is_seen_behind_letters_and_digits_in_any_face(face: str, size_px: int, mark: str) -> None:
    text = f"có thời hạn{mark} tỉnh Kon Tum{mark} năm 1994{mark}"
    grey, box = drawn(text, face, size_px)
    seen = [seen_behind(grey, box, text, word) for word in (2, 5, 7)]
    runs_together = face == "slanted serif" and mark == ","  # into a leaning "n" or "m"
    assert seen == [mark] * 3 or (runs_together and set(seen) <= {mark, None} and seen[-1] == mark)


@pytest.mark.parametrize("face", faces())
@pytest.mark.parametrize("size_px", [26, 30, 44])
def test_behind_a_bare_word_no_mark_is_seen(face: str, size_px: int) -> None:
    text = "có thời hạn tại tỉnh Kon Tum năm 1994"
    grey, box = drawn(text, face, size_px)
    seen = [seen_behind(grey, box, text, word) for word in range(9)]
    assert set(seen) <= {"", None}
    assert seen.count("") >= 5


@pytest.mark.parametrize("face", faces())
@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("blur", [1.0, 1.4])
def test_a_blurred_mark_is_never_taken_for_another(face: str, mark: str, blur: float) -> None:
    text = f"có thời hạn{mark} tỉnh Kon Tum{mark} năm 1994{mark}"
    grey, box = drawn(text, face, 28)
    soft = np.asarray(cv2.GaussianBlur(grey, None, blur), np.uint8)
    for word in (2, 5, 7):
        assert seen_behind(soft, box, text, word) in (mark, OPEN.get(mark, mark), None)


def test_a_row_of_leader_dots_is_no_full_stop() -> None:
    grey, box = drawn("Số: ở xã")
    for x in range(box.right + 2, box.right + 100, 9):
        cv2.circle(grey, (x, 84), 2, 0, -1)
    assert seen_behind(grey, box, "Số: ở xã", 2) in ("", None)


def test_the_lower_end_of_an_exclamation_mark_is_no_full_stop() -> None:
    assert settled("Trân trọng cảm ơn!", "Trân trọng cảm ơn!", "Trân trọng cảm ơn!") == "Trân trọng cảm ơn!"


@pytest.mark.parametrize(
    ("first", "second", "printed"),
    [
        ("hợp đồng,", "hợp đồng,", "hợp đồng."),  # both read a comma
        ("tỉnh Lai Châu", "tỉnh Lai Châu", "tỉnh Lai Châu."),  # both lost it
        ("Điều 2, Chế độ", "Điều 2, Chế độ", "Điều 2. Chế độ"),
        ("lô 4, khoảnh 7, tiểu khu 502, Điều trị", "lô 4, khoảnh 7, tiểu khu 502. Điều trị", "lô 4, khoảnh 7, tiểu khu 502. Điều trị"),
        ("mỗi tháng, phụ cấp", "mỗi tháng: phụ cấp", "mỗi tháng; phụ cấp"),
        ("mã số 0123456789 và", "mã số 0123456789; và", "mã số 0123456789; và"),
        ("xã Tân Sơn nay là", "xã Tân Sơn, nay là", "xã Tân Sơn, nay là"),
        ("Giới tính: Nữ.", "Giới tính: Nữ", "Giới tính: Nữ"),
        ("Nơi đăng ký khai tử:", "Nơi đăng ký khai tử", "Nơi đăng ký khai tử"),
        ("đã nghỉ việc có thật", "đã nghỉ việc có thật,", "đã nghỉ việc có thật,"),
        ("La Ngoãn Mẫn", "La Ngoãn Mẫn.", "La Ngoãn Mẫn."),
        ("hưu trí trước tuổi, Loại hình", "hưu trí trước tuổi, Loại hình", "hưu trí trước tuổi. Loại hình"),
        ("[03], Ngày sinh", "(03).Ngày sinh", "[03]. Ngày sinh"),  # the second reader's mark is glued to the next word
        ("hưởng của tháng", "", "hưởng của tháng."),
    ],
)
def test_what_one_reader_and_the_ink_have_is_taken_and_the_ink_alone_for_a_stop(first: str, second: str, printed: str) -> None:
    assert settled(first, second, printed) == printed


@pytest.mark.parametrize(
    ("first", "second", "printed"),
    [
        ("đã nghỉ việc có thật", "đã nghỉ việc có thật", "đã nghỉ việc có thật,"),  # a comma needs a reader
        ("mùa hè, người ta", "mùa hè, người ta", "mùa hè. người ta"),  # both readers against the ink
        ("xã Tân Sơn, Hà Nội", "xã Tân Sơn, Hà Nội", "xã Tân Sơn. Hà Nội"),  # names
        ("đã nghỉ việc.", "đã nghỉ việc.", "đã nghỉ việc"),
        ("Đã nhận", "Đã nhận", "Đã nhận."),  # a cell
        ("La Ngoãn Mẫn", "La Ngoãn Mẫn", "La Ngoãn Mẫn."),
        ("La Ngoãn Mẫn", "", "La Ngoãn Mẫn."),
        ("77.530.896 Đã nhận", "77.530.896 Đã nhận", "77.530.896 Đã nhận."),
    ],
)
def test_what_the_ink_alone_may_not_change_stays(first: str, second: str, printed: str) -> None:
    assert settled(first, second, printed) == first


def test_where_paper_is_bare_and_where_it_is_faint_nothing_is_claimed() -> None:
    grey, box = drawn("năm 1994.")
    faint = np.asarray(255 - (255 - grey.astype(np.int16)) // 8, np.uint8)
    assert line_ink(faint, box, box.x) is None
    words = words_of(LineDraft("năm 1994,", box, 0.9))
    assert marks_settled(words, "năm 1994.", faint, box) == words
