"""The promise: by when a dossier is due and handed on, and the reception that says so. Counted from the moment at the counter.

Source: NĐ 61/2018/NĐ-CP Điều 17.1c, 17.3 (code and appointment on the receipt), 18.2 (hand-over), 19.4 (from completeness).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from edge_node.desk import Desk
from edge_node.intake.errors import ApplicantIncomplete, ProcedureClosed, UnknownProcedure
from edge_node.intake.reuse import owner_of
from edge_node.store.node_store import clock_offset_ms
from sync_protocol.bodies import DossierReceived, Party, PlannedComponent
from sync_protocol.calendar import VIETNAM, WorkingCalendar, vietnam_date
from sync_protocol.deadlines import counting_date, due_date, hand_over, rule_for
from sync_protocol.ids import ComponentId
from sync_protocol.procedure import Procedure, Submitter


class IntakeForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the officer knows at the counter. `received_at` is the moment at the counter (aware), never that of a sync."""

    procedure: str
    channel: Literal["in_person", "postal", "online"]
    applicant: Party
    submitter: Submitter = "any"
    case: str = ""
    account_check: Literal["exists", "created", "declined", "not_done_offline"] = "not_done_offline"
    received_at: dt.datetime | None = None
    postmark: dt.date | None = None
    authorised: Party | None = None
    foreign_numbers: tuple[str, ...] = ()
    note: str = ""


class Promise(msgspec.Struct, frozen=True):
    """When a dossier is due, by which rule, and by when it goes on to the resolving section (UTC ms)."""

    due: dt.date
    rule: str
    hand_over_by_ms: int


def promise(desk: Desk, procedure: Procedure, form: IntakeForm, at: dt.datetime) -> Promise:
    """What the office promises for a complete dossier at the counter `at` (aware). Raises NoDeadlineRule, CalendarTooShort."""
    calendar = WorkingCalendar.of(desk.catalogue.days)
    rule = rule_for(procedure, form.submitter, form.case)
    onward = hand_over(at, calendar)
    hand_over_by = dt.datetime.combine(onward.date, dt.time(8 if onward.at_start else 17), tzinfo=VIETNAM)
    return Promise(
        due_date(counting_date(procedure, at, form.postmark), rule, calendar),
        f"{rule.amount} {rule.unit} ({rule.source})",
        int(hand_over_by.timestamp() * 1000),
    )


def reception(
    desk: Desk,
    officer: str,
    procedure: Procedure,
    form: IntakeForm,
    code: str,
    planned: tuple[PlannedComponent, ...],
    at: dt.datetime,
) -> DossierReceived:
    """The event that accepts a dossier under a code. Raises as `promise`."""
    given = promise(desk, procedure, form, at)
    return DossierReceived(
        code=code, procedure=procedure.code, procedure_version=str(procedure.version), catalogue_version=catalogue_number(desk),
        channel=form.channel, office=desk.office, applicant=form.applicant, submitter_type=form.submitter,
        received_ms=int(at.timestamp() * 1000), due_date=given.due.isoformat(), deadline_rule=given.rule,
        hand_over_by_ms=given.hand_over_by_ms, officer=officer, account_check=form.account_check,
        foreign_numbers=form.foreign_numbers, authorised=form.authorised,
        postmark=form.postmark.isoformat() if form.postmark else "", components=planned, note=form.note,
        clock_offset_ms=desk.store.readers.run(clock_offset_ms),
    )  # fmt: skip


def planned_components(desk: Desk, procedure: Procedure, submitter: Submitter) -> tuple[PlannedComponent, ...]:
    """The components this submitter brings, each under a new id, in the order of the catalogue."""
    return tuple(
        PlannedComponent(ComponentId(desk.new_id()), one.document_type, one.name, one.required)
        for one in procedure.components_for(submitter)
    )


def procedure_on(desk: Desk, code: str, at: dt.datetime) -> Procedure:
    """The procedure in force on the day of `at`, open for intake.

    Raises:
        UnknownProcedure, ProcedureClosed, NoCatalogue.
    """
    day = vietnam_date(at)
    found = desk.catalogue.procedure(code, day)
    if found is None:
        raise UnknownProcedure(procedure=code, day=f"{day:%d/%m/%Y}")
    if not found.is_open:
        raise ProcedureClosed(procedure=code)
    return found


def check_applicant(party: Party) -> None:
    """Enough is known to promise something to them (Điều 9.2 b). Raises ApplicantIncomplete."""
    if not party.name.strip():
        raise ApplicantIncomplete(missing="họ tên hoặc tên tổ chức", what="name", box="name", otherwise="")
    if party.kind == "person" and not party.personal_id and not party.birth_date:
        raise ApplicantIncomplete(
            missing="ngày, tháng, năm sinh", what="birth date fallback (Điều 9.2 b)", box="birth_date",
            otherwise=" Nếu người nộp không có số định danh thì cần họ tên và ngày, tháng, năm sinh.",
        )  # fmt: skip
    if party.kind == "organisation" and not owner_of(party) and not party.founded_year:
        raise ApplicantIncomplete(
            missing="mã số đơn vị, mã số thuế hoặc năm thành lập", what="organisation identifier or founding year", box="unit_number", otherwise="",
        )


def catalogue_number(desk: Desk) -> int:
    """The catalogue's version as a number, as events carry it."""
    digits = "".join(one for one in desk.catalogue.version if one.isdigit())
    return int(digits or 0)


def acting_role(desk: Desk, officer: str, channel: str) -> Literal["intake", "postal"]:
    """The role in which the officer takes this in: a postal agent only by post. Raises UnknownOfficer, RoleMissing."""
    is_postal = any(one.account == officer and "postal" in one.roles for one in desk.officers.all())
    role: Literal["intake", "postal"] = "postal" if channel == "postal" and is_postal else "intake"
    desk.officers.get(officer, role)
    return role
