"""The faults under which the readers are measured, each under the name that the page carries as a tag."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deploy.demo.papers import stamp
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.scan import Look


@dataclass(frozen=True)
class Condition:
    """A named fault: its tags, how the capture looks, and whether a stamp is pressed onto the text first."""

    tags: tuple[str, ...]
    look: Look
    over_text: bool = False
    lean: float = 0.0

    @property
    def name(self) -> str:
        """The tags in one word, for file names."""
        return "_".join(self.tags)


CONDITIONS = (
    Condition(("clean",), Look()),
    Condition(("stamped",), Look(), over_text=True),
    Condition(("skewed",), Look(), lean=2.0),
    Condition(("stamped", "skewed"), Look(), over_text=True, lean=2.0),
    Condition(("blurred",), Look(blur_px=1.3)),
    Condition(("low_contrast",), Look(contrast=0.42)),
    Condition(("jpeg40",), Look(jpeg_quality=40)),
    Condition(("noise",), Look(noise_levels=17.0)),
    Condition(("photographed",), Look(perspective=0.035, shadow=0.4, blur_px=0.7, noise_levels=5.0, jpeg_quality=78)),
    Condition(("rotated90",), Look(quarter_turns=1)),
    Condition(("rotated180",), Look(quarter_turns=2)),
)


def look_of(condition: Condition, rng: np.random.Generator) -> Look:
    """The look of one page: a leaning page leans between half and all of the condition's angle, either way."""
    if not condition.lean:
        return condition.look
    degrees = float(rng.uniform(0.5, 1.0) * condition.lean * rng.choice([-1, 1]))
    return Look(skew_degrees=degrees)


def press_over_text(drawn: Drawn, rng: np.random.Generator) -> None:
    """Press an office stamp onto a line in the middle of the page."""
    image, truth = drawn
    middle = [line for line in truth.lines if 600 < line.box[1] < 1700] or truth.lines
    x, y, width, height = middle[int(rng.integers(0, len(middle)))].box
    where = min(max(x + width * 0.7, 200), image.width - 200), min(y + height, image.height - 200)
    stamp.press(image, *where, "Bảo hiểm xã hội cơ sở Vũ Thư", ("BẢO HIỂM", "XÃ HỘI"), rng)
