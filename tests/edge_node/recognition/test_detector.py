"""Where a rule of a table divides what the detector joined, the line is cut; what reached over a rule is not read twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.rules import Rule
from edge_node.recognition.detector import _cut, _is_overlap, _snug


def corners(left: float, top: float, right: float, bottom: float) -> NDArray[np.float32]:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def spans(parts: list[NDArray[np.float32]]) -> list[tuple[float, float]]:
    return [(float(p[:, 0].min()), float(p[:, 0].max())) for p in parts]


def test_two_cells_in_one_box_become_two_lines_clear_of_the_rule() -> None:
    parts = spans(_cut(corners(100, 200, 500, 240), [Rule(299, 302, 100, 900)]))
    assert len(parts) == 2
    assert parts[0][1] < 299
    assert parts[1][0] > 302


def test_the_border_of_a_cell_and_a_rule_above_divide_nothing() -> None:
    box = corners(100, 200, 500, 240)
    assert _cut(box, [Rule(104, 106, 100, 900), Rule(299, 302, 20, 199)]) == [box]


def test_a_part_that_another_box_covers_is_dropped_and_a_single_digit_stays() -> None:
    date, sliver, digit = corners(100, 200, 260, 240), corners(240, 200, 280, 240), corners(20, 200, 50, 240)
    assert _is_overlap(sliver, [date, sliver, digit])
    assert not _is_overlap(digit, [date, sliver, digit])


def test_bare_paper_at_the_ends_is_taken_off_and_a_full_stop_stays() -> None:
    grey = np.full((300, 600), 245, np.uint8)
    grey[210:235, 200:300] = 30
    grey[232:236, 330:334] = 60
    assert spans([_snug(corners(100, 200, 500, 240), grey)]) == [(194.0, 340.0)]


def test_a_box_without_ink_stays_as_it_is() -> None:
    box = corners(100, 200, 500, 240)
    assert _snug(box, np.full((300, 600), 245, np.uint8)) is box
