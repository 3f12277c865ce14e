"""Vouching: readers that differ in the marks of a word which a published list or a fixed phrase spells in one way only.

The second reader loses marks in words that every paper has ("cổ phấn", "xả hội", "Lâm Đống"). There the list is the second witness for
what the first reader saw; every other letter and mark must be both readers'. Names of persons have no list: only a usual family name, where
it stands first and the other reading is none ("Ly" is one, beside "Lý"), and "Thị" and "Văn" behind it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from edge_node.extraction.country import Seen
from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.surnames import may_be_itself, usual_spelling
from edge_node.recognition.folding import bare
from edge_node.recognition.set_phrases import ALSO_IN_CAPITALS, PHRASES
from edge_node.recognition.tones import tone_of, toneless

_UNITS = frozenset(
    ["số", "tổ", "ấp", "thôn", "xóm", "khu", "phố", "đường", "phường", "xã", "quận", "huyện", "thị trấn", "thị xã", "thành phố", "tỉnh", "khóm", "bản", "ngõ", "hẻm"]
)
"""Words of addresses that say what the name behind them is: small letters, or the first of all."""

_MIDDLE = {"thị": ("thì", "thí", "thỉ", "thĩ"), "văn": ("vằn", "vắn", "vẳn", "vẵn")}
"""Middle names and the readings of them that are none."""

_LONGEST = 8
_NOWHERE = Seen()


def vouched(kind: str, first: str, second: str, gazetteer: Gazetteer, seen: Collection[str] = (), places: Seen = _NOWHERE) -> bool:
    """Whether two readings of a value differ in marks only, and only in words of `first` that a list spells so. Pure.

    `seen`: words of `first` whose tone our own eye surely sees; a difference in their tone is settled too. `places`: stretches of `first` that the
    list of administrative units has so.
    """
    if kind not in ("organisation", "text", "address", "name") or not first or _bones(first) != _bones(second):
        return False
    words = list(re.finditer(r"[^\W_]+", first))
    said = _letters(second)
    wrong, at = set(), 0
    for n, word in enumerate(words):
        other = said[at : at + len(word[0])]
        at += len(word[0])
        in_tone = word[0] in seen and _settled_by_tone(word[0], other) and _same_case(word[0], other)
        in_place = places.holds(word.start(), word.end()) and _same_case(word[0], other)
        if other != word[0] and not in_tone and not in_place and not (kind == "name" and _of_a_name(n, word[0], other)):
            wrong.add(n)
    return wrong <= set(_known(kind, first, words, gazetteer)) if kind != "name" else not wrong


def _settled_by_tone(word: str, other: str) -> bool:
    """Whether the eye, which sees the tone of `word`, settles how `other` differs: in the tone alone, or in the tone and a hat or horn that
    `other` has lost.

    Where the second reader misses a tone it often takes the circumflex for a part of it ("Gãm" for "Gấm", "HÕ"); of 131 words with another
    tone and another hat or horn all were as the first reader saw them (2026-11-29). With the same tone the eye cannot tell hats apart.
    """
    here, there = toneless(word).lower(), toneless(other).lower()
    lost = all(a == b or (b in "aeou" and bare(a) == b) for a, b in zip(here, there, strict=True))
    return here == there or (lost and tone_of(word) != tone_of(other))


def _same_case(word: str, other: str) -> bool:
    """Whether small and capital letters stand in the same places: where they differ one reader has misread, and nobody says which."""
    return [one.isupper() for one in word] == [one.isupper() for one in other]


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text))


def _bones(text: str) -> str:
    """Letters and digits without marks, and the signs between them: a comma that one reader lost parts two places, and no list knows a colon from a semicolon."""
    return bare("".join(re.findall(r"[^\W_]|[,.;:()/–-](?=.*\w)", text)))


def _of_a_name(at: int, word: str, other: str) -> bool:
    if at == 0:
        return usual_spelling(word) is None and usual_spelling(other) is not None and not may_be_itself(other)
    return at == 1 and other.lower() in _MIDDLE.get(word.lower(), ())


def _known(kind: str, first: str, words: list[re.Match[str]], gazetteer: Gazetteer) -> Iterator[int]:
    """The numbers of the words that stand in a known name or phrase."""
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            said = first[words[start].start() : words[end - 1].end()]
            if kind == "address":
                holds = _is_unit(said, start) or (_stands_alone(first, words[start].start(), words[end - 1].end()) and gazetteer.knows(said))
            else:
                holds = _is_phrase(said) or gazetteer.names_agency(said)
            if holds:
                yield from range(start, end)


def _is_unit(said: str, at: int) -> bool:
    return said in _UNITS or (at == 0 and said.lower() in _UNITS)


def _is_phrase(said: str) -> bool:
    small = said[:1].lower() + said[1:]
    return small in PHRASES or small in ALSO_IN_CAPITALS or (said.isupper() and said.lower() in ALSO_IN_CAPITALS)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing but a unit's word or a comma is beside these characters, so that they are a whole name."""
    before = text[:start].rstrip()
    return re.match(r"\s*(?:[,.;(]|$)", text[end:]) is not None and (not before or before[-1] in ",;(-" or before.split()[-1].lower() in ("tỉnh", "phố"))
