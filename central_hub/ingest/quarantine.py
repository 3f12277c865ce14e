"""Quarantine: what the hub could not take, kept with its reason, bounded per node, shown to operators. Nothing is thrown away unread."""

from __future__ import annotations

import hashlib

import apsw
import msgspec

from sync_protocol.adapters.erasures import without_erased
from sync_protocol.batch import events_of, wire_events
from sync_protocol.envelope import read_event
from sync_protocol.errors import Problem
from sync_protocol.kept_text import without_nul
from sync_protocol.messages import Push, Witness
from sync_protocol.wire import pack, unpack_request

KEPT_FRAMES_PER_NODE = 1_000


class Held(msgspec.Struct, frozen=True):
    """One frame in quarantine."""

    id: int
    node: str
    at_ms: int
    code: str
    detail: str
    times: int
    settled_ms: int | None = None
    settled_by: str = ""
    note: str = ""
    is_enrolled: bool | int = True
    """Whether the node has a page; a stranger's frame is held too."""


def hold(connection: apsw.Connection, node: str, frame: bytes, code: str, detail: str, now_ms: int) -> None:
    """Keep a refused frame, without bodies that an order took away; the same frame again only counts, and is open again.

    Beyond the bound the oldest of that node goes.
    """
    connection.execute(
        "INSERT INTO quarantine(node, at_ms, code, detail, frame, digest) VALUES(?,?,?,?,?,?)"
        " ON CONFLICT(digest) DO UPDATE SET times = quarantine.times + 1, at_ms = excluded.at_ms, code = excluded.code,"
        " settled_ms = NULL, settled_by = '', note = ''",
        (
            node,
            now_ms,
            code,
            without_nul(detail),  # it may name what a peer said
            _without_erased(connection, frame),
            hashlib.sha256(node.encode() + frame).digest(),
        ),
    )
    connection.execute(
        "DELETE FROM quarantine WHERE node = ? AND id NOT IN (SELECT id FROM quarantine WHERE node = ? ORDER BY id DESC LIMIT ?)",
        (node, node, KEPT_FRAMES_PER_NODE),
    )


def held(connection: apsw.Connection, limit: int = 200) -> list[Held]:
    """Held frames, open ones first, the newest first."""
    rows = connection.execute(
        "SELECT id, node, at_ms, code, detail, times, settled_ms, settled_by, note,"
        " EXISTS(SELECT 1 FROM node WHERE node.node = quarantine.node) FROM quarantine"
        " ORDER BY CASE WHEN settled_ms IS NULL THEN 0 ELSE 1 END, id DESC LIMIT ?",
        (limit,),
    )
    return [Held(*row) for row in rows]


def open_by_node(connection: apsw.Connection) -> dict[str, int]:
    """Node → frames that nobody settled yet."""
    rows = connection.execute("SELECT node, count(*) FROM quarantine WHERE settled_ms IS NULL GROUP BY node")
    return {str(node): int(count) for node, count in rows}


def settle(connection: apsw.Connection, held_id: int, account: str, note: str, now_ms: int) -> str | None:
    """A person looked and nothing is left to do: the frame stays, and complains no more. Returns the node; None when it was not open."""
    row = connection.execute(
        "UPDATE quarantine SET settled_ms = ?, settled_by = ?, note = ? WHERE id = ? AND settled_ms IS NULL RETURNING node",
        (now_ms, account, note, held_id),
    ).fetchone()
    return str(row[0]) if row else None


def scrub(connection: apsw.Connection) -> int:
    """After a new order: take its bodies out of every kept frame; returns how many frames changed. Their signatures still hold."""
    changed = 0
    for identifier, frame in connection.execute("SELECT id, frame FROM quarantine").fetchall():
        clean = _without_erased(connection, bytes(frame))  # type: ignore[arg-type]  # STRICT column
        if clean != frame:
            connection.execute("UPDATE quarantine SET frame = ? WHERE id = ?", (clean, identifier))
            changed += 1
    return changed


def _without_erased(connection: apsw.Connection, frame: bytes) -> bytes:
    """The frame as it may be kept: the chain under the batch's signature covers hashes of bodies, so it survives without them."""
    try:
        request = unpack_request(frame)
        if isinstance(request, Push):
            batch = request.batch
            events = events_of(batch)
            clean = without_erased(connection, events)
            kept: Push | Witness = Push(msgspec.structs.replace(batch, events=wire_events(clean)))
        elif isinstance(request, Witness):
            events = tuple(read_event(header, body) for header, body in request.events)
            clean = without_erased(connection, events)
            kept = Witness(request.page, tuple((one.raw_header, one.body) for one in clean))
        else:
            return frame
    except Problem:
        return frame  # nobody can read it: it holds nothing that an order could have named here
    return frame if list(events) == clean else pack(kept)
