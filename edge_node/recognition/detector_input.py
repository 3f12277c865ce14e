"""The detector's input: a grey picture shrunk to whole steps of the network, its levels in −1…1, thrice the same.

Takes the place of the library's own preparation, whose numbers it gives bit for bit: that works in 64 bits on three equal channels of the
whole page, 29 CPU ms where this takes 3 (2026-11-29).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.recognition.limits import DETECTOR_GRID_PX

_LEVELS = ((np.arange(256, dtype=np.float32) * np.float32(1 / 255.0)).astype(np.float64) - 0.5) / 0.5


def detector_input(grey: Grey, longest_px: int) -> NDArray[np.float32]:
    """`(1, 3, height, width) float32`, sides multiples of the grid; never enlarged beyond that. Pure."""
    import cv2

    scale = min(1.0, longest_px / max(grey.shape))
    height, width = (max(1, round(int(side * scale) / DETECTOR_GRID_PX)) * DETECTOR_GRID_PX for side in grey.shape)
    levels = _LEVELS.astype(np.float32)[cv2.resize(grey, (width, height))]
    return np.repeat(levels[None, None], 3, axis=1)
