"""Words of which the second reader and the eye for tones are sure: beginnings and ends of lines of running words, which the first reader is spared.

The lines are two thirds of a page's cost. What the second reader gets wrong in small words is nearly always the tone, or the hat of a letter whose
tone it has lost, and there the eye sees another tone than it. Where both agree, it is as often right as the first reader. Only small letters
count (the first word of a line may begin with a capital): names, numbers, titles, subjects and lines with a label are read by both as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

import msgspec
import numpy as np
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.model import Word
from edge_node.recognition.spared import Run
from edge_node.recognition.tone_marks import is_judged, possible_chances
from edge_node.recognition.tone_picture import tone_picture, vowel_place
from edge_node.recognition.tones import ABOVE, tone_letter, tone_of, toneless, with_tone
from edge_node.recognition.word_ink import snug_boxes

_LEAST = 3
"""Words from which it is worth cutting them off a line."""

_SURE = 0.5
"""Chance of a word's least certain letter from which the second reader is heard."""

_MARKED_SURE = 0.8
"""The same for a vowel with a tone above it, whose hat it likes to see amiss ("cắp" for "cấp"): of 4,461 words 5 were wrong, with 0.5 there 14 of 5,562."""

_UNSURE = "aăâeêoôơ"

_WIDE = 0.5
"""Share of the page's widest line from which a line belongs to a paragraph; subjects and remarks are shorter, and the finders want both readers for them."""

_TAKEN_WHOLE = ("về việc", "đề nghị")
"""Words that begin a subject or a wish, which the finders take whole."""

_SEES = 0.9
"""Chance from which the eye bears its tone out."""

_CHANGES = 0.99
"""Chance from which the eye's other tone is taken, on a letter whose hat or horn cannot have been lost with it."""

_HATTED = "iuyưêô"
"""Letters on which a lost tone takes no hat along; "phần" without its tone is read "phàn", and the eye sees no hats."""

_AROUND = ".,;()\"-–"
_DASHES = ("-", "–")
_SLIP = "ơ"
"""Read for "a" under a grave or hook ("vờ" for "và", "quở" for "quả"), but not behind "ư": "người"."""

_GROWN = 1 / 3
"""What the second reader's boxes lack above and below, as a share of their height: they hug the letters."""

_GAP = 0.1
"""Width of bare paper, in heights of the line, in which a line may be cut."""

_AT_ONCE = 16
"""Words that the eye looks at in one go, which bounds the memory of its layers."""

Eye = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def sure_runs(lines: Sequence[LineDraft], grey: Grey, eye: Eye) -> list[Run]:
    """The sure beginnings and ends of the second reader's lines, px of `grey`."""
    looked = []
    pictures: list[NDArray[np.float32]] = []
    widest = max((line.box.w for line in lines), default=0)
    for line in lines:
        if ":" in line.text or len(line.chances) != len(line.text) or line.box.w < widest * _WIDE:
            continue
        words, chances = words_of(line), _by_word(line)
        cores = [word.text.strip(_AROUND) for word in words]
        clear = [_is_clear(at, word.text, cores, chances[at]) for at, word in enumerate(words)]
        if not any(_ends(clear)) or line.text.lower().startswith(_TAKEN_WHOLE):
            continue
        boxes = snug_boxes(grey, [_grown(word.box) for word in words])
        words = tuple(msgspec.structs.replace(word, box=box) for word, box in zip(words, boxes, strict=True))
        seen = {at: _picture(grey, words[at], cores[at]) for at in range(len(words)) if clear[at] and cores[at]}
        there = {at: picture for at, picture in seen.items() if picture is not None}
        looked.append((words, cores, clear, line.score, len(pictures), list(there)))
        pictures += list(there.values())
    looks = [eye(np.stack(pictures[at : at + _AT_ONCE])) for at in range(0, len(pictures), _AT_ONCE)]
    seen_there = np.concatenate(looks) if looks else np.zeros((0, 6), np.float32)
    found: list[Run] = []
    for words, cores, clear, score, first, ats in looked:
        tones = {at: seen_there[first + n] for n, at in enumerate(ats)}
        settled = [_settled(word, cores[at], tones.get(at)) if clear[at] else None for at, word in enumerate(words)]
        found += _of_line(words, settled, score)
    return found


def _by_word(line: LineDraft) -> list[Sequence[float]]:
    """For each word of a line the chances of its letters."""
    ends = [at for at, sign in enumerate(line.text) if sign == " "]
    starts = [0, *(at + 1 for at in ends)]
    return [line.chances[start:end] for start, end in zip(starts, [*ends, len(line.text)], strict=True)]


def _is_clear(at: int, text: str, cores: Sequence[str], chances: Sequence[float]) -> bool:
    """Whether a word may be spared by its letters: a small syllable with signs around it, the first of a line before a small one, or a dash."""
    core = cores[at]
    if not core:
        return text in _DASHES
    begins = at == 0 and core[1:].islower() and "".join(cores[1:2]).islower()
    if not is_judged(core) or not (core.islower() or begins) or min(chances) < _SURE:
        return False
    letters, place, tone = toneless(core).lower(), tone_letter(core), tone_of(core)
    if letters[place] == _SLIP and letters[place - 1 : place] != "ư" and tone in (1, 3):
        return False
    is_sure = chances[text.index(core) + place] >= _MARKED_SURE
    return is_sure or letters[place] not in _UNSURE or tone not in ABOVE


def _ends(kept: Sequence[bool]) -> tuple[int, int]:
    """How many words at the beginning and at the end are kept, 0 where too few; all count as beginning."""
    count = len(kept)
    before = len(list(takewhile(bool, kept)))
    behind = 0 if before == count else len(list(takewhile(bool, reversed(kept))))
    return (before if before >= _LEAST else 0), (behind if behind >= _LEAST else 0)


def _picture(grey: Grey, word: Word, core: str) -> NDArray[np.float32] | None:
    return tone_picture(grey, word.box, vowel_place(word.text, word.text.index(core), core))


def _settled(word: Word, core: str, chances: NDArray[np.float32] | None) -> Word | None:
    """The word with the tone of which the eye is sure; None where it is not."""
    if not core:
        return word
    if chances is None:
        return None
    chances = possible_chances(core, chances)
    read, best = tone_of(core), int(chances.argmax())
    if best == read:
        return word if chances[best] >= _SEES else None
    changed = with_tone(core, best)
    if changed is None or chances[best] < _CHANGES or toneless(core)[tone_letter(core)].lower() not in _HATTED:
        return None
    return msgspec.structs.replace(word, text=word.text.replace(core, changed))


def _of_line(words: Sequence[Word], settled: Sequence[Word | None], score: float) -> Iterator[Run]:
    before, behind = _ends([word is not None for word in settled])
    middles = [(one.box.right + other.box.x) // 2 for one, other in zip(words, words[1:], strict=False)]
    sides = [words[0].box.x, *middles, words[-1].box.right]
    for start, end in ((0, before), (len(words) - behind, len(words))):
        apart = [words[at].box.x - words[at - 1].box.right for at in (start, end) if 0 < at < len(words)]
        if end > start and min(apart, default=words[0].box.h) >= words[0].box.h * _GAP:
            yield Run(tuple(word for word in settled[start:end] if word is not None), sides[start], sides[end], score)


def _grown(box: Box) -> Box:
    room = round(box.h * _GROWN)
    return Box(box.x, max(0, box.y - room), box.w, box.h + 2 * room)
