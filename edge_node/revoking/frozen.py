"""What a revoked paper says stays as it was when it was called in (NĐ 30/2020 Phụ lục VI: the copy is frozen)."""

from __future__ import annotations

from edge_node.revoking.errors import PaperRevoked
from sync_protocol.view import DocumentView


def require_standing(document: DocumentView) -> None:
    """Refuse to change what a revoked paper says. Raises PaperRevoked."""
    if document.revoked is not None:
        raise PaperRevoked()
