"""Identifiers of people and organisations: shapes are checked, doubts are warnings.

Invariant: a twelve-digit number is never refused because of what it says; the law knows births abroad, corrected sexes
and provinces no longer on the map. Only a wrong shape is refused, because it is a slip of the finger.

Source: Nghị định 137/2015/NĐ-CP, Điều 13 (shape of the personal number; secondary), read with the 63 provinces before
1/7/2025; tax code check digit by calculation on published codes; BHXH and unit numbers as seen on the national portal.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Literal

import msgspec

from sync_protocol.catalogue import ProvinceToday
from sync_protocol.law_problems import UnreadableNumber

Sex = Literal["male", "female"]
ReadProvince = Callable[[str], ProvinceToday | None]

_PERSONAL_ID = re.compile(r"[0-9]{12}")
_OLD_CARD = re.compile(r"[0-9]{9}")
_BHXH_NUMBER = re.compile(r"[0-9]{10}")
_TAX_CODE = re.compile(r"[0-9]{10}(-?[0-9]{3})?")
_UNIT_NUMBER = re.compile(r"[A-Z0-9]{5,9}")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_FIRST_CENTURY = 19


class Doubt(StrEnum):
    """A reason to look twice; never a reason to refuse."""

    UNKNOWN_PROVINCE = "unknown_province"
    OTHER_SEX = "other_sex"
    OTHER_BIRTH_YEAR = "other_birth_year"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    NO_SUCH_BRANCH = "no_such_branch"

    @property
    def sentence(self) -> str:
        """The Vietnamese sentence for the clerk."""
        return _DOUBT_SENTENCES[self]


_DOUBT_SENTENCES = {
    Doubt.UNKNOWN_PROVINCE: "Ba chữ số đầu không có trong bảng 63 tỉnh; xem lại số, có thể khai sinh ở nước ngoài.",
    Doubt.OTHER_SEX: "Giới tính ghi trên giấy khác với chữ số thứ tư của số định danh.",
    Doubt.OTHER_BIRTH_YEAR: "Năm sinh ghi trên giấy khác với số định danh.",
    Doubt.WRONG_CHECK_DIGIT: "Chữ số cuối của mã số thuế không khớp phép kiểm tra; xem lại từng chữ số.",
    Doubt.NO_SUCH_BRANCH: "Ba chữ số chi nhánh của mã số thuế phải từ 001 đến 999.",
}


class PersonalId(msgspec.Struct, frozen=True):
    """A personal identification number and what it says. `province` is None where the old table lacks the code."""

    number: str
    province: ProvinceToday | None
    sex: Sex
    birth_year: int
    doubts: tuple[Doubt, ...] = ()


class OldCardNumber(msgspec.Struct, frozen=True):
    """A nine-digit identity card number (CMND): an alias to search by, never an owner id."""

    number: str


class TaxCode(msgspec.Struct, frozen=True):
    """A tax code: ten digits, the branch (three digits or empty), and doubts about the check digit."""

    number: str
    branch: str
    doubts: tuple[Doubt, ...] = ()


def read_personal_id(
    text: str,
    read_province: ReadProvince,
    *,
    sex: Sex | None = None,
    birth_date: dt.date | None = None,
) -> PersonalId:
    """Read twelve digits; spaces and dots between them are dropped. Doubts compare with the stated sex and birth date.

    Raises UnreadableNumber (LAW-001) for any other shape.

    >>> found = read_personal_id("079 203 012 345", lambda code: None, sex="male")
    >>> found.sex, found.birth_year, found.doubts
    ('male', 2003, (<Doubt.UNKNOWN_PROVINCE: 'unknown_province'>,))
    """
    number = _digits(text, _PERSONAL_ID, "personal_id", "Số định danh cá nhân", "đúng 12 chữ số")
    century_digit = int(number[3])
    said_sex: Sex = "female" if century_digit % 2 else "male"
    birth_year = (_FIRST_CENTURY + century_digit // 2) * 100 + int(number[4:6])
    province = read_province(number[:3])
    found = (
        (Doubt.UNKNOWN_PROVINCE, province is None),
        (Doubt.OTHER_SEX, sex is not None and sex != said_sex),
        (Doubt.OTHER_BIRTH_YEAR, birth_date is not None and birth_date.year != birth_year),
    )
    return PersonalId(number, province, said_sex, birth_year, tuple(doubt for doubt, holds in found if holds))


def read_person_number(text: str, read_province: ReadProvince) -> PersonalId | OldCardNumber:
    """Read either twelve digits or the nine of an old card. Raises UnreadableNumber (LAW-001) for anything else.

    >>> read_person_number("012345678", lambda code: None)
    OldCardNumber(number='012345678')
    """
    compact = _compact(text)
    if _OLD_CARD.fullmatch(compact):
        return OldCardNumber(compact)
    return read_personal_id(compact, read_province)


def read_tax_code(text: str) -> TaxCode:
    """Read a tax code, with or without branch. Raises UnreadableNumber (LAW-001) for any other shape.

    >>> read_tax_code("0100109106-001")
    TaxCode(number='0100109106', branch='001', doubts=())
    >>> read_tax_code("0100109105").doubts
    (<Doubt.WRONG_CHECK_DIGIT: 'wrong_check_digit'>,)
    """
    compact = _digits(text, _TAX_CODE, "tax_code", "Mã số thuế", "10 chữ số, hoặc 13 chữ số với chi nhánh")
    number, branch = compact[:10], compact[10:].lstrip("-")
    check = 10 - sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, number[:9], strict=True)) % 11
    found = ((Doubt.WRONG_CHECK_DIGIT, check != int(number[9])), (Doubt.NO_SUCH_BRANCH, branch == "000"))
    return TaxCode(number, branch, tuple(doubt for doubt, holds in found if holds))


def read_bhxh_number(text: str) -> str:
    """Return the ten digits of a BHXH number; a health-card number of 15 characters gives its last ten.

    Raises UnreadableNumber (LAW-001) for any other shape. No check digit is published.

    >>> read_bhxh_number("GD4 01 0120345678")
    '0120345678'
    """
    compact = _compact(text).upper()
    if re.fullmatch(r"[A-Z]{2}[0-9]{13}", compact):
        compact = compact[-10:]
    return _digits(compact, _BHXH_NUMBER, "bhxh_number", "Mã số BHXH", "đúng 10 chữ số")


def read_unit_number(text: str) -> str:
    """Return a unit number in capitals; unique only together with the managing agency's code.

    Raises UnreadableNumber (LAW-001) for any other shape.

    >>> read_unit_number(" tzh490l ")
    'TZH490L'
    """
    return _digits(text.upper(), _UNIT_NUMBER, "unit_number", "Mã số đơn vị", "từ 5 đến 9 chữ cái không dấu hoặc số")


def _compact(text: str) -> str:
    return re.sub(r"[\s.]", "", text)


def _digits(text: str, shape: re.Pattern[str], kind: str, label: str, expected: str) -> str:
    compact = _compact(text)
    if not shape.fullmatch(compact):
        raise UnreadableNumber(kind=kind, label=label, expected=expected)
    return compact
