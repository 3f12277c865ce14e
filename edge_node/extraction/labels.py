"""Labels on paper: where "Họ và tên:" stands, however it was spelled, numbered, broken or misread, and which field each belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from edge_node.extraction.in_sentence import announces
from edge_node.extraction.label_words import COLON, Label, in_row, is_said_by, without_number
from edge_node.extraction.persons import holds_office
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare, folded
from sync_protocol.paper_types import FieldTemplate

_SECTION = re.compile(r"^\W*(?:[IVXHl]{1,4}|[A-D])\s?[.)]\s|^\W*\d{1,2}\s?[.)]\s?(?=[^\W\d][^:\d]{3,60}$)")
"""A heading: numbered by letters, or by a digit where the row says nothing else, "2. Người chết"."""

_ABOUT = re.compile(r"\W*(?:(?:phan|thong tin) (?:khai |ghi )?(?:ve |cua )?)?(?P<who>nguoi (?:cha|me|chet|mat)|cha|me)\W*")
"""A heading without a number that says whom the rows below it are about."""

_RIGHT_UNDER = 4
"""Rows below such a heading, the cells of one height counted one by one, that still belong to it."""

_UNDER_HEADING = 8
"""Rows below a section heading that still belong to it."""

_CELLS_BETWEEN, _SHORT_LABEL = 5, 6
"""Rows in which the rest of a label may stand below it, the cells of one height counted one by one, and words it has at most above."""


def find_labels(rows: Sequence[Row], template: Sequence[FieldTemplate], wanted: Set[str] | None = None) -> tuple[list[Label], list[Label]]:
    """All labels in the order of the paper: one chosen per field, and the spare occurrences to try where that has no value.

    A field with several occurrences takes the first that no other field claims; fields with the same label take occurrences
    in the template's order, those of `wanted` fields first.
    """
    claims: list[Label] = []
    names = {field.field for field in template if field.kind == "name"}
    for number, row in enumerate(rows):
        heading = _heading(rows, number)
        found = [label for field in template for label in in_row(field, number, row.text, heading) if not _goes_on_with_a_day(row, label)]
        found += _broken(rows, number, template) + _in_two_rows(rows, number, template)
        claims += [one for one in _without_overlap(found) if not (one.field in names and holds_office(rows, number, one.start, one.end))]
    order = sorted(template, key=lambda field: wanted is not None and field.field not in wanted)
    chosen = _settled(claims, order)
    taken = {(label.row, label.start) for label in chosen}
    return chosen, [label for label in claims if (label.row, label.start) not in taken]


def _broken(rows: Sequence[Row], number: int, template: Sequence[FieldTemplate]) -> list[Label]:
    """Labels inside a sentence that the row's end broke ("…, sinh / ngày 07/07/1990") or parted from the value ("…, sinh ngày / 07/07/1990"): they
    stand at the beginning of the row below.
    """
    if not number or rows[number - 1].page_number != rows[number].page_number:
        return []
    above, text = bare(rows[number - 1].text).rstrip(), rows[number].text
    is_sentence = goes_on_below(rows[number - 1], rows[number])
    found = []
    for field in template:
        for words in (bare(anchor).split() for anchor in field.anchors):
            for cut in range(1, len(words) + is_sentence):
                first, rest = " ".join(words[:cut]), " ".join(words[cut:])
                ends = re.search(rf"(?<!\w){re.escape(first)}{'' if rest else ' ?:?'}$", above)
                if ends and re.match(rf"{re.escape(rest)}(?!\w)" if rest else r"\d", bare(text)) and announces(field, " ".join(words), above[: ends.start()], text[len(rest) :]):
                    found.append(Label(field.field, number, 0, len(rest), 100.0 * len(" ".join(words))))
    return found


def goes_on_below(above: Row, row: Row) -> bool:
    """Whether a wide row goes on at the left of the next one, as a sentence does and the last cell of a table's head does not."""
    return above.box.w > 0.5 * above.page.width_px and row.box.middle_y > above.box.bottom and row.box.x < above.box.x + 2 * above.box.h


def _in_two_rows(rows: Sequence[Row], number: int, template: Sequence[FieldTemplate]) -> list[Label]:
    """Labels that a narrow cell broke ("Số điện / thoại"): nothing else stands in either row, and the value is looked for beside the upper one."""
    here = rows[number]
    near = [row for row in rows[number + 1 : number + 1 + _CELLS_BETWEEN] if row.page_number == here.page_number and abs(row.box.x - here.box.x) < 0.6 * here.box.h]
    below = next((row for row in near if here.box.h * 0.5 < row.box.middle_y - here.box.middle_y < 1.6 * here.box.h), None)
    words = bare(here.text).split()
    if below is None or not 0 < len(without_number(here.text).split()) < _SHORT_LABEL:
        return []
    whole = " ".join([*words, *bare(below.text).split()]).rstrip(" :")
    fields = {field.field: len(whole) for field in template for anchor in field.anchors if is_said_by(whole, anchor)}
    return [Label(name, number, 0, len(here.text), 100.0 * length + COLON) for name, length in fields.items()]


def _goes_on_with_a_day(row: Row, label: Label) -> bool:
    """Whether "ngày" at the left margin only goes on from the row above: "… trước / ngày 28/02/2026"."""
    word = row.text[label.start : label.end].strip()
    return bare(word) == "ngay" and word[0].islower() and row.box.x < 0.3 * row.page.width_px


def _heading(rows: Sequence[Row], number: int) -> str:
    """The folded heading ("II. Thông tin người chết") that a row stands under, "" when there is none near."""
    here = rows[number].box
    for far, row in enumerate(reversed(rows[max(0, number - _UNDER_HEADING) : number])):
        if far < _RIGHT_UNDER and (about := _ABOUT.fullmatch(bare(row.text))) and row.box.shared_columns(here) > 0 and row.box.bottom <= here.middle_y:
            return f"nguoi {about['who'].removeprefix('nguoi ')}"
        if _SECTION.match(row.text):
            return folded(row.text)
    return ""


def _without_overlap(found: list[Label]) -> list[Label]:
    """Of labels on the same characters the heaviest stays; equal claims of several fields all stay and are settled later."""
    kept: list[Label] = []
    for label in sorted(found, key=lambda label: -label.weight):
        clash = [k for k in kept if k.start < max(label.end, label.start + 1) and label.start < max(k.end, k.start + 1)]
        if all((k.start, k.weight) == (label.start, label.weight) and k.field != label.field for k in clash):
            kept.append(label)
    return kept


def _settled(claims: list[Label], template: Sequence[FieldTemplate]) -> list[Label]:
    order = {field.field: position for position, field in enumerate(template)}
    taken: set[tuple[int, int]] = set()
    chosen: list[Label] = []
    for field in sorted(template, key=lambda field: order[field.field]):
        mine = [c for c in claims if c.field == field.field and (c.row, c.start) not in taken]
        if mine:
            best = max(c.weight for c in mine)
            pick = min((c for c in mine if c.weight > best - 120), key=lambda c: (c.row, c.start))
            taken.add((pick.row, pick.start))
            chosen.append(pick)
    return sorted(chosen, key=lambda label: (label.row, label.start))
