"""Boxes follow the ink through every distortion."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from deploy.demo.papers.scan import Look, capture
from deploy.demo.papers.truth import Box, LineTruth, PageTruth

SPOT: Box = (420, 300, 120, 40)
LOOKS = {
    "skew": Look(skew_degrees=2.0),
    "perspective": Look(perspective=0.04),
    "skew and perspective": Look(skew_degrees=-1.5, perspective=0.03),
    "quarter turn": Look(quarter_turns=1),
    "half turn": Look(quarter_turns=2),
    "three quarter turns": Look(quarter_turns=3),
}


def captured(look: Look) -> tuple[Box, Box]:
    """The box told by the truth and the box of the ink itself, after a capture of one black bar."""
    image = Image.new("RGB", (800, 1100), (255, 255, 255))
    x, y, width, height = SPOT
    ImageDraw.Draw(image).rectangle((x, y, x + width - 1, y + height - 1), fill=(0, 0, 0))
    truth = PageTruth(
        dpi=200,
        width_px=800,
        height_px=1100,
        document_type="CV",
        page=1,
        pages=1,
        font="",
        tags=[],
        lines=[LineTruth("bar", SPOT)],
        fields=[],
    )
    scanned, moved = capture(image, truth, look, np.random.default_rng(3))
    assert scanned.size == (moved.width_px, moved.height_px)
    rows, columns = np.nonzero(np.asarray(scanned)[:, :, 0] < 90)
    left, top = int(columns.min()), int(rows.min())
    return moved.lines[0].box, (left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_a_box_moves_with_its_ink(look: Look) -> None:
    told, seen = captured(look)
    assert np.abs(np.array(told) - np.array(seen)).max() <= 3


def test_the_comparison_turns_red_when_the_page_leaned_unseen() -> None:
    _, seen = captured(Look(skew_degrees=2.0))
    assert np.abs(np.array(SPOT) - np.array(seen)).max() > 3
