"""Custody: exactly one office moves a dossier's state, and the hub's grants decide which moves counted.

A grant carries a fence, one higher than the last, and the lane heads that the hub held of the office it took the dossier from. So every
replica can tell from the events alone whether a move under the old fence was made before the hub let go (effective) or after, unseen, on
a cut line (a proposal for the new custodian). Nothing an officer did is dropped.

A proposal is closed by one event, whatever order it comes in: by the same move made again whose base names it, or by the word of who had custody that it
stays without effect. A move that names another and does not count either is a proposal itself, in the other's place.

Source: design.md §5; sync.md 2.5; NĐ 61/2018 Điều 17–20 (one owner per stage, P4 in domain.md D).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import (
    CustodyGranted,
    DecisionMade,
    DecisionReopened,
    DossierReceived,
    IntakeEnded,
    ProposalDismissed,
    ResultReturned,
    StatusMoved,
)
from sync_protocol.cases import Proposal
from sync_protocol.clock import wall_ms
from sync_protocol.ids import HUB_NODE, ActId, OfficeCode
from sync_protocol.lifecycle import DossierMove, DossierState, next_state
from sync_protocol.view import Custody, Decision, Reopening

ProposalReason = Literal["late", "no_fence", "not_custodian", "illegal", "not_authority", "supplement_before", "supplement_after"]
MoveBody = StatusMoved | DecisionMade | DecisionReopened | ResultReturned | DossierReceived | IntakeEnded
Move = tuple[Act, MoveBody]
Grant = tuple[Act, CustodyGranted]
Dismissal = tuple[Act, ProposalDismissed]
Holders = Mapping[int, tuple[OfficeCode, CustodyGranted | None]]
"""Who held each fence, and the grant that gave it; fence 0 comes with the reception."""

_OUTCOME_MOVE = {
    "granted": DossierMove.DECIDE,
    "refused": DossierMove.RETURN_WITH_NOTICE,
    "returned": DossierMove.RETURN_WITH_NOTICE,
}


_ENDS = frozenset({DossierState.RESULT_READY, DossierState.RETURNED_WITH_NOTICE, DossierState.STOPPED})
"""Entered by the word of an authority, which alone may take it back."""


class End(msgspec.Struct, frozen=True):
    """The move by which an authority ended a dossier."""

    office: OfficeCode
    act: Act


class Course:
    """The outcome of replaying all moves of one dossier."""

    def __init__(self, received_at: OfficeCode, start: DossierState = DossierState.RECEIVED) -> None:
        self.state = start
        self.accepted: DossierReceived | None = None  # of a dossier that waited for its supplement
        self.custody = Custody(received_at, 0)
        self.decision: Decision | None = None
        self.returned_ms = 0
        self.end: End | None = None
        self.reopenings: list[Reopening] = []
        self.holders: Holders = {}
        self.again: list[tuple[Act, str, OfficeCode, str]] = []  # every move: what it asks for, office and officer
        self.new_due_date = ""
        self.proposals: list[Proposal] = []


def replay(
    received_at: OfficeCode, moves: Sequence[Move], grants: Sequence[Grant], start: DossierState = DossierState.RECEIVED,
    dismissals: Sequence[Dismissal] = (),
) -> Course:
    """Apply the moves that counted, in fence order, then by the acting node's own order. Pure; any input order gives the same."""
    course = Course(received_at, start)
    by_fence = fences_of(received_at, grants)
    course.custody = Custody(by_fence[max(by_fence)][0], max(by_fence))
    ordered = sorted(moves, key=lambda one: (one[0].header.fence or 0, one[0].header.hlc, one[0].id))
    for act, body in ordered:
        # handing over is done where the person stands; it needs no custody, only a result
        why_not = "" if isinstance(body, ResultReturned) else why_not_custodian(act, body.office, by_fence)
        _apply(course, act, body, why_not)
    course.holders = by_fence
    course.again = [(act, move_name(body), body.office, body.officer) for act, body in ordered]
    course.proposals = settled(course.proposals, course.again, dismissals, by_fence)
    return course


def fences_of(received_at: OfficeCode, grants: Sequence[Grant]) -> Holders:
    """The fences of a dossier: of two grants under one the same stands everywhere. Pure; any input order gives the same."""
    by_fence: dict[int, tuple[OfficeCode, CustodyGranted | None]] = {0: (received_at, None)}
    for act, grant in sorted(grants, key=lambda one: (one[1].fence, one[0].id)):
        if act.header.node == HUB_NODE and grant.fence not in by_fence:
            by_fence[grant.fence] = (grant.office, grant)
    return by_fence


def custodians(holders: Holders) -> frozenset[OfficeCode]:
    """The offices that have or had custody."""
    return frozenset(office for office, _ in holders.values() if office)


def move_name(body: MoveBody) -> str:
    """The move of the state machine that a body asks for."""
    match body:
        case DecisionMade(outcome=outcome):
            return _OUTCOME_MOVE[outcome].value
        case DecisionReopened():
            return DossierMove.REOPEN.value
        case ResultReturned():
            return DossierMove.RETURN_RESULT.value
        case DossierReceived():
            return DossierMove.ACCEPT.value
        case IntakeEnded(outcome=outcome):
            return (DossierMove.REFUSE if outcome == "refused" else DossierMove.ASK_SUPPLEMENT).value
        case StatusMoved(move=move):
            return move


def settled(
    proposals: Sequence[Proposal], again: Sequence[tuple[Act, str, OfficeCode, str]], dismissals: Sequence[Dismissal], by_fence: Holders
) -> list[Proposal]:
    """The proposals with what closed each: the first act in the agreed order; that it was taken up counts before that it was dismissed.

    `again` are all moves of the kind in that order: the act, what it asks for, office and officer.
    """
    if not proposals:
        return []
    taken: dict[tuple[ActId, str], tuple[Act, OfficeCode, str]] = {}
    for act, move, office, officer in again:
        for named in act.header.base:
            taken.setdefault((ActId(named), move), (act, office, officer))
    said: dict[ActId, Dismissal] = {}
    valid = [one for one in dismissals if not why_not_custodian(one[0], one[1].office, by_fence)]
    for one in sorted(valid, key=lambda one: (one[0].header.hlc, one[0].id)):
        said.setdefault(one[1].act, one)
    found = []
    for proposal in proposals:
        if (same := taken.get((proposal.act, proposal.move))) is not None:
            act, office, officer = same
            proposal = msgspec.structs.replace(
                proposal, settled="accepted", settled_office=office, settled_officer=officer, settled_ms=wall_ms(act.header.hlc)
            )
        elif (word := said.get(proposal.act)) is not None:
            act, left = word
            proposal = msgspec.structs.replace(
                proposal, settled="dismissed", settled_office=left.office, settled_officer=left.officer, settled_ms=wall_ms(act.header.hlc),
                settled_reason=left.reason,
            )  # fmt: skip
        found.append(proposal)
    return found


def why_not_custodian(act: Act, office: OfficeCode, by_fence: Holders) -> str:
    """Reason code why an office did not do this as the dossier's custodian, or "". Pure."""
    fence = act.header.fence
    if fence is None or fence not in by_fence:
        return "no_fence"
    if by_fence[fence][0] != office:
        return "not_custodian"
    later = [one for one in by_fence if one > fence]
    following = by_fence[min(later)][1] if later else None
    if following is None:
        return ""
    held = {inc: seq for node, inc, seq in following.until if node == act.header.node}
    return "" if any(seq <= held.get(inc, 0) for inc, seq in act.places) else "late"


def _apply(course: Course, act: Act, body: MoveBody, why_not: str) -> None:
    name = move_name(body)
    moved = None
    if not why_not:
        try:
            is_bare = isinstance(body, StatusMoved) and name == DossierMove.REOPEN  # it would leave in force what was decided
            moved = None if is_bare else next_state(course.state, DossierMove(name))
        except ValueError:
            moved = None
        why_not = "" if moved is not None else "illegal"
    if moved is not None and name == DossierMove.REOPEN and (course.end is None or course.end.office != body.office):
        moved, why_not = None, "not_authority"
    if moved is None:
        course.proposals.append(Proposal(act.id, name, body.office, body.officer, why_not, wall_ms(act.header.hlc)))
        return
    former, course.state = course.state, moved
    if moved in _ENDS:
        course.end = End(body.office, act)
    match body:
        case DecisionReopened():
            course.reopenings.append(Reopening(body.office, body.officer, body.at_ms, body.reason, former.value, course.decision))
            course.decision, course.returned_ms, course.end = None, 0, None
            course.new_due_date = body.new_due_date or course.new_due_date
        case DecisionMade():
            course.decision = Decision(
                body.outcome, body.office, body.officer, body.decided_ms, body.result_code, body.number_symbol,
                body.issue_date, body.document_id, body.reason,
            )  # fmt: skip
        case ResultReturned():
            course.returned_ms = body.at_ms
        case DossierReceived():
            course.accepted = body
        case StatusMoved(new_due_date=due) if due:
            course.new_due_date = due
