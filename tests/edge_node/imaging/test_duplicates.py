"""A sheet scanned twice is suspected; another form of the same kind is not."""

from __future__ import annotations

import cv2
import numpy as np

from edge_node.imaging.decode import Page
from edge_node.imaging.duplicates import SUGGESTED_DISTANCE, distance, fingerprint, same_sheet
from tests.edge_node.imaging.pictures import FORM, typeset


def scanned_again(page: Page) -> Page:
    matrix = np.array([[1, 0, 6], [0, 1, -4]], dtype=np.float64)
    moved = cv2.warpAffine(page, matrix, (page.shape[1], page.shape[0]), borderValue=(255, 255, 255))
    grain = np.random.default_rng(3).normal(0, 4, page.shape)
    return np.clip(moved + grain, 0, 255).astype(np.uint8)


def test_a_page_scanned_twice_is_suspected() -> None:
    page = typeset(FORM)
    again = scanned_again(page)
    assert distance(fingerprint(page), fingerprint(again)) <= SUGGESTED_DISTANCE
    assert same_sheet(page, again)


def test_the_same_form_of_another_person_is_another_sheet() -> None:
    other = [(x, y, text.replace("NGUYỄN THỊ ẤN", "TRẦN VĂN DŨNG")) for x, y, text in FORM]
    assert not same_sheet(typeset(FORM), typeset(other))
