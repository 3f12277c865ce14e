"""Verdicts on pictures: each fault is named, a good page is left in peace."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.decode import Page, for_reading
from edge_node.imaging.errors import BlankPage, DarkPage, NoisePage
from edge_node.imaging.quality import BLURRED, COARSE, PALE, doubts, refuse_empty
from tests.edge_node.imaging.pictures import FORM, typeset


@pytest.fixture(scope="module")
def page() -> Page:
    return typeset(FORM)


def test_a_good_page_has_no_doubts(page: Page) -> None:
    refuse_empty(page)
    assert doubts(page, 200) == ()


def test_a_blurred_page_is_called_blurred(page: Page) -> None:
    assert BLURRED in doubts(np.asarray(cv2.GaussianBlur(page, (0, 0), 5), np.uint8), 200)


def test_a_pale_page_is_called_pale(page: Page) -> None:
    assert PALE in doubts((page // 5 + 200).astype(np.uint8), 200)


def test_a_coarse_page_is_called_coarse(page: Page) -> None:
    assert doubts(page, 100) == (COARSE,)


def test_white_paper_with_dust_is_blank() -> None:
    paper = np.full((2339, 1654, 3), 245, np.uint8)
    speck = np.random.default_rng(1)
    for x, y in speck.integers(60, 1500, (20, 2)):
        paper[y, x] = 30
    with pytest.raises(BlankPage):
        refuse_empty(paper)


@pytest.mark.parametrize("level", [0, 12, 40])
def test_a_black_picture_is_no_blank_side(level: int) -> None:
    with pytest.raises(DarkPage):
        refuse_empty(np.full((2339, 1654, 3), level, np.uint8))


def test_one_short_line_is_not_blank() -> None:
    refuse_empty(typeset([(200, 300, "Ghi chú: không")]))


def test_pure_grain_is_named_as_grain() -> None:
    with pytest.raises(NoisePage):
        refuse_empty(np.random.default_rng(2).integers(0, 256, (2339, 1654, 3), dtype=np.uint8))


def test_grain_is_grain_also_where_shrinking_has_weakened_it() -> None:
    grain = np.random.default_rng(3).integers(0, 256, (7016, 4960, 3), dtype=np.uint8)
    seen = for_reading(grain)
    with pytest.raises(NoisePage):
        refuse_empty(seen.page, seen.to_picture.a)
