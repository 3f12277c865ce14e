"""R-10: a reuse check that was only local is made again at the next connection, and what comes of it is kept for the officer to see.

What is owed follows from the log: dossiers received here with a component whose check was local only. The hub is asked once per dossier, for
that dossier and with its reception officer's account; the answer is minimal, and audited there like any look-up.
Source: QĐ 1333/QĐ-BHXH Điều 13.3b; domain.md R-6, R-10, E.2.
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from edge_node.store.node_store import NodeStore
from edge_node.sync.errors import HubRefused
from edge_node.sync.line import Line
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.messages import Find, FindReply, Purpose
from sync_protocol.search_keys import OWNER_KINDS, owner_keys
from sync_protocol.view import ComponentView, DossierView

REASON = "Kiểm tra lại dữ liệu đã có sau khi có kết nối (QĐ 1333/QĐ-BHXH Điều 13.3b)"
LOOK_BACK_MS = 90 * 86_400_000
_OVER = frozenset({"result_returned", "archived", "withdrawn", "refused"})


class Elsewhere(msgspec.Struct, frozen=True, array_like=True):
    """One paper that another office has and that this dossier asked for. `component` is its name as the person knows it."""

    component: str
    document_type: str
    office: OfficeCode
    code: str


class Repeat(msgspec.Struct, frozen=True):
    """The repeated check of one dossier: when, as of which hub time, and what was found. Times are UTC ms."""

    rid: RecordId
    at_ms: int
    as_of_ms: int
    found: tuple[Elsewhere, ...]


def owed(connection: apsw.Connection, own: OfficeCode, now_ms: int, limit: int = 50) -> list[DossierView]:
    """Dossiers received here whose check has still to be repeated, oldest first."""
    rows = connection.execute(
        "SELECT d.rid FROM dossier d LEFT JOIN reuse_repeat r ON r.rid = d.rid WHERE r.rid IS NULL AND d.office = ? AND d.received_ms > ?"
        " ORDER BY d.received_ms",
        (own, now_ms - LOOK_BACK_MS),
    )
    found: list[DossierView] = []
    for (raw,) in rows:
        view = projection.view_of(connection, RecordId(as_bytes(raw)))
        if view is not None and view.state not in _OVER and _local_only(view) and questions(view):
            found.append(view)
            if len(found) == limit:
                break
    return found


def questions(view: DossierView) -> list[Find]:
    """What to ask the hub about the applicant of a dossier; none where no number is known."""
    if view.applicant is None or not view.history:
        return []
    purpose = Purpose(view.code, REASON, view.history[0].actor, "intake")
    asked = []
    for key in owner_keys(view.applicant):
        kind, _, value = key.partition(":")
        if kind in OWNER_KINDS:
            asked.append(Find(kind, value, "", purpose))  # type: ignore[arg-type]  # OWNER_KINDS are among the kinds of Find
    return asked


def found_in(view: DossierView, replies: Iterable[FindReply]) -> tuple[Elsewhere, ...]:
    """Papers of the wanted types in other dossiers, once each. Pure."""
    wanted = {one.document_type: one.name for one in _local_only(view)}
    found = {
        (paper.document_type, dossier.office, paper.code): Elsewhere(
            wanted[paper.document_type], paper.document_type, dossier.office, paper.code
        )
        for reply in replies
        for dossier in reply.found
        if dossier.rid != view.rid
        for paper in dossier.documents
        if paper.document_type in wanted
    }
    return tuple(found[key] for key in sorted(found))


async def ask_again(line: Line, store: NodeStore, own: OfficeCode, now_ms: int) -> list[Repeat]:
    """Repeat what is owed; returns the checks made now. One that the hub refuses is owed again next time and holds back no other.

    Raises:
        Problem: the line failed; what was answered is kept.
    """
    made = []
    for view in await store.readers.run_async(lambda c: owed(c, own, now_ms)):
        try:
            replies = [await line.expect(question, FindReply) for question in questions(view)]
        except HubRefused:
            continue
        repeat = Repeat(view.rid, now_ms, min(one.as_of_ms for one in replies), found_in(view, replies))
        await store.writer.run_async(lambda c, one=repeat: keep(c, one))  # type: ignore[misc]
        made.append(repeat)
    return made


def keep(connection: apsw.Connection, repeat: Repeat) -> None:
    """Store what came of a repeated check. Idempotent."""
    connection.execute(
        "INSERT OR REPLACE INTO reuse_repeat(rid, at_ms, as_of_ms, found) VALUES(?,?,?,?)",
        (repeat.rid, repeat.at_ms, repeat.as_of_ms, msgspec.msgpack.encode(repeat.found)),
    )


def repeat_of(connection: apsw.Connection, rid: RecordId) -> Repeat | None:
    """The repeated check of a dossier, or None while it was not made."""
    row = connection.execute("SELECT rid, at_ms, as_of_ms, found FROM reuse_repeat WHERE rid = ?", (rid,)).fetchone()
    return None if row is None else _read(row)


def repeats_with_finds(connection: apsw.Connection, limit: int = 200) -> list[Repeat]:
    """Repeated checks that found something, newest first: these officers have something to tell a person."""
    rows = connection.execute(
        "SELECT rid, at_ms, as_of_ms, found FROM reuse_repeat WHERE found <> ? ORDER BY at_ms DESC, rid LIMIT ?",
        (msgspec.msgpack.encode(()), limit),
    )
    return [_read(row) for row in rows]


def _local_only(view: DossierView) -> list[ComponentView]:
    return [
        one
        for one in view.components
        if one.reuse_check == "local_only" and one.decision == "digitize" and not one.withdrawn_reason
    ]


def _read(row: tuple[apsw.SQLiteValue, ...]) -> Repeat:
    rid, at_ms, as_of_ms, found = row
    papers = msgspec.msgpack.decode(as_bytes(found), type=tuple[Elsewhere, ...])
    return Repeat(RecordId(as_bytes(rid)), as_int(at_ms), as_int(as_of_ms), papers)
