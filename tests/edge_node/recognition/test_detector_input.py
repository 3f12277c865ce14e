"""The detector gets the numbers that its library would have made, for a fraction of the work."""

from __future__ import annotations

import numpy as np
import pytest
from rapidocr_onnxruntime.ch_ppocr_det.utils import DetPreProcess

from edge_node.recognition.detector_input import detector_input


@pytest.mark.parametrize(("shape", "longest"), [((935, 760), 510), ((40, 900), 500), ((300, 200), 1280)])
def test_it_is_the_librarys_own_input_bit_for_bit(shape: tuple[int, int], longest: int) -> None:
    grey = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    theirs = DetPreProcess(longest, "max", [0.5] * 3, [0.5] * 3)(np.repeat(grey[:, :, None], 3, axis=2))
    assert np.array_equal(detector_input(grey, longest), theirs)


def test_a_sliver_keeps_one_step_of_the_grid() -> None:
    assert detector_input(np.zeros((3, 900), np.uint8), 500).shape == (1, 3, 32, 512)
