"""A line of narrow letters keeps its proportions; others are squeezed, which costs a reader nothing there and saves it time."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.alignment import sign_width
from edge_node.recognition.asternet import AsterNet, as_input
from edge_node.recognition.draft import LineDraft
from tests.edge_node.imaging.pictures import typeset

ADDRESS = "Nơi cư trú: thôn Tràng, xã Trực Chính, tỉnh Bến Tre; con trai: Triệu Trọng Trí; trước ngày 01/04/1977 tại trạm"


def condensed(text: str) -> Grey:
    """The text in a face two thirds as wide as usual, scanned a little unsharp, cut out by its ink."""
    wide = typeset([(40, 40, text)], size=(2600, 140), size_px=26)[:, :, 0]
    grey = cv2.GaussianBlur(cv2.resize(wide, None, fx=0.66, fy=1.0, interpolation=cv2.INTER_AREA), (0, 0), 0.8)
    ys, xs = np.where(grey < 128)
    return np.ascontiguousarray(grey[ys.min() - 4 : ys.max() + 4, xs.min() - 5 : xs.max() + 6])


def test_no_thin_letter_of_a_condensed_line_is_lost() -> None:
    line = condensed(ADDRESS)
    assert "Triệu Trọng Trí" in AsterNet()([line], [line.shape[1] / len(ADDRESS)])[0][0]


@pytest.mark.parametrize(("sign", "columns"), [(7.9, 600), (8.1, 528), (math.inf, 528)])
def test_only_a_line_of_narrow_signs_keeps_its_width(sign: float, columns: int) -> None:
    assert as_input(np.full((32, 600), 255, np.uint8), sign).shape[-1] == columns


def test_the_width_of_a_sign_is_that_of_what_stands_beside_and_unknown_where_nothing_does() -> None:
    lines = [LineDraft("Trà", Box(100, 55, 30, 20), 0.9), LineDraft("Trúc", Box(140, 55, 40, 20), 0.9), LineDraft("xa", Box(100, 300, 90, 20), 0.9)]
    assert sign_width(Box(90, 50, 100, 30), lines) == 10
    assert sign_width(Box(90, 150, 100, 30), lines) == math.inf
