"""A third look at a word on which the two readers differ: the first reader again, on another cut of the ink.

Alone on a narrower cut it makes other mistakes than inside its line. Where it then sees what the second reader saw on boxes of
its own, that is what stands there. Measured on the disputed words of the 66 pages of the reading set (2026-11-28): where only marks
differed it took the second reader's side in 27 of the 36 words that only the first had wrong, and in none of 186 drawn from those it
had right; words of other letters were 11 in the draw, and none changed. The word is marked `mended` all the same: it never counts as
agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from rapidfuzz.distance import Levenshtein

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.alignment import same_words
from edge_node.recognition.folding import bare
from edge_node.recognition.model import Word

_NARROWER = 0.8
"""Width of the cut against its height: 187 of 238 disputed words right, against 168 at full width and 148 at 1.25."""

_ROOM = (0.05, 0.12)
"""What is added above and below, and left and right, as a share of the box's height."""

_SURE = 0.99
"""Score of a line above which it is left alone: 35 of the 37 words worth settling and 653 of the 1,029 disputed lie below."""

_FAR = 2
"""Letters in which two readings of one word may differ; beyond, one of them read something else."""

_MOST = 40
"""Words of a page that are looked at again: 16 on an average page; a page with more is for a person."""

_MARKS = ".,;:()-–/\"'"


class ThirdLook:
    """Settles disputed words of one page. `read` is the first reader; `grey` the page that was read."""

    def __init__(
        self, grey: Grey, read: Callable[[Sequence[Grey]], list[tuple[str, float, tuple[float, ...]]]]
    ) -> None:
        self._grey, self._read, self._left = grey, read, _MOST

    def settled(self, words: Sequence[Word], second: str, score: float) -> tuple[Word, ...]:
        """The words of a line, those replaced on which the second reader and the third look agree against the first.

        `score` is the first reader's for the line: where it was sure, nothing is looked at again.
        """
        done = list(words)
        if score > _SURE:
            return tuple(done)
        for at, seen in same_words([word.text for word in words], second.split()).items():
            core, other = words[at].text.strip(_MARKS), seen.strip(_MARKS)
            if self._left and is_disputed(core, other):
                self._left -= 1
                if self._again(words[at].box).strip(_MARKS) == other:
                    text = words[at].text.replace(core, other)
                    done[at] = msgspec.structs.replace(words[at], text=text, mended=True)
        return tuple(done)

    def _again(self, box: Box) -> str:
        import cv2

        above, beside = (max(2, round(box.h * share)) for share in _ROOM)
        cut = self._grey[max(0, box.y - above) : box.bottom + above, max(0, box.x - beside) : box.right + beside]
        if min(cut.shape) < 8:
            return ""
        narrow = cv2.resize(cut, None, fx=_NARROWER, fy=1.0, interpolation=cv2.INTER_CUBIC)
        return self._read([np.asarray(narrow, np.uint8)])[0][0]


def is_disputed(first: str, second: str) -> bool:
    """Whether two readings of one word differ in letters or marks, near enough to be the same ink. Numbers are never settled.

    >>> [is_disputed(a, b) for a, b in (("HIẾM", "HIỂM"), ("Độ", "Đệ"), ("1985", "1986"), ("nhà", "Nhà"), ("vi", "người"))]
    [True, True, False, False, False]
    """
    if len(first) < 2 or not (first.isalpha() and second.isalpha()) or first.lower() == second.lower():
        return False
    return len(first) == len(second) and Levenshtein.distance(bare(first), bare(second)) <= _FAR
