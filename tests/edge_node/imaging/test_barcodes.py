"""Codes are found as they are, or at twice their size."""

from __future__ import annotations

import cv2
import numpy as np
import segno

from edge_node.imaging.barcodes import find_codes
from edge_node.imaging.decode import Page
from tests.edge_node.imaging.pictures import FORM, typeset

CARD = "001185012345||NGUYỄN THỊ ẤN|01021985|Nữ|Phường Ngọc Hà, Hà Nội|10052021"


def page_with_code(payload: str, side_px: int) -> Page:
    code = np.array([list(row) for row in segno.make(payload, error="m").matrix_iter(border=4)], dtype=np.uint8)
    picture = cv2.resize((255 * (1 - code)).astype(np.uint8), (side_px, side_px), interpolation=cv2.INTER_AREA)
    page = typeset(FORM)
    page[1200 : 1200 + side_px, 900 : 900 + side_px] = picture[:, :, None]
    return page


def test_the_code_of_a_card_copied_at_200_dpi_is_read_with_every_mark() -> None:
    (found,) = find_codes(page_with_code(CARD, 150))
    assert found.text == CARD
    assert abs(found.box.x - 910) < 15 and abs(found.box.y - 1210) < 15


def test_a_tiny_code_is_read_where_one_is_expected() -> None:
    assert [code.text for code in find_codes(page_with_code("LT:HS-2026-000123", 74), expected=True)] == [
        "LT:HS-2026-000123"
    ]


def test_a_page_without_a_code_has_none() -> None:
    assert find_codes(typeset(FORM)) == ()
