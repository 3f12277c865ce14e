"""The head of an administrative paper: issuing body, number and symbol, place and date, title, subject.

These stand where the decree puts them and mostly without labels, so position and shape find them.
Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục I (thể thức), ô số 2, 3, 4, 5a, 5b.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge_node.extraction.agencies import CONTACT, agency_rows, begins_above, ends_agency
from edge_node.extraction.classify import behind_lost_stroke
from edge_node.extraction.find import Find
from edge_node.extraction.made_out import find_date
from edge_node.extraction.rows import Row
from edge_node.extraction.title import find_title
from edge_node.recognition.folding import bare, capitals, folded
from edge_node.recognition.order import is_national_title
from sync_protocol.paper_types import DocumentType

_HEAD_SHARE = 0.4
"""The head stands in the upper 40 % of the first page."""

NUMBER = re.compile(r"(?<![a-z])s[o0]\s?[:;.]\s*")
_LEADS_NUMBER = re.compile(r"(?:\W*|.{0,10}\)\W*|\W*(?:cong van|van ban)\s)")
"""What may stand before "Số:" where it announces the paper's own number; "Quyển số", "Mẫu số", "Hóa đơn số" announce others."""

_SUBJECT = re.compile(r"^\W*(?:v\s?[/\\]?\s?v|ve viec)\b\s*[:.]?\s*")


def find_head(rows: Sequence[Row], document_type: DocumentType | None) -> dict[str, Find]:
    """The head's fields that were found: issuing_body, number_symbol, issue_date, document_name, summary."""
    top = [
        row for row in rows if row.page_number == rows[0].page_number and row.box.y < row.page.height_px * _HEAD_SHARE
    ]
    found: dict[str, Find] = {}
    number = _number(top)
    if number:
        found["number_symbol"] = number
    body = _issuing_body(top, number)
    if body:
        found["issuing_body"] = body
    if (date := find_date(rows, top)) is not None:
        found["issue_date"] = date
    free = [row for row in top if (body is None or row is not body.row and row not in body.more) and not NUMBER.match(bare(row.text))]
    title = find_title(free, document_type)
    if title:
        found["document_name"] = title
    subject = _subject(top)
    if subject:
        found["summary"] = subject
    return found


def _number(top: Sequence[Row]) -> Find | None:
    for row in top:
        plain = bare(row.text)
        label = NUMBER.search(plain)
        if label and _LEADS_NUMBER.fullmatch(plain[: label.start()]) and row.box.x < row.page.width_px / 2:
            return Find("number_symbol", row, label.end(), len(row.text))
    return None


def _issuing_body(top: Sequence[Row], number: Find | None) -> Find | None:
    """The lowest run of capitals on the left above the number; beside the national title when there is no number."""
    titles = [row for row in top if is_national_title(folded(row.text))]
    if not titles or titles[0].box.x < titles[0].page.width_px * 0.3 or titles[0].box.x + titles[0].box.w / 2 < titles[0].page.width_px * 0.55:
        return None
    first = next((row for row in top if _NATION.search(bare(row.text)) and row.box.y < titles[0].box.y), titles[0])  # it may have run into its neighbours
    edge, bottom = titles[0].box.x, number.row.box.y if number else titles[-1].box.bottom + 3 * titles[-1].box.h
    left = [
        row
        for row in top
        if row.box.x + row.box.w / 2 < edge and first.box.y - titles[0].box.h < row.box.y < bottom
        if row is not (number.row if number else None) and capitals(row.text) > 0.8 and len(row.text) > 1
        if not CONTACT.match(bare(row.text))
    ]
    if not left:
        return _in_small_letters(top, edge, first.box.y - titles[0].box.h, bottom)
    left = [row for at, row in enumerate(left) if not ends_agency(left[at - 1].text if at else "", row.text)]
    apart = next((at for at in range(1, len(left)) if left[at].box.y - left[at - 1].box.bottom > _APART * left[at - 1].box.h), len(left))
    left = left[:apart]  # what stands farther below is a title's row
    if not left:
        return None
    parts = agency_rows(left)
    return Find("organisation", parts[0], 0, len(parts[0].text), tuple(parts[1:]), is_open=begins_above(parts[0], top))


_LEFT = 0.55
"""Share of the page's width that the left column of a letter's head takes."""

_APART = 2.0
"""Heights between two rows from which they are not of one letterhead."""

_NATION = re.compile(r"cong hoa xa hoi")

def _in_small_letters(top: Sequence[Row], edge: float, above: float, bottom: float) -> Find | None:
    """The lowest row left of the national title that names an authority in small letters ("Tỉnh HÀ TUYÊN / Huyện … / Ủy ban Nhân dân xã …"); a person looks."""
    left = [row for row in top if row.box.right < edge and above < row.box.y < bottom and _AUTHORITY.match(bare(row.text))]
    return Find("organisation", left[-1], 0, len(left[-1].text), is_open=True) if left else None


_AUTHORITY = re.compile(r"(?:uy ban|ubnd|ubhc|cong an|benh vien|tram y te)(?:\s\w+){2,}\W*$")


def _subject(top: Sequence[Row]) -> Find | None:
    """What stands behind "V/v" or "Về việc" (NĐ 30/2020, Phụ lục I, II.5: the subject is written behind these words) or the centred row "Về …", and its continuation.

    A person looks at it: forms differ in whether the words before it belong to it.
    """
    for at, row in enumerate(top):
        lead = _SUBJECT.match(bare(row.text))
        start = lead.end() if lead else behind_lost_stroke(row.text) if row.box.right < _LEFT * row.page.width_px else 0
        if not start and not (folded(row.text).startswith("ve ") and _is_centred(row)):
            continue
        more: list[Row] = []
        for after in top[at + 1 : at + 4]:
            shift = abs((after.box.x + after.box.w / 2) - (row.box.x + row.box.w / 2))
            close = after.box.y - (more[-1] if more else row).box.bottom < 0.8 * row.box.h
            begins_anew = folded(after.text).startswith(("kinh gui", "can cu")) or capitals(after.text) > 0.8
            wide = after.box.w > 1.15 * row.box.w
            smaller, longer = after.box.h < 0.92 * row.box.h, after.box.w > row.box.w
            # a sentence of the body, not of the subject
            begins_anew |= after.text[:1].isupper() and (smaller or longer)
            if not close or begins_anew or wide or shift > 0.1 * row.page.width_px:
                break
            more.append(after)
        return Find("text", row, start, len(row.text), tuple(more), is_open=True)
    return None


def _is_centred(row: Row) -> bool:
    return abs((row.box.x + row.box.w / 2) / row.page.width_px - 0.52) < 0.08
