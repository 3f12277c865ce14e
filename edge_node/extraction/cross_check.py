"""One paper against itself and against its dossier: what two readers agreed on may still not fit the rest.

The personal number says sex and birth year; a day that has passed cannot lie ahead; a name that differs only in its marks from one already
known in the dossier, or from a usual family name, was read wrongly or written wrongly. Nothing is changed; what does not
fit is shown to a person.

Source: domain sheet C.1 (Số định danh cá nhân, cấu trúc 12 chữ số); the number warns, it never rejects.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from edge_node.extraction.model import FieldReading, FieldTrust
from edge_node.extraction.rows import Row
from edge_node.extraction.surnames import usual_spelling
from edge_node.recognition.folding import bare, folded
from sync_protocol.identifiers import Doubt, PersonalId, read_personal_id

_MAY_LIE_AHEAD = frozenset({"valid_until", "leave_to", "leave_from", "scope_of_validity"})
_BIRTH = ("birth_date", "owner_birth_date")
_NAMES = ("full_name", "owner_name")
_NUMBER = ("personal_id", "owner_id")


def cross_checked(
    fields: Sequence[FieldReading], today: dt.date | None = None, dossier_names: Iterable[str] = ()
) -> list[FieldReading]:
    """The same fields, those that contradict each other, the calendar day `today` or the dossier's names marked △. Pure."""
    names = {folded(name): name for name in dossier_names}
    done = _against_number(fields)
    if today is not None:
        done = [_not_ahead(field, today) for field in done]
    return [_against_names(field, names) if field.kind == "name" else field for field in done]


def _against_number(fields: Sequence[FieldReading]) -> list[FieldReading]:
    """Number, birth date and sex of one person: agreement is said, contradiction is shown on all that take part."""
    number = next((f for f in fields if f.field in _NUMBER and f.grammar_holds), None)
    birth = next((f for f in fields if f.field in _BIRTH and f.grammar_holds), None)
    sex = next((f for f in fields if f.field == "sex" and f.proposal), None)
    if number is None or len(number.proposal) != 12 or (birth is None and sex is None):
        return list(fields)
    born = _day(birth.proposal) if birth else None
    said: Literal["male", "female"] | None = None if sex is None else "female" if sex.proposal == "Nữ" else "male"
    found = read_personal_id(number.proposal, lambda _province: None, sex=said, birth_date=born)
    taking_part = {f.field for f in (number, birth, sex) if f is not None}
    wrong = _contradiction(found, birth, sex)
    if wrong:  # two persons of one paper may have been mixed
        taking_part |= {f.field for f in fields if f.field in _NAMES}
    return [_with_number(field, wrong) if field.field in taking_part else field for field in fields]


def _contradiction(found: PersonalId, birth: FieldReading | None, sex: FieldReading | None) -> str:
    if birth is not None and Doubt.OTHER_BIRTH_YEAR in found.doubts:
        return f"năm sinh {birth.proposal[-4:]} khác năm {found.birth_year} trong số định danh"
    if sex is not None and Doubt.OTHER_SEX in found.doubts:
        return f"giới tính {sex.proposal} khác chữ số thứ tư của số định danh"
    return ""


def _with_number(field: FieldReading, wrong: str) -> FieldReading:
    if wrong:
        return _doubted(field, wrong)
    if field.trust is FieldTrust.AGREES:
        return msgspec.structs.replace(field, reason=f"{field.reason}; số định danh, ngày sinh, giới tính khớp nhau")
    return field


def _not_ahead(field: FieldReading, today: dt.date) -> FieldReading:
    if field.kind != "date" or not field.grammar_holds or field.field in _MAY_LIE_AHEAD:
        return field
    return _doubted(field, "ngày này còn ở phía trước") if _day(field.proposal) > today else field


def _day(text: str) -> dt.date:
    """The day of a date whose grammar holds, dd/mm/yyyy; of a month or a year alone its first."""
    year, month, day = (*(int(part) for part in reversed(text.split("/"))), 1, 1)[:3]
    return dt.date(year, month, day)


def not_otherwise_spelled(field: FieldReading, rows: Sequence[Row]) -> FieldReading:
    """The same, a name marked △ that both readers read with other marks elsewhere on the paper, at the signature or in a list."""
    if field.kind != "name" or field.trust is not FieldTrust.AGREES:
        return field
    words = re.compile(r"(?<![^\W_])" + r"\s+".join(re.escape(word) for word in bare(field.proposal).split()) + r"(?![^\W_])")
    for row in rows:
        for found in words.finditer(bare(row.text)):
            other = row.text[found.start() : found.end()].casefold()
            is_foreign = other == bare(other) and sum(bare(word) != word for word in field.proposal.casefold().split()) > 1  # in the English half of a contract
            if other != field.proposal.casefold() and not is_foreign and other in (row.second or "").casefold():
                return _doubted(field, f"khác dấu so với “{row.text[found.start() : found.end()]}” ở chỗ khác trên giấy")
    return field


def _against_names(field: FieldReading, names: dict[str, str]) -> FieldReading:
    if not field.proposal:
        return field
    known = names.get(folded(field.proposal))
    if known is not None and known.casefold() != field.proposal.casefold():
        return _doubted(field, f"khác dấu so với “{known}” trong cùng hồ sơ")
    if known is not None:
        if field.trust is FieldTrust.AGREES:
            return msgspec.structs.replace(field, reason=f"{field.reason}; trùng tên đã có trong hồ sơ")
        return field
    family = field.proposal.split()[0]
    usual = usual_spelling(family)
    return _doubted(field, f"họ “{family}” thường viết là “{usual}”") if usual is not None else field


def _doubted(field: FieldReading, reason: str) -> FieldReading:
    if field.trust is FieldTrust.UNREADABLE:
        return field
    return msgspec.structs.replace(field, trust=FieldTrust.CHECK, reason=reason)
