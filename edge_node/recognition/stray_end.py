"""A letter or sign too many at the ends of a line ("cơn" for "cơ", "CHẾ ĐỘI", "_24_"): the edge of a shadow or the border of a box, cut out along with the line.

The first reader is given some room beside the words, and what lies at the rim of that room it takes for a letter, or a piece of a rule for a low line or a quotation
mark. The second reader, on a box of its own, has the same words without it.
"""

from __future__ import annotations

from dataclasses import replace

from edge_node.recognition.draft import LineDraft
from edge_node.recognition.folding import bare

_RIM = 0.25
"""How near to the end of its box, in the box's heights, the centre of a letter lies that is none: 0.06 to 0.21 of three, while the last letter of a
line has the room beside it and half its own width between."""


_BORDERS = '_"'
"""What the first reader makes of a piece of a cell's border."""


def without_stray_end(draft: LineDraft, second: str) -> LineDraft:
    """The draft without its last letter where that lies on the rim and the second reader lacks it; else the draft itself. Digits stay. Pure."""
    words, seen = draft.text.split(), second.split()
    if not words or not seen or len(draft.centres) != len(draft.text):
        return draft
    last = words[-1]
    is_longer = len(last) > 1 and last[-1].isalpha() and bare(last[:-1]) == bare(seen[-1])
    at_rim = draft.box.right - draft.centres[-1] < _RIM * draft.box.h
    return replace(draft, text=draft.text[:-1], centres=draft.centres[:-1]) if is_longer and at_rim else draft


def without_stray_signs(draft: LineDraft, second: str) -> LineDraft:
    """The draft without a low line or a lone quotation mark at its ends of which the second reader has none; else the draft itself. Pure."""
    signs = [sign for sign in _BORDERS if sign not in second and (sign == "_" or second)]
    start, end = 0, len(draft.text)
    if end and draft.text[0] in signs:
        start = 1
    if end - start and draft.text[end - 1] in signs:
        end -= 1
    start, end = start + (draft.text[start:end][:1] == " "), end - (draft.text[start:end][-1:] == " ")
    inside = draft.text[start:end]
    if inside == draft.text or not inside or any(sign in inside for sign in signs):
        return draft
    known = len(draft.centres) == len(draft.text)
    return replace(draft, text=inside, centres=draft.centres[start:end] if known else ())
