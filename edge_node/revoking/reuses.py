"""Deciding about a dossier that reuses a paper which was revoked: kept with a reason, or the component is taken back. Either closes it everywhere.

Source: domain.md D.4 (all open dossiers that reused it; the resolving officer decides each).
"""

from __future__ import annotations

from collections.abc import Callable

import apsw

from edge_node.desk import Desk
from edge_node.intake.service import dossier_in
from edge_node.resolution.errors import NothingToSettle, WhyMissing
from edge_node.resolution.service import require_custody
from edge_node.resolution.withdrawing import withdrawal
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import ReuseKept
from sync_protocol.cases import RevokedReuse
from sync_protocol.ids import RecordId
from sync_protocol.view import DossierView


def keep_reuse(desk: Desk, officer: str, rid: RecordId, case: bytes, reason: str) -> None:
    """Let the reuse stand, having seen that its paper was revoked.

    Raises:
        NothingToSettle, WhyMissing, NotCustodian, UnknownDossier; a Problem of officer or store.
    """

    def kept(view: DossierView, found: RevokedReuse) -> Draft:
        require_custody(desk, view)
        if not reason.strip():
            raise WhyMissing()
        return Draft(rid, ReuseKept(
            case=case, component_id=found.component_id, reason=reason.strip(), officer=officer, office=desk.office, at_ms=desk.now_ms()
        ))  # fmt: skip

    _decide(desk, officer, rid, case, "keep_reuse", kept)


def withdraw_reuse(desk: Desk, officer: str, rid: RecordId, case: bytes, reason: str) -> None:
    """Take the revoked paper out of the dossier, with its component.

    Raises:
        As `keep_reuse`.
    """
    _decide(desk, officer, rid, case, "withdraw_component", lambda view, found: withdrawal(desk, officer, view, found.component_id, reason))


def _decide(
    desk: Desk, officer: str, rid: RecordId, case: bytes, what: str, word: Callable[[DossierView, RevokedReuse], Draft]
) -> None:
    desk.officers.get(officer, "resolving")

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = dossier_in(connection, rid)
        found = next((one for one in view.open_reuses if one.id == case), None)
        if found is None:
            raise NothingToSettle()
        return [word(view, found)], None

    desk.ledger.act(Act(officer, "resolving", what), decide)
