"""Two persons on one paper: who died, and who tells an office so. An extract from the register, a relative's declaration and a request for a dead
person's pension name both, with the same words for name, number and birth.

Whose name it is says the sentence ("Người chết là bà …", "ông …, đã từ trần", "do con là ông … đi khai") or the heading above it. A name that only a
sentence gives goes to a person; one that stands in the part of whoever declares is never the name of the dead or of a child.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edge_node.extraction.find import Find
from edge_node.extraction.persons import Named, names_in
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare

_DEATH = r"(?:chet|mat|tu vong|tu tran|qua doi|qua co|hy sinh)"
_AT_ONCE = re.compile(rf"[\s,(]*(?:da |vua |moi )?{_DEATH}\b(?! suc| so| the| tich| viec)")
_LATER = re.compile(
    rf"\b(?:da|vua|moi) {_DEATH}\b(?! suc| so\b| the\b| giay| tich| viec)|\b{_DEATH} (?:vao |hoi |luc |ngay |tai nha|nam \d)"
)
_CALLED_DEAD = re.compile(
    rf"\bnguoi (?:[a-z]+ ){{0,5}}?(?:da )?{_DEATH}(?: la| ten(?: la)?)?\s?:?\s*(?:ong|ba|chi|anh)?\s*$|\b(?:khai|bao|chung) tu (?:cho|cua|doi voi)(?: ong| ba)?\s*$"
)
_SENTENCE_ENDS = re.compile(r"[.;]\s|[.;]$")
_REACH = 3
"""Rows over which a sentence about somebody is followed."""

_NUMERAL = r"^\W*(?:(?:[ivxl]{1,4}|[a-eđ]|\d{1,2}|phan [\divx]{1,3})\s?[.):/]\s*)*"
_DEAD_PART = re.compile(
    rf"{_NUMERAL}(?:(?:phan|thong tin|ke khai|khai)\s?)*(?:ve |cua )?(?:nguoi|than nhan) (?:[a-z]+ ){{0,5}}?(?:da )?{_DEATH}\b(?! sinh)"
)
_DECLARES = re.compile(
    rf"{_NUMERAL}(?:(?:phan|thong tin|ke khai|khai)\s?)*(?:ve |cua )?(?:ho(?:,? chu dem,?)?(?: va)?,? ten )?(?:nguoi (?:[a-z]+ )?(?:khai|yeu cau|de nghi|nop|lam don|lam chung|bao tin|thong bao|lien he|nhan)\b|than nhan\b)"
)
_PART_BEGINS = re.compile(
    rf"{_NUMERAL}(?:phan |thong tin |nguoi |than nhan|ho(?:,? chu dem,?)?(?: va)?,? ten (?:cua )?nguoi )"
)
_PART = 8
"""Rows, the columns of one height counted one by one, over which a heading holds."""


def who_died(rows: Sequence[Row]) -> Find | None:
    """The one whom the paper calls dead in a sentence or below a heading; a person looks."""
    named = [(number, one) for number, row in enumerate(rows) for one in names_in(row.text)]
    for is_dead in (_is_called_dead, _is_first_in_the_part, _is_said_to_have_died):
        for number, one in named:
            if is_dead(rows, number, one):
                return Find("name", rows[number], one.start, one.end, of_another=True)
    return next(_named_without_title(rows), None)


def _is_called_dead(rows: Sequence[Row], number: int, one: Named) -> bool:
    above = bare(rows[number - 1].text)[-40:] + " " if number and one.title < 4 else ""
    return (
        _CALLED_DEAD.search(above + bare(rows[number].text[: one.title])) is not None
        or _AT_ONCE.match(bare(rows[number].text[one.end :])) is not None
    )


def _is_first_in_the_part(rows: Sequence[Row], number: int, one: Named) -> bool:
    """Whether the name begins the row right below the heading "2. Người chết"."""
    return (
        number > 0 and not re.search(r"\w", rows[number].text[: one.title]) and _is_dead_heading(rows[number - 1].text)
    )


def _is_said_to_have_died(rows: Sequence[Row], number: int, one: Named) -> bool:
    """Whether the sentence that begins with the name goes on, before anybody else is named, to say that this one died: "ông …, sinh năm 1961, …, đã từ trần hồi …"."""
    said = " ".join(
        [
            rows[number].text[one.end :],
            *(row.text for row in rows[number + 1 : number + _REACH] if row.page_number == rows[number].page_number),
        ]
    )
    end = _SENTENCE_ENDS.search(said)
    said = said[: end.start() if end else len(said)]
    following = names_in(said)
    return _LATER.search(bare(said[: following[0].title if following else len(said)])) is not None


def _named_without_title(rows: Sequence[Row]) -> Iterator[Find]:
    """A name behind "Người chết:" without "ông" or "bà"."""
    for row in rows:
        for colon in re.finditer(r":|\bl[aà]\b", row.text):
            if _CALLED_DEAD.search(bare(row.text[: colon.end()])) and (
                said := names_in("Ông " + row.text[colon.end() :].lstrip())
            ):
                start = colon.end() + len(row.text[colon.end() :]) - len(row.text[colon.end() :].lstrip())
                yield Find("name", row, start, start + said[0].end - 4, of_another=True)


def _is_dead_heading(text: str) -> bool:
    plain = bare(text)
    return _DEAD_PART.match(plain) is not None and not re.search(r":\s*\w", plain)


def is_of_declarer(find: Find, rows: Sequence[Row]) -> bool:
    """Whether a name stands behind a label, or below a heading, for somebody who declares, applies or lives on, and not for the one whom the paper is about."""
    before = bare(find.row.text[: find.start])
    if _PART_BEGINS.match(before):
        return _DECLARES.match(before) is not None
    at = next(number for number, row in enumerate(rows) if row is find.row)
    heading = next(
        (
            plain
            for row in reversed(rows[max(0, at - _PART) : at])
            if row.page_number == find.row.page_number
            and _PART_BEGINS.match(plain := bare(row.text))
            and not re.search(r":\s*\w", plain)
        ),
        "",
    )
    return _DECLARES.match(heading) is not None


def is_of_the_dead(find: Find, rows: Sequence[Row]) -> bool:
    """Whether a name stands below a heading for the dead."""
    at = next(number for number, row in enumerate(rows) if row is find.row)
    if _PART_BEGINS.match(bare(find.row.text[: find.start])):
        return False
    heading = next(
        (
            row.text
            for row in reversed(rows[max(0, at - _PART) : at])
            if row.page_number == find.row.page_number and _PART_BEGINS.match(bare(row.text))
        ),
        "",
    )
    return _is_dead_heading(heading)
