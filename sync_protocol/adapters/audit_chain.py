"""The audit chain: every row carries the hash of its predecessor, so that none can be changed or taken out unseen.

Both shells keep a table `audit` whose own columns they name; `id`, `prev` and `hash` are the chain's. A row is written in the transaction of the
act it tells of. The last rows can still be cut off by whoever owns the machine: that is what the hub's countersigned events are for.
Source: domain.md E.1–E.3; Luật 91/2025/QH15 Điều 19.2; reliability.md §6.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import apsw
import msgspec

from sync_protocol.adapters.sqlite.rows import as_bytes, as_int

_FIRST = bytes(32)


def hold(connection: apsw.Connection) -> None:
    """Be the only one who reads the chain's end and appends to it, until this transaction ends. Again costs nothing.

    SQLite has one writer. An engine that lets several write at once has an order of its own for the chain (`hold_chain`).
    """
    own_way = getattr(connection, "hold_chain", None)
    if own_way is not None:
        own_way()


def append(connection: apsw.Connection, columns: Sequence[str], content: Sequence[apsw.SQLiteValue]) -> None:
    """Append one row with `content` in `columns` (names from our own source, never from outside)."""
    hold(connection)
    last = connection.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    prev = as_bytes(last[0]) if last else _FIRST
    names = ", ".join((*columns, "prev", "hash"))
    marks = ", ".join("?" * (len(columns) + 2))
    connection.execute(f"INSERT INTO audit({names}) VALUES({marks})", (*content, prev, _link(prev, tuple(content))))


def broken_at(connection: apsw.Connection, columns: Sequence[str], *, added: int = 0) -> int | None:
    """Id of the first row that does not follow from its predecessor, or None when the chain is whole.

    The last `added` columns came to the table later: a row from before holds NULL there and is linked without them, and none holds NULL since.
    """
    prev = _FIRST
    rows = connection.execute(f"SELECT id, prev, hash, {', '.join(columns)} FROM audit ORDER BY id")
    for identifier, held_prev, held_hash, *content in rows:
        if added and content[-1] is None:
            del content[-added:]
        if held_prev != prev or _link(prev, tuple(content)) != held_hash:
            return as_int(identifier)
        prev = as_bytes(held_hash)
    return None


def _link(prev: bytes, content: tuple[apsw.SQLiteValue, ...]) -> bytes:
    return hashlib.sha256(prev + msgspec.msgpack.encode(content)).digest()
