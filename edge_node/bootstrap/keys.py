"""The search keys of dossiers taken from a snapshot, written in their own order when all parts are here.

A key falls anywhere in its index. Written with the dossiers, the keys of a large office change nearly a page each with every part; gathered
and sorted, a quarter of a million dossiers at a time, each page of the index is written once for many of them. A dossier's row names its keys,
so nothing is lost where this is cut: it goes on behind the last dossier whose keys stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apsw
import msgspec

from edge_node.store.node_store import NodeStore, read_state, write_state
from sync_protocol.adapters import event_log
from sync_protocol.adapters.folded import read_keys
from sync_protocol.adapters.projection_rows import insert_keys
from sync_protocol.adapters.sqlite.many import select_in
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import RecordId

OWED_BEHIND = "bootstrap_keys"  # the dossier behind which keys are owed; no such value, nothing owed
DOSSIERS_AT_ONCE = 250_000  # about 90 MB of keys; each turn goes through the whole index once, so few turns
KEYS_AT_ONCE = 20_000  # in one transaction: a clerk who saves meanwhile waits for no more
_RID_BYTES = 16

_CHANGED = "SELECT rid FROM event WHERE position > ?"

class Gathered(msgspec.Struct, frozen=True):
    """Keys of the next dossiers in the order of the index, and the last of these dossiers. `position` is the newest event when they were read.

    A key is one string of bytes, its dossier's id at the end: a third of the memory of a pair, and sorted as the index sorts.
    """

    keys: list[bytes]
    last: bytes
    position: int


def owe(connection: apsw.Connection) -> None:
    """Dossiers stand here without their keys, wherever their ids fall. Idempotent."""
    write_state(connection, OWED_BEHIND, b"")


async def write_owed(store: NodeStore) -> int:
    """Write all keys that are owed; returns their number. Goes on where it was cut; again is nothing new."""
    written = 0
    while (gathered := await store.readers.run_async(gather)) is not None:
        for slice_ in _slices(gathered.keys):
            await store.writer.run_async(lambda c, keys=slice_, g=gathered: write(c, keys, g.position))  # type: ignore[misc]
        await store.writer.run_async(lambda c, g=gathered: write_state(c, OWED_BEHIND, g.last))  # type: ignore[misc]
        written += len(gathered.keys)
    await store.writer.run_async(_settle)
    return written


def gather(connection: apsw.Connection) -> Gathered | None:
    """The keys of the next dossiers to which keys are owed; None when there are none."""
    behind = read_state(connection, OWED_BEHIND)
    if behind is None:
        return None
    rows = connection.execute(
        "SELECT rid, keys FROM dossier WHERE rid > ? ORDER BY rid LIMIT ?", (behind, DOSSIERS_AT_ONCE)
    )
    keys: list[bytes] = []
    last = behind
    for rid, named in rows:
        last = as_bytes(rid)
        keys += [_joined(key, last) for key in read_keys(str(named))]
    keys.sort()
    return Gathered(keys, last, event_log.last_position(connection)) if last != behind else None


def write(connection: apsw.Connection, keys: Sequence[bytes], position: int) -> None:
    """Write keys that were gathered when `position` was the newest event: of dossiers that changed since, those they still stand under."""
    now = {as_bytes(rid): set[str]() for (rid,) in connection.execute(_CHANGED, (position,))}
    for rid, named in select_in(connection, "SELECT rid, keys FROM dossier WHERE rid IN (?)", now):
        now[as_bytes(rid)] = set(read_keys(str(named)))
    insert_keys(connection, [(key, rid) for key, rid in map(parted, keys) if rid not in now or key in now[rid]])


def parted(joined: bytes) -> tuple[str, RecordId]:
    """A gathered key and the dossier that stands under it."""
    return joined[: -_RID_BYTES - 1].decode(), RecordId(joined[-_RID_BYTES:])


def _joined(key: str, rid: bytes) -> bytes:
    return key.encode() + b"\0" + rid


def _settle(connection: apsw.Connection) -> None:
    connection.execute("DELETE FROM node_state WHERE key = ?", (OWED_BEHIND,))


def _slices(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for at in range(0, len(keys), KEYS_AT_ONCE):
        yield keys[at : at + KEYS_AT_ONCE]
