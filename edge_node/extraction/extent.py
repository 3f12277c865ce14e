"""Where does a text end? A name, an address or a body's name that wraps in a narrow column may have been cut off, or may have taken up what follows.

Both readers see the same rows, so their agreement says nothing about it; what stands below does. Where that may be the rest of the value, or where the
value was carried on over a row that begins like something new, a person looks: of the text values on papers that nobody had fitted, most wrong ones that
both readers agreed on were such.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from edge_node.extraction.continuation import ANY_LABEL, NEW_ITEM, OFFICE
from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import is_label
from edge_node.recognition.folding import bare, capitals, folded
from edge_node.recognition.order import is_national_title

_KINDS = ("text", "address", "organisation", "name")
_CLOSE = 0.9
"""Gap up to which the row below may be the rest, in heights."""

_REST_OF_NAME = 3
"""Words of a row that may be the rest of a name or of a place."""

_SOMETHING_NEW = re.compile(r"^\W*(?:so|v/v|kinh gui|can cu|hom nay|noi nhan|xac nhan|ban sao|ban chinh|dieu|chuc vu|chuc danh)\b|\bngay\b.{1,6}\bthang\b|^\W*\(|\d{1,2}/\d{1,2}/\d{4}")
_HEIGHTS = 1.22
_PLACE = re.compile(r"^\W*(?:phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|tp|tinh|khom|ap|thon)\b")
"""How the rest of an address begins on a row of its own: a card breaks it behind the street, without a comma."""

_BEGINS_A_BODY = re.compile(r"\b(?:uy ban nhan dan|ubnd|cong an)(?: (?:xa|phuong|thi tran|huyen|quan|tinh|thanh pho)\W*(?:\w+\W*)?)?[:.…\s]*$")
_ENDS_OPEN = re.compile(r"[,\-–(]$|\b(?:tinh|thanh pho|thi xa|huyen|quan|phuong|xa|va|cua|huong|cho|ve|tai|o|theo)$")

_ENDS_IN_THE_MIDDLE = re.compile(r"(?<!\w)(?:từ|đến|ngày|và|hoặc|của|cho|về|tại|ở|theo|là|gồm|với|trong|bằng|do|bởi|các|những|được|để|nhằm)$", re.IGNORECASE)
"""Words that end no statement: "24 tháng, từ ngày"."""


def with_doubts(finds: dict[str, Find], rows: Sequence[Row]) -> dict[str, Find]:
    """The same finds; those whose end nobody can be sure of are marked."""
    return {name: replace(find, is_open=True) if find.kind in _KINDS and _is_doubtful(find, rows, _taken(find, finds)) else find for name, find in finds.items()}


def _taken(find: Find, finds: dict[str, Find]) -> set[int]:
    """Rows that other values stand in. A value that begins on the same row as this one may be the same, told whole ("BỆNH VIỆN … HUYỆN QUỲ / CHÂU")."""
    return {id(row) for other in finds.values() if not other.is_open and (other is find or other.row is not find.row) for row in (other.row, *other.more)}


def _is_doubtful(find: Find, rows: Sequence[Row], taken: set[int]) -> bool:
    return find.is_open or _ends_with_a_comma(find) or _ends_in_the_middle(find) or _begins_before(find) or (find.kind != "name" and _runs_on(find)) or _is_cut(find, rows, taken)


def _ends_with_a_comma(find: Find) -> bool:
    """Whether the last row ends with a comma behind the value, so that it goes on somewhere."""
    last = find.more[-1] if find.more else find.row
    return last.text[: None if find.more else find.end].rstrip().endswith(",") and not last.text[len(last.text) if find.more else find.end :].strip()


def _ends_in_the_middle(find: Find) -> bool:
    """Whether the value ends with a word behind which something must follow, as where it was cut before another label's words."""
    said = find.more[-1].text if find.more else find.row.text[find.start : find.end]
    return find.kind in ("text", "organisation") and _ENDS_IN_THE_MIDDLE.search(said.rstrip(" .,;:")) is not None


def _begins_before(find: Find) -> bool:
    """Whether what stands before a body's value is the beginning of its name ("Ủy ban nhân dân xã: Đại Lộc")."""
    return find.kind == "organisation" and _BEGINS_A_BODY.search(bare(find.row.text[: find.start])) is not None


def _runs_on(find: Find) -> bool:
    """Whether the value was carried on over a row that begins with a capital, though nothing before it was left open."""
    before = find.row
    for row in find.more:
        shouts = capitals(before.text[find.start if before is find.row else 0 :]) > 0.8 and capitals(row.text) > 0.8
        if shouts and max(row.box.h, before.box.h) > _HEIGHTS * min(row.box.h, before.box.h):
            return True
        if not shouts and row.text[:1].isupper() and not _ENDS_OPEN.search(bare(before.text).rstrip()):
            return True
        before = row
    return False


def _is_cut(find: Find, rows: Sequence[Row], taken: set[int]) -> bool:
    """Whether the row below may be the rest of the value."""
    last = find.more[-1] if find.more else find.row
    start, end = (0, len(last.text)) if find.more else (find.start, _end(find))
    words = last.words_between(start, len(last.text))
    left, right = words[0].box.x if words else last.box.x, last.box.right
    behind = re.search(r"\w", last.text[end:])
    if behind is not None:  # another label stands on the row: only what lies within the value's own column may be its rest
        after = last.words_between(end + behind.start(), len(last.text))
        right = after[0].box.x if after else right
    below = [
        row
        for row in rows
        if row.page_number == last.page_number and row.box.middle_y - last.box.middle_y > 0 and row.box.y - last.box.bottom < _CLOSE * last.box.h
        if row.box.x < right and row.box.right > left and row.box.middle_y > last.box.bottom
        if behind is None or (row.box.x > left - row.box.h and row.box.right < right + row.box.h)
    ]
    if not below:
        return False
    row = min(below, key=lambda one: (one.box.y, one.box.x))
    return id(row) not in taken and _may_be_rest(find, last, last.text[start:end], left, row, rows)


def _end(find: Find) -> int:
    """Where the value ends on its row by its grammar: before the next label."""
    said = values(find.kind, find.row.text[find.start : find.end])
    return find.start + said[0].end if len(said) == 1 else find.end


def _may_be_rest(find: Find, last: Row, said: str, left: float, row: Row, rows: Sequence[Row]) -> bool:
    plain = bare(row.text)
    if ANY_LABEL.match(plain) or NEW_ITEM.match(plain) or OFFICE.match(plain) or _SOMETHING_NEW.search(plain) or is_label(row.text) or is_national_title(folded(row.text)):
        return False
    beside = [r for r in rows if r.page_number == row.page_number and r.box.same_row(row.box) and r.box.right <= row.box.x]
    if any(not r.text[:1].islower() for r in beside if r.box.x < left - row.box.h and r.box.x > last.box.x - row.box.h):
        return False  # the next line of a table has a label of its own
    if find.kind == "address" and _PLACE.match(plain):
        return True
    shouts = capitals(said) > 0.8
    if find.kind == "name" and len(row.text.split()) > _REST_OF_NAME:
        return False
    if row.text[:1].islower():
        return True
    if shouts != (capitals(row.text) > 0.8):
        return bool(_ENDS_OPEN.search(bare(last.text).rstrip()))
    if shouts:
        return max(row.box.h, last.box.h) < _HEIGHTS * min(row.box.h, last.box.h)
    return find.kind != "name" or len(row.text.split()) <= _REST_OF_NAME or bool(_ENDS_OPEN.search(bare(last.text).rstrip()))
