"""A pale round stamp over print is taken out of the reading copy; print, dark rings and everything that is no stamp stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.ink import red_channel
from edge_node.imaging.stamps import without_stamps
from tests.edge_node.imaging.pictures import FORM, typeset

CENTRE, RADIUS = (420, 640), 140
"""Over the middle of the form; 36 mm across at 200 dpi."""


def form() -> Grey:
    return red_channel(typeset(FORM))


def stamped(level: int, radius: int = RADIUS) -> Grey:
    """The form as a grey copy with a seal of this grey: what is printed below shines through it."""
    grey = form()
    seal = np.full_like(grey, 255)
    for share, thick in ((1.0, 6), (0.9, 2), (0.58, 2)):
        cv2.circle(seal, CENTRE, round(radius * share), level, thick)
    cv2.putText(seal, "NHAN DAN", (CENTRE[0] - 75, CENTRE[1]), cv2.FONT_HERSHEY_SIMPLEX, 0.9, level, 3)
    return np.minimum(grey, cv2.GaussianBlur(seal, (0, 0), 0.6))


def ink(grey: Grey) -> Grey:
    """1 where there is print, within the stamp's square."""
    x, y = CENTRE
    return (grey[y - 160 : y + 160, x - 160 : x + 160] < 60).view(np.uint8)


def bare_paper() -> Grey:
    """1 where, within the stamp's square, there is neither print nor its rim."""
    return np.asarray(1 - cv2.dilate(ink(form()), np.ones((9, 9), np.uint8)), np.uint8)


@pytest.mark.parametrize("level", [110, 140, 170])
def test_a_grey_seal_is_taken_away_and_the_print_under_it_stays(level: int) -> None:
    before = stamped(level)
    after = without_stamps(before)
    x, y = CENTRE
    left = after[y - 160 : y + 160, x - 160 : x + 160][bare_paper() > 0]
    assert (left < 225).mean() < 0.01
    assert np.array_equal(ink(after), ink(form()))
    assert np.array_equal(before, stamped(level)), "the page itself stays"


def test_a_seal_as_dark_as_the_print_stays() -> None:
    before = stamped(30)
    assert np.array_equal(without_stamps(before), before)


@pytest.mark.parametrize("radius", [40, 420])
def test_a_ring_that_is_no_seal_stays(radius: int) -> None:
    before = stamped(140, radius)
    assert np.array_equal(without_stamps(before), before)


def test_a_page_without_a_stamp_is_not_even_copied() -> None:
    grey = form()
    assert without_stamps(grey) is grey


@pytest.mark.parametrize("level", [60, 120, 200])
def test_pale_print_is_no_stamp(level: int) -> None:
    """All of it, and as a paler entry in a dark form."""
    grey = form()
    for pale in (
        np.maximum(grey, level),
        np.where(np.arange(grey.shape[0])[:, None] > 600, np.maximum(grey, level), grey),
    ):
        assert without_stamps(pale.astype(np.uint8)) is not None
        assert np.array_equal(without_stamps(pale.astype(np.uint8)), pale)


def test_grain_and_blur_are_no_stamp() -> None:
    grain = np.clip(form().astype(np.float32) + np.random.default_rng(3).normal(0, 25, (2339, 1654)), 0, 255)
    for grey in (grain.astype(np.uint8), np.asarray(cv2.GaussianBlur(form(), (0, 0), 2.0))):
        assert without_stamps(grey) is grey


@pytest.mark.parametrize("shape", [(24, 24), (300, 5000), (2339, 100)])
def test_small_and_narrow_pictures_stay(shape: tuple[int, int]) -> None:
    grey = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert without_stamps(grey) is grey
