"""The title of an administrative paper: rows in capitals that say its type, over as many rows as it has.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục I (thể thức), ô số 5a.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from edge_node.extraction.continuation import OFFICE
from edge_node.extraction.find import Find
from edge_node.extraction.rows import Row
from edge_node.recognition.folding import bare, capitals, folded
from edge_node.recognition.order import is_national_title
from edge_node.recognition.syllable import is_syllable
from sync_protocol.paper_types import DocumentType

_PART = re.compile(r"(?:[IVXLH]{1,4}|[A-D]|\d{1,2})\s?[.)]")
"""How a part of the form begins: "I. NGƯỜI ỦY QUYỀN"."""


_MIDDLE = 0.06
"""Share of the page's width by which a title may stand off its middle."""

_LABELLED = re.compile(r"[^\W\d]:\s*[^\W\d]")
"""A label with its value, "Tên đơn vị: CÔNG TY …", which no title goes on with."""

_FORM = re.compile(r"\W*mau\b.{0,8}\d")
"""The mark of a printed form, "Mẫu 05A-HSB": it names the form and is no title."""


def find_title(top: Sequence[Row], document_type: DocumentType | None) -> Find | None:
    """The rows in capitals that say the type's name or keyword; `top` is the head without the issuing body and the number."""
    if document_type is None:
        return None
    wanted = [folded(word) for word in (document_type.name, *document_type.keywords) if not word.startswith("Mẫu") and not re.search(r"\d-", word)]
    nation = [row for row in top if is_national_title(folded(row.text))]
    beside = nation[-1].box.x if nation and nation[-1].box.x > 0.45 * nation[-1].page.width_px else 0  # left of it stands the agency
    top = [row for row in top if row.box.right > beside or row.box.y > nation[-1].box.bottom + 3 * row.box.h or _is_in_the_middle(row)]
    top = [row for row in top if not _PART.match(row.text) and not _FORM.match(bare(row.text)) and not row.text.rstrip().endswith(":")]  # "QUYẾT ĐỊNH:" begins what is decided
    best: tuple[float, Find] | None = None
    for at in range(len(top)):
        for count in (1, 2, 3):
            rows = top[at : at + count]
            if len(rows) < count or any(capitals(row.text) < 0.7 or _LABELLED.search(row.text) for row in rows):
                break
            said = folded(" ".join(row.text for row in rows))
            score = max(
                (
                    max(fuzz.ratio(said, w), 0.99 * fuzz.partial_ratio(w, said) if len(w) <= len(said) else 0)
                    for w in wanted
                ),
                default=0,
            )
            if at + count < len(top):
                score = max(score, *(_goes_on(said, folded(top[at + count].text), w) for w in wanted))
            score += 0.1 * max((fuzz.ratio(said, w) for w in wanted), default=0)  # of two windows that hold it, the one that says less beside it
            if score > 82 and (best is None or score > best[0]):
                best = score, Find("text", rows[0], 0, len(rows[0].text), tuple(rows[1:]))
    if best is None:
        return None
    fuller = _begun_above(best[1], top)
    return replace(_whole_title(fuller, top), is_open=True) if fuller is not None else _whole_title(best[1], top)


def _is_in_the_middle(row: Row) -> bool:
    """Whether a row stands in the middle of the page, where no letterhead does: a short title right below a national title may end left of its second row."""
    return abs(row.box.x + row.box.w / 2 - row.page.width_px / 2) < _MIDDLE * row.page.width_px


def _begun_above(title: Find, top: Sequence[Row]) -> Find | None:
    """A row in capitals farther up that says the same and goes on: the title, of which these words are only repeated ("QUYẾT ĐỊNH CỦA GIÁM ĐỐC …", and below it
    the "QUYẾT ĐỊNH" with which what is decided begins)."""
    said = folded(title.text)
    before = top[: top.index(title.row)]
    row = next((row for row in before if folded(row.text).startswith(f"{said} ") and capitals(row.text) >= 0.7 and not _LABELLED.search(row.text)), None)
    return Find("text", row, 0, len(row.text)) if row is not None else None


def _goes_on(said: str, below: str, wanted: str) -> float:
    """How like `wanted` a title is that says its beginning in capitals and the rest in the row below: "BIÊN BẢN / Giám định mức suy giảm …"."""
    begins = len(said) >= 6 and len(wanted) > len(said) and fuzz.ratio(said, wanted[: len(said)]) > 90
    return fuzz.partial_ratio(wanted[len(said) :].strip(), below) if begins else 0.0


def _whole_title(title: Find, top: Sequence[Row]) -> Find:
    """A title goes on while rows in capitals follow closely: of nearly the same height, or on its axis, where offices print its second row smaller or larger."""
    rows = [title.row, *title.more]
    for row in top[top.index(rows[-1]) + 1 :]:
        is_alike = 0.8 < row.box.h / rows[0].box.h < 1.25
        if not _may_go_on(rows[-1], row) or not (is_alike or (_is_below_the_middle(rows[0], row) and not OFFICE.match(bare(row.text)))):
            break
        rows.append(row)
    return Find("text", rows[0], 0, len(rows[0].text), tuple(rows[1:]))


def _may_go_on(last: Row, row: Row) -> bool:
    """Whether a row follows closely in capitals, and is no remark, label or part of the form, nor the title in English."""
    said = row.text
    return capitals(said) >= 0.9 and row.box.y - last.box.bottom <= 0.9 * row.box.h and not (said.startswith("(") or _LABELLED.search(said) or _PART.match(said) or _is_foreign(said))


def _is_foreign(text: str) -> bool:
    """Whether a row has no mark, and a word that is no Vietnamese syllable: "IDENTITY CARD".

    >>> _is_foreign("LABOR CONTRACT"), _is_foreign("THAM GIA BHXH"), _is_foreign("HƯỞNG TRỢ CẤP")
    (True, False, False)
    """
    has_marks = bare(text) != text.lower()
    return not has_marks and any(not is_syllable(word) and re.search("[aeiouy]", word.lower()) for word in re.findall(r"[^\W\d_]{2,}", text))


def _is_below_the_middle(first: Row, row: Row) -> bool:
    """Whether two rows have one axis, within the sizes that one title is printed in."""
    off_axis = abs(row.box.x + row.box.w / 2 - first.box.x - first.box.w / 2)
    return off_axis < _ONE_AXIS * row.page.width_px and _SIZES[0] < row.box.h / first.box.h < _SIZES[1]


def goes_on_below(title: Find, rows: Sequence[Row]) -> bool:
    """Whether the next row below a title is in capitals and on its axis too, so that the title may be longer than what was taken of it."""
    last = title.more[-1] if title.more else title.row
    below = [row for row in rows if row.page_number == last.page_number and row.box.middle_y > last.box.bottom and row.box.shared_columns(last.box) > 0]
    after = min(below, key=lambda row: row.box.y, default=None)
    if after is None or after in title.more or not _may_go_on(last, after) or is_national_title(folded(after.text)) or OFFICE.match(bare(after.text)):
        return False
    return sum(c.isalpha() for c in after.text) > _LETTERS and abs(after.box.x + after.box.w / 2 - last.box.x - last.box.w / 2) < _ONE_AXIS * after.page.width_px


_NO_SUBJECT = re.compile(r"\W*(?:kinh gui|can cu|so|ngay|hom nay|hoi|mau|lien|thang|quy|ky|dot|nam|lan|gui|trang|quyen)\b")
_CLOSE, _ONE_AXIS = 1.6, 0.03
"""Heights below a title up to which its subject begins, and the share of the page's width by which their middles may differ."""
_SIZES, _LETTERS = (0.55, 1.6), 6
"""Heights of a title's further row in those of its first, and the letters from which a row in capitals may be one."""


def subject_below(title: Find | None, rows: Sequence[Row]) -> Find | None:
    """What a paper is about where "Về việc" does not say it: the row or two in small letters centred below its title; a person looks."""
    if title is None or not any(is_national_title(folded(row.text)) for row in rows):
        return None
    last = [title.row, *title.more][-1]
    below = [row for row in rows if row.page_number == last.page_number and row.box.y > last.box.middle_y]
    said: list[Row] = []
    for row in sorted(below, key=lambda row: row.box.y):
        above = said[-1] if said else last
        off_axis = abs(row.box.x + row.box.w / 2 - title.row.box.x - title.row.box.w / 2) > _ONE_AXIS * row.page.width_px
        if off_axis or row.box.y - above.box.bottom > _CLOSE * row.box.h or capitals(row.text) > 0.5 or ":" in row.text or _NO_SUBJECT.match(bare(row.text)) or not row.text[:1].isalpha():
            break
        said.append(row)
    if not said or not said[0].text[:1].isupper() or len(said) > 2 or len(said[0].text.split()) < 3:
        return None
    return Find("text", said[0], 0, len(said[0].text), tuple(said[1:]), is_open=True)
