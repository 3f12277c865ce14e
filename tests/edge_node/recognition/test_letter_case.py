"""A letter that looks the same small and large has the case that its height or its word shows, with the second reader."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import red_channel
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.letter_case import cases_settled, nought_settled
from tests.edge_node.imaging.pictures import faces, typeset


def drawn(printed: str, face: str = "serif") -> tuple[Grey, Box]:
    grey = red_channel(typeset([(100, 60, printed)], (900, 200), 30, face))
    ys, xs = np.nonzero(grey < 128)
    return grey, Box(int(xs.min()) - 4, int(ys.min()) - 6, int(np.ptp(xs)) + 8, int(np.ptp(ys)) + 12)


def settled(first: str, second: str, printed: str, face: str = "serif") -> list[tuple[str, bool]]:
    grey, box = drawn(printed, face)
    words = cases_settled(words_of(LineDraft(first, box, 0.9)), second, grey, box)
    return [(word.text, word.mended) for word in words]


@pytest.mark.parametrize("face", [face for face in faces() if face != "slanted serif"])
@pytest.mark.parametrize(
    ("first", "printed"),
    [
        ("Pá Cha, Xã Pú Nhung", "Pá Cha, xã Pú Nhung"),
        ("Pá Cha, xã Pú Nhung", "Pá Cha, Xã Pú Nhung"),
        ("Ông cao Văn Sơn", "Ông Cao Văn Sơn"),
        ("Tân sơn, ngày", "Tân Sơn, ngày"),
    ],
)
def test_a_first_letter_is_as_high_as_it_is_printed(first: str, printed: str, face: str) -> None:
    grey, box = drawn(printed, face)
    words = cases_settled(words_of(LineDraft(first, box, 0.9)), printed, grey, box)
    assert " ".join(word.text for word in words) == printed
    assert [word.mended for word in words] == [one != other for one, other in zip(first.split(), printed.split(), strict=True)]


def test_a_height_that_the_second_reader_contradicts_changes_nothing() -> None:
    assert settled("Pá Cha, Xã Pú", "Pá Cha, xã Pú", "Pá Cha, Xã Pú")[2] == ("Xã", False)
    assert settled("Pá Cha, Xã Pú", "Pá Cha, Xã Pú", "Pá Cha, xã Pú")[2] == ("Xã", False)


def test_letters_of_different_shapes_are_never_changed() -> None:
    assert settled("Ban nội dung", "ban nội dung", "ban nội dung")[0] == ("Ban", False)
    assert settled("số 12/QĐ-TTg", "số 12/QĐ-TTG", "số 12/QĐ-TTg")[1] == ("12/QĐ-TTg", False)


def test_inside_a_word_of_capitals_a_small_letter_is_one_when_the_second_reader_says_so() -> None:
    assert settled("GIÁM ĐỐc", "GIÁM ĐỐC", "GIÁM ĐỐC") == [("GIÁM", False), ("ĐỐC", True)]
    assert settled("GIÁM ĐỐc", "GIÁM ĐỐc", "GIÁM ĐỐC") == [("GIÁM", False), ("ĐỐc", False)]


@pytest.mark.parametrize("read", ["o", "O"])
def test_a_lone_round_sign_is_a_nought_where_it_is_clearly_higher_than_wide(read: str) -> None:
    grey, box = drawn("0")
    assert [(word.text, word.mended) for word in nought_settled(words_of(LineDraft(read, box, 0.9)), grey, box)] == [("0", True)]


@pytest.mark.parametrize("face", faces())
@pytest.mark.parametrize("letter", ["o", "O"])
def test_a_lone_letter_is_no_nought_in_any_face(letter: str, face: str) -> None:
    grey, box = drawn(letter, face)
    words = words_of(LineDraft(letter, box, 0.9))
    assert nought_settled(words, grey, box) == words


def test_a_round_sign_among_others_is_left_to_the_readers() -> None:
    grey, box = drawn("nhóm 0")
    words = words_of(LineDraft("nhóm O", box, 0.9))
    assert nought_settled(words, grey, box) == words


def test_the_border_of_a_cell_beside_a_nought_is_none_of_its_signs() -> None:
    grey, box = drawn("0")
    grey[max(0, box.y - 5) : box.bottom + 5, box.right + 2 : box.right + 4] = 0
    assert [word.text for word in nought_settled(words_of(LineDraft("o", box, 0.9)), grey, box)] == ["0"]
