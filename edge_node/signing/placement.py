"""Placement: where on the first page a visible signature stands, whatever the page's boxes and rotation.

Law fixes the corners, so nothing is dragged by hand: the personal signature top-left (QĐ 1333/QĐ-BHXH Điều 8.1, 13.3b),
the agency's top-right (NĐ 30/2020/NĐ-CP, Phụ lục I). Headings begin 57 to 70 pt below the edge, so a stamp is at most
45 pt high (measured: a 62 pt stamp covered the national heading).

Source: QĐ 1333/QĐ-BHXH Điều 8.1; NĐ 30/2020/NĐ-CP Phụ lục I, phần II, mục I.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Corner = Literal["top-left", "top-right", "bottom-left"]
HEIGHT_PT = 45
MARGIN_PT = 8
WIDEST_PT = 260
GAP_PT = 6


@dataclass(frozen=True, slots=True)
class PageShape:
    """A page as the file describes it: the visible box in user space (pt, origin bottom-left) and the rotation.

    `rotation` is 0, 90, 180 or 270, clockwise as shown.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    rotation: int

    @property
    def shown_width(self) -> float:
        """Width in pt as a reader shows the page."""
        return self.y1 - self.y0 if self.rotation in (90, 270) else self.x1 - self.x0

    @property
    def shown_height(self) -> float:
        """Height in pt as a reader shows the page."""
        return self.x1 - self.x0 if self.rotation in (90, 270) else self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on the page.

    `box` is in user space, whole pt. `width` and `height` are as shown. `matrix` turns drawing done in a
    `width x height` frame (origin bottom-left as shown) into the box's own frame.
    """

    box: tuple[int, int, int, int]
    width: int
    height: int
    matrix: tuple[int, int, int, int, int, int]


def place_on(page: PageShape, corner: Corner) -> Place:
    """Return the place of a stamp in `corner` of the page as shown; on a narrow page the two top stamps share it."""
    width = int(min(WIDEST_PT, (page.shown_width - 2 * MARGIN_PT - GAP_PT) / 2))
    height = int(min(HEIGHT_PT, page.shown_height / 4))
    left = MARGIN_PT if corner != "top-right" else page.shown_width - MARGIN_PT - width
    top = MARGIN_PT if corner != "bottom-left" else page.shown_height - MARGIN_PT - height
    first = _to_user_space(page, left, top)
    second = _to_user_space(page, left + width, top + height)
    box = (
        round(min(first[0], second[0])),
        round(min(first[1], second[1])),
        round(max(first[0], second[0])),
        round(max(first[1], second[1])),
    )
    return place_in(box, page.rotation)


def place_in(box: tuple[int, int, int, int], rotation: int) -> Place:
    """Return the place that fills `box`, an existing field of a page with this rotation."""
    across, up = box[2] - box[0], box[3] - box[1]
    width, height = (up, across) if rotation in (90, 270) else (across, up)
    matrix = {
        0: (1, 0, 0, 1, 0, 0),
        90: (0, 1, -1, 0, height, 0),
        180: (-1, 0, 0, -1, width, height),
        270: (0, -1, 1, 0, 0, width),
    }[rotation]
    return Place(box, width, height, matrix)


def _to_user_space(page: PageShape, right: float, down: float) -> tuple[float, float]:
    """Turn a point given from the shown top-left corner into user space."""
    match page.rotation:
        case 90:
            return page.x0 + down, page.y0 + right
        case 180:
            return page.x1 - right, page.y0 + down
        case 270:
            return page.x1 - down, page.y1 - right
        case _:
            return page.x0 + right, page.y1 - down
