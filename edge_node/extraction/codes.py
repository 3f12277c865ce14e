"""A unit's code and other signs of letters and digits: where one stands in a text, a nought that a reader took for the letter O, and spaces around a dash that it lost.

Source: domain sheet C.4 (a unit's code of the insurer, usually two letters, four digits and a letter; its grammar is not published).
"""

from __future__ import annotations

import re

CODE_FIELDS = frozenset(["unit_number"])
"""Fields of kind text whose value is one code and no words."""

_CODE = re.compile(r"(?<![\w./-])(?=(?:[^\W\d_]|[./-])*\d)[A-ZĐ\d](?:[A-ZĐ\d]|[./-](?=[A-ZĐ\d])){3,17}(?![\w])")
_LEAST_DIGITS = 3


def code_in(text: str) -> tuple[int, int] | None:
    """Where the first code stands in a text: at least four letters and digits of which three are digits, in capitals; None for none.

    >>> said = "TZ0358P) hiện có 02 người lao động"
    >>> said[slice(*code_in(said))], code_in("BHXH"), code_in("hiện có 02 người")
    ('TZ0358P', None, None)
    """
    for found in _CODE.finditer(text):
        if sum(c.isdigit() for c in found[0]) >= _LEAST_DIGITS:
            return found.start(), found.end()
    return None


def with_dashes(first: str, second: str) -> str:
    """`first`, or the same with the dashes set apart by spaces that the second reader sees so, where nothing else differs: readers lose spaces, they see none that are not there.

    >>> with_dashes("1903 6617-NH Sao Mai", "1903 6617 - NH Sao Mai"), with_dashes("Lô A - 2", "Lô A-2")
    ('1903 6617 - NH Sao Mai', 'Lô A - 2')
    """
    if first == second or re.sub(r"\s", "", first) != re.sub(r"\s", "", second):
        return first
    apart = [len(found[0]) == 3 for found in re.finditer(r"\s?-\s?", second)]
    seen = iter(apart)
    return re.sub(r"\s?-\s?", lambda found: " - " if next(seen) else found[0], first)


def with_noughts(first: str, second: str) -> str:
    """`first`, or the same with noughts for the letters O next to a digit, where the second reader has noughts there and nothing else differs.

    >>> with_noughts("TAO738H", "TA0738H"), with_noughts("0388/C7OA-NH", "0388/C70A-NH"), with_noughts("CTO", "CT0")
    ('TA0738H', '0388/C70A-NH', 'CTO')
    """
    if first == second or first.replace("O", "0") != second.replace("O", "0"):
        return first
    chosen = list(first)
    for at, (one, other) in enumerate(zip(first, second, strict=True)):
        beside = first[max(0, at - 1) : at] + first[at + 1 : at + 2]
        if one == "O" and other == "0" and any(c.isdigit() for c in beside):
            chosen[at] = "0"
    return "".join(chosen)


def with_spaces(first: str, second: str) -> str:
    """The second reader's spelling where it sees every space that the first one sees and more, and nothing else differs: readers lose spaces.

    >>> with_spaces("42/7Y Ngông", "42/7 Y Ngông"), with_spaces("Lô A, xã B", "Lô A,xã B")
    ('42/7 Y Ngông', 'Lô A, xã B')
    """
    if first == second or re.sub(r"\s", "", first) != re.sub(r"\s", "", second):
        return first
    return second if _breaks(first) < _breaks(second) else first


def _breaks(text: str) -> set[int]:
    """Behind how many signs a text has its spaces."""
    parts = [len(part) for part in text.split()]
    return {sum(parts[:number]) for number in range(1, len(parts))}
