"""The overview: counts of what the hub holds, and how each office fares. Read from the database only."""

from __future__ import annotations

import apsw
import msgspec

from central_hub.ingest.nodes import all_nodes


class NodeLine(msgspec.Struct, frozen=True):
    """One node as operators see it. Ages are milliseconds before the given now."""

    node: str
    office: str
    is_revoked: bool
    last_hello_ms: int | None
    software: str
    queue_events: int
    queue_oldest_age_ms: int | None
    clock_offset_ms: int | None
    floor: int
    quarantined: int
    catalogue_version: int


class Overview(msgspec.Struct, frozen=True):
    """Totals by name, and every node."""

    totals: dict[str, int]
    nodes: tuple[NodeLine, ...]


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
    "conflicts": "SELECT coalesce(sum(conflicts), 0) FROM dossier",
    "suspicions": "SELECT coalesce(sum(suspicions), 0) FROM dossier",
    "quarantined": "SELECT count(*) FROM quarantine",
    "lookups": "SELECT count(*) FROM audit",
}


def overview(connection: apsw.Connection, now_ms: int) -> Overview:
    """Count and list."""
    totals = {name: _count(connection, query) for name, query in _TOTALS.items()}
    lines = []
    for row in all_nodes(connection):
        hello = row.hello
        floor = connection.execute("SELECT coalesce(sum(head_seq), 0) FROM lane WHERE node = ?", (row.node,)).fetchone()
        held = connection.execute("SELECT count(*) FROM quarantine WHERE node = ?", (row.node,)).fetchone()
        oldest = hello.queue_oldest_ms if hello else None
        lines.append(
            NodeLine(
                row.node, row.office, row.is_revoked, row.last_hello_ms, hello.software if hello else "",
                hello.queue_events if hello else 0, None if oldest is None else now_ms - oldest,
                hello.clock_ms - row.last_hello_ms if hello and row.last_hello_ms else None,
                floor[0] if floor else 0, held[0] if held else 0, hello.catalogue_version if hello else 0,
            )
        )  # fmt: skip
    return Overview(totals, tuple(lines))


def _count(connection: apsw.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
