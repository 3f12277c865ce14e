"""The body of a form: for each field the label that counts and the value found at it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

import msgspec

from edge_node.extraction.agencies import is_agency
from edge_node.extraction.find import Find
from edge_node.extraction.free_text import names_nobody
from edge_node.extraction.grammar import values
from edge_node.extraction.label_words import Label
from edge_node.extraction.labels import find_labels
from edge_node.extraction.persons import find_person
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import OTHER_SPELLINGS
from edge_node.extraction.value_place import value_of
from edge_node.recognition.folding import bare, folded
from sync_protocol.paper_types import FieldTemplate

_OWN_NUMBER = re.compile(r"(?<!\w)so\s?:\s*$")
"""How a paper announces its own number and no series or file ("Số lưu trữ:")."""
_ONLY_NUMBER = re.compile(r"\W*so\s?:\s*")
"""Nothing but "Số:" in front of a number."""
_HEAD_SHARE = 0.4
"""The part of a page above which a paper says its own number."""
_BUYER = re.compile(r"\b(?:mua|khach hang)\b")
"""Words in a label that speak of the other side of a bill."""

_PERSON, _DEAD = "full_name", "deceased_name"
_PARENT = "bao hiem xa hoi viet nam"


def find_body(
    rows: Sequence[Row], template: Sequence[FieldTemplate], settled: Set[str] = frozenset()
) -> tuple[dict[str, Find], frozenset[str]]:
    """The stretch of paper that holds each field's value, and all fields whose label was seen (their place may be empty).

    The type's own labels go first; what they did not find is looked for under the spellings that other forms use, a person's name at last
    behind "ông" or "bà". The labels of fields that are `settled` only say where the values before them end.
    """
    finds, seen = _found(rows, template, {field.field for field in template} - settled)
    doubtful: dict[str, Find] = {}
    if "number_symbol" in finds and not _is_a_number(finds["number_symbol"]):
        doubtful = {"number_symbol": finds.pop("number_symbol")}
    lacking = {f.field for f in template if f.field not in finds and f.field in OTHER_SPELLINGS} - settled
    everywhere = [respelled(field) for field in template if field.field in OTHER_SPELLINGS]
    others = find_labels(rows, everywhere)[0]
    finds = {name: _cut_short(find, rows, others) for name, find in finds.items()}
    if lacking:
        taken = {folded(anchor) for field in template if field.field not in lacking for anchor in field.anchors}
        spelled = [respelled(field, taken) if field.field in lacking else field for field in template]
        more, also = _found(rows, spelled, lacking)
        finds |= doubtful | {name: find for name, find in more.items() if name not in doubtful or _is_a_number(find)}
        seen |= also & lacking
    subject = _PERSON if any(field.field == _PERSON for field in template) else _DEAD
    if subject == _PERSON and subject in lacking - finds.keys() and (person := find_person(rows)) is not None:
        number, named, runs_on = person
        after = tuple(rows[number + 1 : number + 2]) if runs_on else ()
        finds[subject] = Find("name", rows[number], named.start, named.end, after)
    return finds, seen


def labelled_values(field: FieldTemplate, rows: Sequence[Row], template: Sequence[FieldTemplate]) -> Iterator[Find]:
    """Every value of one field behind any of its labels, the type's own first, then those of other forms; in the order of the paper."""
    own = [field if one.field == field.field else one for one in template]
    for spelled in (own, [respelled(one) if one.field in OTHER_SPELLINGS else one for one in own]):
        labels, spare = find_labels(rows, spelled)
        for label in sorted((one for one in (*labels, *spare) if one.field == field.field), key=lambda one: (one.row, one.start)):
            find = value_of(label, labels, rows, field.kind)
            if find is not None:
                yield find


def _cut_short(find: Find, rows: Sequence[Row], others: Sequence[Label]) -> Find:
    """A name without the label that other forms use for the next field, and what stands behind it."""
    ends = [label.start for label in others if rows[label.row] is find.row and find.start < label.start < find.end]
    return replace(find, end=min(ends), more=()) if find.kind == "name" and ends else find


def respelled(field: FieldTemplate, taken: Set[str] = frozenset()) -> FieldTemplate:
    """A field under the spellings of other forms, but for such as another field of the paper has for its own: "Họ và tên" is the mother's, not her child's."""
    return msgspec.structs.replace(field, anchors=tuple(label for label in OTHER_SPELLINGS[field.field] if folded(label) not in taken))


def _found(
    rows: Sequence[Row], template: Sequence[FieldTemplate], wanted: Set[str]
) -> tuple[dict[str, Find], frozenset[str]]:
    labels, spare = find_labels(rows, template, wanted)
    kinds = {field.field: field.kind for field in template if field.field in wanted}
    anchors = {field.field: {folded(anchor) for anchor in field.anchors} for field in template}
    finds: dict[str, Find] = {}
    for label in [*labels, *spare]:
        if label.field in kinds and label.field not in finds:
            find = value_of(label, labels, rows, kinds[label.field])
            if find is not None and find.kind == "number_symbol":
                find = _that_holds(find, [one for one in (*labels, *spare) if one.field == label.field and one is not label], labels, rows)
            if find is not None and not (find.kind == "name" and names_nobody(find.row.text[find.start : find.end])) and not _is_only_a_label(find, anchors[label.field]) and not _is_no_body(find):
                if find.kind == "organisation" and _BUYER.search(bare(rows[label.row].text[label.start : label.end])):
                    find = replace(find, of_another=True)
                finds[label.field] = _without_parent(replace(find, of_another=True) if _is_said_again(find, label, spare) else find)
    return finds, frozenset(label.field for label in labels)


def _is_said_again(find: Find, label: Label, spare: Sequence[Label]) -> bool:
    """Whether another label of the field stands behind a text on its row: "Loại hợp đồng: xác định thời hạn. Thời hạn: 24 tháng"."""
    return find.kind == "text" and any(one.field == label.field and one.row == label.row and one.start > label.end for one in spare)


def _is_only_a_label(find: Find, anchors: Set[str]) -> bool:
    """Whether a body's name is nothing but the words that announce one, as above a signature ("NGƯỜI SỬ DỤNG LAO ĐỘNG"); "BỘ CÔNG AN" is one."""
    said = folded(find.row.text[find.start : find.end].split(" / ")[0])
    return find.kind == "organisation" and not find.more and said in anchors and not said.startswith("bo ")


def _is_no_body(find: Find) -> bool:
    """Whether what stands behind a label for a body begins with a number and a bracket, or in small letters with words that begin no agency: "Đơn vị gửi kèm: sổ bảo hiểm …"."""
    said = find.row.text[find.start : find.end].lstrip(" :.…-–")
    return find.kind == "organisation" and (re.match(r"[\d\s.-]{8,}[),;]", said) is not None or (said[:1].islower() and (not is_agency(folded(said)) or said.startswith(("sổ ", "số ")))))


def _that_holds(find: Find, others: Sequence[Label], labels: Sequence[Label], rows: Sequence[Row]) -> Find:
    """Of several numbers behind labels of the type's ("Số seri: VP0082451", "Số KCB: 5521/KCB") the first that is shaped like one; a person looks, but behind "Số:".

    One behind "Số:" alone, in the paper's head, is the paper's own before that of a file or a treatment, whatever its shape.
    """
    if _is_a_number(find):
        if _ONLY_NUMBER.fullmatch(bare(find.row.text[: find.start])):
            return find
        bare_ones = (value_of(label, labels, rows, find.kind) for label in others if _ONLY_NUMBER.fullmatch(bare(rows[label.row].text[: label.end])) and _is_in_head(rows[label.row]))
        return next((one for one in bare_ones if one is not None and _is_a_number(one)), find)
    behind = (value_of(label, labels, rows, find.kind) for label in others if ":" in rows[label.row].text[label.start : label.end])
    better = (one for one in behind if one is not None and _is_a_number(one))
    return next((replace(one, of_another=not _OWN_NUMBER.search(bare(one.row.text[: one.start]))) for one in better), find)


def _is_in_head(row: Row) -> bool:
    return row.page_number == 1 and row.box.y < _HEAD_SHARE * row.page.height_px


def _is_a_number(find: Find) -> bool:
    return any(value.holds for value in values(find.kind, find.row.text[find.start : find.end])[:1])


def _without_parent(find: Find) -> Find:
    """An agency below the one that it belongs to: alone."""
    if find.kind == "organisation" and find.more and folded(find.row.text[find.start : find.end]) == _PARENT and _PARENT[:8] in folded(find.more[0].text):
        return Find(find.kind, find.more[0], 0, len(find.more[0].text), find.more[1:])
    return find
