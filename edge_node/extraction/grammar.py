"""Grammars: what a value of each kind looks like, found inside a text and brought into its usual spelling.

Shapes flag, they never correct: a date with day 31 in February is returned as read, with `holds` False.
Source: domain sheet C.1 (personal numbers), C.3 (BHXH numbers), C.4 (tax codes); Nghị định 30/2020/NĐ-CP (số, ký hiệu, ngày tháng).
"""

from __future__ import annotations

import re

from edge_node.extraction.days import dates
from edge_node.extraction.free_text import Value, free
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import FieldKind, Precision

NUMERIC_KINDS: frozenset[str] = frozenset(
    {"date", "personal_id", "number_symbol", "money", "phone", "bhxh_number", "tax_code"}
)


_DIGITS = {
    "personal_id": re.compile(r"(?<!\d)(?<!\d[ .])(?:\d[ .]?){11}\d(?![ .]?\d)"),
    "bhxh_number": re.compile(r"(?<!\d)(?:[A-Z]{2}[ .]?\d[ .]?\d\d[ .]?)?(?:\d[ .]?){9}\d(?!\d)"),
    "tax_code": re.compile(r"(?<!\d)\d{10}(?:\s?-\s?\d{3})?(?!\d)|(?<!\d)(?<!\d )(?:\d ){9}\d(?!\s?[\d-])|(?<!\d)(?<!\d[ .])(?=(?:\d[ .]?){9}\d(?![ .]?\d))\d{2,4}(?:[ .]\d{2,4}){2,4}(?:\s?-\s?\d{3})?(?!\d)"),
    "phone": re.compile(r"(?<!\d)(?:\(\+84\)|\+84|0)(?:[ ._\-]{0,2}\d){8,10}(?!\d)|\(0\d{2,3}\)(?:[ .\-]?\d){7,8}(?!\d)"),
    "money": re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\s?\d{3})+(?![\d])|(?<![\d.,])\d{4,12}(?!\d)|^\s*0\s*$"),
}
_NEXT_ITEM = re.compile(r"(?<=\d)(\s\d{1,2})(?=[.)]\s*(?:[^\W\d]|$))")
"""The number of a form's next item, right behind a number: "0123456789 5. Mã số BHXH: …"."""

_LETTERS_FIRST = r"[A-ZĐƯ]{1,6}(?:[-.&][A-ZĐƯ\d]{1,6}){0,3}/(?:[A-ZĐƯ\d]{1,6}[-./]){0,2}\d{2,6}"
"""A number of a company's program: letters in front, the running number last ("QĐ-TV/2026/0088", "HR/LC-25/0316")."""
_SYMBOL = re.compile(rf"(?<![\w./-]){_LETTERS_FIRST}(?![\w/-]|\.\w)|" + r"(?<![\w./-])[A-Z]{2}\d{4,8}(?![\w./-])|(?<![\w./-])[A-ZĐ]{2,4}\d{2}-\d{4,8}(?![\w./-])|(?<![\w./-])\d[A-Z]\d\d[A-Z]{3}\s?/\s?\d{1,8}(?![\w/])|(?<![\w./-])(?:\d{1,4}\.){1,2}\d{1,5}\s?/\s?[A-ZĐ][A-ZĐ0-9-]*|(?:(?<![\w./-])[A-ZĐ]{2,6}[/.-])?\d+[A-Z]?(?:\.\d+)?\s?[/-]\s?[A-ZĐƯÂÊÔƠĂ0-9][A-ZĐƯÂÊÔƠĂ0-9a-z&./-]*|\d+(?:\.\d+)*(?=\s|$|[.,;])")
_SYMBOL_HOLDS = re.compile(rf"{_LETTERS_FIRST}|" + r"0\d{5,7}|\d[A-Z]\d\d[A-Z]{3}/\d{1,8}|(?:\d{1,4}\.){1,2}\d{1,5}/[A-ZĐ][A-ZĐ0-9-]*|(?:[A-ZĐ]{2,6}[/.-])?\d+[A-Z]?(?:\.\d+)?[/-][A-ZĐ0-9](?:[A-ZĐƯÂÊÔƠĂ0-9&./-]|(?<=[A-ZĐ0-9])[abdeghnqt](?![^\W_]))*")
"""An invoice's series and number stand as one ("1C25TSH/00018834": NĐ 123/2020, Điều 10). A receipt's or a form's own number may begin with two letters ("PT000148"), a hospital's file with letters and the year ("BN26-004417"); it does not hold, for nothing tells it from a series. A number printed on a form before it is filled in has six to eight digits, the first a nought. A part may end in one small letter ("TTg", "C70a"), but for those that are shaped like their capital."""


def values(kind: FieldKind, text: str, precision: Precision = "day") -> list[Value]:
    """All values of a kind in `text`, left to right. Kinds of free text give at most one: the cleaned text itself.

    A date may say as little as `precision`, where it stands at the very beginning and its day or month is not merely left blank.

    >>> [values("date", said, "year")[0].text for said in ("năm 1951", "tháng 3/1951", "3.1951", "02/03/1951")]
    ['1951', '03/1951', '03/1951', '02/03/1951']
    """
    if kind == "date":
        return dates(text, precision)
    if kind == "number_symbol":
        return [_symbol(found, text[: found.start()], text[found.end() :]) for found in _SYMBOL.finditer(text)]
    if kind == "sex":
        is_asked = re.search(r"(?<!\w)(?:nam\W+(?:\w{1,2}\W+)?nu\w?|nu\w?\W+(?:\w{1,2}\W+)?nam)(?!\w)", bare(text)) is not None  # two boxes to tick, of which words show no tick
        return [
            Value("Nữ" if found[0] == "nu" else "Nam", found.start(), found.end(), not is_asked)
            for found in re.finditer(r"(?<!\w)(?:nam|nu)(?!\w)", bare(text))
        ]
    if kind in _DIGITS:
        text = _NEXT_ITEM.sub(lambda found: " " * len(found[0]), text)
        return [
            Value(_usual(kind, found[0]), found.start(), found.end(), True) for found in _DIGITS[kind].finditer(text)
        ]
    return free(kind, text)


def _symbol(found: re.Match[str], before: str, behind: str) -> Value:
    """A letter or digit close before or behind is a part that was not understood."""
    text = re.sub(r"\s", "", found[0]).rstrip(".,-/")
    is_whole = not re.match(r"[-/.&]?\w", behind) and not re.search(r"\w[/&-]?$|[^\W\d_]\.$", before)
    return Value(text, found.start(), found.end(), is_whole and _SYMBOL_HOLDS.fullmatch(text) is not None)


def _usual(kind: str, text: str) -> str:
    if kind == "money":
        return re.sub(r"\s", "", text).replace(",", ".")
    if kind == "bhxh_number":
        return re.sub(r"[\s.]", "", text)[-10:]  # of a card's number, "DN 4 46 …", the last ten digits
    return re.sub(r"[\s.]", "", text) if kind != "phone" else re.sub(r"[\s.()_\-]", "", text)
