"""Charts as SVG drawn here: they print, need no script, and say the same in words. Both shells draw with this module.

Invariant: a chart never says anything by colour or length alone: every mark carries its label and its value as text inside the picture, the
picture's accessible name holds them all in one sentence, and the template `kit/charts.html` sets them as a table beside it. Drawing
is 360 units wide, so that letters stay readable on a phone. Values are finite and not negative; what is negative is drawn as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec
from markupsafe import Markup, escape

Tone = Literal["plain", "good", "warn", "bad", "calm"]
WIDTH: Final = 360
_COLOURS: Final[dict[str, str]] = {
    "plain": "#0b5394",
    "good": "#0a6b5d",
    "warn": "#b88300",
    "bad": "#b3261e",
    "calm": "#97a5af",
}
_ROW, _BAR = 40, 14
_COLUMNS_HEIGHT, _BASE, _HEAD = 150, 126, 18
_LETTERS_PER_UNIT: Final = 0.14  # 12-unit letters are at most about 7 units wide
_LABELS_MAX: Final = 12


class Mark(msgspec.Struct, frozen=True):
    """One value. `text` is how people read it, with its unit; "" shows the bare number."""

    label: str
    value: float
    text: str = ""
    tone: Tone = "plain"

    @property
    def shown(self) -> str:
        """The value as it stands in the picture, the sentence and the table."""
        return self.text or f"{self.value:g}".replace(".", ",")

    @property
    def size(self) -> float:
        """The length to draw."""
        return max(0.0, float(self.value))


class Chart(msgspec.Struct, frozen=True):
    """A drawn chart with what it says. `svg` is "" where there is nothing to draw."""

    title: str
    marks: tuple[Mark, ...]
    svg: Markup

    @property
    def sentence(self) -> str:
        """Title and every value in words."""
        return sentence(self.title, self.marks)


def sentence(title: str, marks: Sequence[Mark]) -> str:
    """What a chart says.

    >>> sentence("Chờ", [Mark("≤ 5 phút", 3), Mark("> 30 phút", 1, "1 lượt")])
    'Chờ: ≤ 5 phút 3; > 30 phút 1 lượt'
    """
    return f"{title}: " + "; ".join(f"{one.label} {one.shown}" for one in marks)


def bars(title: str, marks: Sequence[Mark]) -> Chart:
    """Bars that lie, one under the other, each under its label and value: for names and steps."""
    held = tuple(marks)
    top = max((one.size for one in held), default=0.0) or 1.0
    drawn = Markup("").join(
        _text(0, row * _ROW + 14, one.label, width=250)
        + _text(WIDTH, row * _ROW + 14, one.shown, anchor="end", bold=True)
        + _rect(0, row * _ROW + 20, WIDTH, _BAR, "#e6eaed")
        + _rect(0, row * _ROW + 20, WIDTH * one.size / top, _BAR, _COLOURS[one.tone])
        for row, one in enumerate(held)
    )
    return _chart(title, held, drawn, max(1, len(held)) * _ROW)


def columns(title: str, marks: Sequence[Mark]) -> Chart:
    """Columns that stand side by side: for hours and days in their order. With many, only some are labelled; the table has all."""
    held = tuple(marks)
    top = max((one.size for one in held), default=0.0) or 1.0
    step = WIDTH / max(1, len(held))
    every = -(-len(held) // _LABELS_MAX) or 1
    parts = [_line(0, _BASE, WIDTH, _BASE)]
    for at, one in enumerate(held):
        height = (_BASE - _HEAD) * one.size / top
        middle = at * step + step / 2
        parts.append(_rect(at * step + step * 0.12, _BASE - height, step * 0.76, height, _COLOURS[one.tone]))
        if one.size and (every == 1 or one.size == top):
            parts.append(_text(middle, _BASE - height - 4, one.shown, anchor="middle", bold=True))
        if at % every == 0:
            parts.append(_text(middle, _BASE + 16, one.label, anchor="middle"))
    return _chart(title, held, Markup("").join(parts), _COLUMNS_HEIGHT)


def share(title: str, marks: Sequence[Mark]) -> Chart:
    """One bar cut into parts of a whole, with a line per part below."""
    held = tuple(marks)
    whole = sum(one.size for one in held)
    parts, left = [_rect(0, 4, WIDTH, 26, "#e6eaed")], 0.0
    for row, one in enumerate(held):
        length = WIDTH * one.size / whole if whole else 0.0
        parts.append(_rect(left, 4, length, 26, _COLOURS[one.tone]))
        if left and length:
            parts.append(_rect(left - 1, 4, 2, 26, "#fff"))
        top = 40 + row * 22
        parts += [_rect(0, top, 12, 12, _COLOURS[one.tone]), _text(18, top + 11, one.label, width=230)]
        parts.append(_text(WIDTH, top + 11, one.shown, anchor="end", bold=True))
        left += length
    return _chart(title, held, Markup("").join(parts), 42 + 22 * max(1, len(held)))


def _chart(title: str, marks: tuple[Mark, ...], drawn: Markup, height: int) -> Chart:
    if not marks:
        return Chart(title, (), Markup(""))
    head = Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">'
    )
    return Chart(title, marks, head.format(WIDTH, height, sentence(title, marks)) + drawn + Markup("</svg>"))


def _text(x: float, y: float, words: str, *, anchor: str = "start", width: int = 0, bold: bool = False) -> Markup:
    room = int(width * _LETTERS_PER_UNIT) if width else len(words)
    cut = words if len(words) <= room else words[: room - 1].rstrip() + "…"
    weight = Markup(' font-weight="700"') if bold else Markup("")
    return Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>').format(
        _unit(x), _unit(y), anchor, weight, escape(cut)
    )


def _rect(x: float, y: float, width: float, height: float, colour: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        _unit(x), _unit(y), _unit(width), _unit(height), colour
    )


def _line(x: float, y: float, to_x: float, to_y: float) -> Markup:
    return Markup('<path d="M{} {}L{} {}" stroke="#56646e" fill="none"/>').format(
        _unit(x), _unit(y), _unit(to_x), _unit(to_y)
    )


def _unit(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
