"""Folding of Vietnamese text for search: no tones, no marks, no case, one space. What the paper says is kept apart, for display."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Text as a search key.

    >>> folded("  NGUYỄN Thị  Đào ")
    'nguyen thi dao'
    """
    bare = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return " ".join(bare.replace("đ", "d").replace("Đ", "d").casefold().split())


def digits(text: str) -> str:
    """The digits of a number typed with spaces, dots or dashes.

    >>> digits("001 185.012-345")
    '001185012345'
    """
    return "".join(one for one in text if one.isdigit())
