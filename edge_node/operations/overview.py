"""The overview of a node: the counts that close a day, and every item that still waits. Read from the database only."""

from __future__ import annotations

import apsw
import msgspec

from edge_node.store.ledger import own_lane
from edge_node.store.sync_words import SyncWord
from sync_protocol.adapters.sqlite.rows import as_int


class Overview(msgspec.Struct, frozen=True):
    """Counts by name; seconds per stage as the capture jobs measured them."""

    counts: dict[str, int]
    stages: dict[str, float]


class WaitingItem(msgspec.Struct, frozen=True):
    """One event run or file that the hub does not have yet."""

    kind: str
    name: str
    since_ms: int
    bytes: int
    word: str


_KINDS = {"visit.finished": "lượt tại quầy"}  # every other event is about a dossier
_COUNTS = {
    "events_held": "SELECT count(*) FROM event",
    "dossiers": "SELECT count(*) FROM dossier",
    "intake_waiting": "SELECT count(*) FROM dossier WHERE state = 'supplement_at_intake'",
    "intake_refused": "SELECT count(*) FROM dossier WHERE state = 'refused'",
    "documents": "SELECT count(*) FROM document",
    "agency_signed": "SELECT count(*) FROM document WHERE is_sealed = 1",
    "files_local": "SELECT count(*) FROM blob WHERE state IN ('local','at_hub','here')",
    "files_waiting": "SELECT count(*) FROM blob WHERE state = 'local'",
    "jobs_waiting": "SELECT count(*) FROM capture_job WHERE state = 'waiting'",
    "jobs_stopped": "SELECT count(*) FROM capture_job WHERE state = 'stopped'",
    "jobs_done": "SELECT count(*) FROM capture_job WHERE state = 'done'",
    "conflicts": "SELECT coalesce(sum(conflicts), 0) FROM dossier",
    "suspicions": "SELECT coalesce(sum(suspicions), 0) FROM dossier",
    "held": "SELECT count(*) FROM held",
}


def overview(connection: apsw.Connection) -> Overview:
    """Count everything a day-end slip needs."""
    counts = {name: _count(connection, query) for name, query in _COUNTS.items()}
    lane = own_lane(connection)
    promise = connection.execute(
        "SELECT upto, hubseq, backup_seq FROM acknowledgement WHERE inc = ?", (lane.inc,)
    ).fetchone()
    upto, hubseq, backed = promise or (0, 0, 0)
    counts |= {
        "own_events": lane.head.seq, "acknowledged": int(upto), "waiting": lane.head.seq - int(upto), "hub_sequence": int(hubseq),
        "backed_up": int(backed), "incarnations": _count(connection, "SELECT count(*) FROM lane WHERE kind IN ('own','retired')"),
    }  # fmt: skip
    raw = connection.execute("SELECT value FROM node_state WHERE key = 'stage_seconds'").fetchone()
    stages = msgspec.json.decode(bytes(raw[0]), type=dict[str, float]) if raw else {}
    return Overview(counts, stages)


def waiting_items(connection: apsw.Connection) -> list[WaitingItem]:
    """Events not acknowledged, per dossier, and files not at the hub; oldest first."""
    lane = own_lane(connection)
    promise = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    upto = int(promise[0]) if promise else 0
    items = [
        WaitingItem(_KINDS.get(type, "hồ sơ"), code or bytes(rid).hex()[:8], since, size, SyncWord.SAVED_HERE)
        for rid, type, code, since, size in connection.execute(
            "SELECT e.rid, e.type, d.code, min(e.arrived_ms), sum(length(e.header) + coalesce(length(e.body), 0)) FROM event e"
            " LEFT JOIN dossier d ON d.rid = e.rid WHERE e.lane = ? AND e.seq > ? GROUP BY e.rid",
            (lane.lane, upto),
        )
    ]
    items += [
        WaitingItem(
            "tệp",
            bytes(digest).hex()[:8],
            since,
            size - sent,
            SyncWord.NEEDS_YOU if reason else SyncWord.SENDING if sent else SyncWord.SAVED_HERE,
        )
        for digest, since, size, sent, reason in connection.execute(
            "SELECT digest, at_ms, size, sent, reason FROM blob WHERE state IN ('local', 'refused')"
        )
    ]
    return sorted(items, key=lambda one: one.since_ms)


def oldest_waiting_ms(connection: apsw.Connection) -> int | None:
    """When the first of what waits was saved (UTC ms), None when nothing waits."""
    lane = own_lane(connection)
    event = connection.execute(
        "SELECT arrived_ms FROM event WHERE lane = ? AND seq > coalesce((SELECT upto FROM acknowledgement WHERE inc = ?), 0)"
        " ORDER BY seq LIMIT 1",
        (lane.lane, lane.inc),
    ).fetchone()
    file = connection.execute("SELECT min(at_ms) FROM blob WHERE state IN ('local', 'refused')").fetchone()
    found = [as_int(row[0]) for row in (event, file) if row and row[0] is not None]
    return min(found, default=None)


def _count(connection: apsw.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
