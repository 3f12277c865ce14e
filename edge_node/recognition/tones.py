"""The six tones of a Vietnamese syllable: which one a word bears, on which letter, and the word with another in its place.

Every syllable bears exactly one tone: ngang (no mark), huyền, ngã, hỏi, sắc or nặng. One that ends in a stop bears only sắc or nặng.
"""

from __future__ import annotations

import unicodedata

from edge_node.recognition.syllable import is_syllable

MARKS = ("", "\u0300", "\u0303", "\u0309", "\u0301", "\u0323")
"""The combining marks of ngang, huyền, ngã, hỏi, sắc, nặng: a tone is an index into this."""

ABOVE = frozenset((1, 2, 3, 4))
"""The tones that are written above a letter and blur into each other."""

STOPS = ("c", "ch", "k", "p", "t")
STOPPED_TONES = (4, 5)
"""The ends after which a syllable bears only sắc or nặng."""

_QUALITIES = "ăâêôơư"
_VOWELS = "aăâeêioôơuưy"


def toneless(word: str) -> str:
    """The word without its tone; breves, circumflexes, horns and case stay.

    >>> toneless("NGUYỄN Ẩn")
    'NGUYÊN Ân'
    """
    kept = (sign for sign in unicodedata.normalize("NFD", word) if sign not in MARKS[1:])
    return unicodedata.normalize("NFC", "".join(kept))


def tone_of(word: str) -> int:
    """The tone of a syllable, as an index into `MARKS`.

    >>> [tone_of(word) for word in ("an", "Hoà", "NGUYỄN", "hỏi", "sắc", "nặng")]
    [0, 1, 2, 3, 4, 5]
    """
    return next((MARKS.index(sign) for sign in unicodedata.normalize("NFD", word) if sign in MARKS[1:]), 0)


def tone_letter(word: str) -> int:
    """Index of the letter that bears the tone, or would: the vowel with a mark of its own, before an end the last, else the first.

    >>> [tone_letter(word) for word in ("nguyễn", "hoà", "quang", "gia", "toan", "mia", "an")]
    [4, 2, 2, 2, 2, 1, 0]
    """
    signs = unicodedata.normalize("NFC", word)
    for at, sign in enumerate(signs):
        if tone_of(sign):
            return at
    plain = signs.lower()
    start = 2 if plain.startswith(("qu", "gi")) and any(sign in _VOWELS for sign in plain[2:]) else 0
    vowels = [at for at in range(start, len(plain)) if plain[at] in _VOWELS]
    marked = [at for at in vowels if plain[at] in _QUALITIES]
    if marked or not vowels:
        return marked[-1] if marked else 0
    if vowels[-1] < len(plain) - 1 or len(vowels) == 1:
        return vowels[-1]
    return vowels[1] if len(vowels) == 3 else vowels[0]


def with_tone(word: str, tone: int) -> str | None:
    """The word with another tone on the same letter; None where that is no syllable.

    >>> [with_tone("HIẾM", 3), with_tone("Ân", 3), with_tone("cắp", 3), with_tone("1985", 4)]
    ['HIỂM', 'Ẩn', None, None]
    """
    if not word or not is_syllable(word):
        return None
    at, letters = tone_letter(word), toneless(word)
    borne = unicodedata.normalize("NFC", letters[at] + MARKS[tone])
    changed = letters[:at] + borne + letters[at + 1 :]
    return changed if len(borne) == 1 and is_syllable(changed) else None
