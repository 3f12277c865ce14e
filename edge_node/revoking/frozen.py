"""A paper that counts no more stays as it was: nobody changes what it says, and it gets no code (NĐ 30/2020 Phụ lục VI: the copy is frozen)."""

from __future__ import annotations

from edge_node.intake.errors import ComponentTakenBack
from edge_node.revoking.errors import PaperRevoked
from sync_protocol.view import DocumentView, DossierView


def require_standing(view: DossierView, document: DocumentView) -> None:
    """Refuse to change what a paper says that was revoked, or taken back with its component. Raises PaperRevoked, ComponentTakenBack."""
    if document.revoked is not None:
        raise PaperRevoked()
    part = view.component(document.component_id)
    if part is not None and part.withdrawn_reason:
        raise ComponentTakenBack(component=part.name, reason=part.withdrawn_reason)
