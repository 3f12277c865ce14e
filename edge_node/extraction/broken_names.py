"""Names of which a part stands elsewhere: broken by a row's end inside a sentence ("… đặt tên con: LÂM PHẠM AN / NHIÊN. Họ tên cha: …"), in two rows of a
narrow cell, or cut where other rows have a border ("CHÂU THỊ SA | RUONE").

Such a name is not proven whole. What can be the rest is joined, and need not be a Vietnamese syllable; a person looks either way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from edge_node.extraction.continuation import ANY_LABEL, NEW_ITEM, OFFICE
from edge_node.extraction.find import Find
from edge_node.extraction.free_text import Value, names_nobody
from edge_node.extraction.grammar import values
from edge_node.extraction.persons import begins_statement
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import is_label
from edge_node.extraction.surnames import is_family_name
from edge_node.recognition.folding import bare, folded

_REST = re.compile(r"(?:[^\W\d_]+ ?){1,3}(?=\s*(?:[.,;(]|$)|(?<= )(?:sinh|là|và|có|hiện)\b)")
_LABEL = re.compile(r"[^.;(:]{1,60}(?:\([^)]*\))?\s*:")
"""How a row of a form begins: words and a colon, and no end of a sentence between them."""
_SENTENCE = 0.3
"""Share of the page's width from which a row is one of a text, and no box of a form."""
_CLOSE, _INDENT, _SPACE = 1.3, 4.0, 0.3
"""How far the next row is below, how far a paragraph's first row may begin right of it, and a space's width, in heights."""
_NAME_ALONE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,2}[.,;]?")
_NOBODY = ("nam", "nu", "kinh")
"""Values of other cells that look like a name's last word."""
_ALIGNED, _PITCH, _WORD_GAP = 0.6, 1.6, 0.55
"""How far the rows of one cell may begin apart and lie below each other, and from which gap the next cell begins, in heights."""


def with_rests(finds: Mapping[str, Find], rows: Sequence[Row]) -> dict[str, Find]:
    """The same finds; names that the row's end may have broken are carried on, and doubtful."""
    return {name: _carried_on(find, rows) if find.kind == "name" and not find.more else find for name, find in finds.items()}


def _carried_on(find: Find, rows: Sequence[Row]) -> Find:
    said = find.row.text[find.start : find.end]
    name = next(iter(values("name", said)), None)
    if name is None or find.row.text[find.start + name.end :].strip(" "):
        return find
    if (part := _part_beside(find, name.text, rows) or _part_in_cell(find, name, rows)) is not None:
        return part
    below = _next_in_column(find.row, rows)
    if below is not None and _is_part_of_name(below.text, name.text):
        return replace(find, more=(below,), is_open=True)  # in a column of its own a row may end far from the edge of the others
    if below is None or not _has_no_room(find.row, below, rows):
        return find
    plain = bare(below.text)
    first = below.text.split()[0].strip(".,;:()")
    if not _is_cased_like(name.text, first) or NEW_ITEM.match(plain) or _LABEL.match(plain) or begins_statement(below.text):
        return find
    rest = _REST.match(below.text)
    if rest is None or not all(_is_cased_like(name.text, word) for word in rest[0].split()):
        return find if ANY_LABEL.match(plain) else replace(find, is_open=True)
    return replace(find, more=(below,), until=len(rest[0].rstrip()), is_open=True)


def _part_beside(find: Find, name: str, rows: Sequence[Row]) -> Find | None:
    """The name with the next segment of its row, a space away, that was parted from it."""
    here = find.row.box
    beside = (one for one in rows if one is not find.row and one.page_number == find.row.page_number and here.same_row(one.box) and -0.5 * here.h < one.box.x - here.right < here.h)
    return next((replace(find, more=(one,), is_open=True) for one in beside if _is_part_of_name(one.text, name)), None)


def _part_in_cell(find: Find, name: Value, rows: Sequence[Row]) -> Find | None:
    """The name with the row above or below it in its cell: it begins where the name does, is as near as the next line of a cell, and has no label of its own."""
    words = find.row.words_between(find.start + name.start, find.start + name.end)
    here = find.row
    if not words:
        return None
    near = (one for one in rows if one.page_number == here.page_number and 0.5 * here.box.h < abs(one.box.middle_y - here.box.middle_y) < _PITCH * here.box.h)
    cell = [(one, *part) for one in near if (part := _in_column(one, words[0].box.x)) is not None and _is_part_of_name(one.text[slice(*part)], name.text) and not _has_its_own_label(one, here, rows)]
    below = next((one for one, start, end in cell if one.box.middle_y > here.box.middle_y and start == 0 and end == len(one.text)), None)
    above = next((part for part in cell if part[0].box.middle_y < here.box.middle_y and find.start == 0 and _is_beside_a_label(part[0], here, rows)), None)
    if above is None:
        return replace(find, more=(below,), is_open=True) if below is not None else None
    return replace(find, row=above[0], start=above[1], end=above[2], more=(here,) if below is None else (here, below), is_open=True)


def _in_column(row: Row, left: float) -> tuple[int, int] | None:
    """The characters of a row that stand in the cell which begins at column `left`, up to the next gap that is wider than a space; None where none begin there."""
    start, end, at, right = None, 0, 0, 0
    for word in row.words:
        if start is None and abs(word.box.x - left) < _ALIGNED * row.box.h:
            start = at
        elif start is not None and word.box.x - right > _WORD_GAP * word.box.h:
            break
        end, right, at = at + len(word.text), word.box.right, at + len(word.text) + 1
    return None if start is None else (start, end)


def _is_beside_a_label(row: Row, other: Row, rows: Sequence[Row]) -> bool:
    """Whether a row left of both of them lies at the height of both: the label in the middle of their cell's height."""
    left = (one.box for one in rows if one.page_number == row.page_number and one.box.right < row.box.x)
    return any(min(box.bottom, side.bottom) - max(box.y, side.y) > 0.2 * box.h for side in left for box in (row.box,) if min(other.box.bottom, side.bottom) - max(other.box.y, side.y) > 0.2 * side.h)


def _has_its_own_label(row: Row, name: Row, rows: Sequence[Row]) -> bool:
    """Whether something stands left of this row that does not stand beside the name, too."""
    left = (one for one in rows if one.page_number == row.page_number and one.box.right <= row.box.x and one.box.same_row(row.box))
    return any(min(name.box.bottom, one.box.bottom) - max(name.box.y, one.box.y) < 0.2 * one.box.h for one in left)


def _is_part_of_name(text: str, name: str) -> bool:
    """Whether a text is one to three words that are written like this name and say nothing else."""
    said = text.strip(" ")
    if min(len(said.split()), len(name.split())) > 2 and is_family_name(said.split()[0]):
        return False  # the next person, in a table with a row for each
    if not _NAME_ALONE.fullmatch(said) or folded(said) in _NOBODY or is_label(said) or names_nobody(said) or OFFICE.match(bare(said)) or begins_statement(said):
        return False
    return all(_is_cased_like(name, word.strip(".,;")) for word in said.split())


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
