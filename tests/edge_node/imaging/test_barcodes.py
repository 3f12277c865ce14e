"""Codes are found as they are, or at twice their size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno

from edge_node.capture.marks import separator_text
from edge_node.imaging.barcodes import find_codes
from edge_node.imaging.decode import Page
from sync_protocol.ids import RecordId
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


PEOPLE = [
    "001185012345||NGUYỄN THỊ ẤN|01021985|Nữ|Phường Ngọc Hà, Hà Nội|10052021",
    "038064009182|172345678|LÊ VĂN ĐƯỢC|30111964|Nam|Thôn 5, Xuân Thành, Thọ Xuân, Thanh Hóa|22042021",
    "066197004410||H'NUEL NIÊ KĐĂM|05091997|Nữ|Buôn Ea Nao B, Ea Tu, Thành phố Buôn Ma Thuột, Đắk Lắk|01072022",
    "094201000377|366123456|THẠCH SÔ PHƯƠL|17032001|Nam|Ấp Đầu Giồng A, Phú Tâm, Châu Thành, Sóc Trăng|15122021",
]


@pytest.mark.parametrize("payload", PEOPLE)
@pytest.mark.parametrize("dpi", [150, 200])
@pytest.mark.parametrize("printed_mm", [16, 20])
def test_every_cards_code_is_read_from_a_copy_of_150_dpi_and_more(payload: str, dpi: int, printed_mm: int) -> None:
    """16 mm is a card's own size, 20 mm that of an enlarged copy."""
    found = find_codes(page_with_code(payload, round(printed_mm / 25.4 * dpi)), expected=True)
    assert [code.text for code in found] == [payload]


@pytest.mark.parametrize("dpi", [100, 150])
def test_a_separators_code_is_read_from_a_coarse_scan_of_a_stack(dpi: int) -> None:
    text = separator_text(RecordId(bytes(range(16))))
    assert [code.text for code in find_codes(page_with_code(text, round(40 / 25.4 * dpi)))] == [text]
