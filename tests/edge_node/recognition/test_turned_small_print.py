"""Which way is up is also known of a card that fills a corner of its page."""

from __future__ import annotations

import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.ink import red_channel
from edge_node.recognition.model import PageReading
from edge_node.recognition.page_reader import read_picture
from edge_node.recognition.readers import TwoReaders
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


class Unseeing(TwoReaders):
    """A reader whose model of orientation never sees a turn."""

    def quarter_turns(self, grey: Grey) -> int:
        return 0


@pytest.fixture(scope="module")
def unseeing() -> Unseeing:
    return Unseeing()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_whose_turn_was_not_seen_is_read_by_trying(unseeing: Unseeing, turns: int) -> None:
    page = np.ascontiguousarray(np.rot90(typeset(CARD, size_px=30), turns))
    answer = read_picture(unseeing, page, 200)
    assert isinstance(answer, PageReading)
    assert answer.quarter_turns == turns
    assert "031204736267" in answer.text


def test_a_page_that_is_read_well_is_not_tried_other_ways(unseeing: Unseeing, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(grey: Grey) -> int:
        raise AssertionError("tried")

    monkeypatch.setattr(unseeing, "turns_by_trying", never)
    assert isinstance(read_picture(unseeing, typeset(CARD, size_px=30), 200), PageReading)
