"""The feed: what each office is entitled to, in one order per office that a cursor can follow without gaps.

An office is in the scope of a dossier from its first act on it, or from a granted look-up or custody. Entering a scope appends the dossier's
whole past to the office's feed, so the same cursor serves news and history (scope.enter, sync.md 2.8). Who left a scope (leaving.py) and enters it
again is told so by an event of the hub, behind the past; the right to push does not depend on scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import apsw

from central_hub.ingest.hub_lane import append_hub_events
from central_hub.store.epoch import EPOCH
from central_hub.store.hub_store import read_state
from sync_protocol.adapters import exits, projection
from sync_protocol.adapters.sqlite.many import insert_many, select_in
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.bodies import ExitUndone
from sync_protocol.ids import EventId, HubEpoch, OfficeCode, RecordId


def feed_head(connection: apsw.Connection, office: OfficeCode) -> int:
    """The newest feed position of an office."""
    row = connection.execute("SELECT max(n) FROM feed WHERE office = ?", (office,)).fetchone()
    return int(row[0] or 0) if row else 0


def event_at(connection: apsw.Connection, office: OfficeCode, n: int) -> EventId | None:
    """What an office's feed has at a place; None where it does not reach."""
    row = connection.execute("SELECT e.id FROM feed f JOIN event e ON e.position = f.position WHERE f.office = ? AND f.n = ?", (office, n)).fetchone()
    return None if row is None else EventId(as_bytes(row[0]))


def offices_in_scope(connection: apsw.Connection, rid: RecordId) -> list[OfficeCode]:
    """Offices entitled to a dossier."""
    return [
        OfficeCode(o) for (o,) in connection.execute("SELECT office FROM scope WHERE rid = ? ORDER BY office", (rid,))
    ]


def is_in_scope(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> bool:
    """Whether an office is entitled to a dossier."""
    return connection.execute("SELECT 1 FROM scope WHERE rid = ? AND office = ?", (rid, office)).fetchone() is not None


def enter_scope(connection: apsw.Connection, rid: RecordId, office: OfficeCode, now_ms: int, reason: str) -> bool:
    """Entitle an office and feed it the dossier's past; True when it was not entitled before. Idempotent."""
    return bool(enter_scopes(connection, [rid], office, now_ms, reason))


def enter_scopes(
    connection: apsw.Connection,
    rids: Iterable[RecordId],
    office: OfficeCode,
    now_ms: int,
    reason: str,
    fresh: Collection[RecordId] = (),
) -> list[RecordId]:
    """Entitle an office to several dossiers as `enter_scope` does; returns those it was not entitled to before.

    Of the dossiers in `fresh` nothing is held yet: nobody is entitled to them, and they have no past. One that the office had left is
    written into the log as entered again, so that every replica, and a hub that is put back, tells the two apart.
    """
    asked = list(rids)
    known = select_in(connection, "SELECT rid, office FROM scope WHERE rid IN (?)", [one for one in asked if one not in fresh])
    entitled = {rid for rid, other in known if other == office}
    entered = [rid for rid in asked if rid not in entitled]
    insert_many(
        connection, "INSERT INTO scope(rid, office, since_ms, reason) VALUES(?,?,?,?)",
        [(rid, office, now_ms, reason) for rid in entered],
    )  # fmt: skip
    tell_past(connection, office, [rid for rid in entered if rid not in fresh])
    for rid in entered:
        if rid not in fresh:
            _undo_exits(connection, rid, office, now_ms)
    return entered


def enter_by_proof(connection: apsw.Connection, rid: RecordId, office: OfficeCode, now_ms: int) -> bool:
    """As `enter_scope`, of an office that proves it was entitled once: not where the log says that it left since."""
    return not exits.has_left(connection, rid, office) and enter_scope(connection, rid, office, now_ms, "witness")


def stay_in_scope(connection: apsw.Connection, rid: RecordId, office: OfficeCode, now_ms: int, reason: str) -> None:
    """As `enter_scope`; of an office that is entitled already the log learns as well that its exits are over, behind the past: while they stood a desk may have let go of it.

    Idempotent.
    """
    if not enter_scope(connection, rid, office, now_ms, reason) and exits.has_left(connection, rid, office):
        tell_past(connection, office, [rid])
        _undo_exits(connection, rid, office, now_ms)


def leave_scope(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> None:
    """An office is entitled to a dossier no more. What its feed has of it stays in its place and is not told again (pulling.py). Idempotent."""
    connection.execute("DELETE FROM scope WHERE rid = ? AND office = ?", (rid, office))
    if connection.changes():
        connection.execute("DELETE FROM snapshot WHERE office = ?", (office,))  # made again for whoever asks next


def feed_to(connection: apsw.Connection, office: OfficeCode, position: int) -> None:
    """Append one stored event to the feed of an office that need not be in its dossier's scope."""
    _append(connection, office, [position])


def tell_past(connection: apsw.Connection, office: OfficeCode, rids: Iterable[RecordId]) -> None:
    """Append everything held of these dossiers to the feed of an office, also where it was told before: a desk keeps once what it hears twice."""
    past = connection.executemany("SELECT position FROM event WHERE rid = ? ORDER BY position", [(rid,) for rid in rids])
    _append(connection, office, [position for (position,) in past])


def _undo_exits(connection: apsw.Connection, rid: RecordId, office: OfficeCode, now_ms: int) -> None:
    over = exits.standing_exits(connection, rid, office)
    if over:
        epoch = HubEpoch(read_state(connection, EPOCH) or b"")
        placed = append_hub_events(connection, epoch, [(rid, ExitUndone(office=office, of=tuple(over)))], now_ms, "hub")
        feed_events(connection, [(position, rid) for position, _ in placed])
        projection.project(connection, [event for _, event in placed])


def feed_events(
    connection: apsw.Connection,
    placed: Sequence[tuple[int, RecordId]],
    fresh: Mapping[RecordId, OfficeCode] | None = None,
) -> set[OfficeCode]:
    """Append stored events, given as (position, dossier), to the feeds of all offices in scope; returns those offices.

    `fresh` says of dossiers that only the named office is in their scope: nobody asks for it again.
    """
    fresh = fresh or {}
    by_office: dict[OfficeCode, list[int]] = {}
    scopes: dict[RecordId, list[OfficeCode]] = {rid: [fresh[rid]] if rid in fresh else [] for _, rid in placed}
    asked = [rid for rid in scopes if rid not in fresh]
    for rid, office in select_in(connection, "SELECT rid, office FROM scope WHERE rid IN (?)", asked):
        scopes[RecordId(as_bytes(rid))].append(OfficeCode(str(office)))
    for position, rid in placed:
        for office in scopes[rid]:
            by_office.setdefault(office, []).append(position)
    for office, positions in by_office.items():
        _append(connection, office, positions)
    return set(by_office)


def _append(connection: apsw.Connection, office: OfficeCode, positions: Sequence[int]) -> None:
    if not positions:
        return
    head = feed_head(connection, office)
    insert_many(
        connection, "INSERT INTO feed(office, n, position) VALUES(?,?,?)",
        [(office, head + step, position) for step, position in enumerate(positions, start=1)],
    )  # fmt: skip
