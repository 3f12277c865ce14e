"""Who is named where on a paper: after a person's name, or the words that announce one, that person is spoken of until the next is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edge_node.extraction.find import Find
from edge_node.extraction.persons import names_in
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare

_ANNOUNCES = re.compile(
    r"\b(?:ho(?:,? chu dem,?)?(?: va)? ten|ten (?:toi|nguoi|benh nhan)|toi (?:ten )?la|nguoi|benh nhan|chong|vo|cha|me|bo|con|chu ho|dai dien|than nhan)\b[^:;]{0,50}$"
)
"""Words in front of a colon behind which a person's name stands."""

_NEW_LABEL = re.compile(r"^\W*(?:\d{1,2}|[ivx]{1,4}|[a-e])\s?[.)\]]|[^:]{1,45}:")
"""How the next item of a form begins: with a number, or with words and a colon."""

_FULL_NAME = re.compile(r"\b(?:ho(?:,? chu dem,?)?(?: va)?,? ten|ten (?:toi )?la|(?<!cua )toi la(?!\s?[\d:]))\b")
_PARTY = re.compile(
    r"^\W*(?:(?:[ivx]{1,4}|[a-e]|\d{1,2}|phan [a-eivx\d]{1,3})\s?[.)/:\-]\s?)*(?:thong tin (?:ve |cua )?)?(?:ben (?:duoc |uy |nhan |[ab]\b|thu )|nguoi (?:duoc|dai dien|nhan|giam ho|lien he|chet"
    r"|khai|nop|su dung|lao dong)|than nhan|cha,? me|dai dien)"
)
"""How a part of the form begins that is about somebody else, or about the subject; the name behind it says which."""

_NEXT_COLUMN = 0.2
"""Share of the page's width by which the beginnings of two columns are apart."""

LABEL_ABOVE = 3
"""Rows, the columns of one height counted one by one, by which a name may stand below its label."""


@dataclass(frozen=True)
class Mention:
    """Somebody begins to be spoken of at character `start` of row `row`; `x` in px is where."""

    row: int
    start: int
    x: int


def mentions_in(rows: Sequence[Row]) -> list[Mention]:
    """All who are named, or announced, in the order of the paper."""
    below = [*rows[1:], None]
    return [mention for number, row in enumerate(rows) for mention in sorted(_in_row(number, row, below[number]), key=lambda mention: mention.start)]


def _in_row(number: int, row: Row, below: Row | None) -> Iterator[Mention]:
    plain = bare(row.text)
    is_left_empty = plain.rstrip(" .").endswith((":", ")")) and below is not None and _NEW_LABEL.match(bare(below.text)) is not None  # nobody is named
    starts = {named.title for named in names_in(row.text)}
    starts |= {found.start() for found in _FULL_NAME.finditer(plain) if not (is_left_empty and plain[found.end() :].rstrip(" .").endswith((":", ")")) and not re.search(r":\s*\w", plain[found.end() :]))}
    for colon in re.finditer(":", plain):
        said = _ANNOUNCES.search(plain[: colon.start()])
        if said and names_in("Ông " + row.text[colon.end() :].lstrip()):
            starts.add(said.start())
    if (party := _PARTY.match(plain)) and not starts:
        starts.add(party.start())
    for start in starts:
        inside = row.words_between(start, start + 1)
        yield Mention(number, start, inside[0].box.x if inside else row.box.x)


def with_names(rows: Sequence[Row], mentions: Sequence[Mention], names: Sequence[Find]) -> list[Mention]:
    """The same, where a name was found that one instead of its label, which may stand above it."""
    kept = list(mentions)
    places = sorted(((next(n for n, row in enumerate(rows) if row is name.row), name.start, name.end, name) for name in names), key=lambda place: place[:2])
    for at, start, end, name in places:
        label = last_before(name, rows, kept)
        above = [label] if label is not None and 0 < at - label.row <= LABEL_ABOVE and not any(label.row == other for other, *_ in places) else []
        last = max((other_end for other, _, other_end, _ in places if other == at and other_end <= start), default=0)
        kept = [m for m in kept if m not in above and not (m.row == at and last <= m.start < end)]
        words = name.row.words_between(start, start + 1)
        kept = sorted([*kept, Mention(at, start, words[0].box.x if words else name.row.box.x)], key=lambda mention: (mention.row, mention.start))
    return kept


def last_before(find: Find, rows: Sequence[Row], mentions: Sequence[Mention], inclusive: bool = False) -> Mention | None:
    """The last one named before a value; of two who are named on one height, the one in whose column it stands."""
    at = next(number for number, row in enumerate(rows) if row is find.row)
    before = [m for m in mentions if m.row < at or (m.row == at and (m.start < find.start or (inclusive and m.start <= find.start)))]
    if not before:
        return None
    here, last = rows[at].box, rows[before[-1].row].box
    if abs(last.x - here.x) > _NEXT_COLUMN * find.row.page.width_px:  # two columns, each read from top to bottom
        own = [m for m in before if abs(rows[m.row].box.x - here.x) < here.h]
        before = own or before
    level = [m for m in before if rows[m.row].page_number == rows[before[-1].row].page_number and rows[m.row].box.same_row(rows[before[-1].row].box)]
    words = find.row.words_between(find.start, find.start + 1)
    x = words[0].box.x if words else find.row.box.x
    beside = [m for m in level if m.x <= x + find.row.box.h]
    return max(beside or level, key=lambda m: m.x)
