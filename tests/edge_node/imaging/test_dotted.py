"""Dotted and dashed lines between the columns of a table are rules; full stops, the dots of "i" and grain are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge_node.imaging.decode import Grey
from edge_node.imaging.rules import upright_rules, without_rules


def page() -> Grey:
    """The upper left quarter of an A4 page at 200 dpi, empty."""
    return np.full((2339, 800), 250, np.uint8)


def with_line(grey: Grey, x: int, top: int, bottom: int, *, dot: int, step: int, lean: float = 0.0) -> Grey:
    """Draw pieces `dot` px high and 2 px wide every `step` px; `lean` is px to the side for each px down."""
    for y in range(top, bottom, step):
        left = x + round(lean * (y - top))
        grey[y : y + dot, left : left + 2] = 60
    return grey


@pytest.mark.parametrize(("dot", "step"), [(2, 4), (2, 6), (3, 5), (6, 10), (8, 12), (12, 18)])
def test_a_line_of_dots_or_dashes_between_two_columns_is_a_rule_with_both_ends(dot: int, step: int) -> None:
    (rule,) = upright_rules(with_line(page(), 300, 500, 900, dot=dot, step=step))
    assert (rule.left, rule.right, rule.top) == (300, 302, 500)
    assert 900 - step - dot <= rule.bottom <= 900 + dot
    assert rule.divides


def test_dots_are_painted_over_and_the_numbers_beside_them_stay() -> None:
    grey = with_line(page(), 300, 500, 900, dot=2, step=4)
    for y in (540, 640, 740, 840):
        cv2.putText(grey, "5.100.000", (100, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 30, 3)
        cv2.putText(grey, "01-07-2023", (312, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 30, 3)
    clean = without_rules(grey, upright_rules(grey))
    assert clean[500:900, 298:304].min() == 250
    assert np.array_equal(clean[:, :290], grey[:, :290])
    assert np.array_equal(clean[:, 312:], grey[:, 312:])


def test_a_line_that_leans_a_little_and_crosses_from_band_to_band_is_one_rule() -> None:
    (rule,) = upright_rules(with_line(page(), 300, 400, 1900, dot=2, step=4, lean=0.004))
    assert (rule.top, rule.left) == (400, 300)
    assert rule.bottom > 1890


def test_full_stops_one_below_the_other_are_no_rule() -> None:
    grey = page()
    for y in range(300, 1500, 42):
        grey[y : y + 4, 300:304] = 30
    assert upright_rules(grey) == []


def test_specks_in_one_column_at_odd_distances_are_no_rule() -> None:
    grey, chance = page(), np.random.default_rng(7)
    y = 300
    while y < 1500:
        grey[y : y + 2, 300:302] = 30
        y += int(chance.integers(3, 24))
    assert upright_rules(grey) == []


def test_a_row_of_dots_to_write_on_is_no_upright_rule() -> None:
    grey = page()
    for x in range(100, 700, 6):
        grey[600:602, x : x + 2] = 60
    assert upright_rules(grey) == []


def test_a_page_of_grain_has_no_rules() -> None:
    grain = np.where(np.random.default_rng(3).random((2339, 800)) < 0.06, 0, 255).astype(np.uint8)
    assert upright_rules(grain) == []
