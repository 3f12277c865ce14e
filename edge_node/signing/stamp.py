"""Stamp: the words of a visible signature, drawn as a one-page PDF/A-2b that becomes the field's appearance.

Drawing it as a page of its own makes it checkable: the tests send it through the same archival gate as a copy. Text
only, black, upright, no image.

Source: NĐ 30/2020/NĐ-CP, Phụ lục I, phần II, mục I (no image of the signature; Times New Roman, upright, size 10, black).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from edge_node.copies import archival
from edge_node.copies.embedding import EmbeddedFont, embed
from edge_node.copies.typefaces import Typeface
from edge_node.signing.errors import StampDoesNotFit
from edge_node.signing.placement import Place

SIZE_PT = 10.0
SMALLEST_PT = 5.0
_STEP_PT = 0.5
_ASCENT = 1.07  # a hair more than the tallest letters, Ỗ Ễ Ẵ (1.047 em in the stamp's typeface)
_DESCENT = 0.24
_LEADING = 1.05
_TIME_DIGITS = "0123456789-:+ "


def shown_time(instant: dt.datetime) -> str:
    """Return the instant as a stamp shows it: `22-11-2026 09:15:03 +07:00`.

    >>> shown_time(dt.datetime(2026, 11, 22, 2, 15, 3, tzinfo=dt.timezone.utc))
    '22-11-2026 09:15:03 +07:00'
    """
    return instant.astimezone(archival.VIETNAM).strftime("%d-%m-%Y %H:%M:%S") + " +07:00"


def draw_stamp(paragraphs: Sequence[str], place: Place, typeface: Typeface, *, at: dt.datetime) -> bytes:
    """Return a one-page PDF as large as the place's box, with the paragraphs wrapped at words, from the top down.

    Size 10 pt; smaller, in steps of half a point, only where the page is too small for it.

    Raises:
        StampDoesNotFit: not even 5 pt fits.
    """
    with pikepdf.new() as pdf:
        archival.add_colour_intent(pdf)
        font = embed(pdf, typeface, "".join(sorted(set("".join(paragraphs)) | set(_TIME_DIGITS))))
        size, lines = _fitted(paragraphs, place, font)
        content = _operators(lines, size, place, font)
        across, up = place.box[2] - place.box[0], place.box[3] - place.box[1]
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, across, up]),
            Resources=Dictionary(Font=Dictionary(F0=font.font)),
            Contents=pdf.make_indirect(Stream(pdf, content)),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        archival.describe(pdf, title="Chữ ký", made_at=at)
        return archival.save(pdf)


def _fitted(paragraphs: Sequence[str], place: Place, font: EmbeddedFont) -> tuple[float, list[str]]:
    size = SIZE_PT
    lines: list[str] = []
    while size >= SMALLEST_PT:
        widest = place.width * 1000 / size
        lines = [line for paragraph in paragraphs for line in wrapped(paragraph, widest, font)]
        high = (_ASCENT + (len(lines) - 1) * _LEADING + _DESCENT) * size
        if high <= place.height and all(font.width(line) <= widest for line in lines):
            return size, lines
        size -= _STEP_PT
    raise StampDoesNotFit(count=len(lines), width=place.width, height=place.height)


def wrapped(paragraph: str, widest: float, font: EmbeddedFont) -> list[str]:
    """Break a paragraph at spaces into lines of at most `widest` (1/1000 em), as far as words allow."""
    lines: list[str] = []
    for word in paragraph.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.width(longer) <= widest:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _operators(lines: Sequence[str], size: float, place: Place, font: EmbeddedFont) -> bytes:
    matrix = " ".join(str(number) for number in place.matrix)
    shown = [
        f"q {matrix} cm 0 0 0 rg BT 0 Tr /F0 {size:g} Tf {size * _LEADING:.2f} TL 0 {place.height - size * _ASCENT:.2f} Td"
    ]
    shown += [f"<{font.codes(line)}> Tj T*" for line in lines]
    return "\n".join([*shown, "ET Q"]).encode()
