"""Who sees which page: stages of the work, as the guard wants them.

A postal agent takes dossiers in and sees nothing else; an administrator keeps machine and accounts and sees no citizen's paper.
Source: QĐ 1333/QĐ-BHXH Điều 3.1, 6.1b; domain.md A.2, E.1.
"""

from __future__ import annotations

from typing import Any

from sync_protocol.adapters.web.guard import ANYONE_SIGNED_IN

STAFF = ("intake", "resolving", "leader", "clerk", "archive")
COUNTER = ("intake", "postal")
LOOKERS = ("intake", "resolving", "leader", "archive")
KEEPERS = ("administrator",)
CARRIERS = ("intake", "leader", "administrator")

ANYONE: dict[str, Any] = {"roles": ANYONE_SIGNED_IN}
STAFF_PAGE: dict[str, Any] = {"roles": STAFF}
STAFF_LIVE: dict[str, Any] = {"roles": STAFF, "live": True}
ANYONE_LIVE: dict[str, Any] = {"roles": ANYONE_SIGNED_IN, "live": True}


def only(*roles: str) -> dict[str, Any]:
    """The mark of a route for these roles."""
    return {"roles": roles}
