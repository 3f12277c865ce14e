"""Which daily code numbers belong to which desk: granted at first asking, never to two (I9), learned again from the desks after a restore.

A hub that was put back may have forgotten grants, or know some that no desk ever heard of. What the desks say they hold goes before the table. Decision 0006.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import apsw

from central_hub.ingest.errors import NoCodeBlocks
from central_hub.store.epoch import EPOCH_SINCE
from central_hub.store.hub_store import read_state, write_state
from sync_protocol.ids import Incarnation, NodeId, OfficeCode
from sync_protocol.messages import CodeBlock

BLOCK_NUMBERS = 500  # daily numbers per incarnation: 19 incarnations of one office before numbers must be freed
LAST_NUMBER = 9_999  # four digits (TT 01/2018/TT-VPCP Điều 19)
_NUMBERS_UPTO = "numbers_upto/"  # + office, in the hub's state


def keep_blocks(connection: apsw.Connection, node: NodeId, office: OfficeCode, blocks: Iterable[CodeBlock]) -> None:
    """Learn again what a lost state of this hub had granted. A block that others hold here is not moved."""
    connection.executemany(
        "INSERT OR IGNORE INTO code_block(office, first, last, node, inc) VALUES(?,?,?,?,?)",
        [
            (office, one.first, one.last, node, one.inc)
            for one in blocks
            if one.office == office and one.last <= LAST_NUMBER
        ],
    )


def others_blocks(connection: apsw.Connection, node: NodeId, office: OfficeCode, blocks: Iterable[CodeBlock]) -> tuple[CodeBlock, ...]:
    """Of the blocks that a node says it holds those whose numbers this hub has granted to another desk.

    A copy of a machine may have got them from a life of the hub that is gone, after which its name was heard from another copy; so may a desk that
    was revoked for a time. Whatever it has printed of them is printed; from now on one desk uses them.
    """
    asked = "SELECT 1 FROM code_block WHERE office = ? AND first <= ? AND last >= ? AND node <> ?"
    return tuple(
        one for one in blocks if one.office == office and connection.execute(asked, (office, one.last, one.first, node)).fetchone()
    )


def let_go_of_unheld(connection: apsw.Connection, node: NodeId, office: OfficeCode, inc: Incarnation, held: Collection[CodeBlock]) -> None:
    """At a node's first greeting after a restore: a grant that the node does not hold is none, and its numbers are nobody's any more (I9).

    The answer with it was lost in a former life of this hub, and another life, which did not know of it, may have granted the same numbers to
    somebody else. Later greetings change nothing: a grant of this life whose answer was lost is told again.
    """
    since = int.from_bytes(read_state(connection, EPOCH_SINCE) or b"", "big")
    is_heard = connection.execute("SELECT 1 FROM node WHERE node = ? AND coalesce(last_hello_ms, 0) >= ?", (node, since)).fetchone()
    row = connection.execute("SELECT first, last FROM code_block WHERE node = ? AND inc = ?", (node, inc)).fetchone()
    if is_heard or row is None or tuple(row) in {(one.first, one.last) for one in held if one.inc == inc}:
        return
    keep_granted(connection, office, int(row[1]))
    connection.execute("DELETE FROM code_block WHERE node = ? AND inc = ?", (node, inc))


def granted_upto(connection: apsw.Connection, office: OfficeCode) -> int:
    """The highest daily number of the office that this hub granted, or was told by a node that it once granted; 0: none."""
    top = connection.execute("SELECT max(last) FROM code_block WHERE office = ?", (office,)).fetchone()
    told = read_state(connection, _NUMBERS_UPTO + office)
    return max(int(top[0] or 0) if top else 0, int.from_bytes(told or b"", "big"))


def keep_granted(connection: apsw.Connection, office: OfficeCode, upto: int) -> None:
    """Learn again how far a lost state of this hub had granted, from any machine of the office that was told.

    Copied machines share one name: to have heard the name is not to have heard each of them, but they and their neighbours saw the numbers
    go on. What no desk of the office can have been granted (more than four digits) is not believed.
    """
    if granted_upto(connection, office) < upto <= LAST_NUMBER:
        write_state(connection, _NUMBERS_UPTO + office, upto.to_bytes(2, "big"))


def knows_all_blocks(connection: apsw.Connection, office: OfficeCode) -> bool:
    """Whether every node of the office has said since the restore which numbers it was granted. True before any restore."""
    since = read_state(connection, EPOCH_SINCE)
    return (
        since is None
        or not connection.execute(
            "SELECT 1 FROM node WHERE office = ? AND revoked_ms IS NULL AND enrolled_ms < ? AND coalesce(last_hello_ms, 0) < ?",
            (office, int.from_bytes(since, "big"), int.from_bytes(since, "big")),
        ).fetchone()
    )


def block_for(connection: apsw.Connection, node: NodeId, office: OfficeCode, inc: Incarnation) -> CodeBlock | None:
    """The daily numbers of this incarnation, granted at first asking and never given to another (I9).

    None after a restore until every node of the office was heard: numbers that the hub forgot may be on paper already.

    Raises:
        NoCodeBlocks: the office's four digits are all granted.
    """
    row = connection.execute(
        "SELECT office, first, last FROM code_block WHERE node = ? AND inc = ?", (node, inc)
    ).fetchone()
    if row is not None:
        return CodeBlock(OfficeCode(row[0]), inc, row[1], row[2])
    if not knows_all_blocks(connection, office):
        return None
    first = granted_upto(connection, office) + 1
    last = min(first + BLOCK_NUMBERS - 1, LAST_NUMBER)
    if first > LAST_NUMBER:
        raise NoCodeBlocks(office=office)
    connection.execute(
        "INSERT INTO code_block(office, first, last, node, inc) VALUES(?,?,?,?,?)", (office, first, last, node, inc)
    )
    return CodeBlock(office, inc, first, last)
