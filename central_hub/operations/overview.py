"""The overview: counts of what the hub holds, and how each office fares. Read from the database only."""

from __future__ import annotations

import apsw
import msgspec

from central_hub.ingest.witness import Recovered, recovered
from central_hub.operations.fleet import NodeLine, read_fleet


class Overview(msgspec.Struct, frozen=True):
    """Totals by name, every node, and the histories that an operator should know of."""

    totals: dict[str, int]
    nodes: tuple[NodeLine, ...]
    recovered: tuple[Recovered, ...] = ()


_TOTALS = {
    "events": "SELECT count(*) FROM event",
    "hub_events": "SELECT count(*) FROM event e JOIN lane l ON l.lane = e.lane WHERE l.node = 'hub'",
    "dossiers": "SELECT count(*) FROM dossier",
    "intake_waiting": "SELECT count(*) FROM dossier WHERE state = 'supplement_at_intake'",
    "intake_refused": "SELECT count(*) FROM dossier WHERE state = 'refused'",
    "documents": "SELECT count(*) FROM document",
    "agency_signed": "SELECT count(*) FROM document WHERE is_sealed = 1",
    "files_held": "SELECT count(*) FROM blob WHERE state <> 'preserved'",
    "files_accepted": "SELECT count(*) FROM blob WHERE state = 'accepted'",
    "files_quarantined": "SELECT count(*) FROM blob WHERE state = 'quarantined'",
    "files_preserved": "SELECT count(*) FROM preserved_copy",
    "files_referenced": "SELECT count(DISTINCT digest) FROM blob_reference",
    "file_bytes": "SELECT coalesce(sum(size), 0) FROM blob",
    "conflicts": "SELECT coalesce(sum(conflicts), 0) FROM dossier WHERE conflicts > 0",
    "suspicions": "SELECT coalesce(sum(suspicions), 0) FROM dossier WHERE conflicts + suspicions > 0",
    "quarantined": "SELECT count(*) FROM quarantine",
    "lookups": "SELECT count(*) FROM audit",
}


def overview(connection: apsw.Connection, now_ms: int) -> Overview:
    """Count and list."""
    return Overview(totals(connection), tuple(read_fleet(connection, now_ms)), tuple(recovered(connection)))


def totals(connection: apsw.Connection) -> dict[str, int]:
    """What the hub holds, by kind."""
    return {name: _count(connection, query) for name, query in _TOTALS.items()}


def _count(connection: apsw.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
