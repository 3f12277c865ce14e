"""What is darker than its surroundings is found in 8 bits as it would be in wider ones, and pictures shrink by whole squares."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.ink import darker_than_around, shrunk_by


@pytest.mark.parametrize("levels", [(0, 256), (0, 30), (225, 256)], ids=["all", "dark", "light"])
def test_narrow_numbers_say_what_wide_ones_would(levels: tuple[int, int]) -> None:
    grey = np.random.default_rng(1).integers(*levels, (120, 90), np.uint8)
    wide = grey < cv2.blur(grey, (31, 31)).astype(np.int16) - 18
    assert np.array_equal(darker_than_around(grey), wide.astype(np.uint8))


def test_a_shadow_is_not_darker_than_around_but_a_stroke_in_it_is() -> None:
    page = np.repeat(np.linspace(250, 90, 400).astype(np.uint8)[None], 200, axis=0)
    assert not darker_than_around(page)[:, 20:-20].any()
    page[90:94, 150:300] -= 60
    assert darker_than_around(page)[90:94, 150:300].all()


def test_squares_are_averaged_and_what_makes_none_is_left_out() -> None:
    grey = np.arange(10, dtype=np.uint8)[None].repeat(9, axis=0)
    assert shrunk_by(grey, 4).tolist() == [[2, 6], [2, 6]]
