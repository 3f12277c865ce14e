"""Names that a row's end broke inside a sentence: "… đặt tên con: LÂM PHẠM AN / NHIÊN. Họ tên cha: …".

A name that reaches the edge of its column is not proven whole. Where the next row begins with words that can be the rest, they are joined; a person looks
either way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from edge_node.extraction.continuation import ANY_LABEL, NEW_ITEM
from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.persons import begins_statement
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare
from edge_node.recognition.syllable import is_syllable

_REST = re.compile(r"(?:[^\W\d_]+ ?){1,3}(?=\s*(?:[.,;(]|$)|(?<= )(?:sinh|là|và|có|hiện)\b)")
_LABEL = re.compile(r"[^.;(:]{1,60}(?:\([^)]*\))?\s*:")
"""How a row of a form begins: words and a colon, and no end of a sentence between them."""
_SENTENCE = 0.3
"""Share of the page's width from which a row is one of a text, and no box of a form."""
_CLOSE, _INDENT, _SPACE = 1.3, 4.0, 0.3
"""How far the next row is below, how far a paragraph's first row may begin right of it, and a space's width, in heights."""


def with_rests(finds: Mapping[str, Find], rows: Sequence[Row]) -> dict[str, Find]:
    """The same finds; names that the row's end may have broken are carried on, and doubtful."""
    return {name: _carried_on(find, rows) if find.kind == "name" and not find.more else find for name, find in finds.items()}


def _carried_on(find: Find, rows: Sequence[Row]) -> Find:
    said = find.row.text[find.start : find.end]
    name = next(iter(values("name", said)), None)
    below = _next_in_column(find.row, rows)
    if name is None or below is None or find.row.text[find.start + name.end :].strip(" ") or not _has_no_room(find.row, below, rows):
        return find
    plain = bare(below.text)
    first = below.text.split()[0].strip(".,;:()")
    if not _is_cased_like(name.text, first) or not is_syllable(first) or NEW_ITEM.match(plain) or _LABEL.match(plain) or begins_statement(below.text):
        return find
    rest = _REST.match(below.text)
    if rest is None or not all(_is_cased_like(name.text, word) and is_syllable(word) for word in rest[0].split()):
        return find if ANY_LABEL.match(plain) else replace(find, is_open=True)
    return replace(find, more=(below,), until=len(rest[0].rstrip()), is_open=True)


def _is_cased_like(name: str, word: str) -> bool:
    """Whether a word is in capitals where the name is, and else begins with one."""
    return word.isupper() if name.isupper() else word[:1].isupper() and not (len(word) > 1 and word.isupper())


def _next_in_column(row: Row, rows: Sequence[Row]) -> Row | None:
    """The row right below that begins where this one does, or left of it."""
    near = [one for one in rows if one.page_number == row.page_number and row.box.middle_y < one.box.y + 0.5 * one.box.h and row.box.bottom - 0.3 * row.box.h < one.box.bottom - 0.5 * row.box.h]
    near = [one for one in near if one.box.y - row.box.bottom < _CLOSE * row.box.h and row.box.x - _INDENT * row.box.h < one.box.x < row.box.x + row.box.h]
    return min(near, key=lambda one: (one.box.y, one.box.x)) if near else None


def _has_no_room(row: Row, below: Row, rows: Sequence[Row]) -> bool:
    """Whether a row of a text ends at the edge of its column, so that the next row's first word would not have fitted behind it."""
    if row.box.w < _SENTENCE * row.page.width_px or not below.words:
        return False
    left = min(row.box.x, below.box.x)
    edge = max(one.box.right for one in rows if one.page_number == row.page_number and left - row.box.h < one.box.x < row.box.x + row.box.h)
    return row.box.right + _SPACE * row.box.h + below.words[0].box.w > edge
