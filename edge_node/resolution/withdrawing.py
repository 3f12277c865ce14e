"""Taking a component back, by who has custody: a wrong paper was attached, a paper was counted twice. File and history stay; the component counts no more.

What is needed after all is added as a component anew (intake/service.py `add_component`).

Source: design.md §5 (components are an add-wins set; withdrawal is an event with a reason); QĐ 1333/QĐ-BHXH Điều 13.3.
"""

from __future__ import annotations

from typing import Final

import apsw

from edge_node.desk import Desk
from edge_node.intake.service import component_of, dossier_in
from edge_node.people.officers import Role
from edge_node.resolution.errors import WhyMissing
from edge_node.resolution.service import require_custody
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import ComponentWithdrawn
from sync_protocol.ids import ComponentId, RecordId
from sync_protocol.view import DossierView

WITHDRAWERS: Final[tuple[Role, ...]] = ("resolving", "intake")


def withdraw_component(desk: Desk, officer: str, rid: RecordId, component_id: ComponentId, reason: str) -> None:
    """Take a component back. Durable when this returns; the second of two clicks is told that it is done.

    Raises:
        UnknownDossier, UnknownComponent, ComponentTakenBack, NotCustodian, WhyMissing; a Problem of officer or store.
    """
    role = desk.officers.acting(officer, WITHDRAWERS)

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = dossier_in(connection, rid)
        return [withdrawal(desk, officer, view, component_id, reason)], None

    desk.ledger.act(Act(officer, role, "withdraw_component"), decide)


def withdrawal(desk: Desk, officer: str, view: DossierView, component_id: ComponentId, reason: str) -> Draft:
    """The word that takes a component back, for whoever says it together with something else. Saves nothing.

    Raises:
        UnknownComponent, ComponentTakenBack, NotCustodian, WhyMissing.
    """
    require_custody(desk, view)
    part = component_of(view, component_id)
    if not reason.strip():
        raise WhyMissing()
    body = ComponentWithdrawn(component_id=part.component_id, reason=reason.strip(), officer=officer, office=desk.office)
    return Draft(view.rid, body)
