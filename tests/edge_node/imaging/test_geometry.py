"""Boxes find their way back to the evidence page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_node.imaging.geometry import IDENTITY, Box, Transform, around

numbers = st.integers(-3000, 3000)


@given(numbers, numbers, st.integers(1, 500), st.integers(1, 500))
def test_the_identity_keeps_a_box(x: int, y: int, w: int, h: int) -> None:
    assert IDENTITY.box(Box(x, y, w, h)) == Box(x, y, w, h)


def test_two_maps_in_a_row_are_one_map() -> None:
    turn, shift = Transform(0, 1, 0, -1, 0, 100), Transform(2, 0, 5, 0, 2, 7)
    assert shift.after(turn).point(3, 4) == shift.point(*turn.point(3, 4))


@given(numbers, numbers)
def test_a_clipped_box_lies_on_the_picture(x: int, y: int) -> None:
    box = Box(x, y, 50, 60).clipped(200, 300)
    assert 0 <= box.x < box.right <= 200
    assert 0 <= box.y < box.bottom <= 300


def test_a_box_around_boxes_holds_them() -> None:
    assert around([Box(10, 10, 5, 5), Box(30, 8, 4, 20)]) == Box(10, 8, 24, 20)


def test_lines_beside_each_other_share_a_row() -> None:
    assert Box(0, 100, 50, 30).same_row(Box(200, 108, 50, 26))
    assert not Box(0, 100, 50, 30).same_row(Box(0, 125, 50, 30))


def test_a_map_by_perspective_can_be_undone_and_joined() -> None:
    aslant = Transform(1.01, 0.02, 30, -0.01, 0.98, 50, 4e-6, -7e-6)
    both = Transform(0, 1, 0, -1, 0, 2339).after(aslant)
    assert Transform(0, 1, 0, -1, 0, 2339).point(*aslant.point(900, 1200)) == pytest.approx(both.point(900, 1200))
    assert aslant.inverse().point(*aslant.point(900, 1200)) == pytest.approx((900, 1200))
