"""The audit of looking: every answer about a person leaves a row in the same transaction, chained so that none can vanish unseen.

Source: domain.md E.1–E.3; Luật 91/2025/QH15 Điều 19.2 (a monitoring mechanism); reliability.md §6.
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw

from sync_protocol.adapters import audit_chain
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import HUB_NODE, NodeId, OfficeCode, RecordId
from sync_protocol.messages import Purpose

_COLUMNS = ("at_ms", "node", "office", "officer", "role", "what", "rid", "dossier", "reason", "outcome", "certificate")
_ADDED = 1  # of these, by AUDIT_CERTIFICATE (tables.py)


def record(
    connection: apsw.Connection,
    *,
    at_ms: int,
    node: NodeId,
    office: OfficeCode,
    purpose: Purpose,
    what: str,
    rid: RecordId | None,
    outcome: str,
) -> None:
    """Append one row to the hub's audit chain. `what` names the act and the kind of key, never the value.

    The row names the certificate under which this officer is registered for the office then (SHA-256, hexadecimal), "" where none is.
    """
    content = (
        at_ms, node, office, purpose.officer, purpose.role, what, rid, purpose.dossier, purpose.reason, outcome,
        _certificate(connection, office, purpose.officer, at_ms),
    )  # fmt: skip
    audit_chain.append(connection, _COLUMNS, content)


def record_act(
    connection: apsw.Connection,
    *,
    at_ms: int,
    officer: str,
    roles: Iterable[str],
    what: str,
    subject: str,
    rid: RecordId | None = None,
    reason: str = "",
    outcome: str = "",
) -> None:
    """Append one row for an act at the hub itself. `officer` is an account, `subject` what it was done to, by its code.

    Officers of the hub sign in with a password and a second factor or a passkey, and have no certificate.
    """
    content = (at_ms, HUB_NODE, "", officer, " ".join(roles), what, rid, subject, reason, outcome, "")
    audit_chain.append(connection, _COLUMNS, content)


def broken_at(connection: apsw.Connection) -> int | None:
    """Id of the first row that does not follow from its predecessor, or None when the chain is whole."""
    return audit_chain.broken_at(connection, _COLUMNS, added=_ADDED)


def _certificate(connection: apsw.Connection, office: OfficeCode, account: str, at_ms: int) -> str:
    found = connection.execute(
        "SELECT certificate FROM officer_certificate WHERE office = ? AND role = 'officer' AND account = ?"
        " AND ? BETWEEN from_ms AND until_ms ORDER BY added_ms DESC, certificate LIMIT 1",
        (office, account, at_ms),
    ).fetchone()
    return as_bytes(found[0]).hex() if found else ""
