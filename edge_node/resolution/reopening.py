"""Taking up again what this office had ended: its own error is corrected, or a supplement that came late is regarded. The former decision stays to be read.

Source: NĐ 61/2018 Điều 21 (the authority corrects its own error), 19.4; domain.md D.6; design.md §5 (decision: reopen by the same authority).
"""

from __future__ import annotations

import datetime as dt

import apsw

from edge_node.desk import Desk
from edge_node.intake.service import dossier_in
from edge_node.people.officers import Role
from edge_node.resolution.course import read_course
from edge_node.resolution.errors import NotAuthority, WhyMissing
from edge_node.resolution.service import check_move, require_custody
from edge_node.resolution.terms import restarted
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import DecisionReopened
from sync_protocol.ids import EventId, RecordId
from sync_protocol.lifecycle import DossierMove
from sync_protocol.view import DossierView


def reopen(desk: Desk, officer: str, rid: RecordId, reason: str) -> None:
    """Put an ended dossier back into processing, saying why. The promised day stays; a supplement that waits for an answer has it by this, and restarts the limit.

    Raises:
        UnknownDossier, NotCustodian, MoveNotAllowed, NotAuthority, WhyMissing; a Problem of officer or store.
    """

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = dossier_in(connection, rid)
        return [reopening(desk, connection, officer, view, reason)], None

    desk.ledger.act(Act(officer, "leader", "reopen"), decide)


def reopening(desk: Desk, connection: apsw.Connection, officer: str, view: DossierView, reason: str) -> Draft:
    """The word that reopens a dossier; saves nothing. Raises as `reopen` does."""
    desk.officers.get(officer, reopening_role(view))
    require_custody(desk, view)
    check_move(view, DossierMove.REOPEN)
    require_authority(desk, view)
    if not reason.strip():
        raise WhyMissing()
    waiting = [one for one in view.open_proposals if one.move == DossierMove.REOPEN]
    came = [one.at_ms for one in waiting if one.is_supplement]
    due = ""
    if came:
        due = restarted(desk, view, read_course(connection, view.rid), dt.datetime.fromtimestamp(max(came) / 1000, dt.UTC))
    body = DecisionReopened(office=desk.office, officer=officer, reason=reason.strip(), at_ms=desk.now_ms(), new_due_date=due)
    return Draft(view.rid, body, base=tuple(EventId(one.act) for one in waiting), fence=view.custody.fence)


def reopening_role(view: DossierView) -> Role:
    """Whose work it is: who decides may take a decision back; a stop or a return is the resolving officer's."""
    return "leader" if view.decision is not None else "resolving"


def require_authority(desk: Desk, view: DossierView) -> None:
    """Raises NotAuthority."""
    if view.ended_by != desk.office:
        raise NotAuthority(office=view.ended_by or view.custody.office, office_code=view.ended_by)
