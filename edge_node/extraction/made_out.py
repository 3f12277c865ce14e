"""The day on which a paper was made out: "Hà Nội, ngày … tháng … năm …" in the head or above the signature, "Hôm nay, ngày …" in minutes.

A paper holds many days. Its own stands behind a place and ends its row; where two such rows below the text name two days (the commune confirms what
a person has signed), the first is meant, and a person looks.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.4 (địa danh và thời gian ban hành văn bản).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from edge_node.extraction.agencies import is_agency
from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare, folded

_OTHER_DAY = re.compile(
    r":|\b(?:gio|phut|sinh|cap|tu|den|vao|het|han|mat|chet|vien|hieu luc|ket hon|truoc|sau|hop|lap|ky|khoi|tra)\s*$|\b(?:gio|phut|so cccd|cmnd|can cuoc)\b|\b(?:sinh|cap|chet|mat)\b.{0,25}$"
)
"""What stands in front of a day that is not the one on which the paper was made out: a label, an hour, "sinh ngày"."""

_SPELLED = re.compile(r"(?:^|,\s?|\. ?|^.{2,30}\s)ng\S{1,2}y\b.{0,12}th\S{1,3}ng.{0,12}n\S{1,2}m\s*\d{3,4}")
_WORD = re.compile(r"\s?ng\S{1,2}y\s*$")
_TODAY = re.compile(r"\bhom nay\b[\s,]*(?:(?:vao |luc |hoi )+[\s\d]{0,4}(?:gio|h|g)?\s?\d{0,2}\s?(?:phut|p)?[\s,]*)?ng\S{1,2}y\b")
_AT_AN_HOUR = re.compile(r"^\W*(?:vao )?(?:hoi|luc) [\s\d]{0,4}(?:gio|h|g)\s?\d{0,2}\s?(?:phut|p)?[\s,]*ng\S{1,2}y\b(?=.*\b(?:tai|chung toi)\b)")
"""How minutes begin that do not say "Hôm nay"; so may the account of an accident."""

_BROKEN = re.compile(r"\bth\S{1,3}ng\s*\d{1,2}\s*n\S{1,2}m(?=\W*$|\s[a-z][a-z ]{1,20}:)")
"""A day without its year, at the row's end or in front of the next column's label."""

_CLOSES = re.compile(r"\W*\)")
"""A bracket that ends right behind a day."""

_PLACE_ALONE = re.compile(r"(?:[A-ZĐ][^\W\d_]*[\s.]+){2,4}")
_LONG_ROW = 60
_BESIDE = 8
"""How far, in heights, a year may stand right of its day."""


@dataclass(frozen=True)
class _Day:
    find: Find
    said: str
    placed: bool


def find_date(rows: Sequence[Row], top: Sequence[Row]) -> Find | None:
    """Where the day stands; `top` are the rows of the head. None where no row looks like it."""
    head = [day for row in top for day in _days(row, _year_below(row, rows))]
    today = next((find for row in rows if (find := _today(row)) is not None), None)
    if own := [day for day in head if day.placed or today is None]:
        return max(own, key=lambda day: day.placed).find
    if today is not None:
        return today
    below = [day for row in rows if row not in top for day in _days(row, _year_below(row, rows))]
    placed = [day for day in below if day.placed]
    if not below:
        return _without_comma(rows)
    chosen = placed[0] if placed else below[-1]
    rivals = {day.said for day in (placed or below)}
    return replace(chosen.find, of_another=len(rivals) > 1)


def days_made_out(rows: Sequence[Row]) -> list[tuple[Row, str, bool]]:
    """Every day that stands as the one on which a paper is made out: its row, the day, and whether it stands behind a place."""
    return [(day.find.row, day.said, day.placed) for row in rows for day in _days(row, _year_below(row, rows)) if day.said]


def _without_comma(rows: Sequence[Row]) -> Find | None:
    """A day in figures that a place stands in front of and nothing else on its row, in the right half: readers lose a small comma ("Chư Prông 28/11/2025")."""
    for row in rows:
        for day in values("date", row.text):
            if day.holds and row.box.x > 0.45 * row.page.width_px and _PLACE_ALONE.fullmatch(row.text[: day.start]) and not re.search(r"\w", row.text[day.end :]):
                return Find("date", row, day.start, day.end, of_another=True)
    return None


def _year_below(row: Row, rows: Sequence[Row]) -> Row | None:
    """The row that holds nothing but the year, where a narrow column broke "… tháng 01 năm / 2025", or its box stands beside it."""
    if not _BROKEN.search(bare(row.text)):
        return None
    years = [r for r in rows if r.page_number == row.page_number and re.fullmatch(r"\d{4}\W*", r.text)]
    beside = (r for r in years if r.box.same_row(row.box) and 0 <= r.box.x - row.box.right + row.box.h < _BESIDE * row.box.h)
    below = (r for r in years if 0 < r.box.middle_y - row.box.middle_y < 2 * row.box.h and r.box.x < row.box.right and r.box.right > row.box.x)
    return next(chain(beside, below), None)


def _days(row: Row, year: Row | None = None) -> Iterator[_Day]:
    plain = bare(row.text)
    if year is not None and (open_end := _BROKEN.search(plain)):
        broken = values("date", f"{row.text[: open_end.end()]} {year.text}")
        if broken and not _OTHER_DAY.search(_WORD.sub("", plain[: broken[-1].start]).rstrip(" ,")):
            day = broken[-1]
            yield _Day(Find("date", row, day.start, open_end.end(), (year,)), day.text, _behind_a_place(row.text[: len(_WORD.sub("", plain[: day.start]))].rstrip()))
        return
    for date in values("date", row.text):
        before, behind = plain[: date.start], plain[date.end :]
        if before.count("(") > before.count(")") or _CLOSES.match(behind):
            continue  # "(Trạm Y tế xã Tân Kỳ, 10/7/2026)" says when something else was
        before = _WORD.sub("", before)
        placed = _behind_a_place(row.text[: len(before)].rstrip()) and not re.search(r"\w", behind) and _stands_apart(row, len(before))
        placed = placed and not is_agency(folded(row.text[: len(before)]))  # "Cục Cảnh sát …, 11/08/2021" is where and when a card was issued
        spelled = len(row.text) < _LONG_ROW and _SPELLED.search(plain) is not None
        if (placed or spelled) and not _OTHER_DAY.search(_without_place(row.text[: len(before)]) if placed else before.rstrip(" ,")):
            start = plain.find("ng", len(before)) if "ng" in plain[len(before) : date.end] else date.start
            yield _Day(Find("date", row, min(start, date.start), len(row.text)), date.text, placed)
            return
    if (said := _SPELLED.search(plain)) and not values("date", row.text) and len(row.text) < _LONG_ROW:
        yield _Day(Find("date", row, max(0, plain.find("ng", said.start())), len(row.text)), "", False)  # a day that was not read


def _behind_a_place(before: str) -> bool:
    """Whether what stands in front of a day ends with a place's name and a comma."""
    words = before.rstrip(" ,").split()
    return before.endswith(",") and bool(words) and words[-1][0].isupper() and words[-1][-1].isalnum()


def _without_place(before: str) -> str:
    """The folded words in front of a place's name: "Tân Kỳ, ngày" and "Chiềng Sinh, ngày" say neither "ký" nor "sinh"."""
    words = before.rstrip(" ,").split()
    while words and words[-1][0].isupper():
        words.pop()
    return bare(" ".join(words))


def _stands_apart(row: Row, start: int) -> bool:
    """Whether the day's row is short, or the day stands in the right part of the page, so that it ends no sentence."""
    words = row.words_between(max(0, start - 2), start + 1)
    return len(row.text) < _LONG_ROW or (bool(words) and words[0].box.x > 0.45 * row.page.width_px)


def _today(row: Row) -> Find | None:
    begins = row.text.lstrip(" -–")[:1].isupper()  # "…, đã từ trần / hồi 3 giờ 20 phút ngày …" only goes on
    said = _TODAY.search(bare(row.text)) or (_AT_AN_HOUR.match(bare(row.text)) if begins else None)
    date = next(iter(values("date", row.text[said.start() :])), None) if said else None
    if said is None or date is None or said.start() + date.start > said.end() + 2:
        return None
    return Find("date", row, said.start() + date.start, said.start() + date.end, of_another=said.re is _AT_AN_HOUR)
