"""A scan profile turns an array into the JPEG that is kept."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from edge_node.copies.errors import ImageRefused
from edge_node.copies.profile import DESK, FLOOR_QUALITY, PROFILES, SLOW_LINE, Order, encode_page, encode_page_within


def test_a_blue_pen_stays_blue_whatever_the_channel_order() -> None:
    blue = np.zeros((40, 40, 3), np.uint8)
    blue[:, :, 0] = 255
    orders: tuple[tuple[np.ndarray, Order], ...] = ((blue, "BGR"), (blue[:, :, ::-1], "RGB"))
    for array, order in orders:
        with Image.open(io.BytesIO(encode_page(array, DESK, order=order))) as image:
            assert image.getpixel((20, 20)) == pytest.approx((0, 0, 255), abs=12)
            assert image.info["dpi"] == (200, 200)


def test_a_grey_page_stays_grey() -> None:
    with Image.open(io.BytesIO(encode_page(np.full((20, 30), 128, np.uint8)))) as image:
        assert (image.mode, image.size) == ("L", (30, 20))


def test_no_profile_goes_below_what_the_decree_asks() -> None:
    assert all(profile.dpi >= 200 for profile in PROFILES.values())


@pytest.mark.parametrize("array", [np.zeros((2, 2, 4), np.uint8), np.zeros((2, 2)), np.zeros((0, 3), np.uint8)])
def test_what_is_no_image_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ImageRefused):
        encode_page(array)


def _grain(strength: int) -> np.ndarray:
    shades = np.random.default_rng(7).normal(200, strength, (400, 280, 3))
    return np.clip(shades, 0, 255).astype(np.uint8)


def test_a_page_within_its_budget_keeps_the_quality_of_the_profile() -> None:
    page = _grain(2)
    assert encode_page_within(page, 1 << 20) == encode_page(page)


def test_a_page_beyond_its_budget_is_kept_as_well_as_the_budget_allows() -> None:
    page = _grain(20)
    wanted = len(encode_page(page)) - 1
    found = encode_page_within(page, wanted)
    assert len(encode_page(page, SLOW_LINE)) < len(found) <= wanted


def test_no_page_is_kept_below_the_floor_however_large_it_is() -> None:
    page = _grain(60)
    assert SLOW_LINE.quality == FLOOR_QUALITY
    assert encode_page_within(page, 10) == encode_page(page, SLOW_LINE)
