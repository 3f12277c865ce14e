"""What an office says of receiving: who applies for what, what was promised, or why nothing was.

Source: NĐ 61/2018 Điều 15–17, 26.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sync_protocol.ids import ComponentId, OfficeCode
from sync_protocol.limits import Natural


class Party(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Applicant or holder: a person or an organisation, with the fallbacks of Điều 9.2 b."""

    kind: Literal["person", "organisation"]
    name: str
    personal_id: str = ""
    bhxh_number: str = ""
    org_id: str = ""
    tax_code: str = ""
    unit_number: str = ""
    birth_date: str = ""
    founded_year: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""


class PlannedComponent(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A component that the procedure version asks for."""

    component_id: ComponentId
    document_type: str
    name: str
    required: bool = True


class DossierReceived(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """A dossier was accepted at the counter; the code is promised to the citizen and never changes (NĐ 61 Điều 17, 26).

    `authorised` brought it for the applicant (NĐ 61 Điều 16); `postmark` (ISO day) is that of the letter it came in.
    """

    code: str
    procedure: str
    procedure_version: str = ""
    catalogue_version: int = 0
    channel: Literal["in_person", "postal", "online"]
    office: OfficeCode
    applicant: Party
    authorised: Party | None = None
    postmark: str = ""
    submitter_type: str = ""
    received_ms: Natural
    due_date: str = ""
    deadline_rule: str = ""
    hand_over_by_ms: int = 0
    officer: str
    account_check: str = "not_done_offline"
    foreign_numbers: tuple[str, ...] = ()
    cross_province: bool = False
    components: tuple[PlannedComponent, ...] = ()
    clock_offset_ms: int | None = None
    note: str = ""


class GivenReason(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A reason of the catalogue as it was told to the person: code, and the text of that day."""

    code: str
    text: str


class IntakeEnded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """An intake ended without acceptance: papers were asked for once and completely, or the dossier was refused (NĐ 61 Điều 15.3, 17.1a–b).

    The first one of a dossier opens it and carries no fence; a refusal of a dossier that waits for its supplement is a move under the
    custody fence, as is its acceptance (a `DossierReceived` with a fence). `requests` are the things asked for, in the clerk's words.
    """

    outcome: Literal["supplement", "refused"]
    procedure: str
    procedure_version: str = ""
    catalogue_version: int = 0
    channel: Literal["in_person", "postal", "online"]
    office: OfficeCode
    applicant: Party
    submitter_type: str = ""
    case: str = ""
    at_ms: Natural
    officer: str
    account_check: str = "not_done_offline"
    components: tuple[PlannedComponent, ...] = ()
    missing: tuple[ComponentId, ...] = ()
    requests: tuple[str, ...] = ()
    reasons: tuple[GivenReason, ...] = ()
    explanation: str = ""


class ReceiptCorrected(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The office that received a dossier corrects when it did, because the clock of its machine was wrong (D.7); never a signature's time.

    `former_ms` is what the record said, `due_date` and `hand_over_by_ms` are reckoned anew from `received_ms`; a limit that started again later stands.
    The code keeps its day: it is promised on paper.
    """

    received_ms: Natural
    former_ms: Natural
    due_date: str
    hand_over_by_ms: int = 0
    reason: str
    office: OfficeCode
    officer: str
    at_ms: int


class VersionKept(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The dossier stays under the procedure version of its receipt, although a later catalogue says otherwise (D.9). `case` is the id of what was open (law_changes.py)."""

    case: bytes
    procedure: str
    version: str
    reason: str
    office: OfficeCode
    officer: str
    at_ms: int
