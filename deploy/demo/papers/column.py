"""The running text column: paragraphs that wrap, form lines with dotted leaders, bordered tables, signature blocks.

Each function sets text at `sheet.y` and moves it down. A value that wraps keeps one box around all its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from deploy.demo.papers import pen, stamp
from deploy.demo.papers.sheet import LEFT, RIGHT, Run, Sheet

_LEADING = 1.5


def _as_runs(text: Sequence[Run] | str) -> list[Run]:
    return [Run(text)] if isinstance(text, str) else list(text)


def wrap(
    sheet: Sheet, runs: Sequence[Run], first_width: float, width: float, size_px: int
) -> list[list[tuple[Run, str]]]:
    """Break runs into lines of at most `width` px; each piece keeps the run it comes from."""
    lines: list[list[tuple[Run, str]]] = [[]]
    room = first_width
    for run in runs:
        words = [run.text] if run.pen else [word for word in run.text.replace(" ", " \0").split("\0") if word]
        for word in words:
            if sheet.width(replace(run, text=word.rstrip()), size_px) > room and lines[-1]:
                lines.append([])
                room = width
            if lines[-1] and lines[-1][-1][0] is run:
                lines[-1][-1] = run, lines[-1][-1][1] + word
            else:
                lines[-1].append((run, word))
            room -= sheet.width(replace(run, text=word), size_px)
    return lines


def _set_pieces(sheet: Sheet, pieces: list[tuple[Run, str]], x: float, size_px: int, align: str = "left") -> float:
    """Set one wrapped line; pieces of a value that wraps are gathered under the whole value."""
    parts = [run if text == run.text else replace(run, text=text) for run, text in pieces]
    end = sheet.line(parts, x, sheet.y, size_px=size_px, align=align)
    for (run, _), part in zip(pieces, parts, strict=True):
        if part is not run and run.field:
            sheet.gather(run, part)
    return end


def paragraph(
    sheet: Sheet,
    text: Sequence[Run] | str,
    *,
    indent: float = 0,
    left: float = LEFT,
    right: float = RIGHT,
    size_px: int = 0,
    align: str = "left",
    after: float = 8,
) -> None:
    """Set a paragraph; `align="center"` centres each line between left and right."""
    size_px = size_px or sheet.size_px
    lines = wrap(sheet, _as_runs(text), right - left - indent, right - left, size_px)
    for number, pieces in enumerate(lines):
        x = (left + right) / 2 if align == "center" else left + (indent if number == 0 else 0)
        _set_pieces(sheet, pieces, x, size_px, align)
        sheet.y += size_px * _LEADING
    sheet.y += after


def dots(sheet: Sheet, start: float, end: float, y: float) -> None:
    """A dotted leader from start to end: ink, but no text."""
    x = start
    while x < end:
        sheet.draw.ellipse((x, y - 1.5, x + 3, y + 1.5), fill=(70, 70, 76))
        x += 9


def form_line(sheet: Sheet, *runs: Run, left: float = LEFT, right: float = RIGHT, size_px: int = 0) -> None:
    """A line of a form: labels, and values that stand on a dotted leader reaching to the right margin."""
    size_px = size_px or sheet.size_px
    x = left
    lines = wrap(sheet, runs, right - left, right - left, size_px)
    for pieces in lines:
        base = sheet.y
        cursor = left
        for run, text in pieces:
            width = sheet.width(replace(run, text=text), size_px)
            if run.field:
                dots(sheet, cursor, cursor + width, base + 9)
            cursor += width
        x = _set_pieces(sheet, pieces, left, size_px)
        sheet.y += size_px * _LEADING
    dots(sheet, x + 4, right, sheet.y - size_px * _LEADING + 9)
    sheet.y += 6


@dataclass(frozen=True)
class Table:
    """Column widths in px and head cells; `size_px` of the type in the cells."""

    widths: tuple[int, ...]
    head: tuple[str, ...]
    size_px: int = 28
    left: int = LEFT
    centered: tuple[int, ...] = (0,)


def table(sheet: Sheet, shape: Table, rows: Sequence[Sequence[Run | str]]) -> None:
    """A bordered table; a row is as high as its highest cell. Cells are read row by row, left to right."""
    head = [[Run(text, "bold")] for text in shape.head]
    body = [[[Run(cell)] if isinstance(cell, str) else [cell] for cell in row] for row in rows]
    top = sheet.y
    step = shape.size_px * 1.32
    for number, row in enumerate([head, *body]):
        wrapped = [
            wrap(sheet, cell, width - 16, width - 16, shape.size_px)
            for cell, width in zip(row, shape.widths, strict=True)
        ]
        height = max(len(lines) for lines in wrapped) * step + 16
        x = float(shape.left)
        for index, (lines, width) in enumerate(zip(wrapped, shape.widths, strict=True)):
            sheet.draw.rectangle((x, top, x + width, top + height), outline=(40, 40, 44), width=2)
            middle = number == 0 or index in shape.centered
            sheet.y = top + 8 + shape.size_px + (height - 16 - len(lines) * step) / 2
            for pieces in lines:
                _set_pieces(
                    sheet, pieces, x + width / 2 if middle else x + 8, shape.size_px, "center" if middle else "left"
                )
                sheet.y += step
            x += width
        top += height
    sheet.y = top + sheet.size_px * 1.6


@dataclass(frozen=True)
class Signatory:
    """Who signs: the office held, the name, and the stamp's ring and middle text (none for a private person)."""

    title: str
    name: str
    ring: str = ""
    middle: tuple[str, ...] = ()
    place_and_date: tuple[Run, ...] = ()


def signature(sheet: Sheet, who: Signatory, *, x: float = 1190, room: float = 210) -> None:
    """A signature block centred on x: place and date, title, pen stroke, stamp over its left third, name."""
    if who.place_and_date:
        sheet.line([replace_style(run) for run in who.place_and_date], x, sheet.y, align="center")
        sheet.y += sheet.size_px * _LEADING
    sheet.line([Run(who.title, "bold")], x, sheet.y, align="center")
    middle = sheet.y + room / 2 + 6
    sheet.y += room + sheet.size_px
    sheet.line([Run(who.name, "bold")], x, sheet.y, align="center")
    pen.sign(sheet.image, x + 10, middle, 230, sheet.rng)
    if who.ring:
        stamp.press(sheet.image, x - 150, middle - 4, who.ring, who.middle, sheet.rng)
        sheet.tags.append("stamped")
    sheet.y += sheet.size_px * _LEADING


def replace_style(run: Run) -> Run:
    """The run in italics, in place where it already is."""
    return run if run.style == "italic" or run.field else replace(run, style="italic")
