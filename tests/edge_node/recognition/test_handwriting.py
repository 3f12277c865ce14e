"""Print is print, a pen is a pen, in blue and in black."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.decode import Page
from edge_node.imaging.geometry import Box
from edge_node.recognition.handwriting import looks_written
from tests.edge_node.imaging.pictures import typeset

BOX = Box(190, 290, 330, 60)


def printed(text: str) -> Page:
    return typeset([(200, 300, text)], size=(800, 600))


def written_in_black() -> Page:
    page = np.full((600, 800, 3), 250, np.uint8)
    for i, (size, drop) in enumerate([(1.0, 0), (1.35, 7), (0.9, -6), (1.25, 4), (1.05, -8)]):
        cv2.putText(
            page, "57138"[i], (200 + 40 * i, 335 + drop), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, size, (25, 25, 25), 2
        )
    return page


@pytest.mark.parametrize("text", ["001185012345", "01/02/1985", "1234/QĐ", "12.345.000", "2026"])
def test_printed_numbers_are_printed(text: str) -> None:
    assert not looks_written(printed(text), BOX, text)


def test_blue_ink_is_a_pen_even_when_pale() -> None:
    page = printed("57")
    blue = np.where(page < 128, np.array([130, 45, 28], np.uint8), page).astype(np.uint8)
    assert looks_written(blue, BOX, "57")
    pale = (blue.astype(float) * 0.4 + 140).astype(np.uint8)
    assert looks_written(pale, BOX, "57")


def test_dancing_black_digits_are_a_pen() -> None:
    assert looks_written(written_in_black(), Box(190, 300, 330, 48), "57138")


def test_a_red_seal_over_print_is_no_pen() -> None:
    page = printed("01/02/1985")
    cv2.circle(page, (320, 330), 60, (70, 60, 220), 4)
    assert not looks_written(page, BOX, "01/02/1985")


def test_white_paper_is_no_pen() -> None:
    assert not looks_written(np.full((600, 800, 3), 255, np.uint8), BOX, "57")
