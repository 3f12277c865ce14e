"""The yellow sticky note on a page: such a page is captured twice, with the note and without it.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 8.2d.
"""

from __future__ import annotations

import msgspec
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from deploy.demo.papers import fonts, pen
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.truth import Box, LineTruth

_SIDE = 330


def _covered(box: Box, spot: tuple[int, int]) -> bool:
    """True when the note hides a quarter of the box or more."""
    across = min(box[0] + box[2], spot[0] + _SIDE) - max(box[0], spot[0])
    down = min(box[1] + box[3], spot[1] + _SIDE) - max(box[1], spot[1])
    return across > 0 and down > 0 and across * down * 4 >= box[2] * box[3]


def stick_note(drawn: Drawn, spot: tuple[int, int], words: str, number: str, rng: np.random.Generator) -> Drawn:
    """A copy of the page with a note at `spot`; lines and values that the note hides leave the truth."""
    image, truth = drawn[0].copy(), drawn[1]
    shadow = Image.new("L", image.size, 0)
    x, y = spot
    ImageDraw.Draw(shadow).rectangle((x + 8, y + 10, x + _SIDE + 8, y + _SIDE + 12), fill=110)
    image.paste(Image.new("RGB", image.size, (90, 90, 80)), (0, 0), shadow.filter(ImageFilter.GaussianBlur(9)))
    draw = ImageDraw.Draw(image)
    draw.rectangle((x, y, x + _SIDE, y + _SIDE), fill=(252, 236, 120))
    font = fonts.sized(fonts.serif(), "italic", 36)
    draw.text((x + 30, y + 90), words, font=font, fill=(30, 40, 90), anchor="ls")
    left, top, right, bottom = draw.textbbox((x + 30, y + 90), words, font=font, anchor="ls")
    note_lines = [LineTruth(words, (int(left), int(top), int(right - left), int(bottom - top)), handwritten=True)]
    _, (left, top, right, bottom) = pen.write(image, number, x + 40, y + 200, 46, rng)
    note_lines.append(LineTruth(number, (left, top, right - left, bottom - top), handwritten=True))
    return image, msgspec.structs.replace(
        truth,
        lines=[line for line in truth.lines if not _covered(line.box, spot)] + note_lines,
        fields=[field for field in truth.fields if not _covered(field.box, spot)],
        tags=[*truth.tags, "note"],
    )
