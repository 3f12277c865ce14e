"""The reading copy is upright and level, and everything on it can be found on the evidence page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.decode import Page
from edge_node.imaging.geometry import Box
from edge_node.imaging.limits import READING_SIDE_PX
from edge_node.imaging.upright import reading_copy, skew_degrees
from tests.edge_node.imaging.pictures import FORM, typeset


def marked(page: Page, x: int, y: int) -> Page:
    copy = page.copy()
    copy[y : y + 12, x : x + 12] = (0, 0, 255)
    return copy


def red_centre(page: Page) -> tuple[float, float]:
    ys, xs = np.nonzero((page[:, :, 2] > 150) & (page[:, :, 0] < 90))
    return float(xs.mean()), float(ys.mean())


def tilted(page: Page, degrees: float) -> Page:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), borderValue=(255, 255, 255)), np.uint8)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_page_is_turned_back_and_boxes_find_home(turns: int) -> None:
    evidence = np.ascontiguousarray(np.rot90(marked(typeset(FORM), 300, 900), turns))
    before = evidence.copy()
    copy = reading_copy(evidence, lambda _grey: turns)
    assert copy.quarter_turns == turns
    assert copy.image.shape[0] > copy.image.shape[1]
    assert np.array_equal(evidence, before)
    there = copy.to_page.point(*red_centre(copy.image))
    assert there == pytest.approx(red_centre(evidence), abs=1.5)


@pytest.mark.parametrize("degrees", [-5.0, -1.0, 2.0])
def test_a_tilted_page_is_levelled_and_boxes_find_home(degrees: float) -> None:
    evidence = tilted(marked(typeset(FORM), 300, 900), degrees)
    copy = reading_copy(evidence)
    assert copy.skew_degrees == pytest.approx(-degrees, abs=0.3)
    assert copy.to_page.point(*red_centre(copy.image)) == pytest.approx(red_centre(evidence), abs=2)


def test_a_level_page_is_left_as_it_is() -> None:
    page = typeset(FORM)
    assert reading_copy(page).image is page
    assert skew_degrees(page) == 0.0


def test_a_huge_page_is_shrunk_for_reading_only() -> None:
    copy = reading_copy(np.full((20_000, 100, 3), 255, np.uint8))
    assert READING_SIDE_PX * 64 / 65 <= max(copy.image.shape) <= READING_SIDE_PX
    assert copy.to_page.box(Box(0, 0, copy.image.shape[1], copy.image.shape[0])) == Box(0, 0, 100, 20_000)
