"""Where the value of a label stands: behind it on its row, in the next box, or below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from edge_node.extraction.continuation import ANY_LABEL, continuation
from edge_node.extraction.find import Find
from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.label_words import ORDINARY, Label
from edge_node.extraction.labels import goes_on_below
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import is_label
from edge_node.imaging.geometry import around
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import FieldKind

_LONG_KINDS = ("text", "address", "organisation")
_NUMBERED_LABEL = re.compile(r"^\s*(?:[\[(]\s?\d{1,2}\s?[\])]|\d{1,2}[.)]\s*[^\W\d]|[IVX]{1,4}[.)]\s)")
_NUMERAL = re.compile(r"\W*(?:[IVXl]{1,4}|[A-Ea-eđ]|(?:ĐIỀU|Điều|ĐIÊU|Điêu) \d{1,2})\s?[.):,]\s*")
_AT_ONCE = 2
"""Characters at a row's beginning within which a value begins it."""


def value_of(label: Label, labels: Sequence[Label], rows: Sequence[Row], kind: FieldKind) -> Find | None:
    """What stands behind a label on its row, in the next box, or below; a number is looked for in all three before other words are taken for it."""
    row = rows[label.row]
    after = (o.start for o in labels if o.row == label.row and o.start >= label.end and o.start != label.start)
    stop = min(after, default=len(row.text))
    if kind in NUMERIC_KINDS and (broken := _behind_the_break(label, stop, rows, kind)) is not None:
        return broken
    finds = []
    if _has_value(kind, row.text[label.end : stop]):
        more = continuation(label.row, rows, labels, label.end) if kind in _LONG_KINDS and stop == len(row.text) else ()
        more = more or (_rest_of_day(label.row, label.end, rows) if kind == "date" and stop == len(row.text) else ())
        finds.append(Find(kind, row, label.end, stop, more, _has_rivals(kind, label.row, rows, labels) or _is_in_the_next_sentence(kind, row.text[label.end : stop])))
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


def _behind_the_break(label: Label, stop: int, rows: Sequence[Row], kind: FieldKind) -> Find | None:
    """The number right behind a label that ends a sentence's row ("…, với số tiền: / 8.500.000 đồng"), at the beginning of the next."""
    row = rows[label.row]
    if label.end == 0:  # the label ended the row above (`labels.find_labels`)
        below = row
    elif label.end >= len(row.text.rstrip()) and row.text.rstrip().endswith(":") and stop == len(row.text) and label.row + 1 < len(rows) and goes_on_below(row, rows[label.row + 1]):
        below = rows[label.row + 1]
    else:
        return None
    found = values(kind, below.text)[:1]
    return next((Find(kind, below, value.start, value.end) for value in found if value.start <= _AT_ONCE), None)


def _is_bare_word(label: Label, row: Row) -> bool:
    """Whether the label is a word that other labels have too, without a colon: "ngày" may end the head of any column."""
    said = bare(row.text[label.start : label.end])
    return ":" not in said and said.strip() in ORDINARY


def _is_in_the_next_sentence(kind: FieldKind, said: str) -> bool:
    """Whether the first day behind a label stands behind the end of a sentence: "ổn định. Hẹn khám lại ngày 30/09/2026"."""
    found = values(kind, said)[:1] if kind == "date" else []
    return any(re.search(r"[^\W\d]{2}\.\s", said[: value.start]) for value in found)


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


def _has_value(kind: FieldKind, text: str) -> bool:
    return bool(values(kind, text)) or sum(c.isalnum() for c in text) >= 2


def _right(label: Label, rows: Sequence[Row], labels: Sequence[Label]) -> list[int]:
    """The number of the row in the next box to the right on the same height; what begins a new item is a label, not a value, and what stands behind another
    label ("Họ tên người bệnh | Ngày sinh | Giới") is none of this one's.
    """
    here, labelled = rows[label.row], {label.row for label in labels}
    right = [
        n
        for n, row in enumerate(rows)
        if n not in labelled and row.page_number == here.page_number and row.box.same_row(here.box)
        if row.box.x >= here.box.right - here.box.h and not _NUMBERED_LABEL.match(row.text) and not is_label(row.text) and not row.text.rstrip().endswith(":")
    ]
    nearest = sorted(right, key=lambda n: rows[n].box.x)[:1]
    between = (row for n in nearest for row in rows if row.page_number == here.page_number and row.box.same_row(here.box) and here.box.right <= row.box.x < rows[n].box.x)
    return [] if any(is_label(row.text) for row in between) else nearest


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
    left = box.x - (1.5 * box.h if shared else box.x)
    if 2 * row.box.shared_columns(box) > min(row.box.w, box.w) and row.box.right < edge and row.box.w < 2 * box.w:
        left = min(left, row.box.x)  # a cell below its centred head begins farther left
    start, end = _between(row, left, edge)
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
