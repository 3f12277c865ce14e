"""Typed values: what no dossier tells and a person gives, append-only, the newest standing, each with who and when.

Three forms take them: the annex of the report, the quality index, and the indicators of a unit that ask registers outside this software.
"""

from __future__ import annotations

import re
from typing import Final

import apsw

from central_hub.figures.errors import ItemUnknown, ValueUnreadable
from sync_protocol.figures.appendix3 import TYPED_NUMBERS
from sync_protocol.figures.periods import Period
from sync_protocol.figures.quality_index import GROUPS
from sync_protocol.figures.scoring import TYPED

APPENDIX: Final = "appendix"
QUALITY: Final = "quality"
UNIT: Final = "unit"
_GREATEST: Final = 1_000_000_000
_NUMBER: Final = re.compile(r"\d{1,10}([.,]\d{1,2})?")


def keep_value(
    connection: apsw.Connection, period: Period, form: str, item: str, value: str, *, account: str, now_ms: int, office: str = ""
) -> None:  # fmt: skip
    """Note a value for one cell; an empty one takes the former back. Inside the caller's transaction.

    Raises:
        ItemUnknown: the cell is computed, or of no form. ValueUnreadable: no number, or above what the cell can hold.
    """
    most = _most(form, item)
    written = value.strip()
    if written and (not _NUMBER.fullmatch(written) or float(written.replace(",", ".")) > most):
        raise ValueUnreadable(item=item, most=f"{most:g}" if most < _GREATEST else "999.999.999")
    connection.execute(
        "INSERT INTO report_value(first, last, form, office, item, value, account, at_ms) VALUES(?,?,?,?,?,?,?,?)",
        (period.first.isoformat(), period.last.isoformat(), form, office, item, written, account, now_ms),
    )


def typed_values(connection: apsw.Connection, period: Period, form: str, office: str = "") -> dict[str, str]:
    """The values that stand, by cell, as they were typed."""
    rows = connection.execute(
        "SELECT item, value FROM report_value WHERE last = ? AND first = ? AND form = ? AND office = ? ORDER BY id",
        (period.last.isoformat(), period.first.isoformat(), form, office),
    )
    return {item: value for item, value in {str(item): str(value) for item, value in rows}.items() if value}


def typed_at_offices(connection: apsw.Connection, period: Period, form: str) -> dict[str, dict[str, str]]:
    """The values that stand for each office, by office and cell."""
    rows = connection.execute(
        "SELECT office, item, value FROM report_value WHERE last = ? AND first = ? AND form = ? ORDER BY id",
        (period.last.isoformat(), period.first.isoformat(), form),
    )
    found: dict[str, dict[str, str]] = {}
    for office, item, value in rows:
        found.setdefault(str(office), {})[str(item)] = str(value)
    return {office: {item: value for item, value in held.items() if value} for office, held in found.items()}


def typed_numbers(connection: apsw.Connection, period: Period, form: str, office: str = "") -> dict[str, float]:
    """As `typed_values`, as numbers."""
    return {item: as_number(value) for item, value in typed_values(connection, period, form, office).items()}


def as_number(value: str) -> float:
    """A kept value as a number.

    >>> as_number("87,5")
    87.5
    """
    return float(value.replace(",", "."))


def _most(form: str, item: str) -> float:
    if form == APPENDIX and item in TYPED_NUMBERS:
        return _GREATEST
    if form == QUALITY:
        for group in GROUPS:
            if group.id == item and not group.rates:
                return float(group.ceiling)
    if form == UNIT and item in {str(one) for one in TYPED}:
        return 2.0
    raise ItemUnknown(item=item[:20])
