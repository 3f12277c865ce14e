"""Folding: the form of a Vietnamese text in which spellings, accents, case and punctuation no longer matter.

For finding labels and comparing loosely; what is shown and stored is never folded.
"""

from __future__ import annotations

import functools
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
    return "".join(_bare_character(c) for c in unicodedata.normalize("NFC", text))


@functools.lru_cache(maxsize=2048)
def _bare_character(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return "d" if base == "đ" else base[0]
