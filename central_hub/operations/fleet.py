"""The fleet: every node with its last word, what waits there, and what of it needs people at the hub."""

from __future__ import annotations

import apsw
import msgspec

from central_hub.ingest.nodes import NodeRow, all_nodes
from sync_protocol.ids import NodeId, OfficeCode

SILENT_AFTER_MS = 15 * 60_000  # three missed hellos
OLD_QUEUE_MS = 24 * 3_600_000
CLOCK_TOLERANCE_MS = 60_000


class NodeLine(msgspec.Struct, frozen=True):
    """One node on the fleet page. Ages and offsets in ms; `floor` is the last own event the hub holds of the current incarnation."""

    node: NodeId
    office: OfficeCode
    last_hello_ms: int | None
    software: str
    queue_events: int
    queue_bytes: int
    queue_oldest_ms: int | None
    floor: int
    clock_offset_ms: int
    catalogue_version: int
    quarantined: int
    is_revoked: bool
    is_silent: bool

    @property
    def needs_look(self) -> bool:
        """A person should ask this office."""
        return self.is_silent or self.quarantined > 0 or abs(self.clock_offset_ms) > CLOCK_TOLERANCE_MS


def read_fleet(connection: apsw.Connection, now_ms: int) -> list[NodeLine]:
    """Every enrolled node by name."""
    held = dict(connection.execute("SELECT node, count(*) FROM quarantine GROUP BY node"))
    return [_line(connection, row, int(held.get(row.node, 0)), now_ms) for row in all_nodes(connection)]


def _line(connection: apsw.Connection, row: NodeRow, quarantined: int, now_ms: int) -> NodeLine:
    hello, seen = row.hello, row.last_hello_ms
    floor = 0
    if hello is not None:
        found = connection.execute(
            "SELECT head_seq FROM lane WHERE node = ? AND inc = ?", (row.node, hello.inc)
        ).fetchone()
        floor = int(found[0]) if found else 0
    return NodeLine(
        node=row.node, office=row.office, last_hello_ms=seen, software=hello.software if hello else "",
        queue_events=hello.queue_events if hello else 0, queue_bytes=hello.queue_bytes if hello else 0,
        queue_oldest_ms=hello.queue_oldest_ms if hello else None, floor=floor,
        clock_offset_ms=hello.clock_ms - seen if hello and seen else 0, catalogue_version=hello.catalogue_version if hello else 0,
        quarantined=quarantined, is_revoked=row.is_revoked, is_silent=seen is None or now_ms - seen > SILENT_AFTER_MS,
    )  # fmt: skip
