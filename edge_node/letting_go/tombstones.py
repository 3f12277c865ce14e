"""From a copy to a tombstone: what goes from this desk when its office has left a dossier, what stays, and how it comes back.

The hub's word that the office left (an event) makes the tombstone. As soon as nothing of this desk's own work on the dossier waits any more, its view, its
search keys and its papers go. What others wrote, and the files that only they name, go once the hub's backup covers the feed up to its last word of the
dossier: until then this desk may be the witness that a hub which is put back needs (node rule N5). Others' events go as a whole, header and all:
a lane of another node has gaps at a desk anyway, the kept proofs of pages name them by their ids, and what is not here is never offered.

For ever stay: what this desk itself wrote, with its files (nobody else could push its lane again to a hub that forgot it, and the office answers for
what it signed), the hub's orders of erasure (its own acts stand behind them) and the hub's words about leaving. An order takes its own acts here, too.

Every function works inside the caller's transaction and is safe to repeat.
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_number, read_state
from sync_protocol.adapters import erasures, event_log, projection
from sync_protocol.adapters.exits import STANDING
from sync_protocol.adapters.projection_rows import drop_rows, keep_references
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import BESIDE_DOSSIERS
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, HubEpoch, OfficeCode, RecordId
from sync_protocol.leaving import TOLD_IN_SPITE


class Tombstone(msgspec.Struct, frozen=True):
    """A dossier that was let go, without anything of a person. `is_bare` is False while its bytes wait for the hub's backup; times are UTC ms."""

    rid: RecordId
    code: str
    procedure: str
    reason: str
    left_ms: int
    is_bare: bool


_COLUMNS = "rid, code, procedure, reason, left_ms, is_bare"
SHOWN = 200


def tombstones(connection: apsw.Connection, limit: int = SHOWN) -> list[Tombstone]:
    """The dossiers that were let go, the newest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM tombstone ORDER BY left_ms DESC, rid LIMIT ?", (limit,))
    return [_tombstone(row) for row in rows]


def tombstone_of(connection: apsw.Connection, rid: RecordId) -> Tombstone | None:
    """The tombstone of a dossier; None where the office has not left it."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM tombstone WHERE rid = ?", (rid,)).fetchone()
    return None if row is None else _tombstone(row)


def own_office(connection: apsw.Connection) -> OfficeCode | None:
    """This desk's office as the hub told it; None before the first greeting."""
    row = connection.execute("SELECT office FROM peer_office WHERE node = ?", (own_lane(connection).node,)).fetchone()
    return None if row is None else OfficeCode(str(row[0]))


def note_told(connection: apsw.Connection, epoch: HubEpoch, cursor: int, told: Iterable[Event]) -> None:
    """A page told this of dossiers, up to this place of the feed: set up tombstones, move their place, give back what was entered again."""
    settle(connection)
    note_place(connection, epoch, cursor, told)
    settle(connection)


def note_place(connection: apsw.Connection, epoch: HubEpoch, cursor: int, told: Iterable[Event]) -> None:
    """Of what was let go, this is the last that was told, up to this place of the feed: by a page, or by a part of a snapshot, which is not yet the whole of it."""
    if connection.execute("SELECT 1 FROM tombstone LIMIT 1").fetchone() is None:
        return
    rids = dict.fromkeys(event.header.rid for event in told)
    connection.executemany(
        "UPDATE tombstone SET epoch = ?, upto = ?, is_bare = 0 WHERE rid = ?", [(epoch, cursor, rid) for rid in rids]
    )


def settle(connection: apsw.Connection, epoch: HubEpoch | None = None, backup_feed: int = 0) -> int:
    """Make what this desk holds follow what the hub said of leaving; returns how many dossiers lost what others wrote.

    `backup_feed` is how far the hub's backup covers the office's feed of `epoch`, where a greeting has just said it.
    """
    office = own_office(connection)
    if office is None:
        return 0
    _give_back(connection, office)
    _set_up(connection, office)
    cleared = 0
    for rid, told_in, upto in connection.execute("SELECT rid, epoch, upto FROM tombstone WHERE is_bare = 0 ORDER BY rid").fetchall():
        one = RecordId(as_bytes(rid))
        if not _has_own_work_waiting(connection, one):
            drop_rows(connection, one)
            is_covered = epoch is not None and as_bytes(told_in) == epoch and 0 < as_int(upto) <= backup_feed
            if is_covered and not read_number(connection, "offers_owed"):
                cleared += _clear(connection, one)
    return cleared


def _set_up(connection: apsw.Connection, office: OfficeCode) -> None:
    """With the place of the feed at which this desk stands: what it holds was told before. A program that was upgraded since knows no better."""
    place = (read_state(connection, "epoch") or b"", read_number(connection, "cursor"))
    connection.execute(
        "INSERT INTO tombstone(rid, act, code, procedure, reason, left_ms, epoch, upto)"
        " SELECT rid, min(act), code, procedure, reason, max(at_ms), ?, ? FROM scope_exit x"
        f" WHERE office = ? AND {STANDING} AND NOT EXISTS(SELECT 1 FROM tombstone t WHERE t.rid = x.rid) GROUP BY rid",
        (*place, office),
    )


def _give_back(connection: apsw.Connection, office: OfficeCode) -> None:
    """Dossiers that the office entered again: what is held of them is shown again, with what comes."""
    rows = connection.execute(
        "DELETE FROM tombstone WHERE NOT EXISTS("
        f"SELECT 1 FROM scope_exit x WHERE x.office = ? AND x.rid = tombstone.rid AND {STANDING}) RETURNING rid",
        (office,),
    ).fetchall()
    for (raw,) in rows:
        rid = RecordId(as_bytes(raw))
        events = [one for one in event_log.events_of(connection, rid) if one.header.type not in BESIDE_DOSSIERS]
        if events:
            keep_references(connection, events)
            projection.refold(connection, rid)


def _has_own_work_waiting(connection: apsw.Connection, rid: RecordId) -> bool:
    lane = own_lane(connection)
    promise = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    floor = as_int(promise[0]) if promise else 0
    waits = connection.execute("SELECT 1 FROM event WHERE rid = ? AND lane = ? AND seq > ? LIMIT 1", (rid, lane.lane, floor))
    return waits.fetchone() is not None


def _clear(connection: apsw.Connection, rid: RecordId) -> bool:
    """Take away what others wrote and the files that only they name. False while the newest row of the log is among it: its number must not be given again."""
    node = own_lane(connection).node
    marks = ",".join("?" * len(TOLD_IN_SPITE))
    connection.execute(
        f"DELETE FROM event WHERE rid = ? AND type NOT IN ({marks}) AND lane IN (SELECT lane FROM lane WHERE node <> ?)"
        " AND position < (SELECT max(position) FROM event)",
        (rid, *TOLD_IN_SPITE, node),
    )
    own = [event for event in event_log.events_of(connection, rid) if event.header.type not in BESIDE_DOSSIERS]
    held = connection.execute("DELETE FROM blob_reference WHERE rid = ? RETURNING digest", (rid,)).fetchall()
    keep_references(connection, own)
    digests = [BlobDigest(as_bytes(digest)) for (digest,) in held]
    erasures.forget_files(connection, [one for one in digests if not _waits(connection, one)])
    is_bare = all(event.header.node == node or event.header.type in TOLD_IN_SPITE for event in own)
    connection.execute("UPDATE tombstone SET is_bare = ? WHERE rid = ?", (int(is_bare), rid))
    return is_bare


def _waits(connection: apsw.Connection, digest: BlobDigest) -> bool:
    """Whether a file is still to be sent, or was refused and waits for a person."""
    query = "SELECT 1 FROM blob WHERE digest = ? AND state IN ('local', 'refused')"
    return connection.execute(query, (digest,)).fetchone() is not None


def _tombstone(row: tuple[apsw.SQLiteValue, ...]) -> Tombstone:
    rid, code, procedure, reason, left_ms, is_bare = row
    return Tombstone(RecordId(as_bytes(rid)), str(code), str(procedure), str(reason), as_int(left_ms), bool(is_bare))


def knows_exits(connection: apsw.Connection) -> bool:
    """Whether the hub of the last greeting judges wishes to leave."""
    return read_state(connection, HUB_JUDGES) == b"1"


HUB_JUDGES = "hub_judges_exits"
