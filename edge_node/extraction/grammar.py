"""Grammars: what a value of each kind looks like, found inside a text and brought into its usual spelling.

Shapes flag, they never correct: a date with day 31 in February is returned as read, with `holds` False.
Source: domain sheet C.1 (personal numbers), C.3 (BHXH numbers), C.4 (tax codes); Nghị định 30/2020/NĐ-CP (số, ký hiệu, ngày tháng).
"""

from __future__ import annotations

import datetime as dt
import re

from edge_node.extraction.free_text import Value, free
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import FieldKind, Precision

NUMERIC_KINDS: frozenset[str] = frozenset(
    {"date", "personal_id", "number_symbol", "money", "phone", "bhxh_number", "tax_code"}
)


_SPACED_DATE = re.compile(r"(?:ng\S{0,2}y\s*|(?<!\d))(\d{1,2})\s*,?\s*th\S{0,3}ng\s*(\d{1,2})\s*,?\s*n\S{0,2}m\s*(\d{4})")
_BOXED_DATE = re.compile(r"(?<![\d/])(?<!\d )(\d \d) ?[/.\-|]? ?(\d \d) ?[/.\-|]? ?(\d \d \d \d)(?!\s?\d)")
"""A day whose digits stand in boxes of their own."""
_HALF_BOXED_DATE = re.compile(r"(?<![\d/.,-])(?<!\d )([0-3] ?\d) ([01] ?\d) ((?:1 ?9|2 ?0) ?\d ?\d)(?!\s?[\d/.,-])")
"""The same, where two of the digits were read as one word."""

_SHORT_DATE = re.compile(r"(?<![\d/])(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4})(?!\d)")
_MONTH = re.compile(r"[\W_]*(?:tu\s+)?(?:(?:th\S{0,2}ng\s*|t\.?\s?)?(\d{1,2})\s?[/.\-]\s?(\d{4})|th\S{0,2}ng\s*(\d{1,2})\s*,?\s*n\S{0,2}m\s*(\d{4}))(?!\s?[\d/]|-\d)")
_YEAR = re.compile(r"[\W_]*(?:n\S{0,2}m\s*)?((?:19|20)\d\d)(?!\s?[\d/]|[-.]\d)")
_NEAR = 10
"""A month, or a year, right at the beginning, and characters behind it in which a form may say the whole day too ("1960 (ngày 12/12/1960)"): what stands elsewhere in a text may be a part of anything."""

_DIGITS = {
    "personal_id": re.compile(r"(?<!\d)(?<!\d[ .])(?:\d[ .]?){11}\d(?![ .]?\d)"),
    "bhxh_number": re.compile(r"(?<!\d)(?:[A-Z]{2}[ ]?\d ?\d\d ?)?(?:\d[ .]?){9}\d(?!\d)"),
    "tax_code": re.compile(r"(?<!\d)\d{10}(?:\s?-\s?\d{3})?(?!\d)|(?<!\d)(?<!\d )(?:\d ){9}\d(?!\s?[\d-])|(?<!\d)(?<!\d[ .])(?=(?:\d[ .]?){9}\d(?![ .]?\d))\d{2,4}(?:[ .]\d{2,4}){2,4}(?:\s?-\s?\d{3})?(?!\d)"),
    "phone": re.compile(r"(?<!\d)(?:\+84|0)(?:[ .\-]?\d){8,10}(?!\d)"),
    "money": re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\s?\d{3})+(?![\d])|(?<![\d.,])\d{4,12}(?!\d)"),
}
_SYMBOL = re.compile(r"(?<![\w./-])[A-Z]{2}\d{4,8}(?![\w./-])|(?:(?<![\w./-])[A-ZĐ]{2,6}[/-])?\d+[A-Z]?(?:\.\d+)?\s?[/-]\s?[A-ZĐƯÂÊÔƠĂ0-9][A-ZĐƯÂÊÔƠĂ0-9a-z&./-]*|\d+(?:\.\d+)*(?=\s|$|[.,;])")
_SYMBOL_HOLDS = re.compile(r"0\d{5,7}|(?:[A-ZĐ]{2,6}[/-])?\d+[A-Z]?(?:\.\d+)?[/-][A-ZĐ0-9](?:[A-ZĐƯÂÊÔƠĂ0-9&./-]|(?<=[A-ZĐ0-9])[abdeghnqt](?![^\W_]))*")
"""A receipt's or a form's own number may begin with two letters ("PT000148"); it does not hold, for nothing tells it from a series. A number printed on a form before it is filled in has six to eight digits, the first a nought. A part may end in one small letter ("TTg", "C70a"), but for those that are shaped like their capital."""


def values(kind: FieldKind, text: str, precision: Precision = "day") -> list[Value]:
    """All values of a kind in `text`, left to right. Kinds of free text give at most one: the cleaned text itself.

    A date may say as little as `precision`, where it stands at the very beginning and its day or month is not merely left blank.

    >>> [values("date", said, "year")[0].text for said in ("năm 1951", "tháng 3/1951", "3.1951", "02/03/1951")]
    ['1951', '03/1951', '03/1951', '02/03/1951']
    """
    if kind == "date":
        days = _dates(text)
        part = _part_of_day(text, precision)
        is_said_whole = part is not None and bool(days) and (days[0].start <= part.end or (days[0].start < part.end + _NEAR and days[0].text.endswith(part.text)))
        return [part] if part is not None and not is_said_whole else days
    if kind == "number_symbol":
        return [_symbol(found, text[: found.start()], text[found.end() :]) for found in _SYMBOL.finditer(text)]
    if kind == "sex":
        return [
            Value("Nữ" if found[0] == "nu" else "Nam", found.start(), found.end(), True)
            for found in re.finditer(r"(?<!\w)(?:nam|nu)(?!\w)", bare(text))
        ]
    if kind in _DIGITS:
        return [
            Value(_usual(kind, found[0]), found.start(), found.end(), True) for found in _DIGITS[kind].finditer(text)
        ]
    return free(kind, text)


def _dates(text: str) -> list[Value]:
    spaced = list(_SPACED_DATE.finditer(bare(text)))
    found = [*spaced, *_SHORT_DATE.finditer(text), *(_BOXED_DATE.search(text) and _BOXED_DATE.finditer(text) or _HALF_BOXED_DATE.finditer(text))]
    return sorted((_day_of(day) for day in found), key=lambda value: value.start)


def _day_of(found: re.Match[str]) -> Value:
    day, month, year = (part.replace(" ", "") for part in found.groups() if part is not None)
    return Value(f"{int(day):02d}/{int(month):02d}/{year}", found.start(), found.end(), _is_date(day, month, year))


def _part_of_day(text: str, precision: Precision) -> Value | None:
    """The month or the year that a date consists of. One behind strokes for a day and a month ("…/…/1951") does not hold: they may be written there."""
    plain = bare(text)
    if precision == "day":
        return None
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


def _symbol(found: re.Match[str], before: str, behind: str) -> Value:
    """A letter or digit close before or behind is a part that was not understood."""
    text = re.sub(r"\s", "", found[0]).rstrip(".,-/")
    is_whole = not re.match(r"[-/.&]?\w", behind) and not re.search(r"\w[/&-]?$", before)
    return Value(text, found.start(), found.end(), is_whole and _SYMBOL_HOLDS.fullmatch(text) is not None)


def _usual(kind: str, text: str) -> str:
    if kind == "money":
        return re.sub(r"\s", "", text).replace(",", ".")
    if kind == "bhxh_number":
        return re.sub(r"[\s.]", "", text)[-10:]  # of a card's number, "DN 4 46 …", the last ten digits
    return re.sub(r"[\s.]", "", text) if kind != "phone" else re.sub(r"[\s.\-]", "", text)
