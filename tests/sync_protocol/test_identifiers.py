"""Numbers of people and organisations: read, doubted, rarely refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.identifiers import (
    Doubt,
    OldCardNumber,
    PersonalId,
    read_bhxh_number,
    read_person_number,
    read_personal_id,
    read_tax_code,
    read_unit_number,
)
from sync_protocol.law_problems import UnreadableNumber
from tests.central_hub.directory.published import published

PROVINCE = published().province_of_old_code


@pytest.mark.parametrize(
    ("number", "old_name", "name_today", "sex", "birth_year"),
    [
        ("001185012345", "Hà Nội", "Hà Nội", "female", 1985),
        ("079203012345", "TP Hồ Chí Minh", "TP Hồ Chí Minh", "male", 2003),
        ("024099012345", "Bắc Giang", "Bắc Ninh", "male", 1999),
        ("034185000001", "Thái Bình", "Hưng Yên", "female", 1985),
    ],
)
def test_a_personal_number_is_read_with_the_old_province_table(
    number: str, old_name: str, name_today: str, sex: str, birth_year: int
) -> None:
    found = read_personal_id(number, PROVINCE)
    assert found.province is not None
    assert (found.province.old_name, found.province.name) == (old_name, name_today)
    assert (found.sex, found.birth_year, found.doubts) == (sex, birth_year, ())


@pytest.mark.parametrize("text", ["01234567", "01234567890", "0123456789012", "00118501234A", ""])
def test_other_lengths_and_letters_are_refused(text: str) -> None:
    with pytest.raises(UnreadableNumber) as caught:
        read_person_number(text, PROVINCE)
    assert text == "" or text not in caught.value.operator_line


def test_nine_digits_are_an_alias_of_an_old_card() -> None:
    assert read_person_number("012345678", PROVINCE) == OldCardNumber("012345678")
    assert isinstance(read_person_number("001185012345", PROVINCE), PersonalId)


def test_a_different_sex_or_birth_year_is_a_doubt_and_no_refusal() -> None:
    found = read_personal_id("001185012345", PROVINCE, sex="male", birth_date=dt.date(1986, 2, 1))
    assert found.doubts == (Doubt.OTHER_SEX, Doubt.OTHER_BIRTH_YEAR)
    assert read_personal_id("999185012345", PROVINCE).doubts == (Doubt.UNKNOWN_PROVINCE,)
    assert all(doubt.sentence for doubt in Doubt)


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii))
def test_every_twelve_digits_are_accepted(number: str) -> None:
    found = read_personal_id(number, PROVINCE)
    assert found.number == number
    assert 1900 <= found.birth_year < 2400


@pytest.mark.parametrize(
    ("text", "branch", "doubts"),
    [
        ("0100109106", "", ()),
        ("0100109105", "", (Doubt.WRONG_CHECK_DIGIT,)),
        ("0100109106-001", "001", ()),
        ("0100109106001", "001", ()),
        ("0100109106-000", "000", (Doubt.NO_SUCH_BRANCH,)),
    ],
)
def test_a_wrong_check_digit_of_a_tax_code_is_a_doubt(text: str, branch: str, doubts: tuple[Doubt, ...]) -> None:
    found = read_tax_code(text)
    assert (found.number, found.branch, found.doubts) == (text[:10], branch, doubts)


def test_social_insurance_and_unit_numbers_keep_their_shape() -> None:
    assert read_bhxh_number("0120345678") == "0120345678"
    assert read_bhxh_number("GD4010120345678") == "0120345678"
    assert read_unit_number("tzh490l") == "TZH490L"
    for read, text in ((read_bhxh_number, "12345"), (read_unit_number, "TZ-1"), (read_tax_code, "12")):
        with pytest.raises(UnreadableNumber):
            read(text)
