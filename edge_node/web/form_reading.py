"""Reading what clerks type: sloppy numbers and dates become exact ones, or a Problem that names the box."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from edge_node.web.errors import (
    DayNotPossible,
    NeedsDate,
    NeedsDigits,
    NeedsFullDate,
    NeedsNumber,
    TextTooLong,
)
from sync_protocol.folding import digits

LINE_MAX = 500  # characters of a name, an address; a slip holds them
TEXT_MAX = 4_000  # characters of an explanation
_DATE = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_YEAR = re.compile(r"^(19|20)\d{2}$")
_NO_NUMBER = re.compile(r"[^\d .\-]")
EARLIEST = dt.date(1900, 1, 1)


def tidy(text: str) -> str:
    """One space, no ends, NFC; control and direction marks dropped.

    >>> tidy("  Nguyễn   Thị\u202e An ")
    'Nguyễn Thị An'
    """
    kept = "".join(
        one
        for one in unicodedata.normalize("NFC", text)
        if unicodedata.category(one) not in ("Cc", "Cf", "Cs") or one in "\n\t "
    )
    return " ".join(kept.split())


def whole_number(text: str, *, label: str, low: int, high: int) -> int:
    """A whole number typed with or without spaces and points.

    Raises:
        NeedsNumber: it is not one between `low` and `high`.
    """
    bare = re.sub(r"[ .]", "", text)
    if not bare.isascii() or not bare.isdigit() or not low <= int(bare[:9]) <= high:
        raise NeedsNumber(label=label, low=low, high=high, field="number")
    return int(bare)


def page_numbers(text: str, *, label: str, high: int) -> tuple[int, ...]:
    """Page numbers typed as `2, 5`; empty for none. Raises NeedsNumber."""
    parts = [one for one in re.split(r"[,; ]+", text.strip()) if one]
    return tuple(sorted({whole_number(one, label=label, low=1, high=high) for one in parts}))


def within(text: str, *, label: str, box: str, most: int = LINE_MAX) -> str:
    """Tidy text of at most so many characters. Raises TextTooLong."""
    tidied = tidy(text)
    if len(tidied) > most:
        raise TextTooLong(label=label, box=box, found=len(tidied), most=most)
    return tidied


def only_digits(text: str, *, label: str, box: str) -> str:
    """The digits of a number typed with or without spaces, points and dashes; "" for nothing typed. Raises NeedsDigits."""
    if _NO_NUMBER.search(tidy(text)):
        raise NeedsDigits(label=label, box=box)
    return digits(text)


def possible_day(text: str, *, label: str, box: str, first: dt.date = EARLIEST, last: dt.date = dt.date.max) -> str:
    """As `calendar_day`, for a day between two others; of a bare year, a day of it has to be.

    Raises:
        NeedsDate, DayNotPossible: WEB-013, WEB-018.
    """
    day = calendar_day(text, label=label, box=box)
    if not day:
        return ""
    shown = day if len(day) == 4 else f"{dt.date.fromisoformat(day):%d/%m/%Y}"
    if day < first.isoformat()[: len(day)]:
        raise DayNotPossible(label=label, box=box, day=shown, why=f"trước ngày {first:%d/%m/%Y}")
    if day > last.isoformat()[: len(day)]:
        raise DayNotPossible(label=label, box=box, day=shown, why=f"sau ngày {last:%d/%m/%Y}")
    return day


def full_day(text: str, *, label: str, box: str, first: dt.date = EARLIEST, last: dt.date = dt.date.max) -> dt.date | None:
    """A day with its day and month, None for nothing typed. Raises as `possible_day`, and NeedsFullDate."""
    day = possible_day(text, label=label, box=box, first=first, last=last)
    if day and len(day) == 4:
        raise NeedsFullDate(label=label, box=box)
    return dt.date.fromisoformat(day) if day else None


def calendar_day(text: str, *, label: str, box: str = "") -> str:
    """A day typed as dd/mm/yyyy, or a bare year, as ISO text; "" for nothing typed. Two-digit years are asked back.

    >>> calendar_day("1/2/1985", label="Ngày sinh"), calendar_day("1985", label=""), calendar_day("", label="")
    ('1985-02-01', '1985', '')

    Raises:
        NeedsDate: there is no such day.
    """
    bare = tidy(text)
    if not bare or _YEAR.match(bare):
        return bare
    found = _DATE.match(bare)
    try:
        if found:
            return dt.date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        if _ISO.match(bare):
            return dt.date.fromisoformat(bare).isoformat()
    except ValueError as error:
        raise NeedsDate(label=label, field="date", box=box) from error
    raise NeedsDate(label=label, field="date", box=box)
