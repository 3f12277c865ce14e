"""How a long value goes on: over the rows below it, in its own column, until anything new begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edge_node.extraction.agencies import ends_agency
from edge_node.extraction.label_words import Label
from edge_node.extraction.rows import Row
from edge_node.extraction.spellings import is_label
from edge_node.recognition.folding import bare, capitals, folded
from edge_node.recognition.order import is_national_title

NEW_ITEM = re.compile(r"^\s*(?:[-–+•*]|[\[(]?\d{1,2}[.)\]]|[ivxlh]{1,4}[.)]\s|[a-zđ][.)]\s)")
ANY_LABEL = re.compile(r"^\W*[^\W\d][^:]{1,45}:")

_MAX_MORE = 3
_LONGEST_END = 7
"""Words that may follow on the next row, the first with a capital, where no comma said that the value goes on ("Hà Nội")."""

_ALIGNED = 0.3
"""How far, in heights, the beginnings of two rows of one paragraph are apart at most."""

_INDENT = 3
"""How far, in heights, a paragraph's first row may begin right of the others."""

OFFICE = re.compile(r"^\W*(?:(?:tm|kt|tl|tuq|q)\s?\.|(?:tong |pho )?giam doc\b|(?:pho )?chu tich\b|thu truong\b|(?:pho )?truong (?:phong|ban|khoa|tram)\b|chi cuc truong\b|hieu truong\b|(?:can bo|nguoi) (?:thuc hien|lap|khai|ky|de nghi|nop|nhan|giao|viet|lam don|tiep nhan|xet duyet)\b)")
"""Who signs: never the rest of a body's name or of an address."""


_RIGHT_AT = 4
"""Characters at a row's beginning within which a label begins it."""

_ENDS_A_PLACE = re.compile(r"(?:[^\W\d]+ ?){1,3}, (?:phường|xã|thị trấn|quận|huyện|thị xã|thành phố|TP\.?|tỉnh) ")
"""How a row begins that goes on with a street or a hamlet: "… đường Nguyễn Sinh / Cung, phường Vỹ Dạ"."""

_HOUSE = re.compile(r"\b(?:so (?:nha )?\d|to \d|ngo|hem|ngach|kiet|thon|xom|ap|ban|buon|lang|khu|khom|duong|pho)\b")
_ENGLISH = re.compile(r"\b(?:of|and|department|ministry|director|police|security|administrative|identity|republic|company|hospital|limited|public|joint|stock|corporation|clinic|general|center|centre)\b")


def continuation(number: int, rows: Sequence[Row], labels: Sequence[Label], start: int = 0) -> tuple[Row, ...]:
    """Rows onto which a long value runs, which begins at `start`: only after a row that reaches the right margin, in its own column, and before
    anything new begins.
    """
    here = rows[number]
    margin = _margin(rows, here)
    left = _left_edge(here, start)
    labelled = {label.row for label in labels}
    begun = {label.row for label in labels if label.start < _RIGHT_AT}
    more: list[Row] = []
    last = here
    following = [n for n in range(number + 1, len(rows)) if _is_below(rows[n], here) and not is_national_title(folded(rows[n].text))]
    for n in following[:_MAX_MORE]:
        row = rows[n]
        plain = bare(row.text)
        if is_english(row.text) or row.box.x < left or is_label(row.text) or OFFICE.match(plain):
            break
        if left > 0 and _has_new_label(row, n, rows, labelled):
            if n not in labelled and _hangs_below(row, last) and _is_rest_of_address(last, row, here, start):
                more.append(row)  # under the photograph of a card stands something of its own at this height
            break
        shouts = (
            capitals(last.text) > 0.8 and capitals(row.text) > 0.8 and row.box.y - last.box.bottom < 0.8 * here.box.h
        )
        ends_early = last.box.right < margin - 0.13 * here.page.width_px and not _goes_on(last, row) and not _has_no_room(last, row, rows)
        if _ends_before_a_label(last, row, n in labelled and n not in begun):
            more.append(row)  # the rest stands in front of the next label; the value's grammar cuts it there
            break
        if ends_early and not shouts and _is_rest_of_address(last, row, here, start) and n not in labelled:
            more.append(row)
            break
        if (ends_early and not shouts) or n in labelled or row.page_number != here.page_number:
            break
        if capitals(row.text) > 0.8 and (capitals(last.text) < 0.8 or ends_agency(last.text, row.text)):
            break
        if _ends_the_capitals(last.text[start:] if last is here else last.text, row.text):
            break
        if not shouts and last.text[-1:] not in ",-" and row.text[:1].isupper() and len(row.text.split()) > _LONGEST_END and not _ENDS_A_PLACE.match(row.text):
            break  # a new sentence
        if row.box.y - last.box.bottom > 1.3 * here.box.h or NEW_ITEM.match(plain) or ANY_LABEL.match(plain):
            break
        more.append(row)
        last = row
    return tuple(more)


def _ends_the_capitals(above: str, row: str) -> bool:
    """Whether a name in capitals is followed by a centre or an address of its own in small letters ("BỆNH VIỆN … / Khu Minh Khai, …")."""
    words = row.split()
    begins = words[0][:1].isdigit() or (words[0][:1].isupper() and not words[0].isupper())
    return begins and capitals(above) > 0.9 and len(above.split()) > 2 and capitals(row) < 0.5 and above.rstrip()[-1:] not in ",-–("


def _has_no_room(last: Row, row: Row, rows: Sequence[Row]) -> bool:
    """Whether the next row's first word would not have fitted behind the last one: the line was broken at the edge of its own column, however narrow that is."""
    beside = [one.box.x for one in rows if one.page_number == last.page_number and one.box.same_row(last.box) and one.box.x > last.box.right]
    if not beside or row.page_number != last.page_number or not row.words or last.text.rstrip()[-1:] in ".:;":
        return False
    edge = max(one.box.right for one in rows if one.page_number == last.page_number and abs(one.box.x - last.box.x) < last.box.h and one.box.right < min(beside))
    space = 0.3 * last.box.h
    return last.box.right + space + row.words[0].box.w > edge and row.box.y - last.box.bottom < last.box.h and row.box.x < last.box.right


def _ends_before_a_label(last: Row, row: Row, has_label: bool) -> bool:
    """Whether a value that a comma left open ends in the next row, in front of another label: "… thôn Kép, / xã Tân Sơn. Số điện thoại: …"."""
    said = re.match(r"[^:]*[.;]\s", row.text)
    begins = said is not None and not ANY_LABEL.match(bare(said[0]))
    return last.text.rstrip().endswith(",") and begins and (has_label or ":" in row.text) and row.page_number == last.page_number


def _hangs_below(row: Row, last: Row) -> bool:
    """Whether a row begins exactly where the one above it does."""
    return abs(row.box.x - last.box.x) < _ALIGNED * last.box.h


def _is_rest_of_address(last: Row, row: Row, here: Row, start: int) -> bool:
    """Whether the row below names places with commas between them and nothing else, right below an address that names none yet, as on cards."""
    said = last.text[start:] if last is here else last.text
    names = [name.split() for name in row.text.strip(" .").split(",")]
    are_places = 1 < len(names) < 5 and all(0 < len(name) < 5 and name[0][0].isupper() for name in names) and not re.search(r"[:;\d]", row.text)
    close = row.box.y - last.box.bottom < 0.6 * here.box.h and row.page_number == last.page_number
    return are_places and close and "," not in said and bool(_HOUSE.search(bare(said)))


def is_english(text: str) -> bool:
    """Whether a row says in English what the one above said in Vietnamese, as cards do.

    >>> is_english("MINISTRY OF PUBLIC SECURITY"), is_english("CỤC CẢNH SÁT"), is_english("THE GIOI")
    (True, False, False)
    """
    marked = sum(bare(word) != word.lower() for word in text.split())
    return marked <= 1 and len(_ENGLISH.findall(bare(text))) > marked


def _has_new_label(row: Row, number: int, rows: Sequence[Row], labelled: set[int]) -> bool:
    """Whether the next line of a table begins here: something stands left of this row that does not only go on from the label above in small letters."""
    beside = [n for n in range(max(0, number - 3), min(len(rows), number + 3)) if rows[n].box.same_row(row.box) and rows[n].box.right <= row.box.x]
    return any(n in labelled or not rows[n].text[:1].islower() for n in beside if rows[n].page_number == row.page_number)


def _left_edge(here: Row, start: int) -> float:
    """Left of which no row goes on with a value, in px: a value in a box of its own goes on below itself, one behind its label also below that."""
    words = here.words_between(start, len(here.text))
    before = here.words_between(0, start) if start else ()
    gap = words[0].box.x - before[-1].box.right if words and before else 0
    in_cell = not start or (gap > 1.2 * here.box.h and not here.text[:start].rstrip().endswith(":"))
    return words[0].box.x - here.box.h if in_cell and words and start else here.box.x - (_INDENT * here.box.h if not start else here.page.width_px)


def _is_below(row: Row, here: Row) -> bool:
    """Whether a row stands below another and not beside its column."""
    return row.page_number != here.page_number or (row.box.middle_y > here.box.middle_y + 0.5 * here.box.h and row.box.x < here.box.right and row.box.right > here.box.x)


def _margin(rows: Sequence[Row], here: Row) -> float:
    """Where long rows end, in px; a form's code in the corner and a second column reach further."""
    rights = [row.box.right for row in rows if row.page_number == here.page_number]
    wide = [row.box.right for row in rows if row.page_number == here.page_number and row.box.w > 0.45 * here.page.width_px]
    return max(wide or rights)


def _goes_on(last: Row, row: Row) -> bool:
    """Whether a row in small letters at the left goes on with a sentence that the row above left open."""
    begins = row.text[:1].islower() and row.box.x < last.box.x + 2 * last.box.h
    return begins and last.text[-1:] not in ".:;)" and last.box.w > 0.4 * last.page.width_px
