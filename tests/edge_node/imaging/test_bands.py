"""Light print on a filled band becomes dark print on paper in the picture that is read; photographs, codes and edges stay as they are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.bands import with_bands_inverted
from edge_node.imaging.decode import Page
from edge_node.imaging.ink import red_channel

WHITE = (250, 250, 250)


def page() -> Page:
    """An empty A4 page at 200 dpi, BGR."""
    return np.full((2339, 1654, 3), 250, np.uint8)


def with_band(shade: tuple[int, int, int], rows: slice = slice(200, 280), columns: slice = slice(100, 1500)) -> Page:
    """A band of one shade with two lines of white print."""
    paper = page()
    paper[rows, columns] = shade
    cv2.putText(paper, "NGAN HANG 1900 5588", (columns.start + 30, rows.start + 35), cv2.FONT_HERSHEY_SIMPLEX, 0.9, WHITE, 2)
    cv2.putText(paper, "Chi nhanh Lai Chau", (columns.start + 30, rows.stop - 15), cv2.FONT_HERSHEY_SIMPLEX, 0.8, WHITE, 2)
    return paper


@pytest.mark.parametrize("shade", [(60, 110, 12), (30, 30, 200), (140, 60, 20), (20, 20, 20), (90, 90, 90)], ids=("green", "red", "blue", "black", "grey"))
def test_white_print_on_a_band_of_any_shade_is_read_as_dark_print_on_paper(shade: tuple[int, int, int]) -> None:
    paper = with_band(shade)
    read = with_bands_inverted(red_channel(paper), paper)
    band = read[205:275, 105:1495]
    assert np.median(band) > 235
    assert 0.02 < float((band < 100).mean()) < 0.2
    assert np.array_equal(read[:195], red_channel(paper)[:195])


def test_the_cells_of_a_tables_dark_head_are_each_turned() -> None:
    paper = page()
    for left in (100, 400, 800):
        paper[500:550, left : left + 280] = (120, 70, 30)
        cv2.putText(paper, "Ho va ten", (left + 20, 535), cv2.FONT_HERSHEY_SIMPLEX, 0.9, WHITE, 2)
    read = with_bands_inverted(red_channel(paper), paper)
    assert all(np.median(read[505:545, left + 5 : left + 275]) > 235 for left in (100, 400, 800))


def test_a_portrait_with_dark_hair_and_a_light_background_stays() -> None:
    paper = page()
    paper[300:700, 200:500] = (200, 190, 180)
    cv2.ellipse(paper, (350, 480), (110, 150), 0, 0, 360, (40, 40, 40), -1)
    cv2.ellipse(paper, (350, 520), (70, 90), 0, 0, 360, (190, 200, 220), -1)
    assert np.array_equal(with_bands_inverted(red_channel(paper), paper), red_channel(paper))


def test_the_black_edge_of_a_scan_and_a_filled_box_without_print_stay() -> None:
    paper = page()
    paper[:, :60] = 5
    paper[900:1000, 300:700] = 30
    assert np.array_equal(with_bands_inverted(red_channel(paper), paper), red_channel(paper))


def test_a_code_of_small_squares_stays() -> None:
    paper = page()
    squares = np.where(np.random.default_rng(5).random((40, 40)) < 0.5, 0, 255).astype(np.uint8)
    paper[300:580, 300:580] = cv2.resize(squares, (280, 280), interpolation=cv2.INTER_NEAREST)[:, :, None]
    assert np.array_equal(with_bands_inverted(red_channel(paper), paper), red_channel(paper))


def test_bold_capitals_on_paper_stay() -> None:
    paper = page()
    for y in (400, 450, 500):
        cv2.putText(paper, "MMMWWWHHH" * 4, (80, y), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (10, 10, 10), 7)
    assert np.array_equal(with_bands_inverted(red_channel(paper), paper), red_channel(paper))
