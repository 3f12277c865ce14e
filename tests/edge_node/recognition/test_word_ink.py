"""Boxes that were shared out by letters are brought to the ink of their words, in order and none on another's."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.word_ink import snug_boxes

Y, HIGH = 20, 40


def inked(*words: tuple[int, int]) -> Grey:
    """A line with a block of ink for each word, from column to column, letters two px apart."""
    grey = np.full((80, 700), 250, np.uint8)
    for start, end in words:
        grey[Y + 8 : Y + 32, start:end] = 30
        for gap in range(start + 14, end - 6, 16):
            grey[Y + 8 : Y + 32, gap : gap + 2] = 250
    return grey


def columns(grey: Grey, *ends: tuple[int, int]) -> list[tuple[int, int]]:
    return [(box.x, box.right) for box in snug_boxes(grey, [Box(x, Y, right - x, HIGH) for x, right in ends])]


def test_a_box_that_lies_beside_its_word_is_moved_onto_it() -> None:
    grey = inked((100, 160), (180, 260), (280, 330))
    assert columns(grey, (90, 150), (162, 240), (250, 322)) == [(100, 160), (180, 260), (280, 330)]


def test_a_dash_that_the_reader_lost_does_not_push_every_word_onto_its_neighbour() -> None:
    grey = inked((100, 112), (140, 190), (220, 300), (330, 400))
    assert columns(grey, (98, 113), (113, 170), (172, 262), (264, 402))[1:] == [(140, 190), (220, 300), (330, 400)]


def test_a_rule_under_the_line_hides_no_gap() -> None:
    grey = inked((100, 160), (180, 260))
    grey[Y + 36 : Y + 38] = 30
    assert columns(grey, (95, 168), (170, 255)) == [(100, 160), (180, 260)]


@pytest.mark.parametrize("level", [250, 30])
def test_where_the_ink_shows_no_words_the_boxes_stay(level: int) -> None:
    grey = np.full((80, 700), level, np.uint8)
    given = [Box(100, Y, 60, HIGH), Box(180, Y, 80, HIGH)]
    assert all(box.w > 0 and box.y == Y for box in snug_boxes(grey, given))


def test_no_words_and_words_outside_the_page_are_no_error() -> None:
    assert snug_boxes(inked(), []) == []
    assert len(snug_boxes(inked(), [Box(690, 75, 40, HIGH)])) == 1
