"""Days and numbers that the paper has to prove its own: in the place that the decree gives them, without a rival, and not in the middle of a sentence.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.3 và II.4 (số, ký hiệu; địa danh và thời gian ban hành).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge_node.extraction.amounts import is_one_of_a_column
from edge_node.extraction.find import Find
from edge_node.extraction.free_text import Value
from edge_node.extraction.grammar import values
from edge_node.extraction.made_out import days_made_out
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare, folded
from edge_node.recognition.order import is_national_title

_OTHER_PERSON = "số đứng giữa câu văn, và giấy còn ghi số của người khác"
_OTHER_DAY = "trên giấy còn ngày khác có thể là ngày cấp"
_DOUBTFUL_NUMBER = "chưa chắc đây là số của chính giấy này"
_IN_A_SENTENCE = "số đứng giữa câu văn: có thể của người hay cơ quan khác"
_OTHER_AMOUNT = "trên giấy còn số tiền khác"

_BORN = "birth_date"
_OWN_NUMBER = re.compile(r"\W*(?:[^\W\d]+\s){0,2}\W*(?:so|no|ref)\b(?:[\s,/]*(?:no|ref|ky hieu|va ky hieu)\b\.?)*\s*[:.;]?\s*")
_NO_OWN_NUMBER = re.compile(r"\b(?:seri|kcb|hsba|ho so|luu tru|benh an|vao vien|giao dich|quyen|mau|lien)\b")
"""What announces the number of a series, a file or a treatment."""
_ANY_NUMBER = re.compile(r"(?<![a-z])(?<!co )(?<!mau )(?:so|no)\b(?! (?:dinh danh|cccd|cmnd|can cuoc|the|so|bhxh|dien thoai|dt|tai khoan|nha|tien|ngay))[^:;,]{0,16}[:.]")
"""Where a number is announced that may be the paper's."""
_NUMBERS = 0.4
_SINCE_BIRTH = re.compile(r"\bsinh\b[^;:,]{0,14}$")
_TOTAL = re.compile(r"\b(?:tong|cong)\b")
_ABOVE = 2.2
"""Heights up to which a label stands above its value."""
_LEADS = 3
"""Words before a label up to which its row does not read as a sentence."""
_HEAD = 0.3
"""Share of the first page in which the decree has the paper's day, right of its middle and below the national title."""


def number_doubt(name: str, find: Find, rows: Sequence[Row], announced: Sequence[tuple[str, Row, int]]) -> str:
    """Why the paper does not prove that a day or number is its own, "" where it does. `announced`: every label's field, row and end there."""
    if name == "issue_date":
        return _OTHER_DAY if not _is_where_the_decree_has_it(find, rows) and _has_other_days(find, rows) else ""
    if name == "number_symbol":
        is_sentence = _is_in_a_sentence(find) or find.row.text.lstrip()[:1].islower()
        return "" if _is_own_number(find) or (not is_sentence and not _has_other_numbers(find, rows)) else _DOUBTFUL_NUMBER
    if name in ("tax_code", "amount") and _is_in_a_sentence(find):
        return _IN_A_SENTENCE
    if (find.kind in ("personal_id", "bhxh_number") or name == _BORN) and _is_in_a_sentence(find) and _has_others(find, rows):
        return _OTHER_PERSON
    if name == "amount":
        is_one_of_many = is_one_of_a_column(find, rows) or (not _TOTAL.search(_lead(find, announced)) and _has_others(find, rows))
        return _OTHER_AMOUNT if is_one_of_many else ""
    if name == "tax_code":
        return _DOUBTFUL_NUMBER if len({one for row in rows for one in _behind_tax(row)}) > 1 else ""
    return ""


def said(find: Find) -> str:
    """The value that stands there, "" for none."""
    return next((value.text for value in values(find.kind, find.text)), "")


def is_beside(label: Row, row: Row, start: int) -> bool:
    """Whether a label's row stands left of a value that begins its row, or above it."""
    if label.page_number != row.page_number:
        return False
    above = 0 < row.box.middle_y - label.box.middle_y < _ABOVE * label.box.h and label.box.shared_columns(row.box) > 0
    return above or (start == 0 and label.box.same_row(row.box) and label.box.right <= row.box.x + row.box.h)


def _is_own_number(find: Find) -> bool:
    """Whether "Số:" and little else stands in front of a number in the head: "Số:", "Công văn số", "Số / No.:"; "số" in small letters goes on with a sentence."""
    before = bare(find.row.text[: find.start])
    if find.row.text.lstrip()[:1].islower() or find.row.box.y > _NUMBERS * find.row.page.height_px:
        return False
    return _OWN_NUMBER.fullmatch(before) is not None and not _NO_OWN_NUMBER.search(before)


def _has_other_numbers(find: Find, rows: Sequence[Row]) -> bool:
    """Whether "Số" announces another number in the head of the paper, which may be the paper's own."""
    head = [row for row in rows if row.page_number == find.row.page_number and row.box.y < _NUMBERS * row.page.height_px]
    return any(one.end() != find.start for row in head for one in _ANY_NUMBER.finditer(bare(row.text)) if row is not find.row or not one.start() <= find.start <= one.end() + 1)


def _is_where_the_decree_has_it(find: Find, rows: Sequence[Row]) -> bool:
    """Whether a day stands in the head of the first page, on the right, below the national title."""
    row = find.row
    titles = [one for one in rows if one.page_number == row.page_number and is_national_title(folded(one.text))]
    start = row.words_between(find.start, len(row.text))
    is_right = bool(start) and start[-1].box.right > 0.55 * row.page.width_px
    return row.page_number == 1 and bool(titles) and is_right and titles[0].box.y < row.box.y < _HEAD * row.page.height_px and not bare(row.text).lstrip().startswith("dang ky")


def _has_other_days(find: Find, rows: Sequence[Row]) -> bool:
    """Whether another day stands where a paper has its own; beside one behind a place only another behind a place."""
    days = days_made_out(rows)
    is_placed = any(placed for row, _, placed in days if row is find.row)
    return bool({day for row, day, placed in days if row is not find.row and placed >= is_placed} - {said(find)})


def _has_others(find: Find, rows: Sequence[Row]) -> bool:
    """Whether the paper has another value of this kind anywhere: nothing tells them apart but their labels."""
    others = {value.text for row in rows for value in values(find.kind, row.text) if value.holds and _is_of_its_kind(find, row.text, value)}
    return bool(others - {said(find)})


def _is_of_its_kind(find: Find, text: str, value: Value) -> bool:
    """Whether an amount is in đồng, and a day one of birth."""
    if find.kind == "date":
        return _SINCE_BIRTH.search(bare(text[: value.start])) is not None
    return find.kind != "money" or re.match(r"\s?(?:đ|đồng|vnd|vnđ)(?!\w)", text[value.end :], re.IGNORECASE) is not None


def _lead(find: Find, announced: Sequence[tuple[str, Row, int]]) -> str:
    """The bare words in front of a value: on its row, or of the label's box beside it."""
    beside = [row.text for field, row, _ in announced if field == "amount" and row is not find.row and is_beside(row, find.row, find.start)]
    return bare(" ".join([*beside, find.row.text[: find.start]]))


def _behind_tax(row: Row) -> list[str]:
    """Tax codes that a row announces as such."""
    lead = re.search(r"\b(?:ma so thue|mst)\b", bare(row.text))
    return [value.text for value in values("tax_code", row.text[lead.end() :])[:1]] if lead else []


def _is_in_a_sentence(find: Find) -> bool:
    """Whether a number stands in running text: no colon in front of it, and words of a sentence before its label or on the row above."""
    before = find.row.text[: find.start]
    if find.start == 0 or before.rstrip().endswith(":"):
        return False
    return len(before.split()) > _LEADS or before.lstrip()[:1].islower()
