"""The pieces of a text that may name units of the country, and the names' words as they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from edge_node.recognition.folding import folded
from edge_node.recognition.tones import tone_of, toneless

_KINDS: Final = {
    "xã": "xã", "x.": "xã", "phường": "phường", "p.": "phường", "thị trấn": "thị trấn", "tt.": "thị trấn", "đặc khu": "đặc khu", "huyện": "huyện", "h.": "huyện",
    "quận": "quận", "q.": "quận", "thị xã": "thị xã", "tx.": "thị xã", "thành phố": "thành phố", "tp.": "thành phố", "tp": "thành phố", "tỉnh": "tỉnh", "t.": "tỉnh",
}  # fmt: skip
"""How papers write what kind of unit a name is, and the list's word for it."""

_SPELLED: Final = "|".join(re.escape(word) for word in sorted(_KINDS, key=len, reverse=True))
_KIND: Final = re.compile(rf"(?:{_SPELLED})(?=[\s\d]|(?<=\.)\w)\s*", re.IGNORECASE)
_PARTS: Final = re.compile(rf"[,;()]|(?<!thị)(?<!Thị)(?<!THỊ)\s(?=(?:{_SPELLED})\s+\S)", re.IGNORECASE)
_NOT_BELOW: Final = frozenset(["viet nam", "vn"])
_SHORT: Final = {"hcm": "Hồ Chí Minh", "tphcm": "Hồ Chí Minh"}
_PIECES_MAX: Final = 12


class Piece(NamedTuple):
    """A part of a text that may name a unit: its kind in the list's word ("" where none is said), its name, and where both stand."""

    kind: str
    name: str
    start: int
    end: int


def pieces_of(text: str) -> list[Piece]:
    """The last dozen parts of a text between commas, brackets and words for kinds of units."""
    pieces: list[Piece] = []
    start = 0
    for mark in [*_PARTS.finditer(text), None]:
        end = mark.start() if mark else len(text)
        pieces += _piece(text, start, end)
        start = mark.end() if mark else end
    return pieces[-_PIECES_MAX:]


def _piece(text: str, start: int, end: int) -> Iterator[Piece]:
    """The piece between two places, if it may name one."""
    start += len(text[start:end]) - len(text[start:end].lstrip(" .:-–"))
    end -= len(text[start:end]) - len(text[start:end].rstrip(" .:-–"))
    said = text[start:end]
    if not said or folded(said) in _NOT_BELOW:
        return
    kind = _KIND.match(said)
    name = said[kind.end() :] if kind else said
    name = _SHORT.get(folded(name), name)
    yield Piece(_KINDS[kind[0].strip().lower()] if kind else "", name, start, end)


def marked(name: str) -> str:
    """The words with their marks, the tones behind each word: "Hoà" and "Hòa" are one spelling; case, dashes and apostrophes do not count."""
    return " ".join(spelled(word) for word in words_of(name))


def words_of(name: str) -> list[str]:
    """The words of a name in small letters (NFC)."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name.lower()))


def spelled(word: str) -> str:
    """A word (NFC) with its tones behind it, wherever in it they are set; one that a reader gave two tones keeps both.

    >>> spelled("hoà") == spelled("hòa"), spelled("nội"), spelled("nộí")
    (True, 'nôi5', 'nôi54')
    """
    return toneless(word) + "".join(str(tone) for tone in map(tone_of, word) if tone)
