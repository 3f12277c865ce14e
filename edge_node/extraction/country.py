"""Places of the country in a text: commune, district and province that the published list of administrative units has together.

The list is a witness for words that two or more levels tie to each other: "xã Song Lãng, huyện Vũ Thư, tỉnh Thái Bình" stands in it once, with these
marks. Where another commune of the same district differs in a mark only it is no witness, and where the list has the same letters with other marks
it speaks against the reading. It never changes one, and it knows nothing of streets and hamlets.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from edge_node.recognition.folding import bare, folded
from edge_node.recognition.tones import tone_of, toneless
from sync_protocol.areas import Area, Areas

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


class Seen(NamedTuple):
    """What the list says to a text: the stretches it bears witness for, and what speaks against a reading (Vietnamese; "" for nothing).

    `firm` are words, without digits, that stand in such stretches alone, and for which the list is witness enough beside one reader: what lies above
    the place that is named first, and that place too where a district is named.
    """

    spans: tuple[tuple[int, int], ...] = ()
    against: str = ""
    firm: frozenset[str] = frozenset()

    def without(self, text: str) -> str:
        """The text without the stretches that have a witness."""
        for start, end in reversed(self.spans):
            text = f"{text[:start]},{text[end:]}"
        return text

    def holds(self, start: int, end: int) -> bool:
        """Whether these characters lie in a stretch that has a witness."""
        return any(begin <= start and end <= stop for begin, stop in self.spans)


class Country:
    """The list of administrative units, ready to be asked. Making it costs some 50 ms."""

    def __init__(self, areas: Areas) -> None:
        self._named: defaultdict[str, list[Area]] = defaultdict(list)
        self._above: dict[tuple[str, bool], Area] = {}
        self._old = [basis.valid_from is None for basis in areas.bases]
        for area in areas.areas:
            self._named[folded(area.name)].append(area)
            if area.level != "commune":
                self._above[area.code, self._old[area.basis]] = area

    def seen_in(self, text: str) -> Seen:
        """Ask for every place of a text."""
        if not self._named:
            return Seen()
        pieces = _pieces(text)
        spans: list[tuple[int, int]] = []
        at, against, firm = 0, "", set[str]()
        while at < len(pieces):
            said, chains = self._longest(pieces, at)
            marked = {tuple(_marked(area.name) for area in chain) for chain in chains}
            if tuple(_marked(piece.name) for piece in said) not in marked:
                is_place = len(said) > 2 or any(piece.kind for piece in said[:-1])
                against = against or next((_against(said, chain) for chain in chains if is_place and _is_one_mark_off(said, chain)), "")
            elif len(marked) == 1:
                spans.append((said[0].start, said[-1].end))
                firm |= _letters_of(text[said[0 if len(said) > 2 else 1].start : said[-1].end])
            at += max(1, len(said))
        seen = Seen(tuple(spans), against)
        return seen._replace(firm=frozenset(firm - _letters_of(seen.without(text))))

    def unknown_unit(self, text: str) -> str:
        """What speaks against a body's place that stands alone ("UBND xã Song Lảng"): no place of the country has these marks, a unit of its kind is
        one mark off; "" for nothing.
        """
        for piece in _pieces(text) if self._named else ():
            same = self._named.get(folded(piece.name), [])
            near = next((area for area in same if piece.kind == area.kind and _is_one_mark_off([piece], [area])), None)
            if near is not None and _marked(piece.name) not in {_marked(area.name) for area in same}:
                return f"“{piece.name}”: danh mục chỉ có {near.kind} “{near.name}”"
        return ""

    def has_words(self, words: str) -> bool:
        """Whether a name of the list has these words beside each other, with these marks ("Bùi Chu" of "Tân Bùi Chu")."""
        plain, marked = f" {folded(words)} ", f" {_marked(words)} "
        return any(marked in f" {_marked(area.name)} " for name, areas in self._named.items() if plain in f" {name} " for area in areas)

    def _longest(self, pieces: Sequence[Piece], at: int) -> tuple[Sequence[Piece], list[tuple[Area, ...]]]:
        """The most pieces from `at` on that stand in the list together, whatever their marks, and all the ways they do."""
        for count in (3, 2):
            said = pieces[at : at + count]
            if len(said) == count and (chains := [chain for chain in self._chains(said) if chain]):
                return said, chains
        return (), []

    def _chains(self, said: Sequence[Piece]) -> Iterator[tuple[Area, ...]]:
        """Units that lie in each other and have these names, marks aside. A district may be left out."""
        for area in self._matching(said[0]):
            above = list(self._parents(area))
            if len(said) == 3 and len(above) == 2 and all(_fits(piece, one) for piece, one in zip(said[1:], above, strict=True)):
                yield (area, *above)
            elif len(said) == 2:
                yield from ((area, one) for one in above if _fits(said[1], one))

    def _matching(self, piece: Piece) -> Iterable[Area]:
        return (area for area in self._named.get(folded(piece.name), ()) if _fits(piece, area))

    def _parents(self, area: Area) -> Iterator[Area]:
        old = self._old[area.basis]
        while (above := self._above.get((area.parent, old))) is not None:
            yield above
            area = above


def _letters_of(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w'’])[^\W\d_]+(?![\w'’])", text))


def _pieces(text: str) -> list[Piece]:
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


def _fits(piece: Piece, area: Area) -> bool:
    return folded(piece.name) == folded(area.name) and piece.kind in ("", area.kind)


def _is_one_mark_off(said: Sequence[Piece], chain: Sequence[Area]) -> bool:
    """Whether these names differ in one word, and that in its tone or in a hat, breve or horn. "Đăk" and "Đắk" are written for each other."""
    pairs = [pair for piece, area in zip(said, chain, strict=True) for pair in zip(_words(piece.name), _words(area.name), strict=True)]
    off = [(one, other) for one, other in pairs if spelled(one) != spelled(other)]
    if len(off) != 1 or bare(off[0][0]) == "dak":
        return False
    one, other = off[0]
    return toneless(one) == toneless(other) or (tone_of(one) == tone_of(other) and (one[0] == "đ") is (other[0] == "đ"))


def _against(said: Sequence[Piece], chain: Sequence[Area]) -> str:
    """The first name that differs, and what the list has there."""
    piece, area = next((p, a) for p, a in zip(said, chain, strict=True) if _marked(p.name) != _marked(a.name))
    where = "" if area.level == "province" else f" của {chain[-1].kind} {chain[-1].name}"
    return f"“{piece.name}”: danh mục{where} có {area.kind} “{area.name}”"


def _marked(name: str) -> str:
    """The words with their marks, the tones behind each word: "Hoà" and "Hòa" are one spelling; case, dashes and apostrophes do not count."""
    return " ".join(spelled(word) for word in _words(name))


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name.lower()))


def spelled(word: str) -> str:
    """A word (NFC) with its tones behind it, wherever in it they are set; one that a reader gave two tones keeps both.

    >>> spelled("hoà") == spelled("hòa"), spelled("nội"), spelled("nộí")
    (True, 'nôi5', 'nôi54')
    """
    return toneless(word) + "".join(str(tone) for tone in map(tone_of, word) if tone)
