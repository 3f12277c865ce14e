"""Tone marks put right: our own eye as a third witness where the readers differ in tone, and against both where it is very sure.

Both readers see a line small and take a hook for an acute or a grave, above all over a circumflex. The eye sees the vowel at the page's own
resolution and knows no words, only marks. It looks at syllables alone: numbers, codes and foreign words are never touched, and it
never makes what is no syllable. What it changes is marked `mended`, so that it never counts as agreement of the readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.recognition.alignment import same_words
from edge_node.recognition.model import Word
from edge_node.recognition.syllable import is_syllable
from edge_node.recognition.tone_picture import tone_picture, vowel_place
from edge_node.recognition.tones import ABOVE, STOPPED_TONES, STOPS, tone_of, toneless, with_tone
from edge_node.recognition.word_ink import snug_boxes

_MARKS_AROUND = ".,;:()\"'/-–"

CASTS = 0.95
"""Chance from which the eye decides for the second reader's tone against the first's."""

PARTS = 0.97
"""Chance from which it is believed where all three see another tone."""

OVERRULES = 0.998
"""Chance from which it is believed against both readers, or against the first where the second saw no such word."""

CONFIRMS = 0.99
"""Chance from which the eye is a witness for the tone that was read."""

_SURE = 0.99
"""Score of a line above which the readers' agreement is not looked into, but in names."""

Eye = Callable[[NDArray[np.float32]], NDArray[np.float32]]


class ToneMarks:
    """Settles the tones of one page's words. `eye` is the network; `grey` the page that was read."""

    def __init__(self, grey: Grey, eye: Eye) -> None:
        self._grey, self._eye = grey, eye

    def settled(self, words: Sequence[Word], second: str, score: float) -> tuple[Word, ...]:
        """The words of a line, those replaced whose tone the eye settles otherwise, those marked whose tone it surely sees.

        `score` is the first reader's for the line: where it was sure, only names and words that the second read otherwise are looked at.
        """
        done = list(words)
        cores = [core_of(word) for word in words]
        partners = same_words(cores, [seen.strip(_MARKS_AROUND) for seen in second.split()])
        looked = [
            at for at, core in enumerate(cores)
            if is_judged(core) and (score <= _SURE or core[0].isupper() or partners.get(at) != core)
        ]  # fmt: skip
        seen = list(self._seen(words, cores, looked))
        if _is_astray(seen, cores, partners):
            return tuple(done)
        for at, chances in seen:
            core = cores[at]
            changed = decided(core, partners.get(at, ""), chances)
            if changed is not None:
                done[at] = msgspec.structs.replace(words[at], text=words[at].text.replace(core, changed), mended=True)
            elif chances[tone_of(core)] >= CONFIRMS:
                done[at] = msgspec.structs.replace(words[at], tone_seen=True)
        return tuple(done)

    def _seen(
        self, words: Sequence[Word], cores: Sequence[str], looked: Sequence[int]
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """For each word looked at that can be seen, its number and the chances of the tones that it may bear."""
        boxes = snug_boxes(self._grey, [word.box for word in words]) if looked else []
        places = {at: vowel_place(words[at].text, words[at].text.index(cores[at]), cores[at]) for at in looked}
        pictures = {at: tone_picture(self._grey, boxes[at], places[at]) for at in looked}
        clear = {at: picture for at, picture in pictures.items() if picture is not None}
        if clear:
            for at, chances in zip(clear, self._eye(np.stack(list(clear.values()))), strict=True):
                yield at, possible_chances(cores[at], chances)


def _is_astray(
    seen: Sequence[tuple[int, NDArray[np.float32]]], cores: Sequence[str], partners: Mapping[int, str]
) -> bool:
    """Whether the eye contradicts both readers so often in one line that it must be looking beside the words."""
    against: int = sum(
        int(chances.argmax()) != tone_of(cores[at]) and chances.max() >= PARTS and partners.get(at) == cores[at]
        for at, chances in seen
    )
    return against > 1 and against * 4 > len(seen)


def core_of(word: Word) -> str:
    """The word without the signs around it."""
    return word.text.strip(_MARKS_AROUND)


def is_judged(core: str) -> bool:
    """Whether the eye may judge it: a syllable, and no lone letter without marks, which stands for itself."""
    return core.isalpha() and is_syllable(core) and (len(core) > 1 or not core.isascii())


def possible_chances(core: str, chances: NDArray[np.float32]) -> NDArray[np.float32]:
    """Chances of the tones that the syllable may bear: before a stop only sắc and nặng."""
    if not core.lower().endswith(STOPS):
        return chances
    kept = np.zeros_like(chances)
    kept[list(STOPPED_TONES)] = chances[list(STOPPED_TONES)]
    return kept / np.float32(max(kept.sum(), 1e-9))


def decided(core: str, other: str, chances: NDArray[np.float32]) -> str | None:
    """What the first reader's syllable becomes by the eye's chances; None when it stays. `other` is the second reader's word.

    Against both, only a mark above the letter becomes another above it: the readers mix those up, but see whether there is one.
    """
    first, best = tone_of(core), int(chances.argmax())
    bound = OVERRULES
    if toneless(other).lower() == toneless(core).lower() and tone_of(other) != first:
        bound = CASTS if tone_of(other) == best else PARTS
    elif not {first, best} <= ABOVE:
        return None
    return with_tone(core, best) if best != first and chances[best] >= bound else None
