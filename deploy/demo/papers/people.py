"""Invented people, and the numbers the state would give them.

Every number keeps the grammar of its kind; none is taken from a living person.

Source: Luật Căn cước 26/2023/QH15 and NĐ 70/2024/NĐ-CP (structure of the personal number: province, century and sex,
year of birth, six digits); the weights of the tax code's check digit are the published ones (31 … 3, modulo 11).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np

from deploy.demo.papers import vocabulary
from deploy.demo.papers.errors import ImpossibleNumber

Sex = Literal["Nam", "Nữ"]
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@dataclass(frozen=True)
class Person:
    """Somebody who never lived. `personal_id` may be empty (an old person without a number)."""

    name: str
    birth_date: dt.date
    sex: Sex
    personal_id: str
    bhxh_number: str
    address: str
    phone: str
    origin: str = ""


def personal_id(province: str, sex: Sex, birth_date: dt.date, serial: int) -> str:
    """Twelve digits that agree with sex and year of birth.

    >>> personal_id("001", "Nữ", dt.date(1985, 2, 1), 12345)
    '001185012345'
    """
    century = (birth_date.year // 100 - 19) * 2 + (sex == "Nữ")
    return f"{province}{century}{birth_date.year % 100:02d}{serial % 1_000_000:06d}"


def tax_code(nine: str) -> str:
    """Nine digits with their check digit.

    >>> tax_code("010010910")
    '0100109106'

    Raises:
        ImpossibleNumber: for the nine digits whose check digit would be ten.
    """
    check = 10 - sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, nine, strict=True)) % 11
    if check == 10:
        raise ImpossibleNumber(what="tax code")
    return f"{nine}{check}"


def date_text(day: dt.date) -> str:
    """A day as papers print it: dd/mm/yyyy."""
    return f"{day:%d/%m/%Y}"


def long_date(day: dt.date) -> str:
    """A day as letterheads print it."""
    return f"ngày {day:%d} tháng {day:%m} năm {day.year}"


def qr_payload(person: Person, issued: dt.date, old_number: str = "") -> str:
    """The line inside the QR code of a chip card of 2021: seven fields between bars."""
    birth, issue = f"{person.birth_date:%d%m%Y}", f"{issued:%d%m%Y}"
    return "|".join((person.personal_id, old_number, person.name, birth, person.sex, person.address, issue))


class Population:
    """Draws new people; names and places come round in shuffled order, so that every word of the lists is used."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._decks: dict[str, list[str]] = {}

    def pick(self, list_name: str) -> str:
        """The next entry of a word list; the list is shuffled again when it is used up."""
        deck = self._decks.setdefault(list_name, [])
        if not deck:
            deck.extend(str(word) for word in self._rng.permutation(vocabulary.words(list_name)))
        return deck.pop()

    def number(self, digits: int) -> str:
        """A number of exactly so many digits."""
        return "".join(str(digit) for digit in self._rng.integers(0, 10, digits))

    def day(self, first_year: int, last_year: int) -> dt.date:
        """Any day of these years."""
        days = (dt.date(last_year, 12, 31) - dt.date(first_year, 1, 1)).days
        return dt.date(first_year, 1, 1) + dt.timedelta(days=int(self._rng.integers(0, days + 1)))

    def address(self) -> str:
        """A house in a town or a hamlet, in the two levels in force since July 2025."""
        province = self.pick("provinces").partition(" ")[2]
        if self._rng.random() < 0.4:
            return f"Số {self._rng.integers(1, 400)} {self.pick('streets')}, phường {self.pick('communes')}, {province}"
        return f"Thôn {self.pick('hamlets')}, xã {self.pick('communes')}, {province}"

    def person(self, first_year: int = 1955, last_year: int = 2004, sex: Sex | None = None) -> Person:
        """An adult with all numbers."""
        sex = sex or ("Nữ" if self._rng.random() < 0.5 else "Nam")
        given = [self.pick("given") for _ in range(1 + int(self._rng.random() < 0.6))]
        middle = ["Thị" if sex == "Nữ" else "Văn"] if self._rng.random() < 0.4 else []
        name = " ".join([self.pick("surnames"), *middle, *given])
        birth = self.day(first_year, last_year)
        number = personal_id(self.pick("provinces")[:3], sex, birth, int(self._rng.integers(1, 999_999)))
        phone = f"09{self.number(8)}"
        return Person(name, birth, sex, number, self.number(10), self.address(), phone, self.address())

    def tax_code(self) -> str:
        """A company's number with the right check digit."""
        while True:
            try:
                return tax_code("010" + self.number(6))
            except ImpossibleNumber:
                continue
