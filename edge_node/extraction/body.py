"""The body of a form: values right of their labels, below them, or running on over the next rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge_node.extraction.grammar import values
from edge_node.extraction.head import Find, capitals
from edge_node.extraction.labels import Label, find_labels
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import FieldKind, FieldTemplate

_LONG_KINDS = ("text", "address", "organisation")
_NEW_ITEM = re.compile(r"^\s*(?:[-–+•*]|\d{1,2}[.)]|[ivx]{1,4}[.)]\s|[a-zđ][.)]\s)")
_ANY_LABEL = re.compile(r"^\W*[^\W\d][^:]{1,45}:")
_MAX_MORE = 3


def find_body(rows: Sequence[Row], template: Sequence[FieldTemplate]) -> tuple[dict[str, Find], frozenset[str]]:
    """The stretch of paper that holds each field's value, and all fields whose label was seen (their place may be empty)."""
    labels, spare = find_labels(rows, template)
    kinds = {field.field: field.kind for field in template}
    finds: dict[str, Find] = {}
    for label in [*labels, *spare]:
        if label.field not in finds:
            find = _value_of(label, labels, rows, kinds[label.field])
            if find is not None:
                finds[label.field] = find
    return finds, frozenset(label.field for label in labels)


def _value_of(label: Label, labels: Sequence[Label], rows: Sequence[Row], kind: FieldKind) -> Find | None:
    row = rows[label.row]
    after = (o.start for o in labels if o.row == label.row and o.start >= label.end and o.start != label.start)
    stop = min(after, default=len(row.text))
    if _has_value(kind, row.text[label.end : stop]):
        more = _continuation(label.row, rows, labels) if kind in _LONG_KINDS and stop == len(row.text) else ()
        return Find(kind, row, label.end, stop, more)
    if stop < len(row.text):
        return None
    for number in _neighbours(label.row, rows, labels):
        if _has_value(kind, rows[number].text):
            more = _continuation(number, rows, labels) if kind in _LONG_KINDS else ()
            return Find(kind, rows[number], 0, len(rows[number].text), more)
    return None


def _has_value(kind: FieldKind, text: str) -> bool:
    return bool(values(kind, text)) or sum(c.isalnum() for c in text) >= 2


def _neighbours(number: int, rows: Sequence[Row], labels: Sequence[Label]) -> list[int]:
    """Numbers of rows that could hold the value: the next box to the right on the same height, then the one just below."""
    here = rows[number]
    labelled = {label.row for label in labels}
    free = [(n, row) for n, row in enumerate(rows) if n not in labelled and row.page_number == here.page_number]
    right = [n for n, row in free if row.box.same_row(here.box) and row.box.x >= here.box.right - here.box.h]
    below = [
        n
        for n, row in free
        if 0 < row.box.middle_y - here.box.middle_y < 2.2 * here.box.h
        and row.box.shared_columns(here.box) > 0
        and not _ANY_LABEL.match(bare(row.text))
    ]
    return sorted(right, key=lambda n: rows[n].box.x)[:1] + sorted(below, key=lambda n: rows[n].box.y)[:1]


def _continuation(number: int, rows: Sequence[Row], labels: Sequence[Label]) -> tuple[Row, ...]:
    """Rows onto which a long value runs: only after a row that reaches the right margin, and before anything new begins."""
    here = rows[number]
    margin = max(row.box.right for row in rows if row.page_number == here.page_number)
    labelled = {label.row for label in labels}
    more: list[Row] = []
    last = here
    for n in range(number + 1, min(len(rows), number + 1 + _MAX_MORE)):
        row = rows[n]
        plain = bare(row.text)
        shouts = (
            capitals(last.text) > 0.8 and capitals(row.text) > 0.8 and row.box.y - last.box.bottom < 0.8 * here.box.h
        )
        ends_early = last.box.right < margin - 0.13 * here.page.width_px
        if (ends_early and not shouts) or n in labelled or row.page_number != here.page_number:
            break
        if capitals(row.text) > 0.8 > capitals(last.text):
            break
        if row.box.y - last.box.bottom > 1.3 * here.box.h or _NEW_ITEM.match(plain) or _ANY_LABEL.match(plain):
            break
        more.append(row)
        last = row
    return tuple(more)
