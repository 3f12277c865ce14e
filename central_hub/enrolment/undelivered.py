"""What a node had not delivered: read before it is replaced or revoked, and kept in sight afterwards.

The hub knows it from two sides: what the node said of itself in its last hello, and what the hub was promised and does not hold (files named in
events). Records made after the last hello are known to the node alone; its disk, a courier file or its backup still holds them.
"""

from __future__ import annotations

import apsw
import msgspec

from central_hub.ingest.nodes import NodeRow
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int, one_int

FILES_MAX = 200


class LaneState(msgspec.Struct, frozen=True):
    """One incarnation: how far the node said it had come, and how far the hub holds it. `missing` events lie between."""

    incarnation: bytes
    said: int
    held: int

    @property
    def missing(self) -> int:
        """Events the node had and the hub has not."""
        return max(0, self.said - self.held)


class MissingFile(msgspec.Struct, frozen=True):
    """A file that a dossier of this office names and the hub does not hold."""

    dossier: str
    digest: bytes
    size: int


class Undelivered(msgspec.Struct, frozen=True):
    """Everything known. `said_ms` is the last hello (UTC), None when the node never spoke."""

    said_ms: int | None
    waiting_events: int
    waiting_bytes: int
    oldest_ms: int | None
    lanes: tuple[LaneState, ...]
    files: tuple[MissingFile, ...]
    numbers: tuple[tuple[int, int], ...]
    held_frames: int

    @property
    def is_clean(self) -> bool:
        """Nothing is known to be missing as of the last hello."""
        return not (self.waiting_events or self.files or self.held_frames or any(lane.missing for lane in self.lanes))


def undelivered(connection: apsw.Connection, node: NodeRow) -> Undelivered:
    """What is missing of one node, as of its last hello."""
    held = {
        as_bytes(inc): as_int(seq)
        for inc, seq in connection.execute("SELECT inc, head_seq FROM lane WHERE node = ? ORDER BY lane", (node.node,))
    }
    hello = node.hello
    said = {bytes(head.inc): head.seq for head in hello.heads} if hello else {}
    lanes = tuple(
        LaneState(inc, said.get(inc, held.get(inc, 0)), held.get(inc, 0)) for inc in dict.fromkeys([*held, *said])
    )
    files = connection.execute(
        # by the office's feed: it names the few thousand dossiers that can be meant, where a look through all would take seconds
        "SELECT d.code, r.digest, r.size FROM (SELECT DISTINCT e.rid FROM feed f JOIN event e ON e.position = f.position WHERE f.office = ?) AS own"
        " JOIN dossier d ON d.rid = own.rid JOIN blob_reference r ON r.rid = d.rid LEFT JOIN blob b ON b.digest = r.digest"
        " WHERE d.office = ? AND b.digest IS NULL ORDER BY d.received_ms LIMIT ?",
        (node.office, node.office, FILES_MAX),
    )
    numbers = connection.execute("SELECT first, last FROM code_block WHERE node = ? ORDER BY first", (node.node,))
    frames = connection.execute("SELECT count(*) FROM quarantine WHERE node = ?", (node.node,)).fetchone()
    return Undelivered(
        node.last_hello_ms, hello.queue_events if hello else 0, hello.queue_bytes if hello else 0,
        hello.queue_oldest_ms if hello else None, lanes, tuple(MissingFile(*row) for row in files),
        tuple((as_int(first), as_int(last)) for first, last in numbers), one_int(frames),
    )  # fmt: skip
