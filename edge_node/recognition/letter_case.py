"""The case of letters that look the same small and large (c, o, s, v, x …), by their height where the readers differ in it; and the nought that is read as one of them.

Inside a word that is capitals otherwise a reader's small letter is a capital when the other reader says so ("ĐỐc"); a first letter is what its height against the small letters
behind it says ("Xã" or "xã"), where that agrees with the second reader. What changes is `mended`: it never counts as agreement.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.alignment import same_words
from edge_node.recognition.folding import bare
from edge_node.recognition.mark_ink import line_ink
from edge_node.recognition.model import Word
from edge_node.recognition.word_ink import snug_boxes

_ALIKE = frozenset("cosuvwxz")
"""Letters without their marks whose small form is the large one made smaller."""

_FLAT = frozenset("acemnorsuvwxz")
"""Letters without their marks that are as high as a small one is."""

_SMALL, _LARGE = 1.15, 1.25
"""Height of a first letter over that of the lowest flat letter behind it: up to which it is small, from which it is a capital."""

_CAPITALS = 2
"""Capitals that a word has at least for the rest to be ones too."""

_UPRIGHT = 1.3
"""Height over width from which a round sign is a nought."""

_SIGN = 0.25
"""Height of a sign, as a share of its line's box, from which it counts."""

_AROUND = ".,;:()\"'/-–"


def cases_settled(words: Sequence[Word], second: str, grey: Grey, line: Box) -> tuple[Word, ...]:
    """The words of the line in `line`, px of `grey`, those respelled of which only the case was the second reader's to say. Pure."""
    done, said = list(words), same_words([word.text for word in words], second.split())
    for at, other in said.items():
        core, seen = words[at].text.strip(_AROUND), other.strip(_AROUND)
        if core == seen or core.lower() != seen.lower() or not _differ_in_likes(core, seen):
            continue
        if seen.isupper() and sum(sign.isupper() for sign in core) >= _CAPITALS or _is_first_alone(core, seen) and _height_says(words, at, seen, grey, line):
            done[at] = msgspec.structs.replace(words[at], text=words[at].text.replace(core, seen), mended=True)
    return tuple(done)


def nought_settled(words: Sequence[Word], grey: Grey, line: Box) -> tuple[Word, ...]:
    """The words of a line; a round sign that stands alone and is clearly higher than wide is a nought, not the letter. Pure."""
    if len(words) != 1 or words[0].text not in ("o", "O"):
        return tuple(words)
    ink = line_ink(grey, line, line.x)
    if ink is None:
        return tuple(words)
    left, _, wide, high = ink.blobs.T  # the borders of a cell lie around its box
    signs = ink.blobs[(high >= _SIGN * line.h) & (high < line.h) & (left >= line.x) & (left + wide <= line.right)]
    is_nought = len(signs) == 1 and signs[0, 3] >= _UPRIGHT * signs[0, 2]
    return (msgspec.structs.replace(words[0], text="0", mended=True),) if is_nought else tuple(words)


def _differ_in_likes(core: str, seen: str) -> bool:
    return all(bare(one) in _ALIKE for one, other in zip(core, seen, strict=True) if one != other)


def _is_first_alone(core: str, seen: str) -> bool:
    """Whether only the first letter differs, and a flat small one stands behind it to measure it by."""
    return core[1:] == seen[1:] and core[1:].islower() and any(bare(sign) in _FLAT for sign in core[1:])


def _height_says(words: Sequence[Word], at: int, seen: str, grey: Grey, line: Box) -> bool:
    """Whether the first letter's height in the ink is that of the case in `seen`."""
    boxes = snug_boxes(grey, [word.box for word in words])
    box = boxes[at]
    ink = line_ink(grey, line, box.x - line.h)
    if ink is None:
        return False
    left, top, wide, high = ink.blobs.T
    inside = ink.blobs[(left >= box.x - 1) & (left + wide <= box.right + 1) & (high >= _SIGN * line.h) & (wide <= 1.2 * line.h)]
    letters = inside[np.argsort(inside[:, 0])]
    if len(letters) < len(words[at].text.strip(_AROUND)):
        return False  # letters run together: nothing to compare
    ratio = float(letters[0, 3] / letters[1:, 3].min())
    return ratio >= _LARGE if seen[0].isupper() else 1 / _SMALL <= ratio <= _SMALL
