"""One worker reads the largest pictures that a desk takes, of every kind, and never holds more than 700 MB."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from edge_node.imaging.decode import Page
from edge_node.imaging.limits import MAX_PIXELS, MAX_SIDE_PX
from edge_node.recognition.model import PageReading
from edge_node.recognition.service import ReadingService, ReadingSettings
from tests.edge_node.imaging.pictures import FORM, typeset

MUST_BYTES = 700_000_000

DENSE = tuple((left, top, text) for top in range(60, 2300, 42) for left, text in ((90, "Nguyễn Văn Ấn, sinh ngày 01/02/1985,"), (860, "số định danh cá nhân 001185012345")))
"""A page of 54 full lines: what detection and lines hold on it is still there when the next page comes."""


def largest(width: int = 7520, height: int = 10_630) -> Page:
    """The form on a sheet of nearly `MAX_PIXELS`."""
    assert 0.99 * MAX_PIXELS < width * height <= MAX_PIXELS
    sheet = np.full((height, width, 3), 250, np.uint8)
    form = typeset(FORM)
    scale = min(width / form.shape[1], height / form.shape[0])
    form = np.asarray(cv2.resize(form, None, fx=scale, fy=scale), np.uint8)
    sheet[: form.shape[0], : form.shape[1]] = form[:height, :width]
    return sheet


def by_opencv(page: NDArray[Any], suffix: str = ".png") -> bytes:
    """A PNG of 8 or 16 bits with or without transparency, packed quickly."""
    return bytes(cv2.imencode(suffix, page, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1])


def by_pillow(page: Page, mode: str, kind: str, **options: object) -> bytes:
    held = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(page[:, :, ::-1])).convert(mode).save(held, kind, **options)
    return held.getvalue()


def transparent(page: Page) -> Page:
    return np.dstack([page, np.full(page.shape[:2], 255, np.uint8)])


PICTURES = {
    "a PNG in colour": lambda: by_opencv(largest()),
    "with transparency": lambda: by_opencv(transparent(largest())),
    "16 bits a channel": lambda: by_opencv(largest().astype(np.uint16) * 257),
    "16 bits a channel and transparency": lambda: by_opencv(transparent(largest()).astype(np.uint16) * 257),
    "black and white": lambda: by_pillow(largest(), "1", "PNG"),
    "CMYK": lambda: by_pillow(largest(), "CMYK", "TIFF", compression="tiff_lzw"),
    "a JPEG": lambda: by_opencv(largest(), ".jpg"),
    "a JPEG of several scans": lambda: by_pillow(largest(), "RGB", "JPEG", progressive=True),
    "20000 px wide": lambda: by_opencv(largest(MAX_SIDE_PX, 4000)),
    "20000 px high": lambda: by_opencv(largest(4000, MAX_SIDE_PX)),
}


@pytest.fixture(scope="module")
def worker() -> Iterator[ReadingService]:
    """A worker that has read a dense page, as one that has been at work for hours."""
    with ReadingService(ReadingSettings()) as service:
        read = service.read_page(typeset(DENSE, size_px=30), 200)
        assert isinstance(read, PageReading) and len(read.lines) > 50
        yield service


@pytest.mark.parametrize("kind", PICTURES)
def test_the_largest_picture_of_every_kind_is_read_within_the_budget(worker: ReadingService, kind: str) -> None:
    answer = worker.read_page(PICTURES[kind](), 600)
    assert worker.peak_bytes <= MUST_BYTES, f"{worker.peak_bytes / 1e6:.0f} MB"
    if kind == "20000 px wide":  # there the form is as small as a stamp
        assert isinstance(answer, PageReading) or answer.code == "OCR-004"
    else:
        assert isinstance(answer, PageReading)
        assert "001185012345" in answer.text


def test_pixels_from_a_scanner_and_a_page_turned_by_hand_are_read_within_the_budget(worker: ReadingService) -> None:
    answer = worker.read_page(np.rot90(largest()), 600, turns=1)
    assert isinstance(answer, PageReading)
    assert "001185012345" in answer.text
    assert max(line.box.right * answer.to_page.a for line in answer.lines) <= 7520
    assert worker.peak_bytes <= MUST_BYTES, f"{worker.peak_bytes / 1e6:.0f} MB"


def test_what_is_measured_is_what_the_worker_held(worker: ReadingService) -> None:
    assert worker.peak_bytes > 3 * MAX_PIXELS, "the colours of the largest picture at least"
