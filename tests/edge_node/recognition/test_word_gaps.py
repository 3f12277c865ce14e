"""A space that the readers lose is put back where the ink shows it, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import ImageFont

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import red_channel
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.model import Word
from edge_node.recognition.word_gaps import parted
from tests.edge_node.imaging.pictures import faces, typeset


def drawn(printed: str, read: str, face: str = "serif") -> tuple[Grey, LineDraft]:
    """A line of print, and what a reader makes of it: the same signs without some of the spaces, each at its place."""
    grey = red_channel(typeset([(100, 60, printed)], (1100, 200), 30, face))
    font = ImageFont.truetype(faces()[face], 30)
    ends = [100 + font.getlength(printed[:at]) for at in range(len(printed) + 1)]
    middles = [(start + end) / 2 for start, end in zip(ends, ends[1:], strict=False)]
    centres, at = [], 0
    for sign in read:
        while printed[at] != sign:
            at += 1
        centres.append(middles[at])
        at += 1
    ys, xs = np.nonzero(grey < 128)
    box = Box(int(xs.min()) - 4, int(ys.min()) - 6, int(np.ptp(xs)) + 8, int(np.ptp(ys)) + 12)
    return grey, LineDraft(read, box, 0.9, tuple(centres))


def said(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


@pytest.mark.parametrize("face", faces())
@pytest.mark.parametrize("blur", [0.0, 0.8])
@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("SỞ Y TẾ HÀ GIANG", "SỞY TẾ HÀ GIANG"),
        ("Trạm Y tế xã", "Trạm Ytế xã"),
        ("Mùa A Cu, bản Háng Trợ", "MùaA Cu, bản Háng Trợ"),
        ("KHU VỰC 4 - LẠNG SƠN", "KHU VỰC 4-LẠNG SƠN"),
        ("số 42/7 Y Ngông, xã Quảng Phú", "số 42/7Y Ngông, xã Quảng Phú"),
        ("[12] Họ tên chủ hộ", "[12]Họ tên chủ hộ"),
        ("[18] Mã KCB của người", "[18]MãKCB của người"),
        (": 08-11-1991", ":08-11-1991"),
        ("THẠCH THỊ NA RY", "THẠCH THỊ NARY"),
        ("Trang Page 1 of 24 trang", "Trang Page 1 of24 trang"),
    ],
)
def test_a_space_as_wide_as_others_of_its_line_is_put_back(printed: str, read: str, blur: float, face: str) -> None:
    grey, draft = drawn(printed, read, face)
    if blur:
        grey = np.asarray(cv2.GaussianBlur(grey, None, blur), np.uint8)
    surely = face != "slanted serif" or not (blur or "of24" in read)  # leaning letters reach into the gap, and a blur fills it
    assert said(parted(draft, read, grey)) in ({printed} if surely else {printed, read})


@pytest.mark.parametrize("face", faces())
@pytest.mark.parametrize(
    "printed",
    [
        "Công ty HoaSen Việt Nam",
        "Số: 12/QĐ-BHXH ngày 05-11-2026",
        "phòng 12A, nhà B2-17",
        "NGUYỄN HOÀNG ANH",
        "điện thoại 0991703628",
        "Krông Pắc-Ea Kar",
        "xã Ea Súp: 08-11-1991",
    ],
)
def test_where_the_ink_shows_no_space_none_is_put(printed: str, face: str) -> None:
    grey, draft = drawn(printed, printed, face)
    words = parted(draft, printed, grey)
    assert said(words) == printed
    assert not any(word.mended for word in words)


def test_digits_are_parted_where_the_second_reader_and_the_ink_have_the_space() -> None:
    grey, draft = drawn("tài khoản số 6200 2050 71834 tại", "tài khoản số 6200 205071834 tại")
    assert said(parted(draft, "tài khoản số 6200 205071834 tại", grey)) == "tài khoản số 6200 205071834 tại"
    words = parted(draft, "tài khoản số 6200 2050 71834 tại", grey)
    assert said(words) == "tài khoản số 6200 2050 71834 tại"
    assert not any(word.mended for word in words)
    whole, one = drawn("tài khoản số 6200 205071834 tại", "tài khoản số 6200 205071834 tại")
    assert said(parted(one, "tài khoản số 6200 2050 71834 tại", whole)) == "tài khoản số 6200 205071834 tại"


@pytest.mark.parametrize(("printed", "read"), [("Phần I I của nghị định", "Phần II của nghị định"), ("tỉnh Nghệ a An", "tỉnh Nghệ aAn")])
def test_strokes_of_a_number_and_a_letter_read_twice_are_not_parted(printed: str, read: str) -> None:
    grey, draft = drawn(printed, read)
    assert said(parted(draft, read, grey)) == read


def test_what_only_the_ink_parts_is_no_agreement_of_the_readers() -> None:
    grey, draft = drawn("SỞ Y TẾ", "SỞY TẾ")
    assert [(word.text, word.mended) for word in parted(draft, "SỞY TẾ", grey)] == [("SỞ", True), ("Y", True), ("TẾ", False)]
    assert not any(word.mended for word in parted(draft, "SỞ Y TẾ", grey))
    grey, draft = drawn(": 08-11-1991", ":08-11-1991")
    assert not any(word.mended for word in parted(draft, ":08-11-1991", grey))


def test_each_word_lies_beside_the_gap_it_was_parted_at() -> None:
    grey, draft = drawn("SỞ Y TẾ", "SỞY TẾ")
    one, other, _ = parted(draft, "SỞY TẾ", grey)
    assert one.box.right <= other.box.x + 1
    assert draft.centres[1] < other.box.x <= draft.centres[2]


def test_a_draft_whose_places_are_unknown_is_left_as_it_is() -> None:
    grey, draft = drawn("SỞ Y TẾ", "SỞY TẾ")
    assert said(parted(LineDraft(draft.text, draft.box, 0.9), "SỞ Y TẾ", grey)) == "SỞY TẾ"
