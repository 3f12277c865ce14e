"""A letter too many at the end of a line ("cơn" for "cơ", "CHẾ ĐỘI"): the edge of a shadow or the border of a box, cut out along with the line.

The first reader is given some room behind the last word, and what lies at the rim of that room it takes for a letter. The second reader, on a box of its
own, has the same word without it.
"""

from __future__ import annotations

from dataclasses import replace

from edge_node.recognition.draft import LineDraft
from edge_node.recognition.folding import bare

_RIM = 0.25
"""How near to the end of its box, in the box's heights, the centre of a letter lies that is none: 0.06 to 0.21 of three, while the last letter of a
line has the room beside it and half its own width between."""


def without_stray_end(draft: LineDraft, second: str) -> LineDraft:
    """The draft without its last letter where that lies on the rim and the second reader lacks it; else the draft itself. Digits stay. Pure."""
    words, seen = draft.text.split(), second.split()
    if not words or not seen or len(draft.centres) != len(draft.text):
        return draft
    last = words[-1]
    is_longer = len(last) > 1 and last[-1].isalpha() and bare(last[:-1]) == bare(seen[-1])
    at_rim = draft.box.right - draft.centres[-1] < _RIM * draft.box.h
    return replace(draft, text=draft.text[:-1], centres=draft.centres[:-1]) if is_longer and at_rim else draft
