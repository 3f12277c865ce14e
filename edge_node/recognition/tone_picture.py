"""The picture in which the tone of a word is looked for: a window around the vowel that bears it, at the page's own resolution.

The first reader sees a whole line at 32 px, boxes and all, so that a 12 pt letter of a 200 dpi page has half of its pixels left; hook, acute and
grave differ by three of them. Here the line's box is 48 px high and a window of 64 px around the vowel is cut out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.tones import tone_letter

HEIGHT_PX, WIDTH_PX = 48, 64

_BELOW = 0.06
"""Share of a line's box that is left off below: the detector's boxes reach further down than up."""

_BESIDE = 0.06
"""What is added left and right of a word, as a share of its box's height."""

_FAINTEST = 40.0
"""Grey levels between ink and paper below which a picture is not spread any further: bare paper must not become ink."""

_WIDTHS = {
    **dict.fromkeys("iíìỉĩịjlI!.,:;'|Í", 0.5), **dict.fromkeys("tfrÌỈĨỊ()-/\"", 0.65), **dict.fromkeys("mw", 1.55),
    **dict.fromkeys("MW", 1.75),
}  # fmt: skip
"""How wide a letter is against the usual one, in proportional type."""


def _width(sign: str) -> float:
    return _WIDTHS.get(sign) or (1.35 if sign.isupper() else 1.0)


def vowel_place(text: str, core_start: int, core: str) -> float:
    """Where in a word's box the middle of its tone-bearing letter lies, 0…1. `core` is the syllable, at `core_start` in `text`."""
    at = core_start + tone_letter(core)
    widths = [_width(sign) for sign in text]
    return (sum(widths[:at]) + widths[at] / 2) / sum(widths)


def tone_picture(grey: Grey, box: Box, place: float) -> NDArray[np.float32] | None:
    """`(48, 64) float32`, paper 0 and ink 1, of the word in `box`, its vowel at `place`; None where there is nothing to see."""
    import cv2

    beside = round(box.h * _BESIDE)
    left, right = max(0, box.x - beside), min(grey.shape[1], box.right + beside)
    cut = grey[max(0, box.y) : max(0, box.bottom - round(box.h * _BELOW)), left:right]
    if min(cut.shape) < 8:
        return None
    scale = HEIGHT_PX / cut.shape[0]
    middle, half = box.x + place * box.w - left, WIDTH_PX / scale / 2
    start, end = max(0, round(middle - half)), min(cut.shape[1], round(middle + half))
    if end - start < 4:
        return None
    part = cut[:, start:end]
    wide = min(WIDTH_PX, max(4, round(part.shape[1] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(part, (wide, HEIGHT_PX), interpolation=method).astype(np.float32)
    levels = np.sort(small[::2, ::2], axis=None)
    dark, paper = levels[len(levels) // 50], levels[len(levels) * 22 // 25]
    ink = np.clip((paper - small) / max(paper - dark, _FAINTEST), 0.0, 1.0)
    picture = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
    offset = min(max(0, round((start - (middle - half)) * scale)), WIDTH_PX - wide)
    picture[:, offset : offset + wide] = ink
    return picture
