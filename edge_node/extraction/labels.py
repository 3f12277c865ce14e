"""Labels on paper: where "Họ và tên:" stands, however it was spelled, numbered or misread.

A label counts only where a form would have one: at the start of a row (after a number or dash), or in front of a colon.
Matching is on folded text with rapidfuzz, because readers err on accents first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from edge_node.extraction.in_sentence import announces
from edge_node.extraction.persons import holds_office
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare, folded
from sync_protocol.paper_types import FieldTemplate

_PREFIX = re.compile(
    r"^\W*(?:dieu \d{1,2}\s?[.:]\s*)?(?:(?:[0-9o]\s?[0-9ol]?|[ivx]{1,4}|[a-zđ])\s?[.)/\]]\s?)*(?:\d{1,2}\.\d{1,2}\.?\s)?(?:(?<=[\[(])\d\d\S)?\W*"
)
"""Numbers and dashes before a label: "3.", "b)", "1.2", "[05]" and what readers make of its bracket ("(051")."""

_NOTE = re.compile(r"\s?\([^)]{2,60}\)[\s.]*$")
"""A remark that ends a label without a colon: "Họ và tên (viết chữ in hoa)"."""

_WHOSE = (
    r"\s(?:cua )?(?:nguoi (?:benh|de nghi|khai|lao dong|tham gia|huong|nop(?: tien)?|mua(?: hang)?|lam don|duoc (?:cap|giam dinh|xac nhan|xac minh))"
    r"|doi tuong(?: giam dinh| huong)?|benh nhan|chu the)\b"
)
"""Words by which a label says that it means the person the paper is about."""

_COLON_AFTER = re.compile(rf"(?:{_WHOSE})?(?:\s?no\b\.?)?(?:\s?\([^)]{{0,60}}\))?(?:\s?/\s?[a-z ,.]{{2,40}})?\s?[:;]+")
_WHOSE_ALONE = re.compile(_WHOSE)
_ENDS = re.compile(rf"(?:{_WHOSE})?{_NOTE.pattern}|{_WHOSE}[\s.]*$")
_QUALIFIED = re.compile(r"(?!.{0,30}(?:phan anh|duong day nong|ho tro|tu van)\b)(?:\s[a-z,]+){1,5}\s?:+")
_QUALIFIED_KINDS = ("address", "organisation", "phone", "money")
"""Kinds whose label may say more before its colon ("Địa chỉ nơi cư trú:"); for a name more words mean another person."""

_SECTION = re.compile(r"^\W*(?:[IVXHl]{1,4}|[A-D])\s?[.)]\s|^\W*\d{1,2}\s?[.)]\s?(?=[^\W\d][^:\d]{3,60}$)")
"""A heading: numbered by letters, or by a digit where the row says nothing else, "2. Người chết"."""

_ORDINARY = ("so", "ngay")
"""Labels that are words of other labels, too: "Mẫu số", "Quyển số", "Sinh ngày". Behind another word they count only with a capital of their own."""
_UNDER_HEADING = 8
"""Rows below a section heading that still belong to it."""

_CELLS_BETWEEN, _SHORT_LABEL = 5, 6
"""Rows in which the rest of a label may stand below it, the cells of one height counted one by one, and words it has at most above."""

_RELATIVES = frozenset(["cha", "me", "bo", "con", "vo", "chong", "tre"])
"""Words that say whose a label is: a letter more or less is another person."""

_LIKENESS = 88.0

_COLON = 10_000.0
"""Weight of a colon: a label with one always wins over the same words without."""


@dataclass(frozen=True)
class Label:
    """An occurrence: `start`…`end` are positions in the row's text; the value begins at `end`. Higher `weight` wins."""

    field: str
    row: int
    start: int
    end: int
    weight: float


def find_labels(rows: Sequence[Row], template: Sequence[FieldTemplate], wanted: Set[str] | None = None) -> tuple[list[Label], list[Label]]:
    """All labels in the order of the paper: one chosen per field, and the spare occurrences to try where that has no value.

    A field with several occurrences takes the first that no other field claims; fields with the same label take occurrences
    in the template's order, those of `wanted` fields first.
    """
    claims: list[Label] = []
    names = {field.field for field in template if field.kind == "name"}
    for number, row in enumerate(rows):
        heading = _heading(rows, number)
        found = [label for field in template for label in _in_row(field, number, row.text, heading) if not _goes_on_with_a_day(row, label)]
        found += _broken(rows, number, template) + _in_two_rows(rows, number, template)
        claims += [one for one in _without_overlap(found) if not (one.field in names and holds_office(rows, number, one.start, one.end))]
    order = sorted(template, key=lambda field: wanted is not None and field.field not in wanted)
    chosen = _settled(claims, order)
    taken = {(label.row, label.start) for label in chosen}
    return chosen, [label for label in claims if (label.row, label.start) not in taken]


def label_in(text: str, field: FieldTemplate) -> int | None:
    """Where the value begins in a text that carries the field's label, or None. Used on the second reader's text."""
    found = _in_row(field, 0, text)
    return max(found, key=lambda label: label.weight).end if found else None


def _broken(rows: Sequence[Row], number: int, template: Sequence[FieldTemplate]) -> list[Label]:
    """Labels inside a sentence that the row's end broke ("…, sinh / ngày 07/07/1990") or parted from the value ("…, sinh ngày / 07/07/1990"): they
    stand at the beginning of the row below.
    """
    if not number or rows[number - 1].page_number != rows[number].page_number:
        return []
    above, text = bare(rows[number - 1].text).rstrip(), rows[number].text
    is_sentence = _goes_on_below(rows[number - 1], rows[number])
    found = []
    for field in template:
        for words in (bare(anchor).split() for anchor in field.anchors):
            for cut in range(1, len(words) + is_sentence):
                first, rest = " ".join(words[:cut]), " ".join(words[cut:])
                ends = re.search(rf"(?<!\w){re.escape(first)}{'' if rest else ' ?:?'}$", above)
                if ends and re.match(rf"{re.escape(rest)}(?!\w)" if rest else r"\d", bare(text)) and announces(field, " ".join(words), above[: ends.start()], text[len(rest) :]):
                    found.append(Label(field.field, number, 0, len(rest), 100.0 * len(" ".join(words))))
    return found


def _goes_on_below(above: Row, row: Row) -> bool:
    """Whether a wide row goes on at the left of the next one, as a sentence does and the last cell of a table's head does not."""
    return above.box.w > 0.5 * above.page.width_px and row.box.middle_y > above.box.bottom and row.box.x < above.box.x + 2 * above.box.h


def _in_two_rows(rows: Sequence[Row], number: int, template: Sequence[FieldTemplate]) -> list[Label]:
    """Labels that a narrow cell broke ("Số điện / thoại"): nothing else stands in either row, and the value is looked for beside the upper one."""
    here = rows[number]
    near = [row for row in rows[number + 1 : number + 1 + _CELLS_BETWEEN] if row.page_number == here.page_number and abs(row.box.x - here.box.x) < 0.6 * here.box.h]
    below = next((row for row in near if here.box.h * 0.5 < row.box.middle_y - here.box.middle_y < 1.6 * here.box.h), None)
    words = bare(here.text).split()
    if below is None or not 0 < len(words) < _SHORT_LABEL:
        return []
    whole = " ".join([*words, *bare(below.text).split()]).rstrip(" :")
    fields = {field.field: len(whole) for field in template for anchor in field.anchors if " ".join(bare(anchor).split()).rstrip(":") == whole}
    return [Label(name, number, 0, len(here.text), 100.0 * length + _COLON) for name, length in fields.items()]


def _goes_on_with_a_day(row: Row, label: Label) -> bool:
    """Whether "ngày" at the left margin only goes on from the row above: "… trước / ngày 28/02/2026"."""
    word = row.text[label.start : label.end].strip()
    return bare(word) == "ngay" and word[0].islower() and row.box.x < 0.3 * row.page.width_px


def _heading(rows: Sequence[Row], number: int) -> str:
    """The folded heading ("II. Thông tin người chết") that a row stands under, "" when there is none near."""
    for row in reversed(rows[max(0, number - _UNDER_HEADING) : number]):
        if _SECTION.match(row.text):
            return folded(row.text)
    return ""


def _in_row(field: FieldTemplate, number: int, text: str, heading: str = "") -> list[Label]:
    plain = bare(text)
    start_of_row = _PREFIX.match(plain).end()  # type: ignore[union-attr]
    found = []
    for anchor in field.anchors:
        for wanted, bonus in _spellings(anchor, heading):
            for start, end, likeness in _likenesses(wanted, plain):
                after = _COLON_AFTER.match(plain[end:]) or (
                    _QUALIFIED.match(plain[end:])
                    if field.kind in _QUALIFIED_KINDS and start <= start_of_row + 1
                    else None
                )
                note = _ENDS.match(plain[end:]) if after is None else None
                end += note.end() if note else 0
                tail = text[end:].lstrip(" .…")
                if after is None and anchor.endswith(":"):
                    continue
                if wanted in _ORDINARY and plain[:start].rstrip()[-1:].isalpha() and (text[start].islower() or text[:end].isupper()):
                    continue
                leads = start <= start_of_row + 1 and not (tail and not (tail[0].isdigit() or tail[0].isupper()))
                leads = leads or (not tail and plain[:start].rstrip().endswith("/"))  # "Số đăng ký / ngày đăng ký", and their values in the next column
                if after is None and not leads and not announces(field, wanted, plain[:start], text[end:]):
                    continue  # running text that happens to say these words
                whose = _WHOSE_ALONE.match(after[0]) if after else None  # "Họ tên người đề nghị:" is one label, and no "Đề nghị:"
                qualified = whose.end() if whose else 0
                weight = likeness * (len(wanted) + qualified) + bonus + (_COLON - (after.end() - qualified) * 20 if after else 0)
                # An agency's name begins with the very words that announce it: "BỆNH VIỆN Phụ sản". Alone they are a label.
                names_itself = after is None and field.kind == "organisation" and (tail or text[start:end].isupper())
                begin = start if names_itself else end + (after.end() if after else 0)
                found.append(Label(field.field, number, start, begin, weight))
    return found


def _spellings(anchor: str, heading: str) -> list[tuple[str, float]]:
    """The anchor itself; and its beginning, where the heading above already says the rest ("… người chết")."""
    words = " ".join(bare(anchor).replace(":", " ").split()).split(" ")
    spellings = [(" ".join(words), 0.0)]
    if heading:
        for cut in range(len(words) - 1, 1, -1):
            if len(words) - cut >= 2 and " ".join(words[cut:]) in heading:
                spellings.append((" ".join(words[:cut]), 3000.0))
                break
    return spellings


def _likenesses(wanted: str, plain: str) -> list[tuple[int, int, float]]:
    """Places in `plain` like `wanted`, at word borders: all exact ones, else the best near one."""
    spaced = r"\s?".join(re.escape(c) for c in wanted if c != " ")  # the second reader drops spaces
    exact = [(m.start(), m.end(), 100.0) for m in re.finditer(rf"(?<![a-z0-9]){spaced}(?![a-z0-9])", plain)]
    if exact or len(wanted) < 9 or len(plain) < len(wanted) - 1:
        return exact
    near = fuzz.partial_ratio_alignment(wanted, plain, score_cutoff=_LIKENESS)
    if near is None or near.dest_end - near.dest_start < len(wanted) - 2:
        return []
    start, end = near.dest_start, near.dest_end
    if (start and plain[start - 1].isalnum()) or not _begins_alike(wanted.split(" ")[0], plain[start:]):
        return []
    if (colon := plain.find(":", start, end)) >= 0:  # what stands behind a colon is the value: "Tôi tên: Lê" is no misread "Tôi tên là"
        return [(start, colon, near.score)] if colon - start >= len(wanted) - 2 else []
    while end < len(plain) and plain[end].isalnum() and end - near.dest_end < 2:
        end += 1
    if _RELATIVES.intersection(wanted.split()) != _RELATIVES.intersection(re.findall(r"[a-z]+", plain[start:end])):
        return []  # "Họ tên cha" is no misread "Họ tên con"
    return [(start, end, near.score)]


def _begins_alike(word: str, text: str) -> bool:
    """Whether a near label begins with its own first word, but for a letter: "GIẤY RA VIỆN" is a title and no misread "Ngày ra viện"."""
    return min(Levenshtein.distance(word, text[: len(word) + more]) for more in (-1, 0, 1)) <= 1


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
