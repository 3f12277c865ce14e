"""Folding: the form of a Vietnamese text in which spellings, accents, case and punctuation no longer matter.

For finding labels and comparing loosely; what is shown and stored is never folded.
"""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[^a-z0-9]+")


def folded(text: str) -> str:
    """Lower case, no marks, đ as d, everything else one space.

    >>> folded("  Họ và tên:  NGUYỄN Thị Ấn ")
    'ho va ten nguyen thi an'
    """
    return _BREAKS.sub(" ", bare(text)).strip()


def bare(text: str) -> str:
    """Lower case without marks, one character for each of the NFC text, so that positions stay the same.

    >>> bare("Số: 12/QĐ")
    'so: 12/qd'
    """
    return unicodedata.normalize("NFC", text).translate(_BARE)


class _BareCharacters(dict[int, str]):
    """What each character becomes, found out when it is first met: a page asks for 50,000."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        self[code] = "d" if base == "đ" else base[0]
        return self[code]


_BARE = _BareCharacters()


def capitals(text: str) -> float:
    """Share of capitals among the letters, 0…1."""
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) / len(letters) if letters else 0.0
