"""Which way is up is also known of a card that fills a corner of its page."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.imaging.ink import red_channel
from edge_node.recognition.second_reader import SecondReader
from tests.edge_node.imaging.pictures import typeset

CARD = (
    (230, 400, "CĂN CƯỚC CÔNG DÂN"),
    (200, 440, "Số / No.: 031204736267"),
    (200, 475, "Họ và tên / Full name: NGÔ THƯỞNG"),
    (200, 510, "Ngày sinh / Date of birth: 02/12/2004"),
    (200, 545, "Giới tính / Sex: Nam"),
)


@pytest.fixture(scope="module")
def reader() -> SecondReader:
    return SecondReader()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_small_print_on_a_bare_page_is_turned_upright(reader: SecondReader, turns: int) -> None:
    page = red_channel(typeset(CARD, size_px=20))
    assert reader.quarter_turns(np.ascontiguousarray(np.rot90(page, turns))) == turns
