"""Moves without effect, answered by who has custody: made again as an act of the own office, or left as they are with a reason.

Either is one event that closes the proposal wherever it comes to (custody.py). A move made again obeys what every move obeys; it keeps what was said and
promised, and names the one it stands for. Nothing of the first act is changed: it stays a line of the history.

Source: design.md §5 (a late or illegal move is kept as a proposal, the custodian settles it); NĐ 61/2018 Điều 17–20.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.service import dossier_in
from edge_node.people.officers import Role
from edge_node.resolution.course import read_course
from edge_node.resolution.errors import MoveNotAllowed, NothingToSettle, WhyMissing
from edge_node.resolution.reopening import reopening
from edge_node.resolution.service import ENDINGS, MOVE_ROLES, check_move, require_custody, require_settled, seen_by
from edge_node.resolution.terms import new_appointment
from edge_node.store.ledger import Act, Draft
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log
from sync_protocol.bodies import (
    DecisionMade,
    DecisionReopened,
    DossierReceived,
    IntakeEnded,
    ProposalDismissed,
    ResultReturned,
    StatusMoved,
    decode_body,
)
from sync_protocol.cases import Proposal
from sync_protocol.custody import MoveBody
from sync_protocol.ids import ActId, EventId, OfficeCode, RecordId
from sync_protocol.lifecycle import DossierMove, DossierState, next_state
from sync_protocol.view import DossierView

_ROLES: Final[Mapping[DossierMove, Role]] = {
    **MOVE_ROLES, DossierMove.ACCEPT: "intake", DossierMove.REFUSE: "intake", DossierMove.HAND_OVER: "intake", DossierMove.DECIDE: "leader",
    DossierMove.RETURN_RESULT: "intake",
}  # fmt: skip


def may_accept(view: DossierView, proposal: Proposal, office: OfficeCode) -> bool:
    """Whether the state of the dossier allows this office the move now."""
    move = _known(proposal.move)
    if move is DossierMove.REOPEN and view.ended_by != office:
        return False
    return move is not None and next_state(DossierState(view.state), move) is not None


def accept(desk: Desk, officer: str, rid: RecordId, act: ActId, reason: str = "") -> None:
    """Make the move of a proposal, as this office's own act under its custody. A late supplement proposes to reopen the dossier: that needs a reason.

    Raises:
        NothingToSettle: answered already, or its content is not here. NotCustodian, MoveNotAllowed, SettleFirst, NotAuthority, WhyMissing; a Problem of
            officer or terms.
    """

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view, proposal = _open(desk, connection, rid, act)
        if proposal.is_supplement:
            return [reopening(desk, connection, officer, view, reason)], None
        body = _body_of(connection, rid, act)
        if isinstance(body, DecisionReopened) or (isinstance(body, StatusMoved) and body.move == DossierMove.REOPEN):
            return [reopening(desk, connection, officer, view, reason.strip() or body.reason)], None
        move = _known(proposal.move)
        if move is None:
            state = DossierState(view.state)
            raise MoveNotAllowed(state=state.label, state_code=state.value, move=proposal.move)
        desk.officers.get(officer, role_for(move, body))
        check_move(view, move)
        if isinstance(body, DecisionMade):
            require_settled(view)
        elif isinstance(body, StatusMoved) and move is DossierMove.EXTEND:
            new_appointment(desk, view, read_course(connection, rid), body.new_due_date, body.reason)
        seen = seen_by(connection, rid) if move in ENDINGS else ()
        return [Draft(rid, _own(desk, officer, body), base=(EventId(act), *seen), fence=view.custody.fence)], None

    desk.ledger.act(Act(officer, "resolving", "accept_proposal"), decide)


def dismiss(desk: Desk, officer: str, rid: RecordId, act: ActId, reason: str) -> None:
    """Leave a move without effect, saying why.

    Raises:
        NothingToSettle: answered already. NotCustodian, WhyMissing.
    """
    desk.officers.get(officer, "resolving")

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view, _ = _open(desk, connection, rid, act)
        if not reason.strip():
            raise WhyMissing()
        body = ProposalDismissed(act=act, office=desk.office, officer=officer, reason=reason.strip(), at_ms=desk.now_ms())
        return [Draft(rid, body, base=(EventId(act),), fence=view.custody.fence)], None

    desk.ledger.act(Act(officer, "resolving", "dismiss_proposal"), decide)


def role_for(move: DossierMove, body: MoveBody) -> Role:
    """Whose work a move is; a decision is the leader's, whatever its outcome."""
    return "leader" if isinstance(body, DecisionMade) else _ROLES[move]


def _open(desk: Desk, connection: apsw.Connection, rid: RecordId, act: ActId) -> tuple[DossierView, Proposal]:
    view = dossier_in(connection, rid)
    found = next((one for one in view.open_proposals if one.act == act), None)
    if found is None:
        raise NothingToSettle()
    require_custody(desk, view)
    return view, found


def _body_of(connection: apsw.Connection, rid: RecordId, act: ActId) -> MoveBody:
    for event in event_log.events_of(connection, rid):
        if act_id(event.header) == act:
            body = decode_body(event)
            if isinstance(body, MoveBody):
                return body
    raise NothingToSettle()  # an order of the hub took its content away: it can only be left without effect


def _own(desk: Desk, officer: str, body: MoveBody) -> MoveBody:
    """The same move by this office, now. A reception keeps when the person stood at the counter: the limit counts from there (NĐ 61 Điều 19.4)."""
    now = desk.now_ms()
    match body:
        case DossierReceived():
            return msgspec.structs.replace(body, office=desk.office, officer=officer)
        case DecisionMade():
            return msgspec.structs.replace(body, office=desk.office, officer=officer, decided_ms=now)
        case StatusMoved() | DecisionReopened() | IntakeEnded() | ResultReturned():
            return msgspec.structs.replace(body, office=desk.office, officer=officer, at_ms=now)


def _known(move: str) -> DossierMove | None:
    return next((one for one in DossierMove if one.value == move), None)
