"""A sheet in a photograph: whatever way it lies its corners are found, and what is no photographed A4 gets no proposal."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge_node.imaging.decode import Page
from edge_node.imaging.photographed import DPI_MIN, from_above, sheet_in
from tests.edge_node.imaging.pictures import A4, FORM, typeset

SIZE = (2600, 3500)
FORM_PAGE = typeset(FORM)
MARK = (1200, 300)


def taken(
    corners: NDArray[np.float64], page: Page = FORM_PAGE, desk: int = 90, size: tuple[int, int] = SIZE
) -> Page:
    """The page lying with its corners at these places of a photograph of `size` px."""
    height, width = page.shape[:2]
    sheet = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(sheet, corners.astype(np.float32))
    photo = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_LINEAR, borderValue=(desk, desk, desk))
    return np.asarray(cv2.GaussianBlur(photo, (0, 0), 0.8), np.uint8)


BASE = np.array([(280, 320), (2300, 320), (2300, 3180), (280, 3180)], dtype=np.float64)


def is_like_a4(corners: NDArray[np.float64]) -> bool:
    """Whether the sides' proportion is near A4's; further from it nothing is claimed."""
    top, right, bottom, left = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return bool(1.28 < (left + right) / (top + bottom) < 1.56)


SHIFTS = st.lists(st.floats(-150, 150), min_size=8, max_size=8)


@settings(max_examples=25, deadline=None)
@given(SHIFTS, st.integers(20, 150))
def test_the_corners_of_any_aslant_page_are_found_within_a_few_pixels(shifts: list[float], desk: int) -> None:
    corners = BASE + np.array(shifts).reshape(4, 2)
    assume(is_like_a4(corners))
    seen = sheet_in(taken(corners, desk=desk))
    assert seen is not None
    found = np.array(seen.corners).reshape(4, 2) * np.array(SIZE)
    assert np.abs(found - corners).max() < 10  # of 2600 px: the edges are looked for in a picture of 900


@settings(max_examples=10, deadline=None)
@given(SHIFTS)
def test_seen_from_above_every_mark_lies_where_it_lies_on_the_paper(shifts: list[float]) -> None:
    page = FORM_PAGE.copy()
    cv2.circle(page, MARK, 14, (0, 0, 255), -1)
    corners = BASE + np.array(shifts).reshape(4, 2)
    assume(is_like_a4(corners))
    photo = taken(corners, page)
    seen = sheet_in(photo)
    assert seen is not None
    above = from_above(photo, seen.corners)
    assert above.shape[:2] == (2339, 1654)
    red = np.argwhere((above[:, :, 2] > 130) & (above[:, :, 0] < 90) & (above[:, :, 1] < 90)).mean(axis=0)
    expected = (MARK[1] * 2339 / A4[1], MARK[0] * 1654 / A4[0])
    assert red == pytest.approx(expected, abs=5)


def test_a_page_that_lies_across_stays_across() -> None:
    corners = np.array([(300, 200), (3300, 230), (3280, 2350), (320, 2330)], dtype=np.float64)
    photo = taken(corners, np.ascontiguousarray(np.rot90(FORM_PAGE)), size=SIZE[::-1])
    seen = sheet_in(photo)
    assert seen is not None
    assert from_above(photo, seen.corners).shape[:2] == (1654, 2339)


def test_a_distant_sheet_is_seen_but_too_coarse() -> None:
    seen = sheet_in(cv2.resize(taken(BASE), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    assert seen is not None
    assert not seen.is_fine_enough
    assert seen.dpi == pytest.approx(2020 / 2 / 8.27, abs=2)
    assert DPI_MIN == 200


def test_the_coarsest_side_decides() -> None:
    receding = np.array([(700, 320), (1900, 320), (2400, 3180), (180, 3180)], dtype=np.float64)
    seen = sheet_in(taken(receding))
    assert seen is None or seen.dpi <= 1200 / 8.27 + 2


@pytest.mark.parametrize(
    "picture",
    [
        FORM_PAGE,
        np.full((3500, 2600, 3), 90, np.uint8),
        np.full((3500, 2600, 3), 240, np.uint8),
        np.random.default_rng(5).integers(0, 255, (1200, 900, 3), dtype=np.uint8),
        np.full((30, 20, 3), 90, np.uint8),
    ],
    ids=("a scan", "a desk", "white", "grain", "a stamp"),
)
def test_what_is_no_photographed_sheet_gets_no_proposal(picture: Page) -> None:
    assert sheet_in(picture) is None


def test_a_sheet_whose_rim_runs_out_of_the_picture_gets_no_proposal() -> None:
    assert sheet_in(taken(BASE + np.array([(-700, 0), (0, 0), (0, 0), (-700, 0)]))) is None


def test_a_receipt_is_no_a4() -> None:
    narrow = np.array([(300, 200), (3300, 230), (3300, 1450), (300, 1430)], dtype=np.float64)
    assert sheet_in(taken(narrow, FORM_PAGE[:680], size=(3600, 1650))) is None
