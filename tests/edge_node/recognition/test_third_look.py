"""A word on which the readers differ changes only where a third look sees what the second reader saw, and never counts as agreed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.model import Word
from edge_node.recognition.third_look import ThirdLook

GREY = np.full((60, 600), 255, np.uint8)


def line(text: str) -> tuple[Word, ...]:
    return tuple(Word(part, Box(10 + 80 * i, 10, 70, 30)) for i, part in enumerate(text.split()))


def settled(first: str, second: str, third: str) -> tuple[Word, ...]:
    def read(cuts: Sequence[Grey]) -> list[tuple[str, float, tuple[float, ...]]]:
        return [(third, 0.9, ()) for _ in cuts]

    return ThirdLook(GREY, read).settled(line(first), second, 0.98)


def test_two_looks_outvote_the_first_and_the_word_is_marked() -> None:
    words = settled("BẢO HIẾM XÃ", "BẢO HIỂM XÃ", "HIỂM.")
    assert [(w.text, w.mended) for w in words] == [("BẢO", False), ("HIỂM", True), ("XÃ", False)]


def test_signs_around_a_word_stay() -> None:
    assert settled("(Độ),", "Đệ", "Đệ")[0].text == "(Đệ),"


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("Ẵng", "Ắng", "Ẵng"),  # the third look sides with the first
        ("Ẵng", "Ắng", "Ăng"),  # three looks, three words: a person decides
        ("1985", "1986", "1986"),  # a number is never settled
        ("nhà", "NHÀ", "NHÀ"),
        ("Y", "Ý", "Ý"),
        ("Trưnng", "Trưng", "Trưng"),  # a lost letter is mended by its build, not here
    ],
)
def test_what_is_not_outvoted_stays_as_the_first_reader_saw_it(first: str, second: str, third: str) -> None:
    assert [(w.text, w.mended) for w in settled(first, second, third)] == [(first, False)]


def test_a_page_full_of_doubts_costs_a_bounded_number_of_looks() -> None:
    looks = 0

    def read(cuts: Sequence[Grey]) -> list[tuple[str, float, tuple[float, ...]]]:
        nonlocal looks
        looks += len(cuts)
        return [("", 0.0, ()) for _ in cuts]

    look = ThirdLook(GREY, read)
    for _ in range(30):
        look.settled(line("bả cả dả mả"), "bá cá dá má", 0.98)
    assert looks == 40


def test_a_word_at_the_rim_is_no_error() -> None:
    look = ThirdLook(np.zeros((4, 4), np.uint8), lambda cuts: [("má", 1.0, ()) for _ in cuts])
    assert look.settled((Word("mả", Box(0, 0, 4, 4)),), "má", 0.98)[0].text == "mả"


def test_a_line_the_first_reader_was_sure_of_is_left_alone() -> None:
    look = ThirdLook(GREY, lambda cuts: [("HIỂM", 1.0, ()) for _ in cuts])
    assert look.settled(line("HIẾM"), "HIỂM", 0.995)[0].text == "HIẾM"
