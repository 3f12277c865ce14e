"""Where the paper lies on the glass: the bright sheet inside a dark scanner lid or desk.

Only says where; the evidence page is never cut.
"""

from __future__ import annotations

import numpy as np

from edge_node.imaging.decode import Page
from edge_node.imaging.geometry import Box
from edge_node.imaging.ink import luminance


def paper_box(page: Page) -> Box:
    """The sheet's upright box in px of `page`; the whole page when no dark surrounding is seen. Pure."""
    import cv2

    grey = luminance(page)
    height, width = grey.shape
    whole = Box(0, 0, width, height)
    scale = min(1.0, 600 / max(height, width))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    level, bright = cv2.threshold(cv2.GaussianBlur(small, (0, 0), 3), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    if (edge < level).mean() < 0.35:
        return whole
    contours, _ = cv2.findContours(np.asarray(bright, dtype=np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return whole
    sheet = max(contours, key=cv2.contourArea)
    if cv2.contourArea(sheet) < 0.1 * small.size:
        return whole
    x, y, w, h = (round(v / scale) for v in cv2.boundingRect(sheet))
    return Box(x, y, w, h).clipped(width, height)
