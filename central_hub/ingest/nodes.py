"""Nodes as the hub's database knows them: who is enrolled, and what they last said."""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from central_hub.ingest.errors import KeyMismatch, UnknownNode
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.messages import Hello


class NodeRow(msgspec.Struct, frozen=True):
    """One enrolled node."""

    node: NodeId
    office: OfficeCode
    public_key: bytes
    enrolled_ms: int
    revoked_ms: int | None
    last_hello_ms: int | None
    hello: Hello | None

    @property
    def is_revoked(self) -> bool:
        """The node's later work waits for people to vouch for it."""
        return self.revoked_ms is not None


_decode_hello = msgspec.msgpack.Decoder(Hello).decode
_COLUMNS = "node, office, public_key, enrolled_ms, revoked_ms, last_hello_ms, hello"


def enrol_node(connection: apsw.Connection, node: NodeId, office: OfficeCode, public_key: bytes, now_ms: int) -> None:
    """Record a node, or give an enrolled name its new key (replacement of a broken node): the one before counts no more, also where the clock was put back."""
    row = connection.execute("SELECT cut_ms FROM node WHERE node = ?", (node,)).fetchone()
    from_ms = now_ms if row is None else max(now_ms, as_int(row[0]) + 1)
    connection.execute(
        "INSERT INTO node(node, office, public_key, enrolled_ms, cut_ms) VALUES(?,?,?,?,?) ON CONFLICT(node) DO UPDATE SET office = excluded.office,"
        " public_key = excluded.public_key, enrolled_ms = excluded.enrolled_ms, revoked_ms = NULL, cut_ms = excluded.cut_ms",
        (node, office, public_key, from_ms, 0 if row is None else from_ms),
    )


def register_key(connection: apsw.Connection, node: NodeRow, public_key: bytes) -> None:
    """Take the key of a node's first hello; afterwards only the same key is this node.

    Raises:
        KeyMismatch: the node registered another one.
    """
    if not node.public_key and public_key:
        connection.execute("UPDATE node SET public_key = ? WHERE node = ?", (public_key, node.node))
    elif public_key and public_key != node.public_key:
        raise KeyMismatch(node=node.node)


def office_of_node(connection: apsw.Connection, node: NodeId) -> OfficeCode:
    """The office of an enrolled node; "" where nobody enrolled it, as the hub itself."""
    row = connection.execute("SELECT office FROM node WHERE node = ?", (node,)).fetchone()
    return OfficeCode(str(row[0])) if row else OfficeCode("")


def find_node(connection: apsw.Connection, node: NodeId) -> NodeRow:
    """The enrolled node.

    Raises:
        UnknownNode: nobody enrolled it.
    """
    row = connection.execute(f"SELECT {_COLUMNS} FROM node WHERE node = ?", (node,)).fetchone()
    if row is None:
        raise UnknownNode(node=node)
    return _row(row)


def last_hello(connection: apsw.Connection, node: NodeId) -> Hello | None:
    """What a node said when it was heard last; None before that, and of a name that nobody enrolled."""
    row = connection.execute("SELECT hello FROM node WHERE node = ?", (node,)).fetchone()
    return None if row is None or row[0] is None else _decode_hello(as_bytes(row[0]))


def all_nodes(connection: apsw.Connection) -> list[NodeRow]:
    """Every enrolled node by name."""
    return [_row(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM node ORDER BY node")]


def offices_of_nodes(connection: apsw.Connection) -> list[tuple[NodeId, OfficeCode]]:
    """Every enrolled node by name with its office, without their last words: 700 of those cost 5 ms to read."""
    return [
        (NodeId(str(node)), OfficeCode(str(office)))
        for node, office in connection.execute("SELECT node, office FROM node ORDER BY node")
    ]


def offices_awaited(connection: apsw.Connection, since_ms: int) -> list[OfficeCode]:
    """Offices with a node that was enrolled, or enrolled anew, since a moment (UTC ms) and has not greeted yet."""
    found = connection.execute(
        "SELECT DISTINCT office FROM node WHERE revoked_ms IS NULL AND enrolled_ms >= ?"
        " AND (last_hello_ms IS NULL OR last_hello_ms < enrolled_ms) ORDER BY office",
        (since_ms,),
    )
    return [OfficeCode(str(office)) for (office,) in found]


def nodes_to_tell(connection: apsw.Connection, offices: Iterable[OfficeCode]) -> list[tuple[NodeId, OfficeCode]]:
    """The nodes of these offices that are not revoked."""
    found = connection.executemany(
        "SELECT node, office FROM node WHERE office = ? AND revoked_ms IS NULL ORDER BY node",
        [(office,) for office in sorted(offices)],
    )
    return [(NodeId(str(node)), OfficeCode(str(office))) for node, office in found]


def revoke_node(connection: apsw.Connection, node: NodeId, now_ms: int) -> None:
    """From now on nothing of this node is accepted unvouched. Idempotent; said again it is the later word, also on the copy of a hub that has it revoked already."""
    row = connection.execute("SELECT enrolled_ms, cut_ms FROM node WHERE node = ?", (node,)).fetchone()
    if row is not None:
        from_ms = max(now_ms, as_int(row[0]) + 1, as_int(row[1]))
        connection.execute("UPDATE node SET revoked_ms = coalesce(revoked_ms, ?), cut_ms = ? WHERE node = ?", (now_ms, from_ms, node))


def keep_hello(connection: apsw.Connection, node: NodeId, hello: Hello, now_ms: int) -> None:
    """Remember the last hello, the source of the fleet page."""
    connection.execute(
        "UPDATE node SET last_hello_ms = ?, hello = ? WHERE node = ?", (now_ms, msgspec.msgpack.encode(hello), node)
    )


def _row(row: tuple[object, ...]) -> NodeRow:
    node, office, key, enrolled, revoked, seen, hello = row
    return NodeRow(
        NodeId(str(node)), OfficeCode(str(office)), bytes(key), int(enrolled), revoked, seen,  # type: ignore[arg-type,call-overload]
        _decode_hello(hello) if hello is not None else None,  # type: ignore[arg-type]
    )  # fmt: skip
