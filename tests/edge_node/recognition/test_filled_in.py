"""A form whose values are of another hand than its labels was filled in, however tidy its digits; a printed one was not."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
import pytest

from edge_node.imaging.decode import Page
from edge_node.imaging.geometry import Box
from edge_node.recognition.filled_in import filled_in_marked
from edge_node.recognition.model import Line, Word
from tests.edge_node.imaging.pictures import typeset

LABELS = ("Ho va ten nguoi khai:", "Dien thoai lien he:", "Noi cu tru hien nay:", "Quan he voi nguoi chet:")
VALUES = ("Ha Thi Un", "0363 408 991", "Ban Long, xa Mu Cang Chai", "Me de cua nguoi do")
AT, STEP = 620, 90


def form(values: Page) -> tuple[Page, list[Line]]:
    page = np.minimum(typeset([(60, 100 + STEP * n, label) for n, label in enumerate(LABELS)], size=(1400, 560)), values)
    lines = []
    for n, (label, value) in enumerate(zip(LABELS, VALUES, strict=True)):
        y = 92 + STEP * n
        words = [Word(word, Box(55, y, AT - 70, 60)) for word in label.split()] + [Word(word, Box(AT - 10, y, 700, 60)) for word in value.split()]
        lines.append(Line(f"{label} {value}", Box(55, y, 1300, 60), 0.99, tuple(words)))
    return page, lines


def printed() -> Page:
    return typeset([(AT, 100 + STEP * n, value) for n, value in enumerate(VALUES)], size=(1400, 560))


def written() -> Page:
    page = np.full((560, 1400, 3), 255, np.uint8)
    for n, value in enumerate(VALUES):
        cv2.putText(page, value, (AT, 135 + STEP * n), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (20, 20, 20), 3, cv2.LINE_AA)
    return page


def by_hand(lines: list[Line]) -> set[str]:
    return {word.text for line in lines for word in line.words if word.by_hand}


def test_values_of_one_width_behind_labels_with_serifs_are_written() -> None:
    found = by_hand(filled_in_marked(*form(written())))
    assert {word for value in VALUES for word in value.split()} == found


def test_values_of_the_labels_own_face_are_printed() -> None:
    assert by_hand(filled_in_marked(*form(printed()))) == set()


@pytest.mark.parametrize(("written_ones", "all_are"), [((0, 1), True), ((1,), False)])
def test_where_several_values_look_written_the_others_are_of_the_same_hand(written_ones: tuple[int, ...], all_are: bool) -> None:
    page, lines = form(printed())
    for n in written_ones:
        lines[n] = msgspec.structs.replace(lines[n], words=tuple(msgspec.structs.replace(word, by_hand=word.text == VALUES[n].split()[-1]) for word in lines[n].words))
    assert ("Cang" in by_hand(filled_in_marked(page, lines))) is all_are


def test_a_page_with_fewer_than_three_values_says_nothing() -> None:
    page, lines = form(written())
    assert by_hand(filled_in_marked(page, lines[:2])) == set()
