"""Boxes and the way back: where something stands on a page, in the pixels of a stated picture.

Origin is always the top-left corner, x to the right, y downwards, in pixels. A `Transform` maps points of a reading copy
(turned, shrunk, straightened) to the evidence page it was made from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec


class Box(msgspec.Struct, frozen=True, array_like=True):
    """An upright rectangle in whole pixels, origin top-left of the picture it is stated for."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column to the right of the box."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.y + self.h

    @property
    def middle_y(self) -> float:
        """Height of the centre line."""
        return self.y + self.h / 2

    def shared_rows(self, other: Box) -> int:
        """How many pixel rows both boxes cover, 0 when none."""
        return max(0, min(self.bottom, other.bottom) - max(self.y, other.y))

    def shared_columns(self, other: Box) -> int:
        """How many pixel columns both boxes cover, 0 when none."""
        return max(0, min(self.right, other.right) - max(self.x, other.x))

    def same_row(self, other: Box) -> bool:
        """Whether both stand on one line of writing: half of the lower one is beside the other."""
        return self.shared_rows(other) * 2 > min(self.h, other.h)

    def clipped(self, width: int, height: int) -> Box:
        """The part of this box that lies on a picture of that size; never narrower or lower than 1 px."""
        x, y = min(max(0, self.x), max(0, width - 1)), min(max(0, self.y), max(0, height - 1))
        return Box(x, y, max(1, min(self.right, width) - x), max(1, min(self.bottom, height) - y))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of `boxes` (at least one)."""
    parts = list(boxes)
    x, y = min(b.x for b in parts), min(b.y for b in parts)
    return Box(x, y, max(b.right for b in parts) - x, max(b.bottom for b in parts) - y)


class Transform(msgspec.Struct, frozen=True, array_like=True):
    """An affine map of points: (x, y) becomes (a·x + b·y + c, d·x + e·y + f)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where the point lands."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def box(self, box: Box) -> Box:
        """The upright box around the four mapped corners, rounded outwards."""
        corners = [
            self.point(x, y)
            for x, y in ((box.x, box.y), (box.right, box.y), (box.x, box.bottom), (box.right, box.bottom))
        ]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        x, y = math.floor(min(xs) + 1e-6), math.floor(min(ys) + 1e-6)
        return Box(x, y, math.ceil(max(xs) - 1e-6) - x, math.ceil(max(ys) - 1e-6) - y)

    def after(self, first: Transform) -> Transform:
        """The map that applies `first`, then this one."""
        return Transform(
            self.a * first.a + self.b * first.d,
            self.a * first.b + self.b * first.e,
            self.a * first.c + self.b * first.f + self.c,
            self.d * first.a + self.e * first.d,
            self.d * first.b + self.e * first.e,
            self.d * first.c + self.e * first.f + self.f,
        )


IDENTITY = Transform()
