"""Spaces that the readers lose, seen in the ink: a gap as wide as the other gaps between words of its line, where a word may end.

"SỞY TẾ", "Mùa ACu", "4-LẠNG SƠN": beside a syllable of one letter, a dash or a digit no step of a reader is left for the space at 32 px. Where the second reader has the
space too, or one of the words begins or ends in a sign, they count as read; where only the ink parts letters, both halves are `mended`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.folding import bare
from edge_node.recognition.model import Word
from edge_node.recognition.syllable import is_syllable
from edge_node.recognition.word_ink import bare_gaps

_WIDE = 0.7
"""Width of a gap between words against the usual one of its line."""

_SLANTED = 0.5
"""The same between two letters that make no syllable together: "Y" and "A" lean into the gap."""

_USUAL = 0.22
"""The usual width where a line has no other space, in its heights."""

_WIDER = 1.5
"""Px by which it is wider than three of four gaps between the letters of its line."""

_SLACK = 0.05
"""How far a gap's middle may lie outside the centres of the letters beside it, in heights of the line: the reader's steps are coarse."""

_NEAR = 3
"""Signs beside a space by which it is found in what the second reader read."""

_ROMAN = frozenset("IVXL")

_CLOSED = ")]"
_DASHES = "-–"


def parted(draft: LineDraft, second: str, grey: Grey) -> tuple[Word, ...]:
    """The words of a draft, cut where the ink shows a space that its reader lost. Pure."""
    asked = dict(_asked(draft.text, second)) if len(draft.centres) == len(draft.text) else {}
    cuts = _seen(draft, list(asked), grey) if asked else {}
    if not cuts:
        return words_of(draft)
    text, centres, alone = "", list[float](), set[int]()
    for at, (sign, centre) in enumerate(zip(draft.text, draft.centres, strict=True)):
        if at in cuts:
            text += " "
            centres.append(cuts[at])
            if not asked[at]:
                alone |= {text.count(" ") - 1, text.count(" ")}
        text += sign
        centres.append(centre)
    words = words_of(replace(draft, text=text, centres=tuple(centres), chances=()))
    return tuple(msgspec.structs.replace(word, mended=True) if at in alone else word for at, word in enumerate(words))


def _asked(text: str, second: str) -> Iterator[tuple[int, bool]]:
    """Where a word may end without a space, as an index of the next sign, and whether it is plain that two words meet there: the second reader
    has the space, or one of them begins or ends in a sign.
    """
    said, start = f" {bare(second)} ", 0
    for run in text.split(" "):
        is_whole = (run.islower() or run.istitle() or run.isupper()) and is_syllable(run)
        for cut in range(1, len(run)) if not is_whole else ():
            one, other = run[:cut], run[cut:]
            tail, head = one[-1:] if one[-1] in _DASHES else one[-_NEAR:], other[:1] if other[0] in _DASHES else other[:_NEAR]
            is_number = one[-1].isdecimal() and other[0].isdecimal()
            agreed = f" {bare(one)} {bare(other)} " in said or (not is_number and f"{bare(tail)} {bare(head)}" in said)
            if agreed or _may_part(one, other):
                yield start + cut, agreed or not (one[-1].isalnum() and other[0].isalnum())
        start += len(run) + 1


def _may_part(one: str, other: str) -> bool:
    """Whether two words may have run together here. Digits are parted only where a reader has the space.

    >>> [_may_part(*pair.split("|")) for pair in ("SỞ|Y", "Mùa|A", "Y|tế", "4-|LẠNG", "[01]|Họ", "S|Ở", "Ng|uyễn", "Vin|Mart", "12|34", "QĐ|-TTg", "Mã|KCB")]
    [True, True, True, True, True, False, False, False, False, False, True]
    """
    before, behind = one[-1], other[0]
    if before.isalpha() and behind.isalpha():
        left, right = _letters(one[::-1])[::-1], _letters(other)
        if any(len(half) == 1 and half.islower() for half in (left, right)) or set(left + right) <= _ROMAN:
            return False  # a letter read twice ("aAn"), a number of strokes ("II")
        glued = is_syllable(left + right) and not (before.islower() and behind.isupper())
        alike = left.isupper() == right.isupper() or right.istitle() or (len(left) == 1 and left.isupper())
        abbreviated = before.islower() and right.isupper() and len(right) > 1
        return not glued and is_syllable(left) and (abbreviated or (alike and is_syllable(right)))
    if before.isdecimal():
        return behind.isalpha() and is_syllable(_letters(other)) or (behind in _DASHES and not other[1:2].isdecimal())
    if before.isalpha() and behind.isdecimal():
        return one.islower() and len(one) > 1
    return before in _CLOSED + _DASHES and behind.isalpha() or one == ":"


def _letters(text: str) -> str:
    end = next((at for at, sign in enumerate(text) if not sign.isalpha()), len(text))
    return text[:end]


def _seen(draft: LineDraft, asked: list[int], grey: Grey) -> Mapping[int, float]:
    """Those of the places at which the ink shows a gap between words, each with the middle of its gap, px."""
    box = draft.box
    gaps = bare_gaps(grey[max(0, box.y) : box.bottom, max(0, box.x) : box.right]) + max(0, box.x)
    wide, middle = gaps[:, 1] - gaps[:, 0], gaps.mean(axis=1)
    spaces = [at for at, sign in enumerate(draft.text) if sign == " "]
    taken = {best for at in spaces if (best := _widest(draft, at - 1, at + 1, wide, middle, set())) is not None}
    usual = float(np.median(wide[list(taken)])) if taken else _USUAL * box.h
    inner = (middle > draft.centres[0]) & (middle < draft.centres[-1])
    inner[list(taken)] = False
    narrow = (float(np.percentile(wide[inner], 75)) if inner.any() else 0.0) + _WIDER
    found = {}
    for at in asked:
        best = _widest(draft, at - 1, at, wide, middle, taken)
        share = _SLANTED if draft.text[at - 1].isalpha() and draft.text[at].isalpha() else _WIDE
        if best is not None and wide[best] >= max(share * usual, narrow):
            found[at] = float(middle[best])
            taken.add(best)
    return {at: place for at, place in found.items() if _is_free(draft.text, at, found)}


def _is_free(text: str, at: int, found: Mapping[int, float]) -> bool:
    """Whether the dash beside the place, if there is one, stands by itself; a dash with one wide gap has a letter's white beside it."""
    for dash in (at - 1, at):
        if text[dash] in _DASHES:
            ends = [(dash, dash - 1), (dash + 1, dash + 1)]
            return all(place in found or not 0 <= beside < len(text) or text[beside] == " " for place, beside in ends)
    return True


def _widest(draft: LineDraft, one: int, other: int, wide: NDArray[np.intp], middle: NDArray[np.float64], taken: set[int]) -> int | None:
    """The widest gap between two signs that is not taken; None where there is none."""
    slack = _SLACK * draft.box.h
    between = np.flatnonzero((middle >= draft.centres[one] - slack) & (middle <= draft.centres[other] + slack))
    free = [int(gap) for gap in between if int(gap) not in taken]
    return max(free, key=lambda gap: int(wide[gap])) if free else None
