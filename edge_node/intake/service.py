"""Receiving a dossier: check, promise, save. One call, one transaction, one code.

Source: QĐ 1333/QĐ-BHXH Điều 13.1–13.3 (R-1…R-8); NĐ 61/2018 Điều 17 (intake), 18.2 (hand-over), 26 (code by the system).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Literal

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.applications import answered
from edge_node.intake.corrections import differences, note_of
from edge_node.intake.errors import ComponentTakenBack, MarkedMissing, NothingToReuse, UnknownComponent, UnknownDossier
from edge_node.intake.numbers import next_code
from edge_node.intake.once import made_by, remember
from edge_node.intake.promise import (
    IntakeForm,
    acting_role,
    check_applicant,
    planned_components,
    procedure_on,
    promise,
    reception,
)
from edge_node.intake.reuse import Reusable, ReuseCheck, declared_again, on_file, taken_instead
from edge_node.resolution.errors import NotCustodian
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import ComponentDeclared, PlannedComponent, ReuseSource
from sync_protocol.calendar import vietnam_date
from sync_protocol.custody import custodians
from sync_protocol.erasure import acts_under_orders
from sync_protocol.ids import ComponentId, DocumentId, RecordId
from sync_protocol.merge_authority import of_custodians
from sync_protocol.merge_intake import holders_among
from sync_protocol.search_keys import key_for
from sync_protocol.view import ComponentView, DossierView


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


def receive(
    desk: Desk, officer: str, form: IntakeForm, *, form_id: bytes = b"", missing: int = 0,
    reuse: Mapping[int, Reusable] | None = None, checked: ReuseCheck = "local_only", application: RecordId | None = None,
) -> Received:  # fmt: skip
    """Accept a dossier: durable when this returns. The same `form_id` (a form sent twice) gives the same dossier.

    Args:
        missing: how many components the officer marked as missing; a promise for an incomplete dossier is not made.
        reuse: papers on file to take instead of asking, by position (from 0) in the procedure's components for this submitter.
        checked: whether every source was asked for them, or this machine only (R-10).
        application: what was handed in online and is accepted by this; accepted twice, it stays the first dossier.

    Raises:
        UnknownProcedure, ProcedureClosed, ApplicantIncomplete, MarkedMissing, NoNumbers, NoNumbersLeft, NoCatalogue; a Problem of the store.
    """
    role = acting_role(desk, officer, form.channel)
    received_at = form.received_at or desk.now()
    procedure = procedure_on(desk, form.procedure, received_at)
    check_applicant(form.applicant)
    if missing:
        raise MarkedMissing(count=missing)
    promise(desk, procedure, form, received_at)  # what cannot be promised takes no number
    planned = planned_components(desk, procedure, form.submitter)
    rid = application or RecordId(desk.new_id())

    def decide(connection: apsw.Connection) -> tuple[list[Draft], RecordId]:
        before = made_by(connection, form_id) or answered(connection, application)
        if before is not None:
            return [], before
        code = next_code(connection, desk.catalogue, desk.office, vietnam_date(received_at), desk.reserve_code)
        remember(connection, form_id, rid, desk.now_ms())
        differing = differences(connection, form.applicant)
        told = [Draft(rid, note_of(differing, desk.office, officer, desk.now_ms()))] if differing else []
        body = reception(desk, officer, procedure, form, code, planned, received_at)
        taken = [
            Draft(rid, taken_instead(desk.office, officer, planned[number], paper, checked))
            for number, paper in sorted((reuse or {}).items())
            if 0 <= number < len(planned)
        ]
        return [Draft(rid, body), *taken, *told], rid

    _, made = desk.ledger.act(Act(officer, role, "receive"), decide)
    view = dossier(desk, made)
    open_parts = [one for one in view.components if not one.decision]
    found = desk.store.readers.run(
        lambda c: tuple(
            (one.component_id, paper)
            for one in open_parts
            for paper in on_file(c, form.applicant, one.document_type)[:1]
        )
    )
    return Received(made, view.code, dt.date.fromisoformat(view.due_date), view.components, found)


def declare(desk: Desk, officer: str, rid: RecordId, component: ComponentView, choice: Choice) -> None:
    """Record what happens with a component: scan it, reuse what is on file, or by which rule not to scan it (R-18).

    What it is stays: a supplement remains one, and counting its pages keeps the rule by which it is scanned. An office that never had custody adds, and says
    nothing over what the custodian declared.

    Raises:
        NotCustodian.
    """
    desk.officers.get(officer, "intake")
    kept_rule = component.rule if choice.decision == component.decision == "digitize" else ""
    body = ComponentDeclared(
        component_id=component.component_id, document_type=component.document_type, name=component.name, decision=choice.decision,
        submitted_form=choice.submitted_form, rule=choice.rule or kept_rule, reason=choice.reason, decided_by=choice.decided_by or officer,
        declared_pages=choice.declared_pages, note_pages=choice.note_pages, reuse_check=choice.reuse_check,
        source=ReuseSource(choice.reuse.rid, choice.reuse.document_id, choice.reuse.code) if choice.reuse else None,
        is_supplement=component.is_supplement, office=desk.office,
    )  # fmt: skip

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view, acts = dossier_in(connection, rid), acts_under_orders(event_log.events_of(connection, rid))
        said = [(act, act.body) for act in acts if isinstance(act.body, ComponentDeclared) and act.body.component_id == component.component_id]
        holders = holders_among(acts)
        if desk.office not in custodians(holders) and of_custodians(said, holders, acts):
            raise NotCustodian(office=view.custody.office)
        return [Draft(rid, body)], None

    desk.ledger.act(Act(officer, "intake", "declare"), decide)


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


def reuse_paper(
    desk: Desk, officer: str, rid: RecordId, document_type: str, *, name: str = "", checked: ReuseCheck = "full"
) -> Reusable:
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
    planned = next((one for one in view.components if one.document_type == document_type and not one.decision and not one.withdrawn_reason), None)
    plan = PlannedComponent(
        planned.component_id if planned else ComponentId(desk.new_id()),
        document_type,
        planned.name if planned else name or document_type,
    )
    desk.ledger.save(
        Act(officer, "intake", "reuse"), [Draft(rid, taken_instead(desk.office, officer, plan, found[0], checked))]
    )
    return found[0]


def take_papers(
    desk: Desk, officer: str, rid: RecordId, papers: Mapping[ComponentId, Reusable], *, checked: ReuseCheck,
    known: Collection[tuple[RecordId, DocumentId]] = (),
) -> int:  # fmt: skip
    """Fill components of a dossier with papers on file; returns how many. One transaction; what has a decision already stays.

    Reuse that was checked at this machine only is marked as fully checked where `known`, every office's answer, names its paper (R-10).
    """
    desk.officers.get(officer, "intake")
    view = dossier(desk, rid)
    drafts = []
    for one in view.components:
        plan = PlannedComponent(one.component_id, one.document_type, one.name, one.required)
        if one.component_id in papers and not one.decision and not one.documents and not one.withdrawn_reason:
            drafts.append(Draft(rid, taken_instead(desk.office, officer, plan, papers[one.component_id], checked)))
        elif (
            one.reuse_check == "local_only"
            and one.source is not None
            and (one.source.rid, one.source.document_id) in known
        ):
            drafts.append(Draft(rid, declared_again(one, desk.office)))
    if drafts:
        desk.ledger.save(Act(officer, "intake", "reuse"), drafts)
    return len(drafts)


def dossier(desk: Desk, rid: RecordId) -> DossierView:
    """The dossier as it stands here.

    Raises:
        UnknownDossier: this desk does not hold it.
    """
    return desk.store.readers.run(lambda c: dossier_in(c, rid))


def dossier_in(connection: apsw.Connection, rid: RecordId) -> DossierView:
    """As `dossier`, within a transaction: as it stands now, since two may press at once."""
    view = projection.view_of(connection, rid)
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
    """A component of a dossier, to work on. Raises UnknownComponent, ComponentTakenBack."""
    found = view.component(component_id)
    if found is None:
        raise UnknownComponent()
    if found.withdrawn_reason:
        raise ComponentTakenBack(component=found.name, reason=found.withdrawn_reason)
    return found


def document_ids(view: DossierView) -> tuple[DocumentId, ...]:
    """All documents of a dossier."""
    return tuple(one.document_id for one in view.documents)
