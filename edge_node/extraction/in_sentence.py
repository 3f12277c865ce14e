"""Labels inside a sentence: "Cho bà Lê Thị Hoa, sinh ngày 05/07/1957, số sổ BHXH 0112345678".

There the same words may mean anything, so only such count as say one thing on any paper, and only with their value right behind them.
"""

from __future__ import annotations

import re

from edge_node.extraction.grammar import values
from sync_protocol.paper_types import FieldTemplate

_OF_A_PERSON = ("personal_id", "bhxh_number")
_LEAVE = re.compile(r"\bnghi\b[^.;]{0,30}$")
_LEAVE_FROM = re.compile(r"(?:^\W*|\bnghi\b[^.;]{0,30})tu ngay[\d\s/.\-]{1,6}(?:thang|[/.\-])[\d\s]{1,4}(?:nam|[/.\-])[\d\s]{4,6}\W*$")
_NEXT_TO = 4
"""Characters between a label inside a sentence and its value: " ", " số ", " là "."""


def announces(field: FieldTemplate, wanted: str, before: str, behind: str) -> bool:
    """Whether a label inside a sentence can mean one thing only and its value follows at once: a person's number, a day of birth, and
    the two days of a leave.
    """
    speaks = field.kind in _OF_A_PERSON or (field.kind == "tax_code" and not before.rstrip().endswith("ca nhan")) or (field.kind == "date" and ("sinh" in wanted.split(" ") or _of_a_leave(wanted, before)))
    return speaks and any(value.holds and value.start <= _NEXT_TO for value in values(field.kind, behind[:40], field.precision)[:1])


def _of_a_leave(wanted: str, before: str) -> bool:
    if wanted.endswith("tu ngay"):
        return _LEAVE.search(before) is not None
    return wanted.startswith("den") and _LEAVE_FROM.search(before) is not None
