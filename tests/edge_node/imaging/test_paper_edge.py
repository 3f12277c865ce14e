"""A photographed sheet is found by its edges and read as if seen from above."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge_node.imaging.decode import Page
from edge_node.imaging.paper_edge import paper_corners
from edge_node.imaging.upright import reading_copy
from tests.edge_node.imaging.pictures import A4, FORM, typeset

CORNERS = np.array([(60, 40), (1600, 95), (1630, 2290), (35, 2240)], dtype=np.float64)
MARK = (300, 900)


def photographed(desk: int, shade: float) -> tuple[Page, NDArray[np.float64]]:
    """A form lying aslant on a desk, its right side in shadow; and the matrix that put it there."""
    page = typeset(FORM)
    page[MARK[1] - 8 : MARK[1] + 8, MARK[0] - 8 : MARK[0] + 8] = (0, 0, 255)
    sheet = np.array([(0, 0), (A4[0], 0), A4, (0, A4[1])], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(sheet, CORNERS.astype(np.float32))
    taken = cv2.warpPerspective(page, matrix, A4, flags=cv2.INTER_LINEAR, borderValue=(desk, desk, desk))
    light = np.linspace(1.0, 1.0 - shade, A4[0])[None, :, None]
    return np.asarray(cv2.GaussianBlur((taken * light).astype(np.uint8), (0, 0), 0.7), np.uint8), np.asarray(matrix)


@pytest.mark.parametrize(("desk", "shade"), [(110, 0.0), (110, 0.4), (20, 0.3), (170, 0.2)])
def test_the_corners_of_a_photographed_sheet_are_found_in_any_light(desk: int, shade: float) -> None:
    found = paper_corners(photographed(desk, shade)[0])
    assert found is not None
    assert np.abs(found - CORNERS).max() < 6


def test_a_photographed_sheet_is_seen_from_above_and_boxes_find_home() -> None:
    evidence, matrix = photographed(110, 0.3)
    copy = reading_copy(evidence)
    assert abs(copy.skew_degrees) < 0.3
    red = np.argwhere((copy.image[:, :, 2] > 130) & (copy.image[:, :, 0] < 90)).mean(axis=0)
    x, y, w = matrix @ (*MARK, 1.0)
    assert copy.to_page.point(red[1], red[0]) == pytest.approx((x / w, y / w), abs=2)
    assert copy.to_page.inverse().point(x / w, y / w) == pytest.approx((red[1], red[0]), abs=2)


def test_a_printed_frame_is_not_the_edge_of_the_paper() -> None:
    page = typeset(FORM)
    cv2.rectangle(page, (64, 64), (1589, 2250), (40, 40, 90), 6)
    assert paper_corners(page) is None
    assert reading_copy(page).image is page


def test_a_sheet_that_runs_out_of_the_picture_is_read_as_it_is() -> None:
    evidence = photographed(110, 0.0)[0][:, 200:]
    assert paper_corners(np.ascontiguousarray(evidence)) is None


@pytest.mark.parametrize("shape", [(40, 40, 3), (24, 20_000, 3), (1000, 700, 3)])
def test_a_picture_without_paper_has_no_corners(shape: tuple[int, int, int]) -> None:
    assert paper_corners(np.full(shape, 90, np.uint8)) is None
    assert paper_corners(np.zeros(shape, np.uint8)) is None
