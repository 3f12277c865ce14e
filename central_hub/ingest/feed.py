"""The feed: what each office is entitled to, in one order per office that a cursor can follow without gaps.

An office is in the scope of a dossier from its first act on it, or from a granted look-up or custody. Entering a scope appends the dossier's
whole past to the office's feed, so the same cursor serves news and history (scope.enter, sync.md 2.8). Nobody leaves a scope (decision 0002);
the right to push does not depend on scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import apsw

from sync_protocol.adapters.sqlite.many import insert_many, select_in
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import OfficeCode, RecordId


def feed_head(connection: apsw.Connection, office: OfficeCode) -> int:
    """The newest feed position of an office."""
    row = connection.execute("SELECT max(n) FROM feed WHERE office = ?", (office,)).fetchone()
    return int(row[0] or 0) if row else 0


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

    Of the dossiers in `fresh` nothing is held yet: nobody is entitled to them, and they have no past.
    """
    asked = list(rids)
    known = select_in(connection, "SELECT rid, office FROM scope WHERE rid IN (?)", [one for one in asked if one not in fresh])
    entitled = {rid for rid, other in known if other == office}
    entered = [rid for rid in asked if rid not in entitled]
    insert_many(
        connection, "INSERT INTO scope(rid, office, since_ms, reason) VALUES(?,?,?,?)",
        [(rid, office, now_ms, reason) for rid in entered],
    )  # fmt: skip
    past = connection.executemany(
        "SELECT position FROM event WHERE rid = ? ORDER BY position", [(r,) for r in entered if r not in fresh]
    )
    _append(connection, office, [position for (position,) in past])
    return entered


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
