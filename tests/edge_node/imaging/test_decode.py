"""Any picture in, one page or a clear verdict out."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from edge_node.imaging.decode import page_from_array, page_from_bytes
from edge_node.imaging.errors import (
    ImageProblem,
    NotAPicture,
    PictureTooLarge,
    PictureTooSmall,
    SeveralFrames,
    StrangeArray,
)


def as_bytes(picture: Image.Image, format: str = "PNG", **options: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, format, **options)
    return held.getvalue()


def test_red_ink_stays_red_through_decoding() -> None:
    page = page_from_bytes(as_bytes(Image.new("RGB", (60, 40), (200, 10, 20))))
    assert page.shape == (40, 60, 3)
    assert page[0, 0].tolist() == [20, 10, 200]


def test_a_cmyk_picture_becomes_bgr() -> None:
    page = page_from_bytes(as_bytes(Image.new("CMYK", (60, 40), (0, 255, 255, 0)), "JPEG", quality=95))
    blue, green, red = page[10, 10].tolist()
    assert red > 200 and green < 60 and blue < 60


def test_sixteen_bits_become_eight() -> None:
    page = page_from_bytes(as_bytes(Image.fromarray(np.full((40, 60), 0x8000, np.uint16))))
    assert page.dtype == np.uint8
    assert abs(int(page[0, 0, 0]) - 128) <= 1


@pytest.mark.parametrize(
    ("kind", "white"), [(np.float32, 1.0), (np.float32, 255.0), (np.uint16, 4095), (np.int32, 4095), (np.int32, 65535)]
)
def test_white_is_white_whatever_the_file_counts_it_as(kind: type, white: float) -> None:
    half = np.full((40, 60), white, kind)
    half[:, 30:] = white / 2
    page = page_from_bytes(as_bytes(Image.fromarray(half), "TIFF"))
    assert page[0, 0, 0] == 255
    assert abs(int(page[0, 59, 0]) - 127) <= 1


def test_where_a_picture_has_no_number_there_is_paper() -> None:
    unmeasured = np.zeros((40, 60), np.float32)
    unmeasured[:, 30:], unmeasured[:5, :5] = np.nan, 1.0
    page = page_from_bytes(as_bytes(Image.fromarray(unmeasured), "TIFF"))
    assert page[10, 50, 0] == 255
    assert page[10, 10, 0] == 0


def test_what_is_transparent_is_paper() -> None:
    page = page_from_bytes(as_bytes(Image.new("RGBA", (60, 40), (0, 0, 0, 0))))
    assert page.min() == 255


def test_a_palette_with_transparency_is_decoded() -> None:
    picture = Image.new("P", (60, 40), 0)
    picture.info["transparency"] = 0
    assert page_from_bytes(as_bytes(picture)).shape == (40, 60, 3)


def test_a_sideways_phone_picture_is_turned_by_its_exif() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert page_from_bytes(as_bytes(Image.new("RGB", (60, 40)), "JPEG", exif=exif)).shape == (60, 40, 3)


def test_a_file_with_two_frames_is_sent_back() -> None:
    frames = [Image.new("L", (60, 40), 10), Image.new("L", (60, 40), 200)]
    with pytest.raises(SeveralFrames) as refused:
        page_from_bytes(as_bytes(frames[0], "TIFF", save_all=True, append_images=frames[1:]))
    assert "2 trang" in refused.value.clerk_sentence


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0broken", as_bytes(Image.new("L", (500, 500)))[:150]]
)
def test_bytes_that_are_no_picture_are_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        page_from_bytes(content)


def test_a_small_file_cannot_unfold_into_gigabytes() -> None:
    with pytest.raises(PictureTooLarge):
        page_from_bytes(as_bytes(Image.new("1", (20_001, 4_000))))


def test_the_largest_side_is_still_taken() -> None:
    assert page_from_array(np.zeros((20_000, 30), np.uint8)).shape == (20_000, 30, 3)


def test_one_pixel_is_too_small() -> None:
    with pytest.raises(PictureTooSmall):
        page_from_bytes(as_bytes(Image.new("L", (1, 1))))


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((3, 40, 60, 3), np.uint8),
        np.zeros((40, 60, 2), np.uint8),
        np.zeros(40, np.uint8),
        np.zeros((40, 60), np.float64),
        np.zeros((40, 60), np.int64),
    ],
)
def test_arrays_that_are_no_page_are_refused(array: NDArray[Any]) -> None:
    with pytest.raises(StrangeArray) as refused:
        page_from_array(array)
    assert refused.value.clerk_next_step


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.bool_])
@pytest.mark.parametrize("shape", [(40, 60), (40, 60, 1), (40, 60, 3), (40, 60, 4)])
def test_usual_arrays_become_pages_without_being_written_to(dtype: type, shape: tuple[int, ...]) -> None:
    array: NDArray[Any] = np.ones(shape, dtype)
    array.flags.writeable = False
    page = page_from_array(array)
    assert page.shape == (40, 60, 3)
    assert page.dtype == np.uint8


def test_every_refusal_tells_the_clerk_what_to_do() -> None:
    for problem in (
        NotAPicture(size_bytes=1),
        PictureTooLarge(width_px=1, height_px=1),
        PictureTooSmall(width_px=1, height_px=1),
        SeveralFrames(frames=2),
        StrangeArray(shape=(1,), kind="x"),
    ):
        assert isinstance(problem, ImageProblem)
        assert problem.clerk_sentence.endswith(".")
        assert problem.clerk_next_step.endswith(".")
        assert problem.operator_line.startswith(problem.code)
