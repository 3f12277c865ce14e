"""Where and when a civil register has an entry: an extract names another office and another day, those on which the copy was made.

Source: Thông tư 04/2020/TT-BTP, biểu mẫu trích lục hộ tịch ("Đăng ký khai tử tại: …", then number and day).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from edge_node.extraction.agencies import is_agency
from edge_node.extraction.body import labelled_values
from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare, folded
from sync_protocol.paper_types import FieldTemplate

_REGISTERED_AT = re.compile(r"\bdang ky (?:khai sinh|khai tu|ket hon) tai\b")
_NUMBERED = re.compile(r"\bso\s?[:.]?\s?[\w/.-]{1,14}[\s,;]*(?:quyen so[^;]{0,20}[\s,;]*)?$")
_HAS_REGISTERED = re.compile(r"\b(?:da |duoc )+dang ky(?: khai (?:sinh|tu))? tai ")
_OFFICE_ENDS = re.compile(r",\s*(?:ngày|vào|số|theo)\b|[.;](?:\s|$)")
_COPY = re.compile(r"\b(?:trich luc|ban sao|sao tu so)\b")
_ROWS_BELOW = 2


def registered_on(rows: Sequence[Row]) -> Find | None:
    """The day beside the entry's number, right below the place of registration: "Số: 12/2026, ngày 02 tháng 3 năm 2026"."""
    for number, row in enumerate(rows):
        if not _REGISTERED_AT.search(bare(row.text)):
            continue
        for below in rows[number : number + 1 + _ROWS_BELOW]:
            for day in values("date", below.text):
                before = re.sub(r"\bngay\s*$", "", bare(below.text[: day.start]))
                if day.holds and _NUMBERED.search(before):
                    return Find("date", below, day.start, day.end)
    return None


def registered_at(rows: Sequence[Row]) -> Find | None:
    """The office that a sentence says has registered it: "… và đã được đăng ký tại Ủy ban nhân dân phường …, / thành phố Huế, ngày đăng ký: …"; a person looks."""
    for number, row in enumerate(rows):
        said = _HAS_REGISTERED.search(bare(row.text))
        if said is None or not is_agency(folded(row.text[said.end() :])):
            continue
        end = _OFFICE_ENDS.search(row.text, said.end())
        if end is not None:
            return Find("organisation", row, said.end(), end.start(), of_another=True, is_open=True)
        below = rows[number + 1 : number + 2]
        until = _OFFICE_ENDS.search(below[0].text) if below else None
        return Find("organisation", row, said.end(), len(row.text), tuple(below) if until else (), of_another=True, is_open=True, until=until.start() if until else None)
    return None


def _says_the_same(head: Find | None, own: Find) -> bool:
    """Whether the head of the paper names the same body: as the body itself spells it there."""
    said = next(iter(values("organisation", own.text)), None)
    return head is not None and said is not None and folded(head.text) == folded(said.text)


def is_copy(title: Find | None, rows: Sequence[Row]) -> bool:
    """Whether a paper is an extract or a copy by its title or the words right below it."""
    if title is None:
        return False
    at = next((number for number, row in enumerate(rows) if row is title.row), 0)
    return any(_COPY.search(bare(row.text)) for row in rows[at : at + 2 + len(title.more)])


def prevailing(rows: Sequence[Row], template: Sequence[FieldTemplate], finds: Mapping[str, Find]) -> dict[str, Find]:
    """What stands behind labels that the catalogue lets go before whatever else was found ("Ngày, tháng, năm đăng ký"). Where such words stand on the
    paper, but nothing was found behind them, what was found elsewhere is doubtful.
    """
    found: dict[str, Find] = {}
    is_copied = is_copy(finds.get("document_name"), rows)
    for field in (field for field in template if field.prevailing):
        behind = labelled_values(msgspec.structs.replace(field, anchors=field.prevailing), rows, template)
        if (own := next((find for find in behind if values(field.kind, find.row.text[find.start : find.end])), None)) is not None:
            found[field.field] = own if field.kind != "organisation" or not _says_the_same(finds.get(field.field), own) else finds[field.field]
        elif field.kind == "organisation" and (office := registered_at(rows)) is not None:
            found[field.field] = office
        elif field.kind == "date" and (day := registered_on(rows)) is not None:
            found[field.field] = day
        elif field.field in finds and (is_copied or any(bare(label) in bare(row.text) for label in field.prevailing for row in rows)):
            found[field.field] = replace(finds[field.field], of_another=True)
    return found
