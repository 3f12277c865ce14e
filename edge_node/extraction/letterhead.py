"""The body in the head of a paper that has no label for it, and none beside the national title: clinics' slips, invoices, lists of an agency."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from edge_node.extraction.agencies import CONTACT, agency_rows, is_agency, is_body
from edge_node.extraction.body import labelled_values
from edge_node.extraction.find import Find
from edge_node.extraction.head import NUMBER
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare, capitals, folded
from edge_node.recognition.order import is_national_title
from sync_protocol.paper_types import FieldTemplate

_LOW = 0.4
"""Share of the page below which no body stands in a head."""

_MAKES_IT = ("b", "e")
"""Items of a template under which a unit is the one that made the paper; under others it is where somebody works."""

_AT, _AT_ENDS, _WORDS_OF_PROOF = re.compile(r"\W*tai\s+"), re.compile(r"[,.;(]|$"), 3
"""How the words of a certification begin, where the office ends, and in how many rows below their heading (NĐ 23/2015, mẫu lời chứng)."""
_BUYER = re.compile(r"\b(?:nguoi (?:mua|nop)|khach hang)\b")

_SELLER = re.compile(r"\b(?:nguoi|don vi|ben) ban\b")
_PARTY_A = re.compile(r"\W*(?:[ivx\d]{1,3}[.)]\s*)?ben a\b[^:]{0,40}:\s*")
_PARISH = ("giao xu ", "giao phan ", "giao ho ")
_MIDDLE = 0.04
"""Share of the page's width by which a national title in its middle may be off."""
_TITLE = re.compile(r"(?:giay|phieu|bien|don|to khai|hop dong|quyet dinh|danh sach|trich luc|thong bao|hoa don)\b")
_SIGNS_FOR = re.compile(r"\W*t\s?[.,]?\s?m\s?[.,:]\s*")
"""How who signs for a body as a whole begins: "TM." (NĐ 30/2020, Phụ lục I, II.7)."""
_PLACE = re.compile(r"(?:xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tinh)\b")
_LETTERHEAD, _LEFT, _HALF, _LINE = 0.15, 0.25, 0.65, 1.9
"""Shares of the page's height and width in which a letterhead begins and ends without a national title beside it, and how far its rows are apart, in heights."""


def letterhead(rows: Sequence[Row]) -> Find | None:
    """The agency that stands alone at the top left of the first page, where no national title stands beside it: there is none, or it has the middle. Nobody can be sure where its name ends."""
    page = [row for row in rows if row.page_number == rows[0].page_number]
    nation = [row for row in page[:6] if is_national_title(folded(row.text))]
    if not page or any(abs(row.box.x + row.box.w / 2 - row.page.width_px / 2) > _MIDDLE * row.page.width_px for row in nation):
        return None
    left: list[Row] = []
    for row in page:
        if NUMBER.match(bare(row.text)):
            if row.box.x < _HALF * row.page.width_px:
                break
            continue
        fits = row.box.right < _HALF * row.page.width_px and (row.box.y < _LETTERHEAD * row.page.height_px or left) and row.box.x < _LEFT * row.page.width_px and capitals(row.text) > 0.8 and not CONTACT.match(bare(row.text))
        if fits and (not left or row.box.middle_y - left[-1].box.middle_y < _LINE * row.box.h):
            left.append(row)
    parts = agency_rows(left) if left else _in_the_middle(page)
    if not parts or ":" in parts[0].text or not (is_agency(folded(parts[0].text)) or folded(parts[0].text).startswith(_PARISH)):
        return None
    return Find("organisation", parts[0], 0, len(parts[0].text), tuple(parts[1:]), is_open=True)


def _in_the_middle(page: Sequence[Row]) -> list[Row]:
    """The rows in capitals that are centred at the very top, with nothing beside them but the paper's mark, up to the first row that is none: an agency, below its parent."""
    found: list[Row] = []
    for row in page:
        is_alone = not any(one is not row and one.box.same_row(row.box) for one in page)
        is_centred = abs(row.box.x + row.box.w / 2 - row.page.width_px / 2) < _MIDDLE * row.page.width_px
        if row.box.y > _LETTERHEAD * row.page.height_px or not (is_alone and is_centred):
            break
        if is_national_title(folded(row.text)) or CONTACT.match(bare(row.text)):
            continue
        begins = is_agency(folded(row.text))
        if capitals(row.text) < 0.8 or not (begins or found) or _TITLE.match(bare(row.text)) or (found and row.box.middle_y - found[-1].box.middle_y > _LINE * row.box.h):
            if begins and not found:
                continue  # the parent, in small letters
            break
        found.append(row)
    return agency_rows(found) if found else []


def _signed_for(rows: Sequence[Row]) -> Find | None:
    """The one body for which somebody signs ("TM. UBND XÃ …"), where nothing else says who made the paper."""
    signed = [(row, lead.end()) for row in rows if (lead := _SIGNS_FOR.match(bare(row.text))) and is_agency(bare(row.text[lead.end() :]))]
    bodies = {folded(row.text[start:]) for row, start in signed}
    if len(bodies) != 1:
        return None
    row, start = signed[0]
    below = [one for one in rows if one.page_number == row.page_number and 0 < one.box.middle_y - row.box.middle_y < _LINE * row.box.h and one.box.shared_columns(row.box) > 0]
    more = tuple(one for one in below[:1] if _PLACE.match(bare(one.text)) and capitals(one.text) > 0.8)
    return Find("organisation", row, start, len(row.text), more, of_another=True)


def _certified_at(rows: Sequence[Row]) -> Find | None:
    """The office before which a paper without a letterhead was signed: below "LỜI CHỨNG …" it says "Tại Ủy ban nhân dân xã …, huyện …"."""
    for number, row in enumerate(rows):
        if not bare(row.text).startswith("loi chung"):
            continue
        for below in rows[number + 1 : number + 1 + _WORDS_OF_PROOF]:
            said = _AT.match(bare(below.text))
            if said is not None and is_agency(bare(below.text[said.end() :])):
                return Find("organisation", below, said.end(), _AT_ENDS.search(below.text, said.end()).start(), of_another=True)  # type: ignore[union-attr]
    return None


def of_the_head(rows: Sequence[Row], template: Sequence[FieldTemplate], finds: Mapping[str, Find]) -> dict[str, Find]:
    """The body in the head, where no label names one: as the paper's own, as the hospital whose paper it is, and, for a person to look at, as the unit that made it."""
    by_name = {field.field: field for field in template}
    found: dict[str, Find] = {}
    own = finds.get("issuing_body")
    seller = by_name.get("organisation_name")
    if own is None and seller is not None and seller.item == "e" and (named := finds.get(seller.field)) is not None and not _is_the_buyers(named, rows) and not _is_low(named):
        own = found["issuing_body"] = replace(named, of_another=True)  # who sells or takes money makes the paper out
    if "issuing_body" in by_name and (head := letterhead(rows)) is not None and (own is None or _is_low(own) or head.row in own.more):
        own = found["issuing_body"] = head
    if own is None and "issuing_body" in by_name and (signed := _certified_at(rows) or _signed_for(rows)) is not None:
        own = found["issuing_body"] = signed
    body, hospital, unit = by_name.get("issuing_body"), by_name.get("hospital"), by_name.get("organisation_name")
    if own is not None and hospital is not None and body is not None and "hospital" not in finds and set(hospital.anchors) & set(body.anchors):
        found["hospital"] = own
    if unit is not None and unit.item in _MAKES_IT and ("organisation_name" not in finds or _is_the_buyers(finds["organisation_name"], rows)):
        maker = _first_party(rows) or own or letterhead(rows)
        if maker is not None and is_body(folded(maker.row.text[maker.start :])):
            found["organisation_name"] = replace(maker, of_another=True)
    if unit is not None and unit.item == "e" and (code := finds.get("tax_code")) is not None and ("organisation_name" in finds or "organisation_name" in found) and _is_the_buyers(code, rows):
        sold = (find for find in labelled_values(by_name["tax_code"], rows, template) if not _is_the_buyers(find, rows))
        found["tax_code"] = next(sold, replace(code, of_another=True))
    return found


def _first_party(rows: Sequence[Row]) -> Find | None:
    """The body that a contract calls its first party: "Bên A (NSDLĐ): CÔNG TY …"."""
    for row in rows:
        if (said := _PARTY_A.match(bare(row.text))) and is_agency(bare(row.text[said.end() :])):
            return Find("organisation", row, said.end(), len(row.text))
    return None


def _is_low(find: Find) -> bool:
    return find.row.page_number > 1 or find.row.box.y > _LOW * find.row.page.height_px


def _is_the_buyers(unit: Find, rows: Sequence[Row]) -> bool:
    """Whether a value stands below the name of somebody who buys or pays, and nobody who sells is named between."""
    at = next(number for number, row in enumerate(rows) if row is unit.row)
    parties = [row for row in rows[:at] if _BUYER.search(bare(row.text)) or _SELLER.search(bare(row.text))]
    return bool(parties) and _SELLER.search(bare(parties[-1].text)) is None and _SELLER.search(bare(unit.row.text[: unit.start])) is None
