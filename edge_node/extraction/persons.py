"""The person a paper is about, where no label announces the name: behind "ông", "bà" or "Ông/Bà", also inside a sentence.

A paper names others too, above all those who hold an office. What stands around a name speaks for it (day of birth, number, "xác nhận",
"đối với") or against it ("đại diện", "theo đề nghị của", "Trưởng phòng"); where nothing tells two persons apart, none is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from edge_node.extraction.free_text import begins_label
from edge_node.extraction.highland_words import letters_of
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare
from edge_node.recognition.syllable import is_syllable

_TITLE = r"(?:[Ôô]ng|[Bb]à|ÔNG|BÀ|[Aa]nh|[Cc]hị|[Đđ]ồng chí)"
_HONORIFIC = re.compile(rf"(?<!\w){_TITLE}(?:\s?[(/,]\s?{_TITLE}\)?)?\s?(?P<colon>:?)\s*")
_ANNOUNCED = re.compile(r"(?<!\w)(?:ong|ba)(?:\s?[(/,]\s?(?:ong|ba)\)?)?\s?:")
_NO_NAME = re.compile(
    r"(?:sinh (?:ngay|nam)|ngay,? (?:thang|sinh|cap)|so (?:\d|cccd|cmnd|can|dinh|so|dien|the|bhxh|ho)|cccd|cmnd|can cuoc|chuc (?:vu|danh)|gioi tinh|nam sinh|ma so|noi (?:sinh|cu|o|cap|thuong|lam)|dia chi"
    r"|dien thoai|(?:sinh|ngay|so|noi)\s*:)"
)
"""Words with a capital behind a name that begin the next statement; alone they may be its last ("Giỏi", "Chúc", "Điền", "Sinh")."""

_BORN = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s*)?(?:(?:nam|nu)\W+)?(?:sinh (?:ngay|nam)|ngay,? (?:thang,? nam )?sinh|nam sinh|gioi tinh"
    r"|(?:so |ma so )?(?:dinh danh|cccd|cmnd|can cuoc|so bhxh|bhxh)|so the)"
)
_MEANT = re.compile(r"(?:(?:giai quyet|tro cap|che do)\b[^.;:]{0,60} cho|bao tu|(?:doi tuong|nguoi duoc) xac minh|xac minh (?:ve )?viec|doi voi|xac nhan|chung nhan|(?:nhan|thu) cua|mot ben la|cap cho|hop dong lao dong voi|hdld voi)\W*$")
_HEADING = 60
"""Characters at the end of the row above in which a heading or an unfinished sentence says who is meant ("II. Người được xác minh", "… đối với:")."""
_OFFICES = r"(?:giam doc|tong giam doc|pho |chu tich|bi thu|truong |hieu truong|thu truong|chu nhiem|vien truong|chanh |ke toan truong|quan doc)"
_IN_OFFICE = re.compile(rf"^\W*(?:(?:chuc (?:vu|danh))\W*)?{_OFFICES}")
_SIGNS = re.compile(rf"^\W*(?:chuc (?:vu|danh)\W*{_OFFICES}|dai dien (?:cho|theo))")
_FOR_OTHERS = re.compile(r"(?:dai dien|thay mat|de nghi cua|to trinh cua|y kien cua|uy quyen cua|giao cho|nguoi ky|nguoi (?:chet|mat|qua co|yeu cau|lien he|nha|giam ho|lam chung|phien dich|bao lanh|chung kien))\b.{0,12}$")


@dataclass(frozen=True)
class Named:
    """A name behind an honorific: characters `start`…`end` of a row's text, the honorific begins at `title`."""

    text: str
    title: int
    start: int
    end: int
    with_colon: bool


def names_in(text: str) -> list[Named]:
    """All names behind an honorific, left to right: two to seven words that each begin with a capital."""
    found: list[Named] = []
    for title in _HONORIFIC.finditer(text):
        inside = found and title.start() < found[-1].end or (title[0][0].isupper() and _follows_a_capital(text[: title.start()]))
        named = None if inside else _named(text, title)
        found += [named] if named is not None else []
    return found


def _follows_a_capital(before: str) -> bool:
    """Whether the word before has a capital and nothing parts it: "Lê Anh Minh" has no honorific."""
    words = before.split()
    return bool(words) and words[-1][0].isupper() and words[-1][-1].isalpha()


def begins_statement(text: str) -> bool:
    """Whether words with a capital begin the next statement about somebody ("Căn cước công dân số …") and no name."""
    return _NO_NAME.match(bare(text)) is not None


def is_meant(above: str) -> bool:
    """Whether a heading or an unfinished sentence says that the person named below is meant ("… hợp đồng lao động đối với:")."""
    return _MEANT.search(bare(above)[-_HEADING:]) is not None


def find_person(rows: Sequence[Row]) -> tuple[int, Named, bool] | None:
    """The row, the name and whether it runs on over the row's end; None when no person stands out."""
    found = [(weight, n, named, runs_on) for n, named, runs_on, weight in _candidates(rows) if weight > 0]
    best = max((weight for weight, *_ in found), default=0)
    top = [one for one in found if one[0] == best]
    alike = len({named.text.casefold() for _, _, named, _ in top}) == 1
    if not top or not (alike or all(named.with_colon for _, _, named, _ in top)) or _one_was_misread(rows):
        return None
    _, n, named, runs_on = top[0]
    if any(weight < best and other.with_colon and at < n and other.text != named.text for weight, at, other, _ in found):
        return None  # somebody was announced before, and what was said of that one may have been misread
    return n, named, runs_on


def _one_was_misread(rows: Sequence[Row]) -> bool:
    """Whether somebody is announced ("Ông/Ba:") whose honorific or name was not read as one: the next person would be taken instead."""
    return any(len(_ANNOUNCED.findall(bare(row.text))) > sum(named.with_colon for named in names_in(row.text)) for row in rows)


def holds_office(rows: Sequence[Row], number: int, start: int, end: int) -> bool:
    """Whether the name behind `end` of a row, announced at `start`, is that of an office holder who acts for a party."""
    said = names_in("Ông " + rows[number].text[end:].lstrip())
    behind = rows[number].text[end:].lstrip()[said[0].end - 4 :] if said else ""
    return _acts_for_others(rows, number, bare(rows[number].text[:start]), bare(behind))


def _candidates(rows: Sequence[Row]) -> Iterator[tuple[int, Named, bool, int]]:
    for n, row in enumerate(rows):
        for named in names_in(row.text):
            before, after = bare(row.text[: named.title]), bare(row.text[named.end :])
            before = before if re.search(r"\w", before) or not n else bare(rows[n - 1].text)[-_HEADING:]
            runs_on = not after and _runs_on(rows, n)
            if runs_on:
                after = bare(re.sub(r"^[^,;]*", "", rows[n + 1].text))
            nearby = [after] if re.search(r"\w", after) else [_beside(rows, n), *_below(rows, n)[:2]]
            weight = 2 * any(_BORN.match(text) for text in nearby) + named.with_colon + bool(_MEANT.search(before))
            yield n, named, runs_on, weight - 4 * _acts_for_others(rows, n, before, after)


def _acts_for_others(rows: Sequence[Row], number: int, before: str, after: str) -> bool:
    """By what stands around a name, and by the rows below it up to the next person's or to the day of birth."""
    behind = after if re.search(r"\w", after) else _beside(rows, number)
    if _IN_OFFICE.match(behind) or _FOR_OTHERS.search(before):
        return True
    own = [] if _BORN.match(behind) else takewhile(lambda text: not (_BORN.match(text) or _ANNOUNCED.search(text)), _below(rows, number))
    return any(_SIGNS.match(text) for text in own)


def _beside(rows: Sequence[Row], number: int) -> str:
    """What stands in the next box on the same height."""
    here = rows[number]
    right = [r for r in rows if r is not here and r.page_number == here.page_number and r.box.same_row(here.box) and r.box.x > here.box.x]
    return bare(min(right, key=lambda r: r.box.x).text) if right else ""


def _below(rows: Sequence[Row], number: int) -> list[str]:
    here = rows[number]
    return [
        bare(row.text)
        for row in rows[number + 1 : number + 6]
        if row.page_number == here.page_number and row.box.x < here.box.right and row.box.right > here.box.x
        if here.box.h < 2 * (row.box.middle_y - here.box.middle_y) < 10 * here.box.h
    ]


def _named(text: str, found: re.Match[str]) -> Named | None:
    start = end = found.end()
    count = 0
    for word in re.finditer(r"\S+", text[start:]):
        core = word[0].rstrip(".,;:()")
        if count == 7 or not letters_of(core).isalpha() or not core[0].isupper() or (count and (_NO_NAME.match(bare(text[start + word.start() :])) or begins_label(text[start + word.start() :]))):
            break
        end, count = start + word.start() + len(core), count + 1
        if len(core) < len(word[0]):
            break
    return Named(" ".join(text[start:end].split()), found.start(), start, end, bool(found["colon"])) if count > 1 else None


def _runs_on(rows: Sequence[Row], number: int) -> bool:
    """Whether a name at the end of a full row goes on in the next: one or two syllables with capitals, and then a comma or the birth."""
    if number + 1 >= len(rows) or rows[number + 1].page_number != rows[number].page_number:
        return False
    here, after = rows[number], rows[number + 1]
    margin = max(row.box.right for row in rows if row.page_number == here.page_number)
    lead = re.match(r"((?:[^\W\d_]+ ?){1,2})(?:[,;]| sinh )", after.text)
    close = after.box.y - here.box.bottom < 1.3 * here.box.h and here.box.right > margin - 0.13 * here.page.width_px
    return close and lead is not None and all(word[0].isupper() and is_syllable(word) for word in lead[1].split())
