"""Procedure: one version of an administrative procedure (TTHC), its components and its time limits.

Invariant: a dossier keeps the version in force on the day it was received; a later version never changes an earlier
promise. A limit is a rule by submitter and case, never a bare number.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 4, 5, 13; Nghị định 61/2018/NĐ-CP, Điều 19.4.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from sync_protocol.paper_types import Trust

Submitter = Literal["any", "worker", "employer"]
DeadlineUnit = Literal["working_day", "calendar_day", "calendar_day_without_holidays"]
ReceiptBasis = Literal["counter", "postmark"]
DigitizeRule = Literal["4.1a", "4.1b", "4.1c", "4.1d", "4.2", "5.1", "5.2", "5.3", "5.4"]
SubmittedForm = Literal[
    "original",
    "register_e_copy",
    "certified_e_copy",
    "photo_with_original",
    "photocopy",
    "certified_paper_copy",
    "presented_only",
]


class DeadlineRule(msgspec.Struct, frozen=True):
    """`amount` units from the day after receipt. `case` is empty for the ordinary case; `warning` is shown to people."""

    amount: int
    unit: DeadlineUnit
    source: str
    trust: Trust
    submitter: Submitter = "any"
    case: str = ""
    case_label: str = ""
    warning: str = ""


class ComponentRule(msgspec.Struct, frozen=True):
    """One component of a dossier: one component is one file. `digitize_rule` names the clause that decides on scanning."""

    document_type: str
    name: str
    submitted_forms: tuple[SubmittedForm, ...]
    digitize_rule: DigitizeRule
    source: str
    trust: Trust
    required: bool = True
    originals: int = 1
    submitter: Submitter = "any"
    condition: str = ""
    retention_class: str = "undetermined"

    @property
    def must_scan(self) -> bool:
        """True where Điều 4 asks for a scan, False where Điều 5 forbids one."""
        return self.digitize_rule.startswith("4.")


class Procedure(msgspec.Struct, frozen=True):
    """One version of a procedure. `valid_to` is inclusive; `replaced_by` names codes of a newer list on the same subject.

    `is_open` is False where the code is known to exist but its time limit is not: intake must wait for the official list.
    """

    code: str
    version: int
    name: str
    field: str
    level: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    trust: Trust
    deadlines: tuple[DeadlineRule, ...]
    components: tuple[ComponentRule, ...]
    results: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    supplement_notice_working_days: int = 3
    receipt_basis: ReceiptBasis = "counter"
    is_open: bool = True
    warning: str = ""

    def components_for(self, submitter: Submitter) -> tuple[ComponentRule, ...]:
        """Return the components this submitter brings, in the order of the catalogue."""
        return tuple(rule for rule in self.components if rule.submitter in ("any", submitter))
