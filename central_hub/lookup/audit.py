"""The audit of looking: every answer about a person leaves a row in the same transaction, chained so that none can vanish unseen.

Source: domain.md E.1–E.3; Luật 91/2025/QH15 Điều 19.2 (a monitoring mechanism); reliability.md §6.
"""

from __future__ import annotations

import hashlib

import apsw
import msgspec

from sync_protocol.ids import NodeId, OfficeCode, RecordId
from sync_protocol.messages import Purpose

_FIRST = bytes(32)


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
    """Append one row to the hub's audit chain. `what` names the act and the kind of key, never the value."""
    last = connection.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    prev = bytes(last[0]) if last else _FIRST
    content = (at_ms, node, office, purpose.officer, purpose.role, what, rid, purpose.dossier, purpose.reason, outcome)
    row_hash = hashlib.sha256(prev + msgspec.msgpack.encode(content)).digest()
    connection.execute(
        "INSERT INTO audit(at_ms, node, office, officer, role, what, rid, dossier, reason, outcome, prev, hash)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
        (*content, prev, row_hash),
    )


def broken_at(connection: apsw.Connection) -> int | None:
    """Id of the first row that does not follow from its predecessor, or None when the chain is whole."""
    prev = _FIRST
    for identifier, held_prev, held_hash, *content in connection.execute(
        "SELECT id, prev, hash, at_ms, node, office, officer, role, what, rid, dossier, reason, outcome FROM audit ORDER BY id"
    ):
        if (
            bytes(held_prev) != prev
            or hashlib.sha256(prev + msgspec.msgpack.encode(tuple(content))).digest() != held_hash
        ):
            return int(identifier)
        prev = bytes(held_hash)
    return None
