"""Where the paper lies: the bright sheet on a darker lid or desk, as the four corners of a photograph.

Only says where; the evidence page is never cut. Corners are claimed only when all four edges were seen as straight lines: a page
whose rim runs out of the picture is read as it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.ink import luminance

_LOOK_PX = 900
"""Longest side of the picture in which edges are looked for."""

_STEP = 1.16
"""How much brighter than the desk the paper must be right behind its edge; a shadow that falls across is no such step."""

_SUPPORT = 0.55
"""Share of the scan lines that must agree on one straight edge."""

_DEPTH = 0.3
"""How far into the picture an edge is looked for, as a share of its side."""

_LEAST_AREA = 0.4
"""Share of the picture that the sheet must cover."""

_DARKER = 0.85
"""Brightness of the desk against that of the paper, at most."""

Corners = NDArray[np.float64]
"""`(4, 2)`: top-left, top-right, bottom-right, bottom-left, in px of the page."""


def paper_corners(page: Page) -> Corners | None:
    """The corners of a sheet photographed aslant, or None where its four edges are not all in the picture. Pure."""
    import cv2

    height, width = page.shape[:2]
    scale = min(1.0, _LOOK_PX / max(height, width))
    if min(height, width) * scale < 100:
        return None
    small = np.asarray(cv2.resize(luminance(page), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    edges = []
    for turns in range(4):  # top, right, bottom, left: each is the top of a turned picture
        edge = _top_edge(np.ascontiguousarray(np.rot90(small, turns)))
        if edge is None:
            return None
        edges.append(_turned_back(edge, turns, small.shape[1], small.shape[0]))
    top, right, bottom, left = edges
    corners = np.array([_meet(top, left), _meet(top, right), _meet(bottom, right), _meet(bottom, left)])
    area = float(cv2.contourArea(corners.astype(np.float32)))
    if area < _LEAST_AREA * small.size or not cv2.isContourConvex(corners.astype(np.float32)):
        return None
    return np.asarray((corners + 0.5) / scale - 0.5, dtype=np.float64) if _lies_on_darker(small, corners) else None


def _lies_on_darker(grey: Grey, corners: Corners) -> bool:
    """Whether what is outside is a desk: the frame that is printed around a certificate has paper on both sides."""
    import cv2

    inside = np.zeros(grey.shape, np.uint8)
    cv2.fillPoly(inside, [np.round(corners).astype(np.int32)], 1)
    outside = cv2.dilate(inside, np.ones((5, 5), np.uint8)) == 0
    if outside.sum() < 50:
        return False
    return float(np.median(grey[outside])) < _DARKER * float(np.median(grey[inside == 1]))


def _top_edge(grey: Grey) -> NDArray[np.float64] | None:
    """The line (n_x, n_y, c), n·p = c, where the picture turns from desk to paper when coming from the top, or None."""
    depth = int(grey.shape[0] * _DEPTH)
    rows = grey[: depth + 8].astype(np.float32) + 4.0
    sums = np.cumsum(np.vstack([np.zeros_like(rows[:1]), rows]), axis=0)
    before, after = (sums[4:-8] - sums[:-12]) / 4, (sums[12:] - sums[8:-4]) / 4  # 4 rows each, 4 rows apart
    steps = after / before
    columns = np.arange(4, grey.shape[1] - 4, 3)
    points = []
    for x in columns:
        first = np.flatnonzero(steps[:, x] > _STEP)
        if first.size:
            run = steps[first[0] : first[0] + 8, x]
            points.append((float(x), first[0] + int(run.argmax()) + 5.5))
    if len(points) < _SUPPORT * len(columns):
        return None
    return _line_through(np.array(points), _SUPPORT * len(columns))


def _line_through(points: NDArray[np.float64], least: float) -> NDArray[np.float64] | None:
    """The line on which at least `least` of the points lie, by median slopes and then least squares."""
    x, y = points[:, 0], points[:, 1]
    half = len(points) // 2
    slope = float(np.median((y[half : 2 * half] - y[:half]) / (x[half : 2 * half] - x[:half])))
    offset = float(np.median(y - slope * x))
    for reach in (6.0, 3.0, 1.8):
        on = np.abs(y - slope * x - offset) < reach
        if on.sum() < least:
            return None
        slope, offset = (float(v) for v in np.polyfit(x[on], y[on], 1))
    return np.array([-slope, 1.0, offset]) if abs(slope) < 0.25 else None


def _turned_back(line: NDArray[np.float64], turns: int, width: int, height: int) -> NDArray[np.float64]:
    """A line of the picture turned `turns` times counter-clockwise, as a line of the picture itself."""
    a, b, c = (float(v) for v in line)
    if turns == 1:  # there (x, y) shows here (width-1-y, x)
        return np.array([-b, a, c - b * (width - 1)])
    if turns == 2:
        return np.array([-a, -b, c - a * (width - 1) - b * (height - 1)])
    if turns == 3:  # there (x, y) shows here (y, height-1-x)
        return np.array([b, -a, c - a * (height - 1)])
    return np.array([a, b, c])


def _meet(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, float]:
    x, y = np.linalg.solve(np.array([one[:2], other[:2]]), np.array([one[2], other[2]]))
    return float(x), float(y)
