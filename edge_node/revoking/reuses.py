"""Deciding about a dossier that reuses a paper which was revoked: kept with a reason, or the component is withdrawn. Either closes it everywhere.

Source: domain.md D.4 (all open dossiers that reused it; the resolving officer decides each).
"""

from __future__ import annotations

from edge_node.desk import Desk
from edge_node.intake.service import dossier
from edge_node.resolution.errors import NotCustodian
from edge_node.revoking.errors import KeepingReasonMissing, ReuseDecided
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import ComponentWithdrawn, ReuseKept
from sync_protocol.ids import RecordId
from sync_protocol.view import RevokedReuse


def keep_reuse(desk: Desk, officer: str, rid: RecordId, case: bytes, reason: str) -> None:
    """Let the reuse stand, having seen that its paper was revoked.

    Raises:
        ReuseDecided, KeepingReasonMissing, NotCustodian; a Problem of officer, dossier or store.
    """
    found = _open_case(desk, officer, rid, case, reason)
    body = ReuseKept(
        case=case, component_id=found.component_id, reason=reason.strip(), officer=officer, office=desk.office, at_ms=desk.now_ms()
    )  # fmt: skip
    desk.ledger.save(Act(officer, "resolving", "keep_reuse"), [Draft(rid, body)])


def withdraw_reuse(desk: Desk, officer: str, rid: RecordId, case: bytes, reason: str) -> None:
    """Take the revoked paper out of the dossier: its component is withdrawn, and the paper has to be asked for.

    Raises:
        ReuseDecided, KeepingReasonMissing, NotCustodian; a Problem of officer, dossier or store.
    """
    found = _open_case(desk, officer, rid, case, reason)
    body = ComponentWithdrawn(component_id=found.component_id, reason=reason.strip(), officer=officer)
    desk.ledger.save(Act(officer, "resolving", "withdraw_component"), [Draft(rid, body)])


def _open_case(desk: Desk, officer: str, rid: RecordId, case: bytes, reason: str) -> RevokedReuse:
    desk.officers.get(officer, "resolving")
    view = dossier(desk, rid)
    found = next((one for one in view.open_reuses if one.id == case), None)
    if found is None:
        raise ReuseDecided()
    if view.custody.office != desk.office:
        raise NotCustodian(office=view.custody.office)
    if not reason.strip():
        raise KeepingReasonMissing()
    return found
