"""Resolving a dossier: moves under the custody fence, the decision, handing the result back.

Every move carries the fence this office holds; without custody the screen refuses before the log would have to (custody.py decides for all). What a move
needs is looked at in the transaction that writes it: two officers may press at once.
Source: NĐ 61/2018 Điều 18–20; QĐ 1333/QĐ-BHXH Điều 13.4–13.5.
"""

from __future__ import annotations

from typing import Literal

import apsw

from edge_node.desk import Desk
from edge_node.intake.service import dossier_in
from edge_node.people.officers import Role
from edge_node.resolution.course import read_course
from edge_node.resolution.errors import MoveNotAllowed, NotCustodian, ReasonMissing, SettleFirst
from edge_node.resolution.terms import checked_consultation, new_appointment, restarted
from edge_node.store.ledger import Act, Draft
from sync_protocol.acts import acts_of
from sync_protocol.adapters import event_log
from sync_protocol.bodies import DecisionMade, HandedOver, ResultReturned, StatusMoved
from sync_protocol.ids import DocumentId, EventId, RecordId
from sync_protocol.lifecycle import DossierMove, DossierState, next_state
from sync_protocol.merge_late import seen_at_the_end
from sync_protocol.view import DossierView

HANDED_BACK = frozenset(
    {
        DossierState.RESULT_READY,
        DossierState.RETURNED_WITH_NOTICE,
        DossierState.SUPPLEMENT_REQUESTED,
        DossierState.STOPPED,
    }
)
MOVE_ROLES: dict[DossierMove, Role] = {
    DossierMove.TAKE_UP: "resolving",
    DossierMove.CONSULT: "resolving",
    DossierMove.ANSWER: "resolving",
    DossierMove.ASK_SUPPLEMENT: "resolving",
    DossierMove.COMPLETE_SUPPLEMENT: "resolving",
    DossierMove.EXTEND: "resolving",
    DossierMove.RETURN_WITH_NOTICE: "resolving",
    DossierMove.STOP: "resolving",
    DossierMove.WITHDRAW: "intake",
    DossierMove.ARCHIVE: "archive",
}
"""Who makes each move that says no more than itself."""
ENDINGS = frozenset({DossierMove.DECIDE, DossierMove.RETURN_WITH_NOTICE, DossierMove.STOP})
"""By which an authority ends a dossier."""
_NEEDS_REASON = {DossierMove.RETURN_WITH_NOTICE, DossierMove.STOP, DossierMove.REFUSE}


def move(
    desk: Desk, officer: str, rid: RecordId, what: DossierMove, *, role: Role = "resolving", reason: str = "",
    notice: DocumentId | None = None, new_due_date: str = "", consulted: str = "", answer_by: str = "",
) -> None:  # fmt: skip
    """Make one move of the state machine. A complete supplement restarts the limit; an extension is the one apology with its new day.

    Raises:
        NotCustodian, MoveNotAllowed, ReasonMissing, WhyMissing, NewDateMissing, ApologyRefused, ConsultIncomplete; a Problem of officer or store.
    """
    desk.officers.get(officer, role)

    def check(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view, due = movable(desk, connection, rid, what), new_due_date
        if what in _NEEDS_REASON and (not reason.strip() or (what is DossierMove.RETURN_WITH_NOTICE and notice is None)):
            raise ReasonMissing()
        if what is DossierMove.EXTEND:
            due = new_appointment(desk, view, read_course(connection, rid), due, reason)
        elif what is DossierMove.COMPLETE_SUPPLEMENT:
            due = due or restarted(desk, view, read_course(connection, rid))
        asked, until = checked_consultation(consulted, answer_by, reason) if what is DossierMove.CONSULT else (consulted, answer_by)
        body = StatusMoved(
            move=what.value, office=desk.office, officer=officer, at_ms=desk.now_ms(), reason=reason, notice=notice, new_due_date=due,
            consulted=asked, answer_by=until,
        )  # fmt: skip
        return [Draft(rid, body, base=seen_by(connection, rid) if what in ENDINGS else (), fence=view.custody.fence)], None

    desk.ledger.act(Act(officer, role, what.value), check)


def hand_over(
    desk: Desk, officer: str, rid: RecordId, *, to_section: str, from_section: str = "Bộ phận Một cửa"
) -> None:
    """Hand the dossier on, in the log of hand-overs and as a move, in one transaction (NĐ 61 Điều 18.2)."""
    desk.officers.get(officer, "intake")

    def check(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view, now = movable(desk, connection, rid, DossierMove.HAND_OVER), desk.now_ms()
        given = HandedOver(from_section=from_section, to_section=to_section, at_ms=now, due_ms=view.hand_over_by_ms, paper=True, officer=officer)
        moved = StatusMoved(move="hand_over", office=desk.office, officer=officer, at_ms=now)
        return [Draft(rid, given), Draft(rid, moved, fence=view.custody.fence)], None

    desk.ledger.act(Act(officer, "intake", "hand_over"), check)


def hand_back(
    desk: Desk,
    officer: str,
    rid: RecordId,
    *,
    to_section: str = "Bộ phận Một cửa",
    from_section: str = "Bộ phận nghiệp vụ",
) -> None:
    """Give dossier and result back to the one-stop unit, which alone speaks to the person (NĐ 61 Điều 18.2, 19.8, 20). No state changes.

    Raises:
        MoveNotAllowed: nothing has been decided or asked yet.
    """
    desk.officers.get(officer, "resolving")

    def check(connection: apsw.Connection) -> tuple[list[Draft], None]:
        state = DossierState(dossier_in(connection, rid).state)
        if state not in HANDED_BACK:
            raise MoveNotAllowed(state=state.label, state_code=state.value, move="hand_back")
        body = HandedOver(from_section=from_section, to_section=to_section, at_ms=desk.now_ms(), paper=True, officer=officer)
        return [Draft(rid, body)], None

    desk.ledger.act(Act(officer, "resolving", "hand_back"), check)


def decide(
    desk: Desk,
    officer: str,
    rid: RecordId,
    outcome: Literal["granted", "refused", "returned"],
    *,
    result_code: str = "",
    number_symbol: str = "",
    issue_date: str = "",
    document_id: DocumentId | None = None,
    reason: str = "",
) -> None:
    """Record the result.

    Raises:
        SettleFirst: identity, metadata or a possible double filing is not settled (D.5: a benefit is never paid twice).
        NotCustodian, MoveNotAllowed, ReasonMissing.
    """
    desk.officers.get(officer, "leader")
    what = DossierMove.DECIDE if outcome == "granted" else DossierMove.RETURN_WITH_NOTICE

    def check(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = movable(desk, connection, rid, what)
        require_settled(view)
        if outcome != "granted" and (not reason.strip() or document_id is None):
            raise ReasonMissing()
        body = DecisionMade(
            outcome=outcome, office=desk.office, officer=officer, decided_ms=desk.now_ms(), result_code=result_code,
            number_symbol=number_symbol, issue_date=issue_date, document_id=document_id, reason=reason,
        )  # fmt: skip
        return [Draft(rid, body, base=seen_by(connection, rid), fence=view.custody.fence)], None

    desk.ledger.act(Act(officer, "leader", "decide"), check)


def seen_by(connection: apsw.Connection, rid: RecordId) -> tuple[EventId, ...]:
    """What is known here of a dossier that is about to be ended, for the base of that word: what it does not name came late (merge_late.py)."""
    return tuple(EventId(one) for one in seen_at_the_end(acts_of(event_log.events_of(connection, rid))))


def return_result(desk: Desk, officer: str, rid: RecordId, *, method: str) -> None:
    """Hand the result to the person, at whichever desk they stand (Điều 13.5)."""
    desk.officers.get(officer, "intake")

    def check(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = dossier_in(connection, rid)
        check_move(view, DossierMove.RETURN_RESULT)
        body = ResultReturned(office=desk.office, officer=officer, method=method, at_ms=desk.now_ms())
        return [Draft(rid, body, fence=view.custody.fence)], None

    desk.ledger.act(Act(officer, "intake", "return_result"), check)


def require_settled(view: DossierView) -> None:
    """Nothing stands in the way of a decision. Raises SettleFirst."""
    open_cases = len(view.conflicts) + len(view.open_reuses) + sum(1 for one in view.suspicions if one.kind == "dossier" and not one.judged)
    if open_cases:
        raise SettleFirst(count=open_cases)


def movable(desk: Desk, connection: apsw.Connection, rid: RecordId, what: DossierMove) -> DossierView:
    """The dossier as it stands now, which this office may move like this. Raises NotCustodian, MoveNotAllowed."""
    view = dossier_in(connection, rid)
    require_custody(desk, view)
    check_move(view, what)
    return view


def require_custody(desk: Desk, view: DossierView) -> None:
    """Raises NotCustodian."""
    if view.custody.office != desk.office:
        raise NotCustodian(office=view.custody.office)


def check_move(view: DossierView, what: DossierMove) -> None:
    """Raises MoveNotAllowed."""
    state = DossierState(view.state)
    if next_state(state, what) is None:
        raise MoveNotAllowed(state=state.label, state_code=state.value, move=what.value)
