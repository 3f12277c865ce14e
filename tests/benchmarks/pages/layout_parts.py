"""Parts of papers for the third set: persons whose numbers fit their birth, heads of many agencies, and the ways a form holds a value."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from tests.benchmarks.pages.unseen_kinds import Chance, words
from tests.benchmarks.pages.unseen_sheet import UnseenSheet

_PROVINCES = ("001", "004", "008", "011", "015", "019", "024", "027", "031", "038", "040", "048", "052", "064", "075", "079", "092")


@dataclass(frozen=True)
class Person:
    """An invented person; `personal_id` says the same birth year and sex."""

    name: str
    sex: str
    born: str
    personal_id: str
    bhxh: str
    phone: str
    address: str


def person(chance: Chance, first: int = 1955, last: int = 2006) -> Person:
    """Draw one."""
    born, sex = chance.day(first, last), "Nữ" if chance.rng.random() < 0.5 else "Nam"
    year = int(born[-4:])
    century = (year // 100 - 19) * 2 + (sex == "Nữ")
    number = f"{chance.rng.choice(_PROVINCES)}{century}{year % 100:02d}{chance.digits(6)}"
    return Person(chance.name(), sex, born, number, "79" + chance.digits(8), "09" + chance.digits(8), chance.address())


class Paper:
    """A sheet that is filled from the top: `y` is the next baseline in mm."""

    def __init__(self, sheet: UnseenSheet, chance: Chance, points: float = 12.0) -> None:
        self.sheet, self.chance, self.points, self.y = sheet, chance, points, 20.0

    def nation(self, x: float = 146.0, points: float = 11.5) -> None:
        """The national title around x."""
        self.sheet.put("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", x, self.y, points, bold=True, middle=True)
        self.sheet.put("Độc lập - Tự do - Hạnh phúc", x, self.y + 5.5, points + 0.5, bold=True, middle=True)

    def head(self, *agency: str, number: str = "", said: str = "Số: ", place: bool = True) -> None:
        """Agency at the left, nation at the right, number and place with day below."""
        self.nation()
        for n, line in enumerate(agency):
            last = {"name": "issuing_body", "kind": "organisation"} if n == len(agency) - 1 else {}
            self.sheet.put(line, 56, self.y + 5.3 * n, 11, bold=bool(last), middle=True, **last)
        whole = msgspec.structs.replace(self.sheet.fields[-1], value=" ".join(agency))  # with its parent, or broken over rows
        self.sheet.fields.append(whole)
        self.y += 5.3 * max(2, len(agency)) + 4
        if number:
            field = {"name": "number_symbol", "kind": "number_symbol", "value": number}
            self.sheet.put(said + number, 56, self.y, 11.5, middle=True, **field)
        if place:
            self.day(146, middle=True)
        self.y += 14

    def day(self, x: float, middle: bool = False, name: str = "issue_date") -> None:
        """ "Place, ngày … tháng … năm …"; the truth holds dd/mm/yyyy."""
        d, m, y = self.chance.day(2024, 2026).split("/")
        text = f"{self.chance.one('provinces')}, ngày {d} tháng {m} năm {y}"
        self.sheet.put(text, x, self.y, 11.5, middle=middle, name=name, kind="date", value=f"{d}/{m}/{y}")

    def title(self, *lines: str, points: float = 15.0, x: float = 105.0, bold: bool = True) -> None:
        """The title; the first line is the largest."""
        for n, line in enumerate(lines):
            self.sheet.put(line, x, self.y, points - (2.5 if n else 0), bold=bold and n < 2, middle=True)
            self.y += 7.0
        self.y += 4.0

    def left(self, label: str, value: str, field: str, kind: str, *, x: float = 24.0, last: bool = True) -> None:
        """A label with its value after it."""
        self.sheet.put(f"{label} {value}", x, self.y, self.points, name=field, kind=kind, value=value)
        self.y += 8.0 if last else 0.0

    def above(self, label: str, value: str, field: str, kind: str, *, x: float = 24.0, last: bool = True) -> None:
        """A small label over its value."""
        self.sheet.put(label, x, self.y, self.points - 3)
        self.sheet.put(value, x + 1, self.y + 6, self.points, bold=True, name=field, kind=kind)
        self.y += 14.0 if last else 0.0

    def boxed(self, label: str, value: str, field: str, kind: str, x: float = 24.0) -> None:
        """A label, then a box for each character."""
        start = self.sheet.put(label, x, self.y, self.points) + 2
        first = len(self.sheet.lines)
        for n, character in enumerate(value):
            left = start + 5.4 * n
            for a in ((left, -5, left + 5.4, -5), (left, 1.2, left + 5.4, 1.2), (left, -5, left, 1.2), (left + 5.4, -5, left + 5.4, 1.2)):
                self.sheet.rule(a[0], self.y + a[1], a[2], self.y + a[3], 0.2)
            if character != " ":
                self.sheet.put(character, left + 2.7, self.y, self.points, middle=True)
        self.sheet.merge_lines(first, value, name=field, kind=kind)
        self.y += 9.0

    def cell_row(self, label: str, value: str, field: str, kind: str, *, x: float = 22.0, split: float = 80.0, end: float = 190.0) -> None:
        """A ruled row: label in the left cell, value in the right one."""
        for across in (self.y - 6, self.y + 2.5):
            self.sheet.rule(x, across, end, across)
        for down in (x, split, end):
            self.sheet.rule(down, self.y - 6, down, self.y + 2.5)
        self.sheet.put(label, x + 1.5, self.y, self.points - 1)
        self.sheet.put(value, split + 2, self.y, self.points, name=field, kind=kind)
        self.y += 8.5

    def prose(self, text: str, x: float = 24.0, width: float = 164.0) -> None:
        """A paragraph."""
        self.y = self.sheet.wrapped(text, x, self.y, width, self.points, 6.8) + 1.5

    def sentences(self, count: int) -> None:
        """Administrative prose that says nothing of the person."""
        for sentence in self.chance.rng.permutation(words()["sentences"])[:count]:
            self.prose(str(sentence))

    def signed(self, office: str) -> None:
        """Office and name at the right."""
        self.y += 6
        self.sheet.put(office, 150, self.y, 12, bold=True, middle=True)
        self.y += 26
        self.sheet.put(self.chance.name(), 150, self.y, 12, bold=True, middle=True)
