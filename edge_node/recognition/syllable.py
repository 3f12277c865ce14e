"""Vietnamese syllables: whether a word could be one, by its build, without a word list.

An onset, a rime and at most one tone. A misread "trưnng" or "Cưn" is caught; a rare name such as "Ẵng" passes, because no list
decides. Foreign words do not pass: they are for a person.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = ("c", "ch", "k", "p", "t")
_SYLLABLE = re.compile(
    r"(?P<onset>ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
    r"(?:(?P<open>uya|iêu|yêu|oai|oay|oeo|uây|uôi|ươi|ươu|uyu|"
    r"ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ue|ui|ưa|ưi|ưu)|"
    r"(?P<rime>uyê|iê|yê|oa|oă|oe|oo|uâ|uê|uơ|ươ|uô|uy|[aăâeêioôơuưy])(?P<coda>ng|nh|ch|[ckmnpt])?)"
)


def is_syllable(word: str) -> bool:
    """Whether `word` (letters only, any case, NFC) is built like a Vietnamese syllable.

    >>> [is_syllable(w) for w in ("NGUYỄN", "Ẵng", "nghỉ", "trưnng", "toịch", "ước", "hoặc", "Gmail")]
    [True, True, True, False, False, True, True, False]
    """
    letters, tones = [], 0
    for character in unicodedata.normalize("NFD", word.lower()):
        if character in _TONES:
            tones += 1
        else:
            letters.append(character)
    plain = unicodedata.normalize("NFC", "".join(letters))
    if tones > 1 or (found := _SYLLABLE.fullmatch(plain)) is None:
        return False
    if found["coda"] in _STOPPED:
        return any(mark in unicodedata.normalize("NFD", word) for mark in ("\u0301", "\u0323"))
    return True


def is_vietnamese(text: str) -> bool:
    """Whether every run of letters in `text` is a syllable, or an abbreviation in capitals of at most five letters."""
    words = re.findall(r"[^\W\d_]+", text)
    return bool(words) and all(is_syllable(w) or (len(w) <= 5 and w.isupper() and w.isascii()) for w in words)
