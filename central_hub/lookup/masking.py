"""Masking: numbers of people shown with their middle hidden, unless a page was opened for the very number.

Source: reliability.md §6 (mask 0010••••2345).
"""

from __future__ import annotations

from typing import Final

NUMBERS: Final = frozenset({"personal_id", "bhxh_number", "tax_code", "org_id", "phone"})
_HEAD, _TAIL, _DOTS = 4, 4, "••••"


def masked(number: str) -> str:
    """A number with its middle hidden; a short one shows its last two characters only.

    >>> masked("001085012345"), masked("012345678"), masked("")
    ('0010••••2345', '••••78', '')
    """
    if len(number) >= _HEAD + _TAIL + 2:
        return f"{number[:_HEAD]}{_DOTS}{number[-_TAIL:]}"
    return f"{_DOTS}{number[-2:]}" if number else ""


def shown(field: str, value: str, *, full: bool = False) -> str:
    """A value as a page shows it: numbers masked unless `full`."""
    return value if full or field not in NUMBERS else masked(value)
