"""A second, independent sheet: type set in millimetres and points at any resolution, with the box of each line.

It shares neither layouts nor measures with the demo's sheet, so that what was tuned on one is judged on the other.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from deploy.demo.papers.truth import FieldTruth, LineTruth, PageTruth, nfc

_FOLDER = Path("/usr/share/fonts/truetype")
FACES: dict[str, tuple[str, str]] = {
    "FreeSans": ("freefont/FreeSans.ttf", "freefont/FreeSansBold.ttf"),
    "DejaVu Serif Condensed": ("dejavu/DejaVuSerifCondensed.ttf", "dejavu/DejaVuSerifCondensed-Bold.ttf"),
    "Liberation Serif": ("liberation2/LiberationSerif-Regular.ttf", "liberation2/LiberationSerif-Bold.ttf"),
    "DejaVu Sans Condensed": ("dejavu/DejaVuSansCondensed.ttf", "dejavu/DejaVuSansCondensed-Bold.ttf"),
    "Liberation Mono": ("liberation2/LiberationMono-Regular.ttf", "liberation2/LiberationMono-Bold.ttf"),
}
"""Only Liberation Serif, the Times metric of real papers, is also in the tuned set."""

INK = (18, 18, 20)
WIDTH_MM, HEIGHT_MM = 210.0, 297.0


@functools.lru_cache(maxsize=64)
def _font(face: str, bold: bool, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FOLDER / FACES[face][bold]), size_px, layout_engine=ImageFont.Layout.BASIC)


class UnseenSheet:
    """One A4 page at `dpi`. Positions in mm from the top-left corner, `y` is the baseline; sizes in points."""

    def __init__(self, face: str, dpi: int) -> None:
        self.face, self.dpi = face, dpi
        self.image = Image.new("RGB", (self.px(WIDTH_MM), self.px(HEIGHT_MM)), (255, 255, 255))
        self.draw = ImageDraw.Draw(self.image)
        self.lines: list[LineTruth] = []
        self.fields: list[FieldTruth] = []
        self.qr: str | None = None

    def px(self, mm: float) -> int:
        """Millimetres in px."""
        return round(mm * self.dpi / 25.4)

    def width_mm(self, text: str, points: float, *, bold: bool = False) -> float:
        """Advance width of a text."""
        return self._sized(points, bold).getlength(text) * 25.4 / self.dpi

    def _sized(self, points: float, bold: bool) -> ImageFont.FreeTypeFont:
        return _font(self.face, bold, max(6, round(points * self.dpi / 72)))

    def put(
        self, text: str, x: float, y: float, points: float, *, bold: bool = False, middle: bool = False, **field: str
    ) -> float:
        """Set one line at x (or around it); `name=` and `kind=` make it a field, `value=` when only a part is the value.

        Returns the x after it.
        """
        text, font = nfc(text), self._sized(points, bold)
        if middle:
            x -= self.width_mm(text, points, bold=bold) / 2
        left, base = self.px(x), self.px(y)
        self.draw.text((left, base), text, font=font, fill=INK, anchor="ls")
        box = self.draw.textbbox((left, base), text, font=font, anchor="ls")
        place = (int(box[0]), int(box[1]), int(np.ceil(box[2] - box[0])), int(np.ceil(box[3] - box[1])))
        self.lines.append(LineTruth(text, place))
        if field:
            self.fields.append(
                FieldTruth(field.get("name", field["kind"]), field["kind"], field.get("value", text), place)
            )
        return x + self.width_mm(text, points, bold=bold)

    def merge_lines(self, first: int, value: str, **field: str) -> None:
        """Take the lines from number `first` on as one line of writing that holds one field."""
        boxes = [line.box for line in self.lines[first:]]
        x, y = min(b[0] for b in boxes), min(b[1] for b in boxes)
        place = (x, y, max(b[0] + b[2] for b in boxes) - x, max(b[1] + b[3] for b in boxes) - y)
        said = " ".join(line.text for line in self.lines[first:])
        self.lines[first:] = [LineTruth(said, place)]
        self.fields.append(FieldTruth(field["name"], field["kind"], value.replace(" ", ""), place))

    def wrapped(self, text: str, x: float, y: float, width: float, points: float, step: float) -> float:
        """Set a paragraph; returns the baseline after it."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.width_mm(longer, points) > width:
                self.put(line, x, y, points)
                y, line = y + step, word
            else:
                line = longer
        self.put(line, x, y, points)
        return y + step

    def dotted(self, x: float, end: float, y: float) -> None:
        """A leader of round dots."""
        radius = max(1.0, self.dpi / 160)
        for place in np.arange(self.px(x), self.px(end), self.px(1.4)):
            self.draw.ellipse((place, self.px(y) - radius, place + 2 * radius, self.px(y) + radius), fill=(60, 60, 64))

    def rule(self, x0: float, y0: float, x1: float, y1: float, width_mm: float = 0.25) -> None:
        """A ruled line."""
        self.draw.line(
            (self.px(x0), self.px(y0), self.px(x1), self.px(y1)), fill=(30, 30, 34), width=max(1, self.px(width_mm))
        )

    def finish(self, document_type: str, tags: list[str]) -> PageTruth:
        """The page's truth."""
        return PageTruth(
            dpi=self.dpi,
            width_px=self.image.width,
            height_px=self.image.height,
            document_type=document_type,
            page=1,
            pages=1,
            font=self.face,
            tags=tags,
            lines=self.lines,
            fields=self.fields,
            qr=self.qr,
        )
