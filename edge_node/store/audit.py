"""The node's audit chain: who did or saw what, for which purpose, in the transaction of the act itself (domain.md E.3)."""

from __future__ import annotations

import apsw

from sync_protocol.adapters import audit_chain
from sync_protocol.ids import RecordId

_COLUMNS = ("at_ms", "actor", "role", "what", "rid", "purpose", "outcome")


def record(
    connection: apsw.Connection,
    *,
    at_ms: int,
    actor: str,
    role: str,
    what: str,
    rid: RecordId | None,
    purpose: str,
    outcome: str,
) -> None:
    """Append one row. `actor` is an account id; no name and no number of a citizen is ever written here."""
    audit_chain.append(connection, _COLUMNS, (at_ms, actor, role, what, rid, purpose, outcome))


def broken_at(connection: apsw.Connection) -> int | None:
    """Id of the first row that does not follow from its predecessor, or None when the chain is whole."""
    return audit_chain.broken_at(connection, _COLUMNS)
