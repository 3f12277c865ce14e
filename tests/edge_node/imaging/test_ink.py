"""Red seals vanish, dotted leaders vanish, writing stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.ink import ink_share, inked_part, is_coloured, percentiles, red_channel
from edge_node.imaging.leaders import without_leaders
from tests.edge_node.imaging.pictures import FORM, typeset


def test_a_red_seal_is_paper_in_the_red_channel() -> None:
    page = typeset(FORM)
    stamped = page.copy()
    cv2.circle(stamped, (500, 620), 150, (60, 60, 235), 8)
    assert abs(ink_share(red_channel(stamped)) - ink_share(red_channel(page))) < 0.0005
    assert is_coloured(stamped)
    assert not is_coloured(page)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 4321])
def test_levels_that_are_counted_are_those_that_are_sorted(size: int) -> None:
    chance = np.random.default_rng(size)
    for most in (1, 4, 256):
        levels = chance.integers(0, most, size, dtype=np.uint8)
        shares = (0, 2, 30, 50, 75, 85, 90, 100)
        assert percentiles(levels, *shares) == [float(np.percentile(levels, share)) for share in shares]
        assert percentiles(levels, 50) == [float(np.median(levels))]


def with_leader(y: int) -> np.ndarray:
    page = typeset(FORM)
    for x in range(450, 1500, 9):
        cv2.circle(page, (x, y), 1, (60, 60, 60), -1)
    return page


def test_a_dotted_leader_is_taken_out_and_the_dot_below_stays() -> None:
    page, dotted = red_channel(typeset(FORM)), red_channel(with_leader(552))
    clean = without_leaders(dotted)
    right = (slice(540, 560), slice(800, 1500))
    assert dotted[right].min() < 120
    assert clean[right].min() > 200
    name = (slice(500, 550), slice(300, 620))
    assert np.abs(clean[name].astype(int) - page[name]).max() < 40


def test_a_page_without_leaders_is_not_touched() -> None:
    grey = red_channel(typeset(FORM))
    assert np.array_equal(without_leaders(grey), grey)


def test_an_ellipsis_is_no_leader() -> None:
    grey = red_channel(typeset([(200, 300, "Vân vân...")]))
    assert np.array_equal(without_leaders(grey), grey)


def test_the_inked_part_holds_every_mark_and_leaves_the_margins_out() -> None:
    grey = np.full((2339, 1654), 245, np.uint8)
    grey[400:420, 300:900] = 30
    grey[1200:1203, 1000:1200] = 60
    rows, columns = inked_part(grey)
    assert rows.start <= 380 < 1223 <= rows.stop < 1320
    assert columns.start <= 280 < 1220 <= columns.stop < 1320


def test_of_a_bare_or_tiny_page_the_inked_part_is_all() -> None:
    for shape in ((2339, 1654), (40, 60)):
        assert inked_part(np.full(shape, 245, np.uint8)) == (slice(0, shape[0]), slice(0, shape[1]))
