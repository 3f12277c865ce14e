"""Known names: agencies, offices, procedures and places that the hub publishes, to recognise and to cross-check readings.

A reading is never silently replaced by a known name; a match only says that the reading is plausible.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

import msgspec
from rapidfuzz import fuzz, process

from edge_node.extraction.country import Country
from edge_node.extraction.place_words import spelled
from edge_node.recognition.folding import folded
from sync_protocol.areas import Areas

_NEAR = 90.0

_KINDS_OF_AGENCY = (
    "bảo hiểm xã hội cơ sở",
    "bảo hiểm xã hội tỉnh",
    "bảo hiểm xã hội thành phố",
    "bệnh viện đa khoa",
    "bệnh viện phổi",
    "bệnh viện phụ sản",
    "trung tâm y tế",
    "trạm y tế",
    "phòng khám đa khoa",
    "sở y tế",
    "ủy ban nhân dân xã",
    "ủy ban nhân dân phường",
    "công ty cổ phần",
    "công ty trách nhiệm hữu hạn",
    "hợp tác xã",
    "doanh nghiệp tư nhân",
    "bệnh viện",
    "trung tâm",
    "công ty",
    "tổng công ty",
    "xí nghiệp",
    "chi nhánh",
    "trường tiểu học",
    "trường trung học cơ sở",
    "trường trung học phổ thông",
    "trường cao đẳng",
    "trường đại học",
    "chế độ ốm đau",
    "hưởng chế độ",
    "bảo hiểm y tế",
    "bảo hiểm thất nghiệp",
)
"""How agencies' names begin and what forms are about: their syllables with every mark, whatever lists the hub published."""


_ALSO_BARE = frozenset(["du", "dung", "giao", "hoa", "huy", "lam", "lan", "lang", "nghi", "phong", "tam", "thu", "trang", "tri", "vi"])
"""Syllables that names of places have without any mark too (Nha Trang, Hoa Lư, Tam Kỳ, Phong Điền, Nghi Lộc), whatever lists the hub published."""


class Gazetteer(msgspec.Struct, frozen=True, dict=True):
    """Names in their official spelling, NFC."""

    agencies: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    areas: Areas = Areas()

    @cached_property
    def country(self) -> Country:
        """The administrative units, to be asked for the places of a text."""
        return Country(self.areas)

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(_squeezed(name) for name in (*self.agencies, *self.units, *self.procedures, *self.places))

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {folded(name): name for name in (*self.agencies, *self.units, *self.procedures)}

    @cached_property
    def _pairs(self) -> dict[str, frozenset[str]]:
        """Pairs of neighbouring syllables: folded, and every way they are marked in the lists, wherever in a vowel the tone is set."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name in (*self.agencies, *self.units, *self.procedures, *self.places, *_KINDS_OF_AGENCY):
            for pair in _neighbours(name):
                found[folded(pair)].add(_placed(pair))
        return {plain: frozenset(marked) for plain, marked in found.items()}

    @cached_property
    def _always_marked(self) -> frozenset[str]:
        """Syllables, folded, that the lists never write without a mark ("binh" of "Hòa Bình")."""
        names = (*self.agencies, *self.units, *self.procedures, *self.places, *_KINDS_OF_AGENCY)
        syllables = {word for name in names for word in re.findall(r"[^\W\d_]+", name.lower())}
        return frozenset(folded(word) for word in syllables if not word.isascii()) - syllables - _ALSO_BARE

    def odd_marks(self, text: str) -> str | None:
        """The first pair of syllables that the lists know, yet never with these marks ("xã họi"), or the first word with a capital that
        has lost its marks ("Binh"); None when all is usual. A pair that some unit of the country is named with is usual.
        """
        odd = (p for p in _neighbours(text) if _placed(p) not in self._pairs.get(folded(p), (_placed(p),)))
        pair = next((p for p in odd if not self.country.has_words(p)), None)
        words = (word for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper() and len(word) > 1)
        return pair or next((word.lower() for word in words if word.lower() in self._always_marked), None)

    def knows(self, text: str) -> bool:
        """Whether the text is a known name, with all its marks; case and spacing do not count."""
        return _squeezed(text) in self._exact

    def names_agency(self, text: str) -> bool:
        """Whether these words are a known agency's name, or say what kind of agency it is, with all their marks; case does not count."""
        return _placed(text.lower()) in _PLACED_KINDS or self.knows(text)

    def nearest(self, text: str) -> str | None:
        """The known agency, office or procedure whose folded name is nearly this text, or None."""
        found = process.extractOne(folded(text), self._folded.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        return self._folded[found[0]] if found else None


def _neighbours(text: str) -> list[str]:
    """Pairs of syllables that stand beside each other; a number or a comma between them parts them ("Số 19 Tây Sơn, Sơn La")."""
    pairs = []
    for phrase in re.split(r"[^\w\s]|[\d_]", text.lower()):
        words = phrase.split()
        pairs += [f"{one} {two}" for one, two in zip(words, words[1:], strict=False)]
    return pairs


def _squeezed(text: str) -> str:
    return "".join(c for c in _placed(text.lower()) if c.isalnum())


def _placed(text: str) -> str:
    """The words, their tones as numbers behind them: "uỷ" and "ủy" are one spelling."""
    return re.sub(r"[^\W\d_]+", lambda word: spelled(word[0]), text)


_WITHOUT_NAME = re.compile(
    r"(?:cong ty(?: (?:tnhh|cp|co phan|trach nhiem huu han|mtv|mot thanh vien|tu nhan))*|(?:ubnd|uy ban nhan dan)(?: (?:xa|phuong|tinh|thanh pho))?|benh vien(?: (?:da khoa|phu san|phoi|nhi))?|trung tam(?: y te)?"
    r"|phong kham(?: da khoa)?|(?:bhxh|bao hiem xa hoi)(?: (?:tinh|thanh pho|co so))?|cong an(?: (?:xa|phuong|tinh|thanh pho))?|truong(?: (?:tieu hoc|mam non|dai hoc|thpt|thcs))?|hop tac xa|chi nhanh|doanh nghiep tu nhan)"
)


def is_kind_of_agency(text: str) -> bool:
    """Whether these words say only what kind of body it is, so that its name was cut off or not read.

    >>> is_kind_of_agency("Công ty TNHH"), is_kind_of_agency("CÔNG TY TNHH AN"), is_kind_of_agency("BỘ CÔNG AN")
    (True, False, False)
    """
    return _WITHOUT_NAME.fullmatch(folded(text).strip(" .,:;-")) is not None


_PLACED_KINDS = frozenset(map(_placed, _KINDS_OF_AGENCY))
