"""What a slip says. The same facts serve every form; each form names those it cannot do without.

All times are aware and shown as Vietnam time. Texts are printed as they are given, never interpreted.
"""

from __future__ import annotations

import datetime as dt

import msgspec


class SlipComponent(msgspec.Struct, frozen=True):
    """One line of the list of papers: name, how many, and in which form it was submitted."""

    name: str
    quantity: int = 1
    submitted_form: str = "Bản chính"


class HandOver(msgspec.Struct, frozen=True):
    """One hand-over on the control slip. `result` is *sớm hạn*, *đúng hạn* or *trễ hạn*."""

    giving: str
    receiving: str
    at: dt.datetime
    result: str = ""
    note: str = ""


class RegisterRow(msgspec.Struct, frozen=True):
    """One dossier in the register."""

    dossier_code: str
    procedure: str
    applicant: str
    contact: str
    received_at: dt.datetime
    due_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    sets: int = 1
    resolving_body: str = ""
    method: str = ""
    note: str = ""


class SlipFacts(msgspec.Struct, frozen=True):
    """Everything a slip may need. Empty text and `None` mean: not known, leave the line blank."""

    office: str
    parent_office: str
    place: str
    issued_at: dt.datetime
    officer_name: str
    number: str = ""
    dossier_code: str = ""
    procedure: str = ""
    applicant: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    components: tuple[SlipComponent, ...] = ()
    sets: int = 1
    time_limit: str = ""
    received_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    new_due_at: dt.datetime | None = None
    return_place: str = ""
    return_method: str = ""
    register_book: str = ""
    register_number: str = ""
    reason: str = ""
    requests: tuple[str, ...] = ()
    late_body: str = ""
    hand_overs: tuple[HandOver, ...] = ()
    rows: tuple[RegisterRow, ...] = ()
    year: int | None = None
    tracking_url: str = ""
    survey_url: str = ""
    office_phone: str = ""
