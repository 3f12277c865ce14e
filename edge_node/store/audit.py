"""The node's audit chain: who did or saw what, for which purpose, in the transaction of the act itself (domain.md E.3)."""

from __future__ import annotations

import hashlib

import apsw
import msgspec

from sync_protocol.ids import RecordId

_FIRST = bytes(32)


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
    last = connection.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    prev = bytes(last[0]) if last else _FIRST
    content = (at_ms, actor, role, what, rid, purpose, outcome)
    row_hash = hashlib.sha256(prev + msgspec.msgpack.encode(content)).digest()
    connection.execute(
        "INSERT INTO audit(at_ms, actor, role, what, rid, purpose, outcome, prev, hash) VALUES(?,?,?,?,?,?,?,?,?)",
        (*content, prev, row_hash),
    )


def broken_at(connection: apsw.Connection) -> int | None:
    """Id of the first row that does not follow from its predecessor, or None when the chain is whole."""
    prev = _FIRST
    rows = connection.execute(
        "SELECT id, prev, hash, at_ms, actor, role, what, rid, purpose, outcome FROM audit ORDER BY id"
    )
    for identifier, held_prev, held_hash, *content in rows:
        if (
            bytes(held_prev) != prev
            or hashlib.sha256(prev + msgspec.msgpack.encode(tuple(content))).digest() != held_hash
        ):
            return int(identifier)
        prev = bytes(held_hash)
    return None
