"""Days as papers say them: whole, in boxes of a digit each, in words and numbers, or only their month or year.

Shapes flag, they never correct: day 31 in February is returned as read, with `holds` False.
"""

from __future__ import annotations

import datetime as dt
import re

from edge_node.extraction.free_text import Value
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import Precision

_SPACED_DATE = re.compile(r"(?:ng\S{0,2}y\s*|(?<!\d))(\d{1,2})\s*,?\s*th\S{0,3}ng\s*,?\s*(\d{1,2})\s*,?\s*n\S{0,2}m\s*(\d{4})")
_BOXED_DATE = re.compile(r"(?<![\d/])(?<!\d )(\d \d) ?[/.\-|]? ?(\d \d) ?[/.\-|]? ?(\d \d \d \d)(?!\s?\d)")
"""A day whose digits stand in boxes of their own."""
_HALF_BOXED_DATE = re.compile(r"(?<![\d/.,-])(?<!\d )([0-3] ?\d) ([01] ?\d) ((?:1 ?9|2 ?0) ?\d ?\d)(?!\s?[\d/.,-])")
"""The same, where two of the digits were read as one word."""
_RUN_TOGETHER = re.compile(r"(?<![\d/.,-])(?<!\d )(?=(?:\d[ /|]{0,3}){8})(?=(?:[\d/|]+ ){4})([0-3] ?\d) ?[/|]? ?([01] ?\d) ?[/|]? ?((?:1 ?9|2 ?0) ?\d ?\d)(?!\d|\s?[/.,-]|\s\d(?![.)]))")
"""The same, where the end of one part and the beginning of the next were, and the number of the form's next item may follow: "0 5 0 119 7 8 3. Giới tính"."""

_SHORT_DATE = re.compile(r"(?<![\d/])(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4})(?!\d)")
_MONTH = re.compile(r"[\W_]*(?:tu\s+)?(?:(?:th\S{0,2}ng\s*|t\.?\s?)?(\d{1,2})\s?[/.\-]\s?(\d{4})|th\S{0,2}ng\s*(\d{1,2})\s*,?\s*n\S{0,2}m\s*(\d{4}))(?!\s?[\d/]|-\d)")
_YEAR = re.compile(r"[\W_]*(?:n\S{0,2}m\s*)?((?:19|20)\d\d)(?!\s?[\d/]|[-.]\d)")
_NO_DAY = re.compile(r"\W*00\s?[/.\-]\s?00\s?[/.\-]\s?((?:19|20)\d\d)(?!\d)")
"""A year alone, as a program prints it whose box wants a whole day."""
_NEAR = 10
"""A month, or a year, right at the beginning, and characters behind it in which a form may say the whole day too ("1960 (ngày 12/12/1960)"): what stands elsewhere in a text may be a part of anything."""


def dates(text: str, precision: Precision) -> list[Value]:
    """All days in `text`, left to right; alone the month or the year at its very beginning where `precision` allows it and no whole day is said there."""
    days = _days(text)
    part = _part_of_day(text, precision)
    is_said_whole = part is not None and any(day.holds for day in days) and (days[0].start <= part.end or (days[0].start < part.end + _NEAR and days[0].text.endswith(part.text)))
    return [part] if part is not None and not is_said_whole else days


def _days(text: str) -> list[Value]:
    spaced = list(_SPACED_DATE.finditer(bare(text)))
    found = [*spaced, *_SHORT_DATE.finditer(text), *(_BOXED_DATE.search(text) and _BOXED_DATE.finditer(text) or _HALF_BOXED_DATE.search(text) and _HALF_BOXED_DATE.finditer(text) or _RUN_TOGETHER.finditer(text))]
    return sorted((_day_of(day) for day in found), key=lambda value: value.start)


def _day_of(found: re.Match[str]) -> Value:
    day, month, year = (part.replace(" ", "") for part in found.groups() if part is not None)
    return Value(f"{int(day):02d}/{int(month):02d}/{year}", found.start(), found.end(), _is_date(day, month, year))


def _part_of_day(text: str, precision: Precision) -> Value | None:
    """The month or the year that a date consists of. One behind strokes for a day and a month ("…/…/1951") does not hold: they may be written there."""
    plain = bare(text)
    if precision == "day":
        return None
    if precision == "year" and (found := _NO_DAY.match(plain)):
        return Value(found[1], 0, found.end(), True)
    if found := _MONTH.match(plain):
        month, year = found[1] or found[3], found[2] or found[4]
        start = min(at for at in (found.start(1), found.start(3)) if at >= 0)
        return Value(f"{int(month):02d}/{year}", start, found.end(), _is_date("1", month, year) and not _is_blank_before(plain[:start]))
    if precision == "year" and (found := _YEAR.match(plain)):
        return Value(found[1], found.start(1), found.end(), not _is_blank_before(plain[: found.start(1)]))
    return None


def _is_blank_before(lead: str) -> bool:
    return "/" in lead or "-" in lead.rstrip(" -") or ".." in lead or "…" in lead or "_" in lead


def _is_date(day: str, month: str, year: str) -> bool:
    try:
        return 1900 <= dt.date(int(year), int(month), int(day)).year <= 2100
    except ValueError:
        return False
