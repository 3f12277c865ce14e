"""Who may leave the scope of a dossier: an office that only follows it. Pure; the hub decides by it, a desk asks by it (scope.exit, sync.md 2.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sync_protocol.bodies.following import ExitObstacle
from sync_protocol.ids import OfficeCode
from sync_protocol.view import DossierView

TOLD_IN_SPITE: Final = ("body.erased", "exit.judged", "exit.undone")
"""The hub's words about a dossier that an office is still told, and keeps, when it has left: that it left, and which bodies an order takes."""


def obstacle(view: DossierView | None, office: OfficeCode, office_of: Callable[[str], OfficeCode | None]) -> ExitObstacle:
    """Why an office may not leave; "" where it may. `office_of` says to which office a node belongs.

    It may not while the dossier is not whole, where it received it or told the person what is missing, while it has custody, and while it is
    party to an open case: it gave one of the values that nobody has settled, holds the other of two dossiers that may be the same, or has itself
    proposed what the custodian has not answered: who left is not told the answer.
    """
    if view is None or not view.is_whole:
        return "not_whole"
    if office in {view.office, *(one.office for one in view.intakes)}:
        return "received_here"
    if view.custody.office == office:
        return "custodian"
    return "open_case" if _is_party(view, office, office_of) or awaits_answer(view, office) else ""


def awaits_answer(view: DossierView, office: OfficeCode) -> bool:
    """Whether a move, a supplement or a revocation of this office waits for the custodian's word."""
    return any(one.office == office for one in view.open_proposals)


def _is_party(view: DossierView, office: OfficeCode, office_of: Callable[[str], OfficeCode | None]) -> bool:
    if any(not pair.judged and pair.other_office == office for pair in view.suspicions):
        return True
    registers = [*view.identity, *(field for document in view.documents for field in document.fields)]
    heads = [head for one in registers if one.settled.conflict is not None for head in one.settled.heads]
    return any(office_of(head.node) == office for head in heads)
