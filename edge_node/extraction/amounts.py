"""The amount a paper is about, where it names several: forms and invoices say it once more in words.

"Số tiền viết bằng chữ: Một trăm tám mươi nghìn đồng" is the paper's own second witness of which of its amounts is meant. Words that were misread say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare

_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_SCALES = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_NOUGHT = ("linh", "le")
_WORD = "|".join((*_DIGITS, *_SCALES, *_NOUGHT, "muoi", "tram"))
_SPOKEN = re.compile(rf"(?<!\w)(?:{_WORD})(?:[\s,]+(?:{_WORD}))+(?=[\s,]+(?:dong|vnd)\b)")
_SUM = re.compile(r"\b(?:tong|cong|thanh toan|phai (?:tra|nop|thu)|con (?:lai|phai)|giam|tien thue|chi tra|dong chi tra)\b")
_WHOLE = re.compile(r"\b(?:tong|cong)\b")
_PAID = re.compile(r"\b(?:(?:luong huu|tro cap)\b.{0,24}\bhang thang|muc (?:luong huu|tro cap|huong)|so tien (?:duoc )?huong|duoc (?:huong|linh|nhan)|thuc (?:linh|nhan)|con (?:duoc )?(?:linh|nhan))\b")
"""How a decision calls what is paid, beside what it is reckoned from (mức bình quân, tỷ lệ)."""
_LAST = re.compile(r"\b(?:thanh toan|phai (?:tra|nop|thu)|bang so)\b")
"""How the last of an invoice's sums is called."""


def in_words(text: str) -> int | None:
    """What words of a number, folded, say; None where they are no number.

    >>> in_words("hai trieu tam tram linh nam nghin"), in_words("muoi hai nghin"), in_words("hai hai nghin")
    (2805000, 12000, None)
    """
    total, group, digit, least = 0, 0, None, 10**12
    for word in re.findall(r"[a-z]+", text):
        if word in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[word]
        elif word == "muoi":
            group, digit = group + 10 * (1 if digit is None else digit), None
        elif word == "tram":
            if digit is None:
                return None
            group, digit = group + 100 * digit, None
        elif word in _SCALES:
            if _SCALES[word] >= least:
                return None
            least, total = _SCALES[word], total + _SCALES[word] * (group + (digit or 0))
            group, digit = 0, None
    return total + group + (digit or 0)


def spoken(rows: Sequence[Row]) -> set[int]:
    """Every amount in đồng that the paper says in words, which may go on over a row's end."""
    text = bare("\n".join(row.text for row in rows))
    said = (in_words(found[0]) for found in _SPOKEN.finditer(text) if re.search(r"tram|nghin|ngan|trieu|ty", found[0]))
    return {amount for amount in said if amount}


def amount_meant(find: Find | None, rows: Sequence[Row]) -> Find | None:
    """The amount that was found, unless the words say another that the paper has too; a person looks where they chose, or contradict, or where an
    invoice names several sums and none is called the last.
    """
    said, here = spoken(rows), _number(find)
    if len(said) == 1 and here not in said:
        own = next((other for other in _amounts(rows) if _number(other) in said), None)
        chosen = own or find
        return None if chosen is None else replace(chosen, of_another=True)
    if find is None or here is None or here in said:
        return find
    if is_one_of_a_column(find, rows):
        return _paid_in_its_column(find, rows) or find
    others = {_number(other) for other in _amounts(rows) if _SUM.search(bare(other.row.text[: other.start]))} - {here}
    is_last = _LAST.search(bare(find.row.text)) is not None
    return replace(find, of_another=True) if others and not is_last and _SUM.search(bare(find.row.text[: find.start])) else find


def _in_its_column(find: Find, rows: Sequence[Row]) -> list[Find]:
    """The other sums of the table's column in which a value stands alone: "8.126.400 / 75% / 6.094.800"."""
    alone = [one for one in _amounts(rows) if one.start == 0 and not one.row.text[one.end :].strip(" .đ") and one.row.page_number == find.row.page_number]
    if find.start or all(one.row is not find.row for one in alone):
        return []
    return [one for one in alone if _number(one) != _number(find) and one.row.box.shared_columns(find.row.box) > 0]


def _called(find: Find, rows: Sequence[Row]) -> str:
    """What stands left of a sum on its row, in bare words."""
    return bare(" ".join(row.text for row in rows if row.page_number == find.row.page_number and row.box.same_row(find.row.box) and row.box.right <= find.row.box.x))


def is_one_of_a_column(find: Find, rows: Sequence[Row]) -> bool:
    """Whether a sum stands below its column's head with other sums, and nothing on its row calls it the whole."""
    return bool(_in_its_column(find, rows)) and not _WHOLE.search(_called(find, rows))


def _paid_in_its_column(find: Find, rows: Sequence[Row]) -> Find | None:
    """The one sum of its column that is called what is paid, "Lương hưu hằng tháng", before what it is reckoned from; None where none is, or several are."""
    paid = [one for one in (find, *_in_its_column(find, rows)) if _PAID.search(_called(one, rows))]
    return paid[0] if len({_number(one) for one in paid}) == 1 else None


def _number(find: Find | None) -> int | None:
    found = values("money", find.row.text[find.start : find.end]) if find is not None else []
    return int(re.sub(r"\D", "", found[0].text)) if found else None


def _amounts(rows: Sequence[Row]) -> Iterator[Find]:
    for row in rows:
        for value in (one for one in values("money", row.text) if "." in one.text):  # a number without stops may be any
            yield Find("money", row, value.start, value.end)
