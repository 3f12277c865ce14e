"""Text layer: the words of a page as invisible text, lying exactly on their pictures.

Invariant: the text is NFC, in render mode 3, and wrapped in `q … Q`. Render mode is part of the graphics state: left
open it would make everything drawn later (a signature's stamp) invisible too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from edge_node.copies.embedding import EmbeddedFont
from edge_node.copies.model import CopyPage, CopyWord

POINTS_PER_INCH = 72
_SMALLEST_SIZE_PT = 4.0
_FONT_HEIGHT_SHARE = 0.85  # of the line box; letters with marks fill it
_BASE_LINE_SHARE = 0.2  # descenders take the lowest fifth of the line box
_GAP_SHARE = 0.25  # of the size: poppler takes words closer than about a tenth as one, whatever space character stands between


def normal_text(words: Iterable[CopyWord]) -> str:
    """Return all characters of the words, NFC."""
    return "".join(unicodedata.normalize("NFC", word.text) for word in words)


def text_operators(page: CopyPage, font: EmbeddedFont) -> bytes:
    """Return the content stream part that lays the words of `page` over its image; empty when there are none."""
    lines: dict[int, list[CopyWord]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word)
    shown = [operator for line in lines.values() for operator in _line_operators(line, page, font)]
    return "\n".join(["q BT 3 Tr", *shown, "ET Q"]).encode() if shown else b""


def _line_operators(line: Sequence[CopyWord], page: CopyPage, font: EmbeddedFont) -> list[str]:
    scale = POINTS_PER_INCH / page.dpi
    top = min(word.y for word in line)
    bottom = max(word.y + word.h for word in line)
    size = max(_SMALLEST_SIZE_PT, (bottom - top) * scale * _FONT_HEIGHT_SHARE)
    base = (page.shown_px[1] - bottom + (bottom - top) * _BASE_LINE_SHARE) * scale
    space = font.codes(" ")
    operators = []
    for word, following in zip(line, [*line[1:], None], strict=True):
        text = unicodedata.normalize("NFC", word.text)
        natural = font.width(text) * size / 1000
        if not natural or word.w <= 0:
            continue
        width = word.w * scale
        if following is not None and following.x > word.x:
            room = (following.x - word.x) * scale - size * _GAP_SHARE
            width = max(min(width, room), width / 2)
        stretch = 100 * width / natural
        place = f"1 0 0 1 {word.x * scale:.2f} {base:.2f} Tm"
        operators.append(f"/F0 {size:.2f} Tf {stretch:.1f} Tz {place} <{font.codes(text)}{space}> Tj")
    return operators
