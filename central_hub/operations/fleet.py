"""The fleet: every node with its last word, whether it is connected now, what waits there, and what of it needs people at the hub.

Everything is read in a fixed number of statements, however many offices there are: a page of 700 costs one list of nodes and six sums.
"""

from __future__ import annotations

from typing import Literal, get_args

import apsw
import msgspec

from central_hub.ingest.nodes import NodeRow, all_nodes
from central_hub.ingest.quarantine import open_by_node
from central_hub.operations.presence import Presence, presences
from sync_protocol.ids import NodeId, OfficeCode

SILENT_AFTER_MS = 15 * 60_000  # three missed hellos
OLD_QUEUE_MS = 24 * 3_600_000
CLOCK_TOLERANCE_MS = 60_000
LOW_DISK_BYTES = 2 << 30
ENDING_MS = 30 * 86_400_000

NodeState = Literal["revoked", "never", "away", "slow", "look", "here"]
STATES: tuple[NodeState, ...] = ("look", "away", "slow", "never", "here", "revoked")  # in the order people should read them


Complaint = Literal["silent", "queue", "clock", "quarantine", "disk", "certificate"]
COMPLAINTS: tuple[Complaint, ...] = get_args(Complaint)


class NodeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One node on the fleet page. Ages and offsets in ms; `floor` is the last own event the hub holds of the current incarnation.

    `floor_lag` events were written there and are not here, as of the last hello; `certificates_end_ms` is when the first of its office's
    certificates ends that no later one replaces. `disk_free_bytes` is None while the node never told it. `is_slow`: connected, and heard with gaps
    (`hearing`); `since_ms` is then when it was last heard before.
    """

    node: NodeId
    office: OfficeCode
    is_here: bool
    is_slow: bool
    since_ms: int | None
    last_hello_ms: int | None
    software: str
    queue_events: int
    queue_bytes: int
    queue_oldest_ms: int | None
    floor: int
    floor_lag: int
    clock_offset_ms: int
    disk_free_bytes: int | None
    certificates_end_ms: int | None
    catalogue_version: int
    quarantined: int
    conflicts: int
    is_revoked: bool
    is_silent: bool
    now_ms: int

    @property
    def queue_age_ms(self) -> int:
        """Age of the oldest item that waits at the node, 0 without one."""
        return max(0, self.now_ms - self.queue_oldest_ms) if self.queue_oldest_ms else 0

    @property
    def certificate_days(self) -> int | None:
        """Whole days until the first certificate of the office ends; None where none is registered."""
        return None if self.certificates_end_ms is None else (self.certificates_end_ms - self.now_ms) // 86_400_000

    @property
    def complaints(self) -> tuple[str, ...]:
        """What is wrong with this node, in words of `alarms`."""
        if self.is_revoked:
            return ()
        found = {
            "silent": self.is_silent and self.last_hello_ms is not None,
            "queue": self.queue_age_ms > OLD_QUEUE_MS,
            "clock": abs(self.clock_offset_ms) > CLOCK_TOLERANCE_MS,
            "quarantine": self.quarantined > 0,
            "disk": self.disk_free_bytes is not None and self.disk_free_bytes < LOW_DISK_BYTES,
            "certificate": self.certificates_end_ms is not None and self.certificates_end_ms - self.now_ms < ENDING_MS,
        }
        return tuple(name for name, holds in found.items() if holds)

    @property
    def needs_look(self) -> bool:
        """A person should ask this office."""
        return bool(self.complaints)

    @property
    def state(self) -> NodeState:
        """The one word of the grid."""
        if self.is_revoked:
            return "revoked"
        if self.last_hello_ms is None and not self.is_here:
            return "never"
        if any(one != "silent" for one in self.complaints):
            return "look"
        if not self.is_here:
            return "away"
        return "slow" if self.is_slow else "here"


def read_fleet(connection: apsw.Connection, now_ms: int) -> list[NodeLine]:
    """Every enrolled node by name."""
    facts = _Facts(connection, now_ms)
    return [facts.line(row) for row in all_nodes(connection)]


def read_node(connection: apsw.Connection, row: NodeRow, now_ms: int) -> NodeLine:
    """One node as the fleet page shows it."""
    return _Facts(connection, now_ms).line(row)


class _Facts:
    """Sums by node and by office, each read once."""

    def __init__(self, connection: apsw.Connection, now_ms: int) -> None:
        def by_name(sql: str, *values: int) -> dict[str, int]:
            return {str(name): int(count) for name, count in connection.execute(sql, values)}

        self._now_ms = now_ms
        self._presences = presences(connection)
        self._held = open_by_node(connection)
        self._conflicts = by_name("SELECT office, count(*) FROM dossier WHERE conflicts > 0 GROUP BY office")
        self._certificates = by_name(
            "SELECT office, min(ends) FROM (SELECT office, max(until_ms) AS ends FROM officer_certificate GROUP BY office, role, account) AS last"
            " WHERE ends > ? GROUP BY office",
            now_ms,
        )
        self._floors = {
            (str(node), bytes(inc)): int(seq)
            for node, inc, seq in connection.execute("SELECT node, inc, head_seq FROM lane")
        }

    def line(self, row: NodeRow) -> NodeLine:
        """The line of one node. Without word from the message server a node that spoke lately counts as here."""
        hello, seen, now_ms = row.hello, row.last_hello_ms, self._now_ms
        spoke_lately = seen is not None and now_ms - seen <= SILENT_AFTER_MS
        known = self._presences.get(row.node) or Presence(spoke_lately, seen or row.enrolled_ms)
        floor = self._floors.get((row.node, bytes(hello.inc)), 0) if hello else 0
        said = max((head.seq for head in hello.heads if head.inc == hello.inc), default=0) if hello else 0
        is_silent = not spoke_lately if known.is_here else now_ms - max(known.since_ms, seen or 0) > SILENT_AFTER_MS
        return NodeLine(
            node=row.node, office=row.office, is_here=known.is_here, is_slow=known.voice == "slow", since_ms=known.since_ms, last_hello_ms=seen,
            software=hello.software if hello else "", queue_events=hello.queue_events if hello else 0,
            queue_bytes=hello.queue_bytes if hello else 0, queue_oldest_ms=hello.queue_oldest_ms if hello else None, floor=floor,
            floor_lag=max(0, said - floor), clock_offset_ms=hello.clock_ms - seen if hello and seen else 0,
            disk_free_bytes=hello.free_disk_bytes or None if hello else None, certificates_end_ms=self._certificates.get(row.office),
            catalogue_version=hello.catalogue_version if hello else 0, quarantined=self._held.get(row.node, 0),
            conflicts=self._conflicts.get(row.office, 0), is_revoked=row.is_revoked, is_silent=is_silent, now_ms=now_ms,
        )  # fmt: skip
