"""An intake ends in exactly one of three ways: accepted (service.py), asked for a supplement, or refused; and what follows a request.

A request is made once and completely, with every missing paper on one slip. The citizen comes back to any desk that holds the custody;
when everything is there, the request becomes a reception: now there is a code, and the deadline starts at that moment at the counter.

Source: NĐ 61/2018/NĐ-CP Điều 15.3, 17.1a–c, 19.4; QĐ 1333/QĐ-BHXH Điều 13.3.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, cast

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.applications import answered
from edge_node.intake.errors import NothingAsked, NothingToSay, ReasonUnknown
from edge_node.intake.numbers import next_code
from edge_node.intake.once import made_by, remember
from edge_node.intake.promise import (
    IntakeForm,
    acting_role,
    catalogue_number,
    check_applicant,
    planned_components,
    procedure_on,
    reception,
)
from edge_node.intake.service import Received, dossier, dossier_in
from edge_node.resolution.errors import MoveNotAllowed
from edge_node.resolution.service import require_custody
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import GivenReason, IntakeEnded, Party, PlannedComponent
from sync_protocol.calendar import vietnam_date
from sync_protocol.ids import RecordId
from sync_protocol.lifecycle import DossierMove, DossierState, next_state
from sync_protocol.procedure import Submitter
from sync_protocol.view import DossierView

Ending = Literal["supplement", "refused"]


class Grounds(msgspec.Struct, frozen=True, kw_only=True):
    """Why an intake ends without acceptance.

    `missing` are positions (from 0) in the procedure's components for this submitter; `reasons` are codes of the catalogue.
    """

    missing: tuple[int, ...] = ()
    requests: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    explanation: str = ""


def end_intake(
    desk: Desk,
    officer: str,
    form: IntakeForm,
    outcome: Ending,
    grounds: Grounds,
    *,
    form_id: bytes = b"",
    application: RecordId | None = None,
) -> RecordId:
    """End an intake with a supplement request or a refusal; durable when this returns. The same `form_id` gives the same dossier.

    `application` is what was handed in online and is answered by this; answered twice, the first answer stands.

    Raises:
        NothingAsked: a request without anything asked for. NothingToSay: a refusal without a reason.
        ReasonUnknown: a reason that is not in force. UnknownProcedure, ProcedureClosed, ApplicantIncomplete, NoCatalogue.
    """
    role = acting_role(desk, officer, form.channel)
    at = form.received_at or desk.now()
    procedure = procedure_on(desk, form.procedure, at)
    check_applicant(form.applicant)
    planned = planned_components(desk, procedure, form.submitter)
    reasons = _reasons(desk, outcome, grounds.reasons, at)
    missing = tuple(planned[number] for number in sorted(set(grounds.missing)) if 0 <= number < len(planned))
    requests = (*(one.name for one in missing), *(one for one in grounds.requests if one.strip()))
    if outcome == "supplement" and not requests:
        raise NothingAsked()
    if outcome == "refused" and not reasons and not grounds.explanation.strip():
        raise NothingToSay()
    rid = application or RecordId(desk.new_id())
    body = IntakeEnded(
        outcome=outcome, procedure=procedure.code, procedure_version=str(procedure.version), catalogue_version=catalogue_number(desk),
        channel=form.channel, office=desk.office, applicant=form.applicant, submitter_type=form.submitter, case=form.case,
        at_ms=int(at.timestamp() * 1000), officer=officer, account_check=form.account_check, components=planned,
        missing=tuple(one.component_id for one in missing), requests=requests, reasons=reasons, explanation=grounds.explanation.strip(),
    )  # fmt: skip

    def decide(connection: apsw.Connection) -> tuple[list[Draft], RecordId]:
        before = made_by(connection, form_id) or answered(connection, application)
        if before is not None:
            return [], before
        remember(connection, form_id, rid, desk.now_ms())
        return [Draft(rid, body)], rid

    return desk.ledger.act(Act(officer, role, "ask_supplement" if outcome == "supplement" else "refuse"), decide)[1]


def accept_supplemented(desk: Desk, officer: str, rid: RecordId, *, at: dt.datetime | None = None) -> Received:
    """Everything that was asked for is here: the request becomes a reception with a code, and the deadline starts `at` (aware; now).

    Raises:
        NotCustodian, MoveNotAllowed, NoNumbers, NoNumbersLeft, UnknownProcedure, ProcedureClosed, NoCatalogue.
    """
    view = _waiting(desk, officer, rid, DossierMove.ACCEPT)
    moment = at or desk.now()
    procedure = procedure_on(desk, view.procedure, moment)
    form = IntakeForm(
        procedure=view.procedure, channel=cast(Literal["in_person", "postal", "online"], view.channel), applicant=_party(view),
        submitter=cast(Submitter, view.submitter_type or "any"), case=view.intakes[0].case,
        account_check=cast(Literal["exists", "created", "declined", "not_done_offline"], view.account_check),
    )  # fmt: skip
    planned = tuple(
        PlannedComponent(one.component_id, one.document_type, one.name, one.required) for one in view.components
    )

    def decide(connection: apsw.Connection) -> tuple[list[Draft], str]:
        now = projection.view_of(connection, rid)
        if now is None or now.code:  # another desk of this office pressed the same button a moment ago
            return [], now.code if now else ""
        _require_waiting(desk, now, DossierMove.ACCEPT)
        code = next_code(connection, desk.catalogue, desk.office, vietnam_date(moment), desk.reserve_code)
        body = reception(desk, officer, procedure, form, code, planned, moment)
        return [Draft(rid, body, fence=now.custody.fence)], code

    desk.ledger.act(Act(officer, "intake", "accept_supplemented"), decide)
    view = dossier(desk, rid)
    return Received(rid, view.code, dt.date.fromisoformat(view.due_date), view.components, ())


def refuse_waiting(desk: Desk, officer: str, rid: RecordId, grounds: Grounds) -> None:
    """End a waiting request with a refusal and its reasons.

    Raises:
        NotCustodian, MoveNotAllowed, NothingToSay, ReasonUnknown, NoCatalogue.
    """
    view = _waiting(desk, officer, rid, DossierMove.REFUSE)
    at = desk.now()
    reasons = _reasons(desk, "refused", grounds.reasons, at)
    if not reasons and not grounds.explanation.strip():
        raise NothingToSay()
    body = IntakeEnded(
        outcome="refused", procedure=view.procedure, procedure_version=view.procedure_version, catalogue_version=view.catalogue_version,
        channel=cast(Literal["in_person", "postal", "online"], view.channel), office=desk.office, applicant=_party(view),
        submitter_type=view.submitter_type, at_ms=int(at.timestamp() * 1000), officer=officer, account_check=view.account_check,
        reasons=reasons, explanation=grounds.explanation.strip(),
    )  # fmt: skip

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        now = dossier_in(connection, rid)  # two may press at once
        _require_waiting(desk, now, DossierMove.REFUSE)
        return [Draft(rid, body, fence=now.custody.fence)], None

    desk.ledger.act(Act(officer, "intake", "refuse"), decide)


def _waiting(desk: Desk, officer: str, rid: RecordId, what: DossierMove) -> DossierView:
    desk.officers.get(officer, "intake")
    view = dossier(desk, rid)
    _require_waiting(desk, view, what)
    return view


def _require_waiting(desk: Desk, view: DossierView, what: DossierMove) -> None:
    state = DossierState(view.state)
    if next_state(state, what) is None or not view.intakes:
        raise MoveNotAllowed(state=state.label, state_code=state.value, move=what.value)
    require_custody(desk, view)


def _party(view: DossierView) -> Party:
    return view.applicant or Party(kind="person", name=view.person("name"))


def _reasons(desk: Desk, outcome: Ending, codes: tuple[str, ...], at: dt.datetime) -> tuple[GivenReason, ...]:
    known = {one.code: one.text for one in desk.catalogue.intake_reasons_on(outcome, vietnam_date(at))}
    unknown = next((code for code in codes if code not in known), None)
    if unknown is not None:
        raise ReasonUnknown(reason=unknown[:40])
    return tuple(GivenReason(code, known[code]) for code in dict.fromkeys(codes))
