"""Reading what clerks type: sloppy numbers and dates become exact ones, or a Problem that names the box."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from edge_node.web.errors import NeedsDate, NeedsNumber

_DATE = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_YEAR = re.compile(r"^(19|20)\d{2}$")


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


def calendar_day(text: str, *, label: str) -> str:
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
        raise NeedsDate(label=label, field="date") from error
    raise NeedsDate(label=label, field="date")
