"""The rules between table cells are found and painted over; letters, codes and leaning edges are none."""

from __future__ import annotations

import cv2
import numpy as np

from edge_node.imaging.decode import Grey
from edge_node.imaging.rules import Rule, upright_rules, without_rules


def table() -> Grey:
    """Part of an A4 page at 200 dpi with two rules and a row of print."""
    grey = np.full((2339, 600), 250, np.uint8)
    for x in (200, 400):
        grey[300:700, x : x + 3] = 40
    cv2.putText(grey, "HIL 1111", (220, 500), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 30, 3)
    return grey


def test_the_rules_of_a_table_are_found_with_their_ends() -> None:
    assert upright_rules(table()) == [Rule(200, 203, 300, 700), Rule(400, 403, 300, 700)]


def test_rules_are_painted_over_and_print_stays() -> None:
    grey = table()
    clean = without_rules(grey, upright_rules(grey))
    assert clean[300:700, 198:206].min() == 250
    assert np.array_equal(clean[:, 210:395], grey[:, 210:395])
    assert grey[400, 201] == 40, "the page itself stays"


def test_stems_of_letters_and_black_areas_are_no_rules() -> None:
    grey = np.full((2339, 600), 250, np.uint8)
    cv2.putText(grey, "HILT", (20, 400), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 20, 5)
    grey[900:1300, 100:300] = 20
    assert upright_rules(grey) == []


def test_a_tiny_picture_has_no_rules() -> None:
    assert upright_rules(np.zeros((24, 24), np.uint8)) == []


def boxes(*, widths: tuple[int, ...]) -> Grey:
    """Part of an A4 page at 200 dpi with a row of boxes 48 px high, of these widths."""
    grey = np.full((2339, 1654), 245, np.uint8)
    x = 300
    for width in (0, *widths):
        x += width
        grey[700:748, x : x + 2] = 30
    grey[700:702, 300:x] = grey[746:748, 300:x] = 30
    return grey


def test_the_sides_of_boxes_for_single_digits_are_painted_over_but_part_no_cells() -> None:
    grey = boxes(widths=(42,) * 12)
    sides = upright_rules(grey)
    assert len(sides) == 13
    assert not any(side.divides for side in sides)
    assert without_rules(grey, sides)[724].min() > 200


def test_the_sides_of_boxes_that_stand_apart_are_painted_over_too_also_in_the_three_parts_of_a_day() -> None:
    day = (42, 8, 42, 30, 42, 8, 42, 30, 42, 8, 42, 8, 42, 8, 42)
    sides = upright_rules(boxes(widths=day))
    assert len(sides) == 16
    assert not any(side.divides for side in sides)


def test_strokes_at_no_common_distance_are_letters() -> None:
    assert upright_rules(boxes(widths=(42, 18, 66, 24, 90, 33, 51, 20))) == []


def test_a_part_of_a_page_is_judged_by_the_size_of_the_whole() -> None:
    whole = table()
    assert upright_rules(whole[280:720], max(whole.shape)) == [Rule(200, 203, 20, 420), Rule(400, 403, 20, 420)]
