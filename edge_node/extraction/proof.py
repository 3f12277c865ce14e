"""What a value must show, beyond two readers who agree, before it counts without a look: that it is the paper's own, and whole.

Readers agree on letters; whose a value is, which of several is meant and where it ends they do not see. So what was found is doubted here unless the paper says
it: a name behind a label of the type's own or at two places, the day in the place that the decree gives it or without a rival, a number behind "Số" alone, a tax
code or an amount behind a label and not in the middle of a sentence, a body's name in one row of its own or at two places.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.2–II.4 (tên cơ quan; số, ký hiệu; địa danh và thời gian ban hành).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from edge_node.extraction.body import labelled_values, respelled
from edge_node.extraction.codes import CODE_FIELDS
from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.labels import find_labels
from edge_node.extraction.made_out import days_made_out
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import OTHER_SPELLINGS
from edge_node.extraction.term import ends_on, is_doubtful
from edge_node.recognition.folding import bare, capitals, folded
from edge_node.recognition.order import is_national_title
from sync_protocol.paper_types import FieldTemplate

_ANYBODYS_NAME = "họ tên không đứng sau nhãn của loại giấy này và chỉ có ở một chỗ"
_OTHER_NAME = "giấy dùng cùng một nhãn cho người khác nữa"
_OTHER_DAY = "trên giấy còn ngày khác có thể là ngày cấp"
_DOUBTFUL_NUMBER = "chưa chắc đây là số của chính giấy này"
_IN_A_SENTENCE = "số đứng giữa câu văn: có thể của người hay cơ quan khác"
_OTHER_AMOUNT = "trên giấy còn số tiền khác"
_TERM_IN_WORDS = "thời hạn ghi bằng lời: xem đến ngày nào"
_NO_LABEL = "không đứng sau nhãn của loại giấy này"
_PARTS = "tên ghép từ nhiều dòng mà giấy không nhắc lại"
_OTHER_CASE = "giấy viết tên này hai cách, chữ hoa và chữ thường"

_OWN_NUMBER = re.compile(r"\W*(?:[^\W\d]+\s){0,2}\W*(?:so|no|ref)\b(?:[\s,/]*(?:no|ref|ky hieu|va ky hieu)\b\.?)*\s*[:.;]?\s*")
_NO_OWN_NUMBER = re.compile(r"\b(?:seri|kcb|hsba|ho so|luu tru|benh an|vao vien|giao dich|quyen|mau|lien)\b")
"""What announces the number of a series, a file or a treatment."""
_HONORIFIC = re.compile(r"(?:^|\W)(?:ong|ba|anh|chi|em|chau)\b[\W_]*(?:\(?ba\)?\W*)?(?:$|(?=\w))")
_ANY_NUMBER = re.compile(r"(?<![a-z])(?<!co )(?<!mau )(?:so|no)\b(?! (?:dinh danh|cccd|cmnd|can cuoc|the|so|bhxh|dien thoai|dt|tai khoan|nha|tien|ngay))[^:;,]{0,16}[:.]")
"""Where a number is announced that may be the paper's."""
_NUMBERS = 0.4
_TOTAL = re.compile(r"\b(?:tong|cong)\b")
_ABOVE = 2.2
"""Heights up to which a label stands above its value."""
_LEADS = 3
"""Words before a label up to which its row does not read as a sentence."""
_HEAD = 0.3
"""Share of the first page in which the decree has the paper's day, right of its middle and below the national title."""


def with_proof(finds: Mapping[str, Find], rows: Sequence[Row], template: Sequence[FieldTemplate]) -> dict[str, Find]:
    """The same finds; where the paper does not prove one, it says why (`Find.doubt`)."""
    announced = _announced(rows, template)
    done = {name: replace(find, doubt=_doubt(name, find, rows, announced)) for name, find in finds.items()}
    for field in (field for field in template if field.kind == "name" and field.field in done and not done[field.field].doubt):
        if _has_rival_names(field, done, rows, template):
            done[field.field] = replace(done[field.field], doubt=_OTHER_NAME)
    return done


def _has_rival_names(field: FieldTemplate, finds: Mapping[str, Find], rows: Sequence[Row], template: Sequence[FieldTemplate]) -> bool:
    """Whether the same label announces somebody else, who is not the one that another field names."""
    known = {_said(find).casefold() for find in finds.values() if find.kind == "name"}
    return any(value.holds and value.text.casefold() not in known for find in labelled_values(field, rows, template) for value in values("name", find.text))


def _doubt(name: str, find: Find, rows: Sequence[Row], announced: Sequence[tuple[str, Row, int]]) -> str:
    if find.kind == "name" and not _is_announced(find, name, announced) and not _is_said_twice(find, rows):
        return _ANYBODYS_NAME
    if find.kind == "organisation":
        return _PARTS if find.more and not _is_said_twice(find, rows) else _OTHER_CASE if _is_in_capitals_elsewhere(find, rows) else ""
    if name == "valid_until" and find.kind == "text" and ends_on(find) is None and is_doubtful(find):
        return _TERM_IN_WORDS
    if find.kind == "text" and name not in ("document_name", *CODE_FIELDS) and not _is_announced(find, name, announced):
        return _NO_LABEL
    if name == "issue_date":
        return _OTHER_DAY if not _is_where_the_decree_has_it(find, rows) and _has_other_days(find, rows) else ""
    if name == "number_symbol":
        return "" if _is_own_number(find) or (not _is_in_a_sentence(find) and not _has_other_numbers(find, rows)) else _DOUBTFUL_NUMBER
    if name in ("tax_code", "amount") and _is_in_a_sentence(find):
        return _IN_A_SENTENCE
    if name == "amount":
        return _OTHER_AMOUNT if not _TOTAL.search(_lead(find, announced)) and _has_others(find, rows) else ""
    if name == "tax_code":
        return _DOUBTFUL_NUMBER if len({one for row in rows for one in _behind_tax(row)}) > 1 else ""
    return ""


def _announced(rows: Sequence[Row], template: Sequence[FieldTemplate]) -> list[tuple[str, Row, int]]:
    """Every label of the type's own or of another form: its field, its row and where it ends there."""
    chosen, spare = find_labels(rows, template)
    also, more = find_labels(rows, [respelled(field) for field in template if field.field in OTHER_SPELLINGS])
    return [(label.field, rows[label.row], label.end) for label in (*chosen, *spare, *also, *more)]


def _is_announced(find: Find, name: str, announced: Sequence[tuple[str, Row, int]]) -> bool:
    """Whether a label of this field stands in front of the value, in the box left of it, or above it; or an honorific right in front of a name."""
    if find.kind == "name" and _HONORIFIC.search(bare(find.row.text[: find.start])) or _HONORIFIC.match(bare(find.row.text[find.start : find.end])):
        return True
    return any(field == name and (end <= find.start if row is find.row else _is_beside(row, find.row, find.start)) for field, row, end in announced)


def _is_beside(label: Row, row: Row, start: int) -> bool:
    if label.page_number != row.page_number:
        return False
    above = 0 < row.box.middle_y - label.box.middle_y < _ABOVE * label.box.h and label.box.shared_columns(row.box) > 0
    return above or (start == 0 and label.box.same_row(row.box) and label.box.right <= row.box.x + row.box.h)


def _is_own_number(find: Find) -> bool:
    """Whether "Số:" and little else stands in front of a number: "Số:", "Công văn số", "Số / No.:"."""
    before = bare(find.row.text[: find.start])
    return _OWN_NUMBER.fullmatch(before) is not None and not _NO_OWN_NUMBER.search(before)


def _has_other_numbers(find: Find, rows: Sequence[Row]) -> bool:
    """Whether "Số" announces another number in the head of the paper, which may be the paper's own."""
    head = [row for row in rows if row.page_number == find.row.page_number and row.box.y < _NUMBERS * row.page.height_px]
    return any(one.end() != find.start for row in head for one in _ANY_NUMBER.finditer(bare(row.text)) if row is not find.row or not one.start() <= find.start <= one.end() + 1)


def _said(find: Find) -> str:
    return next((value.text for value in values(find.kind, find.text)), "")


def _is_said_twice(find: Find, rows: Sequence[Row]) -> bool:
    """Whether the paper has the very same words elsewhere, in capitals or small letters, as below a signature or in its text."""
    value = " ".join(_said(find).split()).casefold()
    others = " ".join(row.text for row in rows if row is not find.row and row not in find.more).casefold()
    return bool(value) and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", others) is not None


def _is_in_capitals_elsewhere(find: Find, rows: Sequence[Row]) -> bool:
    """Whether a body's name that a label announces in small letters stands in capitals in the head of the paper."""
    value = _said(find)
    if not value or capitals(value) > 0.8:
        return False
    others = [row.text for row in rows if row is not find.row and row.page_number == 1]
    return value.upper() in " ".join(others)


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
    return bool({said for row, said, placed in days if row is not find.row and placed >= is_placed} - {_said(find)})


def _has_others(find: Find, rows: Sequence[Row]) -> bool:
    """Whether the paper has another value of this kind anywhere: nothing tells them apart but their labels."""
    others = {value.text for row in rows for value in values(find.kind, row.text) if value.holds and (find.kind != "money" or _is_money(row.text, value.end))}
    return bool(others - {_said(find)})


def _is_money(text: str, end: int) -> bool:
    return re.match(r"\s?(?:đ|đồng|vnd|vnđ)(?!\w)", text[end:], re.IGNORECASE) is not None


def _lead(find: Find, announced: Sequence[tuple[str, Row, int]]) -> str:
    """The bare words in front of a value: on its row, or of the label's box beside it."""
    beside = [row.text for field, row, _ in announced if field == "amount" and row is not find.row and _is_beside(row, find.row, find.start)]
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
