"""Courier files at the node: what waits goes onto a stick as ordinary frames, behind a greeting and before a question for news.

It is sealed to the hub's key, where this desk knows one (hub_stick_key.py). The promise is the same as on a line: nothing counts as delivered before the hub's signature was checked here (design.md §4). What comes back is
read in courier_answer.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import apsw
import msgspec
import structlog

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import NodeStore
from edge_node.store.send_order import IN_ORDER
from edge_node.sync import asking, reminding
from edge_node.sync.memory import unsent_events
from edge_node.sync.stick_witness import given_back, is_owed_by_hand, retired_runs
from edge_node.sync.witness import orders_over
from sync_protocol.adapters.files.errors import FileAbsent, FileDamaged
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sealed_sticks import stick_pieces
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.batch import Sign, seal_batch
from sync_protocol.courier import CourierFile, sign_file
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, HubEpoch, NodeId, OfficeCode
from sync_protocol.limits import BATCH_EVENTS_MAX, CHUNK_BYTES, PULL_EVENTS_MAX
from sync_protocol.messages import BlobGet, BlobHave, BlobPut, Pull, Push, Request
from sync_protocol.wire import pack

_log = structlog.get_logger(__name__)
FILES_OUT_BYTES_MAX = 2 * 1_073_741_824  # a hub reads 4 GiB at most; the rest goes with the next stick
_NO_EPOCH = HubEpoch(bytes(16))


class Exported(msgspec.Struct, frozen=True):
    """A courier file and what is in it. `to` is the hub's key that it is sealed to; none: a hub of the version before, or one not heard of since."""

    file: CourierFile
    events: int
    files: int
    to: bytes = b""

    def pieces(self) -> Iterator[bytes]:
        """The file's bytes, made as they are written."""
        return stick_pieces(self.file, self.to)

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return b"".join(self.pieces())


class Greeting(msgspec.Struct, frozen=True):
    """What makes a stick an exchange: who greets, what of the hub's files it holds, the key that opens its line, and the one that opens its answers."""

    office: OfficeCode
    public_key: bytes
    now_ms: int
    opens_line: Sign
    holds: tuple[BlobDigest, ...] = ()
    stick_key: bytes = b""


def export_courier(
    store: NodeStore, files: FileStore, hub: str, sign: Sign, node: NodeId, greeting: Greeting | None = None,
    wanted: Sequence[tuple[BlobDigest, int]] = (), to: bytes = b"",
) -> Exported:  # fmt: skip
    """Everything not acknowledged, and the files not at the hub, as far as there is room. Exporting changes nothing: it may be lost and made again.

    Where only files wait the newest own event goes with them: the signature that answers it says which life of the hub has them. Without a
    greeting (a node that was never given the key of a line) the stick brings, and asks for nothing. `wanted` are files of other offices, with sizes.
    """
    events = store.readers.run(_unacknowledged)
    runs = [events[start : start + BATCH_EVENTS_MAX] for start in range(0, len(events), BATCH_EVENTS_MAX)]
    frames = [] if greeting is None else [pack(one) for one in store.readers.run(partial(_opening, greeting=greeting))]
    gives_back = greeting is not None and store.readers.run(is_owed_by_hand)
    for run in [*runs, *(store.readers.run(retired_runs) if gives_back else ())]:
        frames += [pack(order) for order in store.readers.run(partial(orders_over, run=run))]
        frames.append(pack(Push(seal_batch(hub, run, sign))))
    if gives_back:
        frames += store.readers.run(lambda c: [pack(one) for one in given_back(c)])
    waiting = store.readers.run(lambda c: c.execute(f"SELECT digest, size FROM blob WHERE state = 'local' ORDER BY {IN_ORDER}").fetchall())
    if waiting and not runs and (newest := store.readers.run(_newest)):
        frames.append(pack(Push(seal_batch(hub, newest, sign))))
    carried = [_of_file(files, digest, size) for digest, size in _as_far_as(FILES_OUT_BYTES_MAX, waiting)]
    frames += [frame for one in carried for frame in one]
    count = sum(1 for one in carried if one)
    if greeting is None:
        return Exported(CourierFile(hub, node, tuple(frames)), len(events), count, to)
    frames += [pack(BlobGet(digest, at, min(CHUNK_BYTES, size - at))) for digest, size in wanted for at in range(0, size, CHUNK_BYTES)]
    frames.append(pack(store.readers.run(_question)))
    content = sign_file(CourierFile(hub, node, tuple(frames), greeting.holds), greeting.opens_line)
    return Exported(content, len(events), count, to)


def _as_far_as(room: int, waiting: Sequence[tuple[apsw.SQLiteValue, ...]]) -> Iterator[tuple[BlobDigest, int]]:
    """The first of what waits that have room together, at least one."""
    carried = 0
    for raw, size in waiting:
        if carried and carried + as_int(size) > room:
            return
        carried += as_int(size)
        yield BlobDigest(as_bytes(raw)), as_int(size)


def _of_file(files: FileStore, digest: BlobDigest, size: int) -> list[bytes]:
    """A file's frames; none of one that this disk has lost: the records, and every other file, travel all the same."""
    frames = [pack(BlobHave(digest, size))]
    try:
        for offset in range(0, size, CHUNK_BYTES):
            chunk = files.read_chunk(digest.hex(), offset, min(CHUNK_BYTES, size - offset))
            frames.append(pack(BlobPut(digest, offset, chunk), compress=False))
    except (FileAbsent, FileDamaged) as problem:
        _log.warning(problem.event, code=problem.code, operator=problem.operator_line)
        return []
    return frames


def _opening(connection: apsw.Connection, greeting: Greeting) -> list[Request]:
    """What the hub signed in the life that is known here, so that one which forgot hears of it, and the greeting."""
    row = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (own_lane(connection).inc,)).fetchone()
    hello = asking.hello(
        connection,
        office=greeting.office,
        floor=as_int(row[0]) if row else 0,
        public_key=greeting.public_key,
        now_ms=greeting.now_ms,
        stick_key=greeting.stick_key,
    )
    return [*reminding.everything(connection), hello]


def _question(connection: apsw.Connection) -> Pull:
    return asking.pull(connection) or Pull(_NO_EPOCH, 0, PULL_EVENTS_MAX, own_lane(connection).inc)


def _unacknowledged(connection: apsw.Connection) -> list[Event]:
    lane = own_lane(connection)
    row = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    return list(unsent_events(connection, (int(row[0]) if row else 0) + 1, lane.head.seq))


def _newest(connection: apsw.Connection) -> list[Event]:
    head = own_lane(connection).head.seq
    return list(unsent_events(connection, head, head)) if head else []
