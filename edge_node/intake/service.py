"""Receiving a dossier: check, promise, save. One call, one transaction, one code.

Source: QĐ 1333/QĐ-BHXH Điều 13.1–13.3 (R-1…R-8); NĐ 61/2018 Điều 17 (intake), 18.2 (hand-over), 26 (code by the system).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.errors import (
    ApplicantIncomplete,
    NothingToReuse,
    ProcedureClosed,
    UnknownComponent,
    UnknownDossier,
    UnknownProcedure,
)
from edge_node.intake.numbers import next_code
from edge_node.intake.reuse import Reusable, on_file, owner_of
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import (
    ComponentDeclared,
    DossierReceived,
    Party,
    PlannedComponent,
    ReuseSource,
)
from sync_protocol.calendar import WorkingCalendar, vietnam_date
from sync_protocol.deadlines import counting_date, due_date, hand_over, rule_for
from sync_protocol.ids import ComponentId, DocumentId, RecordId
from sync_protocol.procedure import Procedure, Submitter
from sync_protocol.search_keys import key_for
from sync_protocol.view import ComponentView, DossierView


class IntakeForm(msgspec.Struct, frozen=True, kw_only=True):
    """What the officer knows when accepting. `received_at` is the moment at the counter (aware), never that of a sync."""

    procedure: str
    channel: Literal["in_person", "postal", "online"]
    applicant: Party
    submitter: Submitter = "any"
    case: str = ""
    account_check: Literal["exists", "created", "declined", "not_done_offline"] = "not_done_offline"
    received_at: dt.datetime | None = None
    postmark: dt.date | None = None
    foreign_numbers: tuple[str, ...] = ()
    note: str = ""


class Received(msgspec.Struct, frozen=True):
    """The promise: code, deadline, what is asked for, and what is already on file."""

    rid: RecordId
    code: str
    due_date: dt.date
    components: tuple[ComponentView, ...]
    reusable: tuple[tuple[ComponentId, Reusable], ...]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What happens with one component."""

    decision: Literal["digitize", "reused", "presented_only", "exempt", "waived"]
    submitted_form: str = "original"
    rule: str = ""
    reason: str = ""
    decided_by: str = ""
    declared_pages: int = 0
    note_pages: tuple[int, ...] = ()
    reuse: Reusable | None = None
    reuse_check: Literal["", "local_only", "full"] = "local_only"


def receive(desk: Desk, officer: str, form: IntakeForm) -> Received:
    """Accept a dossier: durable when this returns.

    Raises:
        UnknownProcedure, ProcedureClosed, ApplicantIncomplete, NoNumbers, NoNumbersLeft, NoCatalogue; a Problem of the store.
    """
    desk.officers.get(officer, "postal" if form.channel == "postal" and _is_postal(desk, officer) else "intake")
    received_at = form.received_at or desk.now()
    procedure = _procedure(desk, form.procedure, vietnam_date(received_at))
    _check_applicant(form.applicant)
    calendar = WorkingCalendar.of(desk.catalogue.days)
    rule = rule_for(procedure, form.submitter, form.case)
    due = due_date(counting_date(procedure, received_at, form.postmark), rule, calendar)
    onward = hand_over(received_at, calendar)
    rid = RecordId(desk.new_id())
    planned = tuple(
        PlannedComponent(ComponentId(desk.new_id()), one.document_type, one.name, one.required)
        for one in procedure.components_for(form.submitter)
    )

    def decide(connection: apsw.Connection) -> tuple[list[Draft], tuple[str, tuple[tuple[ComponentId, Reusable], ...]]]:
        code = next_code(connection, desk.catalogue, desk.office, vietnam_date(received_at), desk.reserve_code)
        body = DossierReceived(
            code=code, procedure=procedure.code, procedure_version=str(procedure.version), catalogue_version=_version(desk),
            channel=form.channel, office=desk.office, applicant=form.applicant, submitter_type=form.submitter,
            received_ms=int(received_at.timestamp() * 1000), due_date=due.isoformat(),
            deadline_rule=f"{rule.amount} {rule.unit} ({rule.source})",
            hand_over_by_ms=int(dt.datetime.combine(onward.date, dt.time(8 if onward.at_start else 17), tzinfo=_VIETNAM).timestamp() * 1000),
            officer=officer, account_check=form.account_check, foreign_numbers=form.foreign_numbers, components=planned, note=form.note,
        )  # fmt: skip
        found = tuple(
            (plan.component_id, paper)
            for plan in planned
            for paper in on_file(connection, form.applicant, plan.document_type)[:1]
        )
        return [Draft(rid, body)], (code, found)

    _, (code, found) = desk.ledger.act(Act(officer, "intake", "receive"), decide)
    view = dossier(desk, rid)
    return Received(rid, code, due, view.components, found)


def declare(desk: Desk, officer: str, rid: RecordId, component: ComponentView, choice: Choice) -> None:
    """Record what happens with a component: scan it, reuse what is on file, or by which rule not to scan it (R-18)."""
    desk.officers.get(officer, "intake")
    body = ComponentDeclared(
        component_id=component.component_id, document_type=component.document_type, name=component.name, decision=choice.decision,
        submitted_form=choice.submitted_form, rule=choice.rule, reason=choice.reason, decided_by=choice.decided_by or officer,
        declared_pages=choice.declared_pages, note_pages=choice.note_pages, reuse_check=choice.reuse_check,
        source=ReuseSource(choice.reuse.rid, choice.reuse.document_id, choice.reuse.code) if choice.reuse else None, office=desk.office,
    )  # fmt: skip
    desk.ledger.save(Act(officer, "intake", "declare"), [Draft(rid, body)])


def add_component(
    desk: Desk, officer: str, rid: RecordId, *, document_type: str, name: str, choice: Choice, is_supplement: bool
) -> ComponentId:
    """Add a component the procedure did not plan, or a supplement brought later: an addition, never a change of state (D.6)."""
    component_id = ComponentId(desk.new_id())
    body = ComponentDeclared(
        component_id=component_id, document_type=document_type, name=name, decision=choice.decision,
        submitted_form=choice.submitted_form, rule=choice.rule, reason=choice.reason, decided_by=choice.decided_by or officer,
        declared_pages=choice.declared_pages, note_pages=choice.note_pages, reuse_check=choice.reuse_check,
        is_supplement=is_supplement, office=desk.office,
    )  # fmt: skip
    desk.ledger.save(Act(officer, "intake", "supplement" if is_supplement else "add"), [Draft(rid, body)])
    return component_id


def reuse_paper(desk: Desk, officer: str, rid: RecordId, document_type: str, *, name: str = "") -> Reusable:
    """Take a paper that is on file instead of asking for it (R-6): the planned component of that type, or a new one.

    Raises:
        NothingToReuse: nothing of this type is on file here for this person.
    """
    desk.officers.get(officer, "intake")
    view = dossier(desk, rid)
    party = view.applicant
    found = desk.store.readers.run(lambda c: on_file(c, party, document_type)) if party is not None else []
    if not found:
        raise NothingToReuse(document_type=document_type)
    paper = found[0]
    choice = Choice(decision="reused", rule="5.1", reason="đã có dữ liệu số hóa", reuse=paper, reuse_check="full")
    planned = next((one for one in view.components if one.document_type == document_type and not one.decision), None)
    if planned is not None:
        declare(desk, officer, rid, planned, choice)
    else:
        body = ComponentDeclared(
            component_id=ComponentId(desk.new_id()), document_type=document_type, name=name or document_type, decision="reused",
            rule=choice.rule, reason=choice.reason, decided_by=officer, reuse_check="full",
            source=ReuseSource(paper.rid, paper.document_id, paper.code), office=desk.office,
        )  # fmt: skip
        desk.ledger.save(Act(officer, "intake", "reuse"), [Draft(rid, body)])
    return paper


def dossier(desk: Desk, rid: RecordId) -> DossierView:
    """The dossier as it stands here.

    Raises:
        UnknownDossier: this desk does not hold it.
    """
    view = desk.store.readers.run(lambda c: projection.view_of(c, rid))
    if view is None:
        raise UnknownDossier(code_or_id=rid.hex()[:8])
    return view


def dossier_by_code(desk: Desk, code: str) -> DossierView:
    """The dossier under a printed code. Raises UnknownDossier."""
    found = desk.store.readers.run(lambda c: projection.find(c, key_for("code", code)))
    if not found:
        raise UnknownDossier(code_or_id=code)
    return found[0]


def component_of(view: DossierView, component_id: ComponentId) -> ComponentView:
    """A component of a dossier. Raises UnknownComponent."""
    found = view.component(component_id)
    if found is None:
        raise UnknownComponent()
    return found


def document_ids(view: DossierView) -> tuple[DocumentId, ...]:
    """All documents of a dossier."""
    return tuple(one.document_id for one in view.documents)


_VIETNAM = dt.timezone(dt.timedelta(hours=7))


def _version(desk: Desk) -> int:
    digits = "".join(one for one in desk.catalogue.version if one.isdigit())
    return int(digits or 0)


def _is_postal(desk: Desk, officer: str) -> bool:
    return any(one.account == officer and "postal" in one.roles for one in desk.officers.all())


def _procedure(desk: Desk, code: str, day: dt.date) -> Procedure:
    found = desk.catalogue.procedure(code, day)
    if found is None:
        raise UnknownProcedure(procedure=code, day=f"{day:%d/%m/%Y}")
    if not found.is_open:
        raise ProcedureClosed(procedure=code)
    return found


def _check_applicant(party: Party) -> None:
    if not party.name.strip():
        raise ApplicantIncomplete(missing="họ tên hoặc tên tổ chức", what="name")
    if party.kind == "person" and not party.personal_id and not party.birth_date:
        raise ApplicantIncomplete(missing="ngày, tháng, năm sinh", what="birth date fallback (Điều 9.2 b)")
    if party.kind == "organisation" and not owner_of(party) and not party.founded_year:
        raise ApplicantIncomplete(
            missing="mã số đơn vị hoặc năm thành lập", what="organisation identifier or founding year"
        )
