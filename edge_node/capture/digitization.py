"""The decision to digitize a paper or not, with the rule it follows: stored per component for the 100 % indicator.

Invariant: a classified paper is never digitized, whatever else is true of it. A "no" always carries its clause.

Source: QĐ 1333/QĐ-BHXH, Điều 4 (what is digitized), Điều 5 (what is not), Điều 13.3 (fragile originals).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Literal

import msgspec

from edge_node.capture.errors import ClassifiedPaper, WaiverIncomplete

SubmittedForm = Literal[
    "original",
    "electronic_copy_from_register",
    "electronic_certified_copy",
    "photo_compared_with_original",
    "photocopy",
    "certified_paper_copy",
    "presented_only",
]
Ground = Literal["earlier_result", "required_by_law", "catalogue", "requested", "verification_result"]
Outcome = Literal["digitize", "exempt", "waived"]

_GROUND_CLAUSES: dict[Ground, str] = {
    "earlier_result": "4.1a",
    "required_by_law": "4.1b",
    "catalogue": "4.1c",
    "requested": "4.1d",
    "verification_result": "4.2",
}
# A stamp stands alone in its line; "bảo mật" or "bí mật kinh doanh" in a sentence is not one.
_SECRET_STAMP = re.compile(r"^\W*(?:ĐỘ\s+MẬT\W*)?(TUYỆT\s*MẬT|TỐI\s*MẬT|MẬT)\W*$")


class PaperFacts(msgspec.Struct, frozen=True):
    """What the officer knows of one component at the desk."""

    ground: Ground
    submitted_form: SubmittedForm
    is_classified: bool = False
    has_legal_data: bool = False
    is_fragile: bool = False


class Waiver(msgspec.Struct, frozen=True):
    """A leader's decision not to digitize an important and fragile paper (R-9)."""

    decided_by: str
    decided_at: dt.datetime
    reason: str


class DigitizationDecision(msgspec.Struct, frozen=True):
    """Digitize or not, because of which clause; `advice` are words for the next step at the desk."""

    outcome: Outcome
    clause: str
    reason: str
    advice: tuple[str, ...] = ()
    waiver: Waiver | None = None


def digitization_decision(paper: PaperFacts, *, waiver: Waiver | None = None) -> DigitizationDecision:
    """Decide for one component (R-18).

    Raises:
        ClassifiedPaper: CAP-022, Điều 5.4; nothing of the paper may reach this machine.
        WaiverIncomplete: CAP-023, a waiver without decider, reason or fragile paper.
    """
    if paper.is_classified:
        raise ClassifiedPaper()
    if waiver is not None:
        return _waived(paper, waiver)
    if paper.has_legal_data:
        return DigitizationDecision("exempt", "5.1", "Dữ liệu có giá trị pháp lý đã được chia sẻ.")
    if paper.submitted_form == "presented_only":
        return DigitizationDecision("exempt", "5.3", "Giấy tờ chỉ xuất trình để đối chiếu.")
    if paper.submitted_form in ("photocopy", "certified_paper_copy") and paper.ground != "catalogue":
        return DigitizationDecision("exempt", "5.2", "Bản sao chụp hoặc bản sao chứng thực giấy.")
    advice = ("sao_y_roi_quet_ban_sao", "quet_ca_ban_chinh_neu_duoc") if paper.is_fragile else ()
    return DigitizationDecision("digitize", _GROUND_CLAUSES[paper.ground], "Giấy tờ thuộc diện số hóa.", advice)


def _waived(paper: PaperFacts, waiver: Waiver) -> DigitizationDecision:
    if not (paper.is_fragile and waiver.decided_by.strip() and waiver.reason.strip()):
        raise WaiverIncomplete()
    return DigitizationDecision("waived", "13.3", "Lãnh đạo quyết định không số hóa bản dễ hỏng.", waiver=waiver)


def secret_stamp_in(lines: list[str]) -> str | None:
    """The secrecy stamp among lines read from a page, or None.

    >>> secret_stamp_in(["BẢO HIỂM XÃ HỘI", "TỐI MẬT"])
    'TỐI MẬT'
    >>> secret_stamp_in(["Cam kết bảo mật thông tin"]) is None
    True
    """
    for line in lines:
        found = _SECRET_STAMP.match(unicodedata.normalize("NFC", line).strip())
        if found:
            return " ".join(found[1].split())
    return None


def refuse_secret_stamp(lines: list[str]) -> None:
    """Stop when reading a page found a secrecy stamp; the caller erases the images of the tray.

    Raises:
        ClassifiedPaper: CAP-022.
    """
    if secret_stamp_in(lines) is not None:
        raise ClassifiedPaper()
