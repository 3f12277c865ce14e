"""A sheet of A4 paper being typeset at 200 dpi, and the truth about every line and value set on it.

Positions are px from the top-left corner; baselines, not tops, are given for text. The truth box of a line or value
is the box of its ink, measured with the very font that drew it. `y` is the running baseline of the text column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from deploy.demo.papers import DISCLAIMER, DPI, PAGE_HEIGHT_PX, PAGE_WIDTH_PX, fonts, pen
from deploy.demo.papers.truth import Box, FieldTruth, LineTruth, PageTruth, nfc

INK = (26, 26, 32)
LEFT, RIGHT = 200, PAGE_WIDTH_PX - 130
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style. With `field` it is a value of the page; with `pen` it is written by hand."""

    text: str
    style: fonts.Style = "regular"
    field: str = ""
    kind: str = "text"
    pen: bool = False


def value(text: str, field: str, kind: str = "text", style: fonts.Style = "regular", *, pen: bool = False) -> Run:
    """A run that is a field's value."""
    return Run(text, style, field, kind, pen)


def join(first: Bounds | None, second: Bounds) -> Bounds:
    """The smallest bounds (left, top, right, bottom) around both."""
    if first is None:
        return second
    return min(first[0], second[0]), min(first[1], second[1]), max(first[2], second[2]), max(first[3], second[3])


def as_box(bounds: Bounds) -> tuple[int, int, int, int]:
    """Bounds as whole px `(x, y, width, height)`."""
    left, top = int(bounds[0]), int(bounds[1])
    return left, top, int(np.ceil(bounds[2])) - left, int(np.ceil(bounds[3])) - top


class Sheet:
    """One page under the hands of the typesetter."""

    def __init__(self, face: fonts.Typeface, rng: np.random.Generator, size_px: int = 36) -> None:
        self.face, self.rng, self.size_px = face, rng, size_px
        self.image = Image.new("RGB", (PAGE_WIDTH_PX, PAGE_HEIGHT_PX), (255, 255, 255))
        self.draw = ImageDraw.Draw(self.image)
        self.lines: list[LineTruth] = []
        self.values: dict[int, tuple[Run, Bounds]] = {}
        self.order: list[Run] = []
        self.tags: list[str] = []
        self.qr: str | None = None
        self.y = 0.0

    def width(self, run: Run, size_px: int) -> float:
        """Advance width of a run in px."""
        if run.pen:
            return size_px * 0.62 * len(run.text)
        return fonts.sized(self.face, run.style, size_px).getlength(nfc(run.text))

    def _set(
        self, run: Run, x: float, baseline: float, size_px: int, colour: tuple[int, int, int]
    ) -> tuple[float, Bounds]:
        if run.pen:
            return pen.write(self.image, run.text, x, baseline, size_px * 0.86, self.rng)
        font, text = fonts.sized(self.face, run.style, size_px), nfc(run.text)
        self.draw.text((x, baseline), text, font=font, fill=colour, anchor="ls")
        pad = font.getlength(text) - font.getlength(text.rstrip())
        box = self.draw.textbbox((x, baseline), text.strip() or text, font=font, anchor="ls")
        lead = font.getlength(text) - font.getlength(text.lstrip())
        after = x + font.getlength(text)
        return after, (box[0] + lead, box[1], min(box[2] + lead, after - pad + 2), box[3])

    def line(
        self,
        runs: Sequence[Run] | str,
        x: float,
        baseline: float,
        *,
        size_px: int = 0,
        align: str = "left",
        colour: tuple[int, int, int] = INK,
    ) -> float:
        """Set one line; `x` is its left end, middle (`center`) or right end (`right`). Returns the x after it."""
        size_px = size_px or self.size_px
        parts = [Run(runs)] if isinstance(runs, str) else list(runs)
        total = sum(self.width(part, size_px) for part in parts)
        x -= {"left": 0.0, "center": total / 2, "right": total}[align]
        around: Bounds | None = None
        for part in parts:
            x, bounds = self._set(part, x, baseline, size_px, colour)
            around = join(around, bounds)
            if part.field:
                before = self.values.get(id(part))
                self.values[id(part)] = part, join(before[1] if before else None, bounds)
                if before is None:
                    self.order.append(part)
        if around is not None:
            text = nfc("".join(part.text for part in parts)).strip()
            self.lines.append(LineTruth(text, as_box(around), any(part.pen for part in parts)))
        return x

    def gather(self, whole: Run, piece: Run) -> None:
        """Count the ink of a piece of a wrapped value to the whole value."""
        _, bounds = self.values.pop(id(piece))
        self.order.remove(piece)
        before = self.values.get(id(whole))
        self.values[id(whole)] = whole, join(before[1] if before else None, bounds)
        if before is None:
            self.order.append(whole)

    def mark(self, mark: Run, around: Sequence[Box]) -> None:
        """Declare a value that is printed as the ink within these boxes, in another form or in several runs."""
        bounds: Bounds | None = None
        for x, y, width, height in around:
            bounds = join(bounds, (x, y, x + width, y + height))
        if bounds is not None:
            self.values[id(mark)] = mark, bounds
            self.order.append(mark)

    def finish(self, document_type: str, page: int, pages: int) -> PageTruth:
        """Close the page with the line that says it is a sample; returns its truth."""
        self.line(
            [Run(DISCLAIMER, "italic")],
            PAGE_WIDTH_PX / 2,
            PAGE_HEIGHT_PX - 46,
            size_px=22,
            align="center",
            colour=(95, 95, 100),
        )
        fields = [
            FieldTruth(run.field, run.kind, nfc(run.text).strip(), as_box(self.values[id(run)][1]), run.pen)
            for run in self.order
        ]
        tags = self.tags + (["handwritten"] if any(line.handwritten for line in self.lines) else [])
        return PageTruth(
            dpi=DPI,
            width_px=PAGE_WIDTH_PX,
            height_px=PAGE_HEIGHT_PX,
            document_type=document_type,
            page=page,
            pages=pages,
            font=self.face.name,
            tags=list(dict.fromkeys(tags)),
            lines=self.lines,
            fields=fields,
            qr=self.qr,
        )
