"""Places of the country in a text: commune, district and province that the published list of administrative units has together.

The list is a witness for words that two or more levels tie to each other: "xã Song Lãng, huyện Vũ Thư, tỉnh Thái Bình" stands in it once, with these
marks. Where another commune of the same district differs in a mark only it is no witness, and where the list has the same letters with other marks
it speaks against the reading. It never changes one, and it knows nothing of streets and hamlets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from edge_node.extraction.place_words import Piece, marked, pieces_of, spelled, words_of
from edge_node.recognition.folding import bare, folded
from edge_node.recognition.tones import tone_of, toneless
from sync_protocol.areas import Area, Areas


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
        pieces = pieces_of(text)
        spans: list[tuple[int, int]] = []
        at, against, firm = 0, "", set[str]()
        while at < len(pieces):
            said, chains = self._longest(pieces, at)
            listed = {tuple(marked(area.name) for area in chain) for chain in chains}
            if tuple(marked(piece.name) for piece in said) not in listed:
                is_place = len(said) > 2 or any(piece.kind for piece in said[:-1])
                against = against or next((_against(said, chain) for chain in chains if is_place and _is_one_mark_off(said, chain)), "")
            elif len(listed) == 1:
                spans.append((said[0].start, said[-1].end))
                firm |= _letters_of(text[said[0 if len(said) > 2 else 1].start : said[-1].end])
            at += max(1, len(said))
        seen = Seen(tuple(spans), against)
        return seen._replace(firm=frozenset(firm - _letters_of(seen.without(text))))

    def unknown_unit(self, text: str) -> str:
        """What speaks against a body's place that stands alone ("UBND xã Song Lảng"): no place of the country has these marks, a unit of its kind is
        one mark off; "" for nothing.
        """
        for piece in pieces_of(text) if self._named else ():
            same = self._named.get(folded(piece.name), [])
            near = next((area for area in same if piece.kind == area.kind and _is_one_mark_off([piece], [area])), None)
            if near is not None and marked(piece.name) not in {marked(area.name) for area in same}:
                return f"“{piece.name}”: danh mục chỉ có {near.kind} “{near.name}”"
        return ""

    def is_cut(self, text: str) -> bool:
        """Whether a text ends within the name of a unit: no district is called "huyện Cần", though one is "huyện Cần Giuộc"; a commune of the name proves nothing."""
        last = pieces_of(text)[-1:] if self._named else []
        if not last or not last[0].kind or last[0].end < len(text.rstrip(" .,;")):
            return False
        said, kind = folded(last[0].name), last[0].kind
        if any(area.kind == kind for area in self._named.get(said, ())):
            return False
        return any(name.startswith(f"{said} ") and any(area.kind == kind for area in areas) for name, areas in self._named.items())

    def ends_in_a_unit(self, text: str) -> bool:
        """Whether a text ends with the name of a unit of the list, whatever its marks, so that nothing of an address is missing below; without a list always."""
        last = pieces_of(text)[-1:] if self._named else []
        return not self._named or any(folded(piece.name) in self._named for piece in last)

    def has_words(self, words: str) -> bool:
        """Whether a name of the list has these words beside each other, with these marks ("Bùi Chu" of "Tân Bùi Chu")."""
        plain, spelt = f" {folded(words)} ", f" {marked(words)} "
        return any(spelt in f" {marked(area.name)} " for name, areas in self._named.items() if plain in f" {name} " for area in areas)

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


def _fits(piece: Piece, area: Area) -> bool:
    return folded(piece.name) == folded(area.name) and piece.kind in ("", area.kind)


def _is_one_mark_off(said: Sequence[Piece], chain: Sequence[Area]) -> bool:
    """Whether these names differ in one word, and that in its tone or in a hat, breve or horn. "Đăk" and "Đắk" are written for each other."""
    pairs = [pair for piece, area in zip(said, chain, strict=True) for pair in zip(words_of(piece.name), words_of(area.name), strict=True)]
    off = [(one, other) for one, other in pairs if spelled(one) != spelled(other)]
    if len(off) != 1 or bare(off[0][0]) == "dak":
        return False
    one, other = off[0]
    return toneless(one) == toneless(other) or (tone_of(one) == tone_of(other) and (one[0] == "đ") is (other[0] == "đ"))


def _against(said: Sequence[Piece], chain: Sequence[Area]) -> str:
    """The first name that differs, and what the list has there."""
    piece, area = next((p, a) for p, a in zip(said, chain, strict=True) if marked(p.name) != marked(a.name))
    where = "" if area.level == "province" else f" của {chain[-1].kind} {chain[-1].name}"
    return f"“{piece.name}”: danh mục{where} có {area.kind} “{area.name}”"
