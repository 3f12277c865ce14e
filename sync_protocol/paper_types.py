"""Paper types: what a paper can be, which fields stand on it, and how each field is spelled there.

Invariant: an entry says where it comes from (`source`) and how far that may be trusted (`trust`), and a code that no
published list contains is marked `provisional`, so that nobody can mistake it for law.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 9.2 (items a–l), Điều 10.2–10.3, Điều 14.2–14.3.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

Trust = Literal["S", "V", "P", "2", "R", "D"]
"""S read in a founding text, V read in the legal text, P seen on the national portal, 2 secondary, R recalled, D ours."""

FieldKind = Literal[
    "text",
    "name",
    "date",
    "personal_id",
    "number_symbol",
    "money",
    "phone",
    "bhxh_number",
    "tax_code",
    "organisation",
    "address",
    "sex",
]


Precision = Literal["day", "month", "year"]
"""How little of a day a paper may say and still be right: old people have a year of birth and no day, pay begins in a month."""


class FieldTemplate(msgspec.Struct, frozen=True):
    """One field to extract from a paper: `anchors` are the spellings printed before it, most frequent first.

    `prevailing` are those of them whose value goes before one that only stands where papers usually have it: a civil register's own
    "Ngày, tháng, năm đăng ký" before the day on which the copy was made out. `precision` is the least that a date has to say: "1951" is a whole birth where
    it is "year", and "03/1951" too; it stays what it is, nobody makes a day of it.
    """

    field: str
    label: str
    kind: FieldKind
    anchors: tuple[str, ...]
    required: bool = False
    item: str = ""
    prevailing: tuple[str, ...] = ()
    precision: Precision = "day"


class ColumnTemplate(msgspec.Struct, frozen=True):
    """One column of a list that the paper carries: `anchors` are the spellings of its head cell, most frequent first.

    Columns that share a head cell ("Nghỉ từ ngày - đến ngày") take its values in the template's order. Columns are item k of
    Điều 9.2 and are in force as long as their type; `source` says where the column is known from, `provisional` that no published text fixes it.
    """

    field: str
    label: str
    kind: FieldKind
    anchors: tuple[str, ...]
    source: str
    required: bool = False
    provisional: bool = True
    precision: Precision = "day"

    def as_field(self) -> FieldTemplate:
        """The same as a field outside a list."""
        return FieldTemplate(self.field, self.label, self.kind, self.anchors, self.required, "k", precision=self.precision)


class DocumentType(msgspec.Struct, frozen=True):
    """A type of paper. `keywords` are title words that classify a page; validity bounds are inclusive Vietnam dates.

    `columns` is empty for a paper without a list; papers with one carry a row for each worker.
    """

    code: str
    name: str
    keywords: tuple[str, ...]
    is_result: bool
    is_sensitive: bool
    provisional: bool
    template: tuple[FieldTemplate, ...]
    source: str
    valid_from: dt.date
    valid_to: dt.date | None
    trust: Trust = "D"
    columns: tuple[ColumnTemplate, ...] = ()

    def field(self, name: str) -> FieldTemplate | None:
        """Return the template of one field, or None where this paper does not carry it."""
        return next((template for template in self.template if template.field == name), None)


class ResultCode(msgspec.Struct, frozen=True):
    """A result of a procedure, `KQ.<issuer>.NNNNNN`. Where `is_money` holds there is no paper to scan."""

    code: str
    name: str
    is_money: bool
    source: str
    trust: Trust
    valid_from: dt.date
    valid_to: dt.date | None


class PrintedForm(msgspec.Struct, frozen=True):
    """One version of a form that the desk prints: `code` is the form's number in our files, `printed_number` what stands on the paper,
    `issued_with` the line under it that names the regulation. What a form must contain is the program's own matter."""

    code: str
    name: str
    printed_number: str
    issued_with: str
    valid_from: dt.date
    valid_to: dt.date | None
    provisional: bool
    source: str
    trust: Trust
