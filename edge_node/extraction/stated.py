"""What a sentence or a table says without a label of the type's: "được hưởng trợ cấp thôi việc 38.520.000 đồng", "điện thoại 0345617228", a column for each parent.

Words near a value say less than a label in front of it. So it fills what nothing else has filled, only where it stands behind the paper's own subject (an
amount only where it is the paper's one), and it always goes to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.extraction.persons import names_in
from edge_node.extraction.rows import Row
from edge_node.extraction.stated_address import addresses
from edge_node.recognition.folding import bare
from sync_protocol.paper_types import FieldTemplate

_BORN = r"(?<!noi )\bsinh\b(?!.*\b(?:cap|tai|o|ky|lap|chet|mat)\b)[^;]{0,24}$"
_BORN_IN = re.compile(r"\bsinh (?=thang \d)")
_AT_A_TIME = r"(?:[\s\d:,.h]|\b(?:hoi|luc|vao|ngay|gio|phut|g|cap cuu)\b)*"
_SAID_BEFORE = {
    "phone": r"\b(?:dien thoai|s?dt)\b[^\d;]{0,14}$|(?<!khong )\b(?:goi|lien lac|lien he|nhan tin|so may|di dong|zalo)\b[^\d;]{0,24}$",
    "bhxh_number": r"\b(?:bhxh|bao hiem xa hoi|the (?:bhyt|bao hiem y te))\b[^\d;]{0,14}$",
    "personal_id": r"\b(?:cccd|cmnd|can cuoc|dinh danh|ddcn)\b[^\d;]{0,26}$",
    "birth_date": _BORN,
    "child_birth_date": _BORN,
    "leave_from": r"\bnghi\b[^;]{0,40}\btu(?: ngay)?:?\s*$",
    "leave_to": r"\bnghi\b[^;]{0,90}\bden(?: het)?(?: ngay)?:?\s*$",
    "admission_date": rf"\b(?:nhap|vao) vien\b{_AT_A_TIME}$|" + r"\b(?:dieu tri|nam vien|nhap vien)\b[^;]{0,40}\btu(?: ngay)?:?\s*$",
    "discharge_date": rf"(?<!giay )\b(?:xuat|ra) vien\b{_AT_A_TIME}$|" + r"\b(?:dieu tri|nam vien|nhap vien)\b[^;]{0,70}\bden(?: het)?(?: ngay)?:?\s*$",
    "death_date": r"(?<!noi )\b(?:chet|mat|tu vong|tu tran|qua doi)\b(?!.*\b(?:sinh|cap|ky|lap)\b)[^;]{0,36}$",
}
"""Words that a value of a field or kind stands behind, on its row or at the end of the one above."""

_DONG = re.compile(r"\s?(?:dong|vnd|d)\b")
_ENDS_IN_A_DAY = re.compile(r"\bngay\s*\d{1,2}\s*(?:thang\s*(?:\d{1,2}\s*(?:nam\s*)?)?)?$")
_UNIT_CODE = re.compile(r"(?<!\w)[A-Z]{2}[\dOIl]{4}[A-Z](?!\w)")
_CODE_BEFORE = re.compile(r"\b(?:ma|so dinh danh)\b[^;]{0,46}$")
_ABOVE, _NEAR_BEGIN = 110, 26
_PARENTS = {"mother_name": ("nguoi me", "me"), "father_name": ("nguoi cha", "cha", "nguoi bo", "bo")}
_OWN_LABEL = r"ho(?:,? chu dem,?)?(?: va)?,? ten"
_CALLED = {
    "full_name": rf"nguoi (?:de nghi|(?:lam|viet|dung) don|(?:dung |ke |lam )?khai|yeu cau|uy quyen|lao dong|benh)|(?:ten )?chu tai khoan|(?:em|toi|ten toi)(?: ten)?(?: la)?|{_OWN_LABEL} (?:nld|bn|khai sinh)|ben b \((?:nguoi lao dong|nld)\)|ten khach hang",
    "deceased_name": rf"nguoi (?:chet|mat|qua co)|{_OWN_LABEL}(?: cua)? nguoi [a-z ]{{0,30}}(?:chet|mat)|(?:la )?than nhan cua(?: ong| ba)?",
    "mother_name": "(?:ten |ho ten )?(?:nguoi )?me",
    "father_name": "(?:ten |ho ten )?(?:nguoi )?(?:cha|bo)",
}
"""What else stands in front of a name and a colon, at the beginning of a row or behind a dash."""

_PARENT_HEAD = re.compile(r"^\W*(?:(?:[ivx]{1,3}|[a-d]|\d{1,2})\s?[.)]\s*)?(?:phan )?(?:(?:ke )?khai |thong tin )?(?:ve |cua )?(?:nguoi )?(me|cha|bo)\W*$")
"""What stands over a parent's part of a form: "PHẦN KHAI VỀ NGƯỜI CHA", "II. Người mẹ"."""

_NAME_LABEL = re.compile(r"^\W*(?:\d{1,2}[.)]\s*)?ho(?:,? chu dem,?)?(?: va)?,? ten\W*$")
_OWN_NAME = re.compile(rf"^\W*(?:\d{{1,2}}[.)]\s*)?{_OWN_LABEL}\s*:?\s*(?=$|[^\W\d])")
_PART = 7
"""Heights below a heading in which its part names somebody."""

_TABLE_ROWS = 12
"""Rows below its head, the cells of one height counted one by one, in which a table of the parents names them."""


def stated(field: FieldTemplate, rows: Sequence[Row]) -> Iterator[Find]:
    """Every value that words near it announce for a field of a person, in the order of the paper."""
    if field.kind == "address":
        yield from addresses(rows)
    words = _SAID_BEFORE.get(field.field) or _SAID_BEFORE.get(field.kind)
    if words is None:
        return
    for number, row in enumerate(rows):
        plain = bare(row.text)
        below = rows[number + 1] if field.kind == "date" and number + 1 < len(rows) and _ENDS_IN_A_DAY.search(plain) else None
        if words == _BORN and field.precision != "day" and (born := _BORN_IN.search(plain)):
            month = values("date", row.text[born.end() :], field.precision)[:1]
            yield from (Find("date", row, born.end(), born.end() + value.end, of_another=True) for value in month if value.holds)
        for value in values(field.kind, f"{row.text} {below.text}" if below is not None else row.text):
            above = bare(rows[number - 1].text)[-_ABOVE:] + " " if number and value.start < _NEAR_BEGIN else ""
            if value.holds and value.start < len(row.text) and re.search(words, above + plain[: value.start]):
                is_broken = value.end > len(row.text) and below is not None
                yield Find(field.kind, row, value.start, min(value.end, len(row.text)), (below,) if is_broken and below is not None else (), of_another=True)


def sex_behind(name: Find) -> Find | None:
    """ "Nam" or "nữ" right behind a name and a comma: "Bệnh nhân: LƯỜNG THỊ DIỆN, nữ, sinh năm 1993"."""
    text = name.row.text[name.start :]
    end = next((value.end for value in values("name", text)), len(text))
    said = re.match(r"\s*[,(;]\s*(?:giới tính:?\s*)?(nam|nữ)\s*(?=[,;.)]|$)", text[end:], re.IGNORECASE)
    if said is None:
        return None
    start = name.start + end + said.start(1)
    return Find("sex", name.row, start, name.start + end + said.end(1), of_another=True)


def unit_code(rows: Sequence[Row]) -> Find | None:
    """A unit's code by its shape, behind words for a code: "có mã đơn vị tham gia BHXH là TC0139K"."""
    for row in rows:
        for code in _UNIT_CODE.finditer(row.text):
            if _CODE_BEFORE.search(bare(row.text[: code.start()])):
                return Find("text", row, code.start(), code.end(), of_another=True)
    return None


def only_amount(rows: Sequence[Row]) -> Find | None:
    """The amount in đồng, where the paper names one and no other."""
    found = [(value, row) for row in rows for value in values("money", row.text) if _DONG.match(bare(row.text[value.end :]))]
    if len({value.text for value, _ in found}) != 1:
        return None
    value, row = found[0]
    return Find("money", row, value.start, value.end, of_another=True)


def called(field: FieldTemplate, rows: Sequence[Row], is_subject: bool) -> Find | None:
    """A name behind words by which a form calls that person ("Mẹ:", "Người đề nghị:"); of the paper's subject also behind any label for a name."""
    words = _CALLED.get(field.field, "(?!)") + (f"|{_OWN_LABEL}" if is_subject else "") + ("|ben b" if field.label == "Người lao động" else "")
    for number, row in enumerate(rows):
        plain = bare(row.text)
        above = bare(rows[number - 1].text).strip(" :") if number and rows[number - 1].box.shared_columns(row.box) > 0 else ""
        is_headed = field.field in _PARENTS and above.endswith(tuple(f" {head}" for head in _PARENTS[field.field]))
        said = re.search(rf"(?:^\W*(?:[\da-z][.)]\s*)?|[-–;]\s*)(?:{_OWN_LABEL if is_headed else words})\s*:", plain)
        if said and (any(name.holds for name in values("name", row.text[said.end() :])) or _begins_with_a_title(row.text[said.end() :])):
            return Find("name", row, said.end(), len(row.text), of_another=True)
    return None


def _begins_with_a_title(text: str) -> bool:
    """Whether "ông" or "bà" and a name begin these words, however strangely it is spelled ("bà Rơ Châm H'Blíp")."""
    return any(one.title == 0 for one in names_in(text.lstrip()))


def of_a_parent(field: FieldTemplate, rows: Sequence[Row]) -> Find | None:
    """A parent's name in a table that has a column for each ("Người mẹ | Người cha"), on the height of the label "Họ và tên", or a row for each, below it."""
    wanted = [words.split()[-1] for words in _PARENTS.get(field.field, ())]
    heads = [at for at, row in enumerate(rows) if (head := _PARENT_HEAD.match(bare(row.text))) and head[1] in wanted]
    cells = (cell for at in heads for cell in _cells_of(at, rows) if values("name", cell.text) and not _NAME_LABEL.match(bare(cell.text)))
    in_table = next((Find("name", cell, 0, len(cell.text), of_another=True) for cell in cells), None)
    return in_table or next((find for at in heads if (find := _named_below(at, rows))), None)


def under_a_parent(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row stands in a column that a parent's heading heads: a name there is the parent's."""
    return any(_PARENT_HEAD.match(bare(head.text)) and row in _column_under(at, rows) for at, head in enumerate(rows))


def _named_below(at: int, rows: Sequence[Row]) -> Find | None:
    """The name behind or below the first label for one in the column under a heading."""
    column = _column_under(at, rows)
    for n, row in enumerate(column):
        if (label := _OWN_NAME.match(bare(row.text))) is None:
            continue
        if any(name.holds for name in values("name", row.text[label.end() :])):
            return Find("name", row, label.end(), len(row.text), of_another=True)
        below = next((one for one in column[n + 1 :] if one.box.y > row.box.y + 0.5 * row.box.h), None)
        return Find("name", below, 0, len(below.text), of_another=True) if below and values("name", below.text) and ":" not in below.text else None
    return None


def _column_under(at: int, rows: Sequence[Row]) -> list[Row]:
    """The rows below a heading, from its left edge to the next heading of the same height, as far as a form's part reaches."""
    head = rows[at]
    right = min((row.box.x for row in rows if row.page_number == head.page_number and row.box.same_row(head.box) and row.box.x > head.box.right), default=head.page.width_px)
    return [
        row
        for row in rows
        if row.page_number == head.page_number and 0 < row.box.middle_y - head.box.middle_y < _PART * head.box.h and head.box.x - 2 * head.box.h < row.box.x < right - 0.5 * head.box.h
    ]


def _cells_of(at: int, rows: Sequence[Row]) -> Iterator[Row]:
    """The cells that a table has for the name of whom row `at` heads."""
    head = rows[at]
    page = [row for row in rows if row.page_number == head.page_number]
    labels = [row for row in page if _NAME_LABEL.match(bare(row.text))]
    for row in rows[at + 1 : at + 1 + _TABLE_ROWS]:
        if row.page_number != head.page_number:
            return
        if row.box.same_row(head.box) and row.box.x > head.box.x:
            below = any(label.box.shared_columns(row.box) > 0 and 0 < row.box.y - label.box.bottom < _TABLE_ROWS * row.box.h for label in labels)
        else:
            below = row.box.shared_columns(head.box) > 0 and any(label.box.same_row(row.box) and label.box.x < row.box.x for label in labels)
        if below:
            yield row
