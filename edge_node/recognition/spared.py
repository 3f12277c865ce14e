"""Words that the first reader need not read: taken off the ends of its lines, and put back into what it read of the rest.

Which words those are says `sure_words`. They are `mended`, without a tone seen: one reader alone vouches for their letters, so that they
never count as agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec

from edge_node.imaging.geometry import Box, around
from edge_node.recognition.model import Word

_BESIDE = 0.6
"""How far, in heights of a line, the ends of both readers' boxes of one line may lie apart."""


@dataclass(frozen=True)
class Run:
    """Words that need no second look, px of the page.

    `left`, `right`: columns in the gaps beside them, where the rest of the line may be cut off; `score`: the second reader's of their line.
    """

    words: tuple[Word, ...]
    left: int
    right: int
    score: float

    @cached_property
    def box(self) -> Box:
        """Where all its words stand; asked for each word of the page."""
        return around(word.box for word in self.words)

    def moved(self, x: int, y: int) -> Run:
        """The same in px of a picture whose corner lies elsewhere."""
        there = (msgspec.structs.replace(w, box=Box(w.box.x + x, w.box.y + y, w.box.w, w.box.h)) for w in self.words)
        return Run(tuple(there), self.left + x, self.right + x, self.score)


@dataclass(frozen=True)
class Part:
    """The columns of a box that are left to read, from `start` to `end` (equal: none), and what stands before and behind them."""

    start: int
    end: int
    before: tuple[Word, ...] = ()
    behind: tuple[Word, ...] = ()
    score: float = 1.0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to read."""
        return self.start == self.end


def left_to_read(box: Box, found: Sequence[Run]) -> Part:
    """What of a box of the first reader's is left when the sure words at its ends are taken off."""
    here = sorted((run for run in found if box.same_row(run.box)), key=lambda run: run.left)
    reach = round(box.h * _BESIDE)
    here = [run for run in here if run.box.x >= box.x - reach and run.box.right <= box.right + reach]
    start, end = box.x, box.right
    before: tuple[Word, ...] = ()
    behind: tuple[Word, ...] = ()
    if here and here[0].box.x <= box.x + reach:
        before, start = here[0].words, here[0].right
        if here[0].box.right >= box.right - reach:
            return Part(box.x, box.x, before, score=here[0].score)
    if here and here[-1].words is not before and here[-1].box.right >= box.right - reach and here[-1].left - start > box.h:
        behind, end = here[-1].words, here[-1].left
    return Part(start, end, before, behind)


def with_spared(
    part: Part, box: Box, cut: Box, read: tuple[str, float, tuple[float, ...]]
) -> tuple[str, float, tuple[float, ...]]:
    """A line put together again: text, score, and the centre of each character as a share of `box`.

    `read` is what the first reader saw in `cut`, centres as shares of that.
    """
    text, score, shares = read
    if not part.before and not part.behind:
        return read
    middle = [(sign, cut.x + share * cut.w) for sign, share in zip(text, shares, strict=True)]
    signs: list[tuple[str, float]] = []
    for piece in (*map(_spelled, part.before), _trimmed(middle), *map(_spelled, part.behind)):
        if signs and piece:
            signs.append((" ", (signs[-1][1] + piece[0][1]) / 2))
        signs += piece
    shares = tuple((place - box.x) / box.w for _, place in signs)
    return "".join(sign for sign, _ in signs), min(score, part.score), shares


def _spelled(word: Word) -> list[tuple[str, float]]:
    return [(sign, word.box.x + word.box.w * (at + 0.5) / len(word.text)) for at, sign in enumerate(word.text)]


def _trimmed(signs: list[tuple[str, float]]) -> list[tuple[str, float]]:
    inked = [at for at, (sign, _) in enumerate(signs) if sign != " "]
    return signs[inked[0] : inked[-1] + 1] if inked else []


def spared_marked(words: Sequence[Word], found: Sequence[Run]) -> tuple[Word, ...]:
    """The words of a line, those on a spared place marked as one reader's alone. Pure."""
    return tuple(
        msgspec.structs.replace(word, mended=True, tone_seen=False) if any(_lies_in(word.box, run.box) for run in found) else word
        for word in words
    )


def _lies_in(box: Box, place: Box) -> bool:
    return box.same_row(place) and box.shared_columns(place) * 2 > box.w
