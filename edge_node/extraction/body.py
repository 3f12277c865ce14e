"""The body of a form: values right of their labels, below them, or running on over the next rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

import msgspec

from edge_node.extraction.continuation import ANY_LABEL, continuation
from edge_node.extraction.find import Find
from edge_node.extraction.free_text import names_nobody
from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.label_words import ORDINARY, Label
from edge_node.extraction.labels import find_labels, goes_on_below
from edge_node.extraction.persons import find_person
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import OTHER_SPELLINGS, is_label
from edge_node.imaging.geometry import around
from edge_node.recognition.folding import bare, folded
from sync_protocol.paper_types import FieldKind, FieldTemplate

_LONG_KINDS = ("text", "address", "organisation")
_NUMBERED_LABEL = re.compile(r"^\s*(?:[\[(]\s?\d{1,2}\s?[\])]|\d{1,2}[.)]\s*[^\W\d])")
_NUMERAL = re.compile(r"\W*(?:[IVXl]{1,4}|[A-Ea-eđ])\s?[.)]\s*")
_OWN_NUMBER = re.compile(r"(?<!\w)so\s?:\s*$")
"""How a paper announces its own number and no series or file ("Số lưu trữ:")."""
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
    everywhere = [_respelled(field) for field in template if field.field in OTHER_SPELLINGS]
    others = find_labels(rows, everywhere)[0]
    finds = {name: _cut_short(find, rows, others) for name, find in finds.items()}
    if lacking:
        taken = {folded(anchor) for field in template if field.field not in lacking for anchor in field.anchors}
        respelled = [_respelled(field, taken) if field.field in lacking else field for field in template]
        more, also = _found(rows, respelled, lacking)
        finds |= doubtful | {name: find for name, find in more.items() if name not in doubtful or _is_a_number(find)}
        seen |= also & lacking
    subject = _PERSON if any(field.field == _PERSON for field in template) else _DEAD
    if subject in lacking - finds.keys() and (person := find_person(rows)) is not None:
        number, named, runs_on = person
        after = tuple(rows[number + 1 : number + 2]) if runs_on else ()
        finds[subject] = Find("name", rows[number], named.start, named.end, after)
    return finds, seen


def labelled_values(field: FieldTemplate, rows: Sequence[Row], template: Sequence[FieldTemplate]) -> Iterator[Find]:
    """Every value of one field behind any of its labels, the type's own first, then those of other forms; in the order of the paper."""
    own = [field if one.field == field.field else one for one in template]
    for spelled in (own, [_respelled(one) if one.field in OTHER_SPELLINGS else one for one in own]):
        labels, spare = find_labels(rows, spelled)
        for label in sorted((one for one in (*labels, *spare) if one.field == field.field), key=lambda one: (one.row, one.start)):
            find = _value_of(label, labels, rows, field.kind)
            if find is not None:
                yield find


def _cut_short(find: Find, rows: Sequence[Row], others: Sequence[Label]) -> Find:
    """A name without the label that other forms use for the next field, and what stands behind it."""
    ends = [label.start for label in others if rows[label.row] is find.row and find.start < label.start < find.end]
    return replace(find, end=min(ends), more=()) if find.kind == "name" and ends else find


def _respelled(field: FieldTemplate, taken: Set[str] = frozenset()) -> FieldTemplate:
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
            find = _value_of(label, labels, rows, kinds[label.field])
            if find is not None and find.kind == "number_symbol":
                find = _that_holds(find, [one for one in (*labels, *spare) if one.field == label.field and one is not label], labels, rows)
            if find is not None and not (find.kind == "name" and names_nobody(find.row.text[find.start : find.end])) and not _is_only_a_label(find, anchors[label.field]):
                finds[label.field] = _without_parent(replace(find, of_another=True) if _is_said_again(find, label, spare) else find)
    return finds, frozenset(label.field for label in labels)


def _is_said_again(find: Find, label: Label, spare: Sequence[Label]) -> bool:
    """Whether another label of the field stands behind a text on its row: "Loại hợp đồng: xác định thời hạn. Thời hạn: 24 tháng"."""
    return find.kind == "text" and any(one.field == label.field and one.row == label.row and one.start > label.end for one in spare)


def _is_only_a_label(find: Find, anchors: Set[str]) -> bool:
    """Whether a body's name is nothing but the words that announce one, as above a signature ("NGƯỜI SỬ DỤNG LAO ĐỘNG"); "BỘ CÔNG AN" is one."""
    said = folded(find.row.text[find.start : find.end])
    return find.kind == "organisation" and not find.more and said in anchors and not said.startswith("bo ")


def _that_holds(find: Find, others: Sequence[Label], labels: Sequence[Label], rows: Sequence[Row]) -> Find:
    """Of several numbers behind labels of the type's ("Số seri: VP0082451", "Số KCB: 5521/KCB") the first that is shaped like one; a person looks, but behind "Số:"."""
    if _is_a_number(find):
        return find
    behind = (_value_of(label, labels, rows, find.kind) for label in others if ":" in rows[label.row].text[label.start : label.end])
    better = (one for one in behind if one is not None and _is_a_number(one))
    return next((replace(one, of_another=not _OWN_NUMBER.search(bare(one.row.text[: one.start]))) for one in better), find)


def _is_a_number(find: Find) -> bool:
    return any(value.holds for value in values(find.kind, find.row.text[find.start : find.end])[:1])


def _value_of(label: Label, labels: Sequence[Label], rows: Sequence[Row], kind: FieldKind) -> Find | None:
    """What stands behind a label on its row, in the next box, or below; a number is looked for in all three before other words are taken for it."""
    row = rows[label.row]
    after = (o.start for o in labels if o.row == label.row and o.start >= label.end and o.start != label.start)
    stop = min(after, default=len(row.text))
    finds = []
    if _has_value(kind, row.text[label.end : stop]):
        more = continuation(label.row, rows, labels, label.end) if kind in _LONG_KINDS and stop == len(row.text) else ()
        more = more or (_rest_of_day(label.row, label.end, rows) if kind == "date" and stop == len(row.text) else ())
        finds.append(Find(kind, row, label.end, stop, more, _has_rivals(kind, label.row, rows, labels)))
    elif stop == len(row.text):
        for number in _right(label, rows, labels):
            if _has_value(kind, rows[number].text):
                more = continuation(number, rows, labels) if kind in _LONG_KINDS else ()
                finds.append(Find(kind, rows[number], 0, len(rows[number].text), more, _has_rivals(kind, number, rows, labels) or _is_bare_word(label, row)))
    if finds and not (kind in NUMERIC_KINDS and not values(kind, finds[0].row.text[finds[0].start : finds[0].end], "year")):
        return finds[0]
    below = _below(label, stop, labels, rows, kind)
    if below is not None and _is_bare_word(label, row):
        below = replace(below, of_another=True)
    return below or (finds[0] if finds else None)


def _is_bare_word(label: Label, row: Row) -> bool:
    """Whether the label is a word that other labels have too, without a colon: "ngày" may end the head of any column."""
    said = bare(row.text[label.start : label.end])
    return ":" not in said and said.strip() in ORDINARY


def _rest_of_day(number: int, start: int, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The row below, where a day was broken at the row's end: "chết ngày 9 / tháng 11 năm 2025"."""
    if number + 1 >= len(rows) or values("date", rows[number].text[start:]) or not goes_on_below(rows[number], rows[number + 1]):
        return ()
    both = f"{rows[number].text[start:]} {rows[number + 1].text}"
    is_broken = any(value.holds and value.start < len(rows[number].text) - start < value.end for value in values("date", both))
    return (rows[number + 1],) if is_broken else ()


def _has_rivals(kind: FieldKind, number: int, rows: Sequence[Row], labels: Sequence[Label]) -> bool:
    """Whether the next box on the same height holds a value of the same kind and nothing else: two persons have their columns there."""
    here, labelled = rows[number], {label.row for label in labels}
    right = [
        n for n, row in enumerate(rows) if n != number and row.page_number == here.page_number and row.box.same_row(here.box) and row.box.x >= here.box.right - here.box.h
    ]
    if not right or (beside := min(right, key=lambda n: rows[n].box.x)) in labelled:
        return False
    text = rows[beside].text
    if kind in ("address", "organisation"):
        return ":" not in text and len(text.split()) > 2 and "," in text
    if kind not in NUMERIC_KINDS and kind != "name":
        return False
    return any(value.holds and not re.search(r"[^\W_]", text[: value.start] + text[value.end :]) for value in values(kind, text))


def _without_parent(find: Find) -> Find:
    """An agency below the one that it belongs to: alone."""
    if find.kind == "organisation" and find.more and folded(find.row.text[find.start : find.end]) == _PARENT and _PARENT[:8] in folded(find.more[0].text):
        return Find(find.kind, find.more[0], 0, len(find.more[0].text), find.more[1:])
    return find


def _has_value(kind: FieldKind, text: str) -> bool:
    return bool(values(kind, text)) or sum(c.isalnum() for c in text) >= 2


def _right(label: Label, rows: Sequence[Row], labels: Sequence[Label]) -> list[int]:
    """The number of the row in the next box to the right on the same height; what begins a new item is a label, not a value."""
    here, labelled = rows[label.row], {label.row for label in labels}
    right = [
        n
        for n, row in enumerate(rows)
        if n not in labelled and row.page_number == here.page_number and row.box.same_row(here.box)
        if row.box.x >= here.box.right - here.box.h and not _NUMBERED_LABEL.match(row.text) and not is_label(row.text) and not row.text.rstrip().endswith(":")
    ]
    return sorted(right, key=lambda n: rows[n].box.x)[:1]


def _below(label: Label, stop: int, labels: Sequence[Label], rows: Sequence[Row], kind: FieldKind) -> Find | None:
    """The value just below a label: of a row under several labels, only the words from this label to the next."""
    here = rows[label.row]
    lead = here.text[: label.start]
    begin = label.start if any(c.isalpha() for c in lead) and not _NUMERAL.fullmatch(lead) else 0  # its number belongs to the label
    box = around(word.box for word in here.words_between(begin, max(label.end, begin + 1)))
    level = [row for row in rows if row is not here and row.page_number == here.page_number and row.box.same_row(here.box)]
    after = [word.box.x for word in here.words_between(stop, len(here.text))] if stop < len(here.text) else []
    edge = min([*after, *(row.box.x for row in level if row.box.x > box.x)], default=here.page.width_px)
    shared = begin > 0 or stop < len(here.text) or any(row.box.x < box.x for row in level)
    labelled = {label.row for label in labels}
    under = [
        (row.box.y, n)
        for n, row in enumerate(rows)
        if row.page_number == here.page_number and 0 < row.box.middle_y - here.box.middle_y < 2.2 * here.box.h and row.box.shared_columns(box) > 0
    ]
    below = [(y, n) for y, n in under if n not in labelled and not ANY_LABEL.match(bare(rows[n].text)) and not is_label(rows[n].text)]
    if not below or (kind == "name" and min(under)[1] in labelled):
        return None  # "Ông Tạ Hữu Phước, …; số định danh: …" right below a heading is a sentence: what goes on below it names nobody
    number = min(below)[1]
    row = rows[number]
    start, end = _between(row, box.x - (1.5 * box.h if shared else box.x), edge)
    said = row.text[start:end]
    if not (values(kind, said, "year") if kind in NUMERIC_KINDS else _has_value(kind, said)):
        return None
    return Find(kind, row, start, end, continuation(number, rows, labels) if kind in _LONG_KINDS and not shared else ())


def _between(row: Row, left: float, right: float) -> tuple[int, int]:
    """The characters of a row whose words begin between two columns of the page, in px."""
    start, end, at = len(row.text), 0, 0
    for word in row.words:
        if left <= word.box.x < right:
            start, end = min(start, at), at + len(word.text)
        at += len(word.text) + 1
    return start, max(start, end)
