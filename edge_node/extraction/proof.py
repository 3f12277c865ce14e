"""What a value must show, beyond two readers who agree, before it counts without a look: that it is the paper's own, and whole.

Readers agree on letters; whose a value is, which of several is meant and where it ends they do not see. So what was found is doubted unless the paper says it: a
name behind a label that announces nobody else, or at two places; a body's name in one row of its own, or at two places; days and numbers in `proof_of_numbers`.
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
from edge_node.extraction.proof_of_numbers import is_beside, number_doubt, said
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import OTHER_SPELLINGS
from edge_node.extraction.term import ends_on, is_doubtful
from edge_node.extraction.title import goes_on_below
from edge_node.recognition.folding import bare, capitals, folded
from sync_protocol.paper_types import FieldTemplate

_ANYBODYS_NAME = "họ tên không đứng sau nhãn của loại giấy này và chỉ có ở một chỗ"
_OTHER_NAME = "giấy dùng cùng một nhãn cho người khác nữa"
_OTHER_UNIT = "giấy ghi tên nhiều đơn vị"
_TERM_IN_WORDS = "thời hạn ghi bằng lời: xem đến ngày nào"
_NO_LABEL = "không đứng sau nhãn của loại giấy này"
_PARTS = "tên ghép từ nhiều dòng mà giấy không nhắc lại"
_CENTRE_BELOW = "ngay dưới tên này còn tên một trung tâm"
_TITLE_GOES_ON = "ngay dưới tên này còn một dòng chữ hoa: xem tên giấy có còn tiếp không"
_OTHER_CASE = "giấy viết tên này hai cách, chữ hoa và chữ thường"

_UNIT = "organisation_name"
_HONORIFIC = re.compile(r"(?:^|\W)(?:ong|ba|anh|chi|em|chau)\b[\W_]*(?:\(?ba\)?\W*)?(?:$|(?=\w))")


def with_proof(finds: Mapping[str, Find], rows: Sequence[Row], template: Sequence[FieldTemplate]) -> dict[str, Find]:
    """The same finds; where the paper does not prove one, it says why (`Find.doubt`)."""
    announced = _announced(rows, template)
    done = {name: replace(find, doubt=_doubt(name, find, rows, announced)) for name, find in finds.items()}
    for field in (field for field in template if field.field in done and not done[field.field].doubt):
        if field.kind == "name" and _has_rival_names(field, done, rows, template):
            done[field.field] = replace(done[field.field], doubt=_OTHER_NAME)
        elif field.field == _UNIT and any(folded(said(find)) not in folded(said(done[_UNIT])) for find in labelled_values(field, rows, template)):
            done[_UNIT] = replace(done[_UNIT], doubt=_OTHER_UNIT)
    return done


def _has_rival_names(field: FieldTemplate, finds: Mapping[str, Find], rows: Sequence[Row], template: Sequence[FieldTemplate]) -> bool:
    """Whether the same label announces somebody else, who is not the one that another field names."""
    known = {said(find).casefold() for find in finds.values() if find.kind == "name"}
    return any(value.holds and value.text.casefold() not in known for find in labelled_values(field, rows, template) for value in values("name", find.text))


def _doubt(name: str, find: Find, rows: Sequence[Row], announced: Sequence[tuple[str, Row, int]]) -> str:
    if find.kind == "name" and not _is_announced(find, name, announced) and not _is_said_twice(find, rows):
        return _ANYBODYS_NAME
    if find.kind == "organisation":
        if find.more and not _is_said_twice(find, rows):
            return _PARTS
        return _OTHER_CASE if _is_in_capitals_elsewhere(find, rows) else _CENTRE_BELOW if _has_a_centre_below(find, rows) else ""
    if name == "valid_until" and find.kind == "text" and ends_on(find) is None and is_doubtful(find):
        return _TERM_IN_WORDS
    if name == "document_name":
        return _TITLE_GOES_ON if goes_on_below(find, rows) else ""
    if find.kind == "text" and name not in CODE_FIELDS and not _is_announced(find, name, announced):
        return _NO_LABEL
    return number_doubt(name, find, rows, announced)


def _announced(rows: Sequence[Row], template: Sequence[FieldTemplate]) -> list[tuple[str, Row, int]]:
    """Every label of the type's own or of another form: its field, its row and where it ends there."""
    chosen, spare = find_labels(rows, template)
    also, more = find_labels(rows, [respelled(field) for field in template if field.field in OTHER_SPELLINGS])
    return [(label.field, rows[label.row], label.end) for label in (*chosen, *spare, *also, *more)]


def _is_announced(find: Find, name: str, announced: Sequence[tuple[str, Row, int]]) -> bool:
    """Whether a label of this field stands in front of the value, in the box left of it, or above it; or an honorific right in front of a name."""
    if find.kind == "name" and (_HONORIFIC.search(bare(find.row.text[: find.start])) or _HONORIFIC.match(bare(find.row.text[find.start : find.end]))):
        return True
    return any(field == name and (end <= find.start if row is find.row else is_beside(row, find.row, find.start)) for field, row, end in announced)


def _is_said_twice(find: Find, rows: Sequence[Row]) -> bool:
    """Whether the paper has the very same words elsewhere, in capitals or small letters, as below a signature or in its text."""
    value = " ".join(said(find).split()).casefold()
    others = " ".join(row.text for row in rows if row is not find.row and row not in find.more).casefold()
    return bool(value) and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", others) is not None


def _is_in_capitals_elsewhere(find: Find, rows: Sequence[Row]) -> bool:
    """Whether a body's name that a label announces in small letters stands in capitals in the head of the paper."""
    value = said(find)
    if not value or capitals(value) > 0.8:
        return False
    others = [row.text for row in rows if row is not find.row and row.page_number == 1]
    return value.upper() in " ".join(others)


def _has_a_centre_below(find: Find, rows: Sequence[Row]) -> bool:
    """Whether a centre stands in small letters right below a body's name in capitals: hands differ in which of them made the paper."""
    last = find.more[-1] if find.more else find.row
    below = (row for row in rows if row.page_number == last.page_number and 0.5 * last.box.h < row.box.middle_y - last.box.middle_y < 2 * last.box.h and row.box.shared_columns(last.box) > 0)
    return capitals(said(find)) > 0.8 and any(bare(row.text).startswith("trung tam ") and capitals(row.text) < 0.8 for row in below)
