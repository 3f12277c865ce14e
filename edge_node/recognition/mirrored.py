"""Mirrored pages: a camera's selfie picture, a transparency laid the wrong way round. Every reader reads letters there, and hardly a word is one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from edge_node.recognition.syllable import is_syllable

_ENOUGH = 8
"""Words of two letters and more from which a page can be judged."""

_NONSENSE, _SENSE = 0.5, 0.7
"""Share of words that are syllables, below and above which a page is nonsense or makes sense: 0.07 to 0.26 on 16 mirrored pages of eight, 0.80 to 0.99
on the eight as they are (2026-11-29). Between both, and on a page in another language, nothing is claimed."""

_WORD = re.compile(r"[^\W\d_]{2,}")


def is_nonsense(texts: Iterable[str]) -> bool:
    """Whether there are words enough and few of them could be Vietnamese. Pure.

    >>> is_nonsense(["ỊẢH ÀX GHIỌD", "mɘiv ɔộđq ʇɘiv", "oód ob", "qấl ɔộđ"]), is_nonsense(["Độc lập - Tự do"])
    (True, False)
    """
    words, right = _counted(texts)
    return words >= _ENOUGH and right < _NONSENSE * words


def makes_sense(texts: Iterable[str]) -> bool:
    """Whether there are words enough and most of them are built like Vietnamese ones. Pure."""
    words, right = _counted(texts)
    return words >= _ENOUGH and right >= _SENSE * words


def _counted(texts: Iterable[str]) -> tuple[int, int]:
    words = [word for text in texts for word in _WORD.findall(text)]
    return len(words), sum(map(is_syllable, words))
