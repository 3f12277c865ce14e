"""The reading copy: a page shrunk to size, seen from above, turned upright and straightened, with the way back to the evidence page.

The evidence image is not touched. Straightening follows jdeskew on a small copy, to about a tenth of a degree;
who knows which way is up is passed in as `orientation`, because that takes a model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from edge_node.imaging.decode import Grey, Page, for_reading
from edge_node.imaging.geometry import Transform
from edge_node.imaging.ink import luminance
from edge_node.imaging.limits import MAX_SKEW_DEGREES, MIN_SKEW_DEGREES
from edge_node.imaging.paper_edge import Corners, paper_corners

_SKEW_SIDE_PX = 940
"""Longest side of the copy on which the tilt is measured. On 10 pages tilted by up to 5° it was off by 0.11° on average and 0.17° at most,
at 1,170 px by 0.09° and 0.17°, for twice the time (2026-11-29)."""

Orientation = Callable[[Grey], int]
"""Says by how many quarter turns counter-clockwise the content of a grey picture is turned: 0, 1, 2 or 3."""


@dataclass(frozen=True)
class ReadingCopy:
    """What is read instead of the evidence page.

    Attributes:
        image: `(height, width, 3) uint8`, BGR, upright and level.
        to_page: maps points of `image` to the evidence page.
        quarter_turns: counter-clockwise turns of the content that were undone, 0…3.
        skew_degrees: tilt that was undone, counter-clockwise positive.
    """

    image: Page
    to_page: Transform
    quarter_turns: int
    skew_degrees: float


def reading_copy(page: Page, orientation: Orientation | None = None) -> ReadingCopy:
    """Shrink, see from above, turn, straighten: the copy that is read. Pure; `page` stays as it is."""
    shrunk = for_reading(page)
    copy, way = shrunk.page, shrunk.to_picture
    corners = paper_corners(copy)
    if corners is not None:
        copy, back = _from_above(copy, corners)
        way = way.after(back)
    turns = orientation(_thumbnail(copy)) % 4 if orientation else 0
    if turns:
        copy, back = _turned(copy, turns)
        way = way.after(back)
    angle = skew_degrees(copy)
    if angle:
        copy, back = _levelled(copy, angle)
        way = way.after(back)
    return ReadingCopy(copy, way, turns, angle)


def skew_degrees(page: Page) -> float:
    """Degrees counter-clockwise by which the page must be turned to be level; 0 below 0.15° and beyond 12°."""
    import cv2
    from jdeskew.estimator import get_angle

    if min(page.shape[:2]) < 100:
        return 0.0
    scale = min(0.5, _SKEW_SIDE_PX / max(page.shape[:2]))
    half = cv2.resize(luminance(page), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    angle = float(get_angle(half, angle_max=MAX_SKEW_DEGREES))
    return angle if MIN_SKEW_DEGREES <= abs(angle) < MAX_SKEW_DEGREES - 0.5 else 0.0


def _thumbnail(page: Page) -> Grey:
    """The red channel, small enough for an orientation model yet large enough for Tesseract's."""
    import cv2

    scale = min(1.0, 1700 / max(page.shape[:2]))
    return np.asarray(cv2.resize(page[:, :, 2], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _from_above(page: Page, corners: Corners) -> tuple[Page, Transform]:
    """The photographed sheet alone, as a scanner would have seen it; as large as its longer edges."""
    import cv2

    top, right, bottom, left = (np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)).tolist()
    width, height = round(max(top, bottom)), round(max(left, right))
    sheet = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], dtype=np.float32)
    back = cv2.getPerspectiveTransform(sheet, corners.astype(np.float32))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(page, back, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.uint8), Transform(*(float(v) for v in back.ravel()[:8]))


def _turned(page: Page, turns: int) -> tuple[Page, Transform]:
    """Undo quarter turns; the transform maps the turned copy to the page before."""
    height, width = page.shape[:2]
    back = {
        1: Transform(0, 1, 0, -1, 0, height),
        2: Transform(-1, 0, width, 0, -1, height),
        3: Transform(0, -1, width, 1, 0, 0),
    }[turns]
    return np.ascontiguousarray(np.rot90(page, -turns)), back


def _levelled(page: Page, degrees: float) -> tuple[Page, Transform]:
    """Turn by a small angle onto a canvas that keeps every corner."""
    import cv2

    height, width = page.shape[:2]
    cos, sin = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    new_w, new_h = round(width * cos + height * sin), round(height * cos + width * sin)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    matrix[:, 2] += ((new_w - width) / 2, (new_h - height) / 2)
    level = cv2.warpAffine(page, matrix, (new_w, new_h), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    back = cv2.invertAffineTransform(matrix)
    return np.asarray(level, dtype=np.uint8), Transform(*(float(v) for v in back.ravel()))
