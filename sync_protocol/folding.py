"""Folding of Vietnamese text for search: no tones, no marks, no case, one space. What the paper says is kept apart, for display."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


class _Bare(dict[int, int | None]):
    """What a decomposed character becomes in a key: marks nothing, đ a d, all else itself. Fills itself as characters are met."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_BARE = _Bare({ord("đ"): ord("d"), ord("Đ"): ord("d")})


def folded(text: str) -> str:
    """Text as a search key.

    >>> folded("  NGUYỄN Thị  Đào ")
    'nguyen thi dao'
    """
    return " ".join(filter(None, map(_folded_word, text.split())))


@lru_cache(maxsize=4_096)  # names are made of few words
def _folded_word(word: str) -> str:
    return unicodedata.normalize("NFD", word).translate(_BARE).casefold()


def digits(text: str) -> str:
    """The digits of a number typed with spaces, dots or dashes.

    >>> digits("001 185.012-345")
    '001185012345'
    """
    return text if text.isdigit() else "".join(one for one in text if one.isdigit())
