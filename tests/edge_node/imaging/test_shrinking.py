"""A picture that is only read is shrunk strip by strip, and what it will hold in memory is known before it is decoded."""

from __future__ import annotations

import io
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from edge_node.capture.untrusted import DecodeLimits
from edge_node.imaging.decode import Page, for_reading, page_from_bytes
from edge_node.imaging.errors import PictureTooLarge
from edge_node.imaging.limits import MAX_PIXELS, MAX_SIDE_PX, READING_SIDE_PX
from edge_node.imaging.shrinking import in_strips
from edge_node.imaging.unfolding import held_bytes


def slope(width: int, height: int) -> Page:
    """A page whose grey grows to the right and downwards, so that every place is known by its colour."""
    across, down = np.linspace(0, 200, width), np.linspace(0, 50, height)
    grey = (across[None, :] + down[:, None]).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))


def file_of(picture: Image.Image, kind: str, **options: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()


def opened_and_told(file: bytes) -> int:
    with Image.open(io.BytesIO(file)) as picture:
        return held_bytes(picture, picture.size, file)


def test_the_reader_takes_every_size_that_the_desk_takes() -> None:
    desk = DecodeLimits()
    assert (desk.page_megapixels * 1_000_000, desk.side_px) == (MAX_PIXELS, MAX_SIDE_PX)


@pytest.mark.parametrize(("width", "height"), [(3601, 2500), (7016, 4960), (300, 20_000), (20_000, 300), (4961, 3508)])
def test_a_large_picture_is_shrunk_to_what_is_read_and_everything_keeps_its_place(width: int, height: int) -> None:
    page = slope(width, height)
    shrunk = in_strips(lambda top, bottom: page[top:bottom], width, height, READING_SIDE_PX)
    assert READING_SIDE_PX * 64 / 65 - 1 <= max(shrunk.shape) <= READING_SIDE_PX
    assert np.abs(shrunk.astype(int) - slope(shrunk.shape[1], shrunk.shape[0]).astype(int)).max() <= 3


def test_a_picture_that_is_small_enough_is_not_touched() -> None:
    page = slope(1000, READING_SIDE_PX)
    assert for_reading(page).page is page
    assert np.array_equal(for_reading(file_of(Image.fromarray(page), "PNG")).page, page[:, :, ::-1])


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_shrunk_file_shows_what_the_whole_one_shows(kind: str) -> None:
    file = file_of(Image.fromarray(slope(7200, 900)), kind)
    read = for_reading(file)
    assert (read.width_px, read.height_px) == (7200, 900)
    whole = page_from_bytes(file)
    for x, y in ((100, 100), (1700, 300), (3000, 420)):
        there_x, there_y = read.to_picture.point(x, y)
        assert abs(int(read.page[y, x, 0]) - int(whole[int(there_y), int(there_x), 0])) <= 3


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_shrunk_picture_is_upright_like_the_whole_one(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = file_of(Image.fromarray(slope(7200, 900)), "JPEG", exif=exif)
    read, whole = for_reading(file), page_from_bytes(file)
    assert (read.height_px, read.width_px) == whole.shape[:2]
    assert np.abs(read.page.astype(int) - whole[::2, ::2].astype(int)).max() <= 4


@pytest.mark.parametrize("turns", range(4))
def test_what_the_clerk_has_turned_is_read_as_it_is_shown(turns: int) -> None:
    page = slope(400, 300)
    shown = for_reading(page).turned(turns)
    assert np.array_equal(shown.page, np.rot90(page, -turns))
    assert (shown.height_px, shown.width_px) == shown.page.shape[:2]


def test_sixteen_bits_are_judged_by_the_whole_picture_and_not_by_a_strip() -> None:
    dark_above = np.full((20_000, 200), 40_000, np.uint16)
    dark_above[:10_000] = 4_000
    read = for_reading(file_of(Image.fromarray(dark_above), "PNG")).page
    assert read[100, 10, 0] == 4_000 >> 8 and read[-100, 10, 0] == 40_000 >> 8


@pytest.mark.parametrize(
    ("picture", "kind", "options", "a_pixel"),
    [
        (Image.new("RGB", (640, 480)), "PNG", {}, 4),
        (Image.new("L", (640, 480)), "PNG", {}, 1),
        (Image.new("RGB", (640, 480)), "JPEG", {}, 4),
        (Image.new("RGB", (640, 480)), "JPEG", {"progressive": True}, 4 + 3),
        (Image.new("RGB", (640, 480)), "JPEG", {"progressive": True, "subsampling": 0}, 4 + 6),
        (Image.new("CMYK", (640, 480)), "TIFF", {}, 4),
        (Image.new("RGB", (640, 480)), "TIFF", {"compression": "tiff_lzw", "tiffinfo": {278: 480}}, 4 + 3),
        (Image.new("RGB", (640, 480)), "WEBP", {}, 4 + 12),
        (Image.new("RGB", (640, 480)), "JPEG2000", {}, 4 + 12),
    ],
)
def test_what_a_file_will_hold_is_told_from_its_header(
    picture: Image.Image, kind: str, options: dict[str, object], a_pixel: int
) -> None:
    assert opened_and_told(file_of(picture, kind, **options)) == a_pixel * 640 * 480


def test_a_kind_of_file_that_would_need_too_much_is_sent_back_before_it_is_decoded() -> None:
    file = file_of(Image.new("RGB", (6000, 5000)), "WEBP", method=0)
    tracemalloc.start()
    with pytest.raises(PictureTooLarge) as refused:
        for_reading(file)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert "6000 × 5000" in refused.value.clerk_sentence
