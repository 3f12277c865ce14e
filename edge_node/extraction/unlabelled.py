"""Whom a paper is about, where neither a label with a colon nor an honorific says it: "Người nộp tiền   Phạm Hồ Như Ý", a name alone above the birth.

What announces a name so says little, so that it fills only what nothing else has filled, only where one person is named so, and always for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.label_words import without_number
from edge_node.extraction.persons import is_meant, names_in
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import OTHER_SPELLINGS
from edge_node.extraction.surnames import is_family_name
from edge_node.recognition.folding import bare

_PERSONS = tuple(sorted((bare(label).rstrip(":") for label in OTHER_SPELLINGS["full_name"] if label.endswith(":")), key=len, reverse=True))
"""Words that announce a person only before a colon, because they stand above signatures, too."""

_BEFORE_BIRTH = re.compile(r"[\s,;(–-]*sinh (?:ngay|nam)\b")
_BORN_BELOW = re.compile(r"\W*(?:sinh (?:ngay|nam)|ngay(?:, thang, nam)? sinh|nam sinh)\b")
_RELATIVE = re.compile(r"\b(?:con|vo|chong|cha|me|bo|chau|anh|chi|em|nguoi (?:chet|khai|lam chung|dai dien))\b[^.;]{0,24}$")
_LONGEST = 5
_NEAR = 2.2
"""Heights within which the next row stands."""


def named_without_label(rows: Sequence[Row]) -> Find | None:
    """The one name that such words announce; None where they announce none or several."""
    for found in (_behind_words(rows), _before_births(rows)):
        finds = list(found)
        names = {values("name", find.row.text[find.start : find.end])[0].text.casefold() for find in finds}
        if names:
            return finds[0] if len(names) == 1 else None
    return None


def _behind_words(rows: Sequence[Row]) -> Iterator[Find]:
    """Names right behind the words, or alone in the next box of their height."""
    for row in rows:
        own = without_number(row.text)
        words = next((words for words in _PERSONS if re.match(rf"{re.escape(words)}(?!\w)", own)), None)
        if words is None:
            continue
        end = len(row.text) - len(own) + len(words)
        if own.strip() == words:
            right = [one for one in rows if one.page_number == row.page_number and one.box.same_row(row.box) and one.box.x >= row.box.right]
            beside = min(right, key=lambda one: one.box.x, default=None)
            if beside is not None and _is_full_name(beside.text):
                yield Find("name", beside, 0, len(beside.text), of_another=True)
        elif _is_full_name(row.text[end:]):
            yield Find("name", row, end, len(row.text), of_another=True)


def _before_births(rows: Sequence[Row]) -> Iterator[Find]:
    """Names in front of ", sinh ngày …", and alone in a row between words that say who is meant and the birth; none where an honorific announces somebody (`persons`)."""
    if any(names_in(row.text) for row in rows):
        return
    for number, row in enumerate(rows):
        for born in _BEFORE_BIRTH.finditer(bare(row.text)):
            start = _name_before(row.text[: born.start()])
            if start is not None and not _RELATIVE.search(bare(row.text[:start])):
                yield Find("name", row, start, born.start(), of_another=True)
        if _is_full_name(row.text) and number and (_is_near(row, rows[number - 1]) and is_meant(rows[number - 1].text)) and any(_is_near(one, row) and _BORN_BELOW.match(bare(one.text)) for one in rows[number + 1 : number + 2]):
            yield Find("name", row, 0, len(row.text), of_another=True)


def _name_before(text: str) -> int | None:
    """Where the name begins with which a text ends: at a family name, two to five words that begin with a capital."""
    words = list(re.finditer(r"\S+", text))[-_LONGEST:]
    for at, word in enumerate(words[:-1]):
        if is_family_name(word[0]) and all(one[0][:1].isupper() for one in words[at:]) and _is_full_name(text[word.start() :]):
            return word.start()
    return None


def _is_full_name(text: str) -> bool:
    """Whether a text is a family name and others, and nothing else."""
    said = text.strip(" .,;:-")
    found = values("name", said)
    return bool(found) and found[0].holds and found[0].text == " ".join(said.split()) and len(said.split()) <= _LONGEST and is_family_name(said.split()[0])


def _is_near(row: Row, above: Row) -> bool:
    return row.page_number == above.page_number and 0 < row.box.middle_y - above.box.middle_y < _NEAR * row.box.h
