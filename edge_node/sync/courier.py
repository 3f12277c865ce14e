"""Courier files at the node: what waits goes onto a stick as ordinary frames; what comes back are ordinary signed answers.

The promise is the same as on a line: nothing counts as delivered before the hub's signature was checked here (design.md §4).
"""

from __future__ import annotations

from functools import partial

import apsw
import msgspec

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import NodeStore
from edge_node.store.send_order import IN_ORDER
from edge_node.sync.memory import is_before_restore, keep_acknowledgement, unsent_events
from edge_node.sync.pushing import HubKnown
from edge_node.sync.witness import orders_over
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.batch import Sign, check_acknowledgement, seal_batch
from sync_protocol.courier import CourierFile, CourierReply, read_courier_reply, write_courier
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, NodeId
from sync_protocol.limits import BATCH_EVENTS_MAX, CHUNK_BYTES
from sync_protocol.messages import BlobHave, BlobMissing, BlobPut, Push, PushReply, Refusal
from sync_protocol.wire import pack, unpack_reply


class Exported(msgspec.Struct, frozen=True):
    """A courier file and what is in it."""

    content: bytes
    events: int
    files: int


class Imported(msgspec.Struct, frozen=True):
    """What the hub's answers said. `refused` are stable codes."""

    upto: int
    files: int
    refused: tuple[str, ...]


def export_courier(store: NodeStore, files: FileStore, hub: str, sign: Sign, node: NodeId) -> Exported:
    """Everything not acknowledged, and every file not at the hub. Exporting changes nothing: it may be lost and made again.

    Where only files wait the newest own event goes with them: the signature that answers it says which life of the hub has them.
    """
    events = store.readers.run(_unacknowledged)
    runs = [events[start : start + BATCH_EVENTS_MAX] for start in range(0, len(events), BATCH_EVENTS_MAX)]
    frames: list[bytes] = []
    for run in runs:
        frames += [pack(order) for order in store.readers.run(partial(orders_over, run=run))]
        frames.append(pack(Push(seal_batch(hub, run, sign))))
    waiting = store.readers.run(lambda c: c.execute(f"SELECT digest, size FROM blob WHERE state = 'local' ORDER BY {IN_ORDER}").fetchall())
    if waiting and not runs and (newest := store.readers.run(_newest)):
        frames.append(pack(Push(seal_batch(hub, newest, sign))))
    for raw, size in [(as_bytes(raw), as_int(size)) for raw, size in waiting]:
        digest = BlobDigest(raw)
        frames.append(pack(BlobHave(digest, size)))
        for offset in range(0, size, CHUNK_BYTES):
            chunk = files.read_chunk(digest.hex(), offset, min(CHUNK_BYTES, size - offset))
            frames.append(pack(BlobPut(digest, offset, chunk), compress=False))
    return Exported(write_courier(CourierFile(hub, node, tuple(frames))), len(events), len(waiting))


def import_courier(store: NodeStore, hub: HubKnown, node: NodeId, content: bytes) -> Imported:
    """Take the hub's answers; idempotent, and an older file never moves anything back.

    Raises:
        RemoteProtocolError: not a courier reply for this node, or damaged. SignatureRejected: not our hub's.
    """
    reply: CourierReply = read_courier_reply(content, hub=hub.hub, node=node)
    upto, arrived, refused = 0, 0, []
    is_of_now = False  # an answer from before the hub was put back says nothing of the files of this one (I16)
    for frame in reply.frames:
        match unpack_reply(frame):
            case PushReply(acknowledgement=one):
                check_acknowledgement(one, hub=hub.hub, node=node, verify=hub.verify)
                is_of_now = not store.readers.run(partial(is_before_restore, one=one))
                store.writer.run(partial(keep_acknowledgement, one=one))
                upto = max(upto, one.upto)
            case BlobMissing(digest=digest, verified=True) if is_of_now:
                arrived += store.writer.run(partial(_at_hub, digest=digest))
            case Refusal(code=code):
                refused.append(code)
            case _:
                pass
    return Imported(upto, arrived, tuple(refused))


def _unacknowledged(connection: apsw.Connection) -> list[Event]:
    lane = own_lane(connection)
    row = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    return list(unsent_events(connection, (int(row[0]) if row else 0) + 1, lane.head.seq))


def _newest(connection: apsw.Connection) -> list[Event]:
    head = own_lane(connection).head.seq
    return list(unsent_events(connection, head, head)) if head else []


def _at_hub(connection: apsw.Connection, digest: BlobDigest) -> int:
    connection.execute("UPDATE blob SET state = 'at_hub', sent = size WHERE digest = ? AND state = 'local'", (digest,))
    return connection.changes()
