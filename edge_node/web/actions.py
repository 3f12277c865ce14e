"""What this visitor may do with this dossier now: the moves of its state, held against custody and roles.

The use cases refuse again; this only keeps buttons that cannot work off the page.
"""

from __future__ import annotations

import msgspec

from edge_node.resolution.correcting import correctable
from edge_node.resolution.reopening import reopening_role
from edge_node.resolution.service import HANDED_BACK, MOVE_ROLES
from edge_node.resolution.withdrawing import WITHDRAWERS
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.catalogue import IntakeReason
from sync_protocol.ids import OfficeCode
from sync_protocol.lifecycle import DossierMove, DossierState, moves_from
from sync_protocol.view import DossierView

NEEDS_REASON = frozenset(
    {
        DossierMove.RETURN_WITH_NOTICE,
        DossierMove.STOP,
        DossierMove.EXTEND,
        DossierMove.ASK_SUPPLEMENT,
        DossierMove.WITHDRAW,
    }
)


class Actions(msgspec.Struct, frozen=True):
    """Buttons and forms for one visitor and one dossier."""

    moves: tuple[DossierMove, ...]
    accept: bool
    refuse: bool
    hand_over: bool
    hand_back: bool
    decide: bool
    seal: bool
    return_result: bool
    take_custody: bool
    capture: bool
    slips: bool
    withdraw: bool
    reopen: bool
    correct: tuple[str, ...] = ()  # fields of the person that may be corrected
    receipt: bool = False  # its time, where the clock is doubted
    reasons: tuple[IntakeReason, ...] = ()  # to choose from where `refuse` is open


def actions_for(
    view: DossierView, visitor: Visitor, office: OfficeCode, reasons: tuple[IntakeReason, ...] = ()
) -> Actions:
    """What is open to the visitor at this office. `reasons` are the catalogue's for a refusal at intake."""
    allowed = set(moves_from(DossierState(view.state))) if view.is_whole else set()
    is_ours = view.custody.office == office
    unsigned = any(not one.agency_form and view.stands(one) for one in view.documents)
    granted = view.decision is not None and view.decision.outcome == "granted"
    return Actions(
        moves=tuple(move for move, role in MOVE_ROLES.items() if is_ours and move in allowed and visitor.may(role)),
        accept=is_ours and DossierMove.ACCEPT in allowed and visitor.may("intake"),
        refuse=is_ours and DossierMove.REFUSE in allowed and visitor.may("intake"),
        reasons=reasons,
        hand_over=is_ours and DossierMove.HAND_OVER in allowed and visitor.may("intake"),
        hand_back=is_ours and view.state in HANDED_BACK and visitor.may("resolving"),
        decide=is_ours and DossierMove.DECIDE in allowed and visitor.may("leader"),
        seal=is_ours and granted and unsigned and visitor.may("clerk"),
        return_result=DossierMove.RETURN_RESULT in allowed and visitor.may("intake"),
        take_custody=view.is_whole and not is_ours and visitor.may("resolving"),
        capture=visitor.may("intake"),
        slips=is_ours and visitor.may("intake"),
        reopen=is_ours and DossierMove.REOPEN in allowed and view.ended_by == office and visitor.may(reopening_role(view)),
        withdraw=is_ours and view.is_whole and any(not one.withdrawn_reason for one in view.components) and visitor.may(*WITHDRAWERS),
        correct=correctable(view) if is_ours and visitor.may("resolving") else (),
        receipt=view.office == office and bool(view.received_ms) and visitor.may("leader"),
    )
