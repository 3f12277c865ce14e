"""The outbox as people see it: what waits, since when, what holds it, when it is tried again, and the button.

Nothing is stored twice: everything is read from the log, the file table, and the driver's own state.
"""

from __future__ import annotations

import json

import apsw
import msgspec

from edge_node.store.damaged import DamagedPaper, damaged_papers
from edge_node.store.ledger import own_lane
from edge_node.store.node_store import NodeStore
from edge_node.store.send_order import IN_ORDER
from sync_protocol import sender
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import BESIDE_DOSSIERS
from sync_protocol.bodies.following import EXITS
from sync_protocol.ids import BlobDigest, RecordId


class WaitingDossier(msgspec.Struct, frozen=True):
    """A dossier with events that the hub has not acknowledged."""

    rid: RecordId
    code: str
    events: int
    oldest_ms: int


class WaitingFile(msgspec.Struct, frozen=True):
    """A file on its way, or refused with a reason (a stable code); `rid` and `code` are a dossier that it belongs to."""

    digest: BlobDigest
    size: int
    sent: int
    reason: str
    at_ms: int
    rid: RecordId | None = None
    code: str = ""


class Queue(msgspec.Struct, frozen=True):
    """Everything that waits at this office. Times are UTC ms."""

    events: int
    oldest_ms: int | None
    dossiers: tuple[WaitingDossier, ...]
    files: tuple[WaitingFile, ...]
    files_bytes: int
    refused: tuple[WaitingFile, ...]
    held: int
    damaged: tuple[DamagedPaper, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing waits and nothing needs a person."""
        return self.events == 0 and not self.files and not self.refused and not self.damaged


class LineState(msgspec.Struct, frozen=True):
    """The line as the outbox engine sees it. `reason` is a stable code, "" when nothing holds the queue."""

    phase: sender.Phase
    reason: str = ""
    next_try_ms: int | None = None
    failures: int = 0
    since_ms: int | None = None

    @property
    def is_open(self) -> bool:
        """The hub answers."""
        return self.phase == "open"


class WaitingCounts(msgspec.Struct, frozen=True):
    """How much waits, for the line on top of every page: of everything, however many rows the queue page shows."""

    dossiers: int
    files: int
    files_bytes: int
    files_refused: int


OFFLINE = LineState("offline")
_BESIDE = json.dumps(sorted(BESIDE_DOSSIERS - EXITS))  # a wish to let a dossier go is work on it that waits
SHOWN = 200  # rows on the queue page; the counts are always of everything


def read_queue(connection: apsw.Connection) -> Queue:
    """The queue now, oldest first."""
    lane = own_lane(connection)
    row = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    floor = int(row[0]) if row else 0
    oldest = connection.execute(
        "SELECT min(arrived_ms) FROM event WHERE lane = ? AND seq > ?", (lane.lane, floor)
    ).fetchone()
    dossiers = connection.execute(
        "SELECT e.rid, coalesce(d.code, ''), count(*), min(e.arrived_ms) FROM event e LEFT JOIN dossier d ON d.rid = e.rid"
        " WHERE e.lane = ? AND e.seq > ? AND e.type NOT IN (SELECT value FROM json_each(?)) GROUP BY e.rid ORDER BY min(e.seq) LIMIT ?",
        (lane.lane, floor, _BESIDE, SHOWN),
    )
    waiting = tuple(WaitingDossier(RecordId(rid), code, count, at) for rid, code, count, at in dossiers)
    held = connection.execute("SELECT count(*) FROM held").fetchone()
    size = connection.execute("SELECT coalesce(sum(size - sent), 0) FROM blob WHERE state = 'local'").fetchone()
    return Queue(
        lane.head.seq - floor, oldest[0] if oldest else None, waiting, _files(connection, "local"), size[0] if size else 0,
        _files(connection, "refused"), held[0] if held else 0, damaged_papers(connection),
    )  # fmt: skip


class WaitingCounter:
    """Counts what waits, cheaply enough for a line that every open page asks for every few seconds.

    A lane only grows, so the dossiers between two of its places are counted once and remembered until one of the places moves.
    """

    def __init__(self) -> None:
        self._counted: tuple[tuple[int, int, int], int] = (0, 0, 0), 0

    def read(self, connection: apsw.Connection) -> WaitingCounts:
        """The counts as of the connection's snapshot; several threads may ask at once."""
        lane = own_lane(connection)
        row = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
        places, counted = (lane.lane, as_int(row[0]) if row else 0, lane.head.seq), self._counted
        if counted[0] != places:
            counted = self._counted = places, _count_dossiers(connection, *places)
        files, size, refused = connection.execute(
            "SELECT sum(state = 'local'), sum(CASE state WHEN 'local' THEN size - sent END), sum(state = 'refused')"
            " FROM blob WHERE state IN ('local', 'refused')"
        ).fetchone() or (0, 0, 0)
        return WaitingCounts(counted[1], as_int(files or 0), as_int(size or 0), as_int(refused or 0))


def _count_dossiers(connection: apsw.Connection, lane: int, floor: int, head: int) -> int:
    row = connection.execute(
        "SELECT count(DISTINCT rid) FROM event WHERE lane = ? AND seq > ? AND seq <= ?"
        " AND type NOT IN (SELECT value FROM json_each(?))",
        (lane, floor, head, _BESIDE),
    ).fetchone()
    return as_int(row[0]) if row else 0


def retry_file(store: NodeStore, digest: BlobDigest) -> None:
    """A person wants a refused file tried again. Idempotent."""
    store.writer.run(
        lambda c: c.execute(
            "UPDATE blob SET state = 'local', reason = '' WHERE digest = ? AND state = 'refused'", (digest,)
        ).fetchone()
    )


def _files(connection: apsw.Connection, state: str) -> tuple[WaitingFile, ...]:
    rows = connection.execute(
        "SELECT b.digest, b.size, b.sent, b.reason, b.at_ms, d.rid, coalesce(d.code, '') FROM (SELECT * FROM blob WHERE state = ?"
        f" ORDER BY {IN_ORDER} LIMIT ?) b LEFT JOIN dossier d ON d.rid = (SELECT rid FROM blob_reference WHERE digest = b.digest)",
        (state, SHOWN),
    )
    return tuple(
        WaitingFile(
            BlobDigest(as_bytes(digest)), as_int(size), as_int(sent), str(reason), as_int(at_ms),
            RecordId(as_bytes(rid)) if rid is not None else None, str(code),
        )
        for digest, size, sent, reason, at_ms, rid, code in rows
    )
