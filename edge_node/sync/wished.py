"""Files of other offices that somebody wanted here while there was no line: the next stick asks for them, the one after that asks again for what did not come.

Kept in the database, so that whoever writes the stick knows; a list without order, bounded, and a file that is here or that nothing refers to any more leaves it by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

import apsw
import msgspec
import structlog

from edge_node.store.node_store import NodeStore, read_state, write_state
from edge_node.sync.stick_line import StickLine
from edge_node.sync.transfers import Transfers
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sqlite.many import select_in
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest

_log = structlog.get_logger(__name__)
WISHED_MAX = 1_000
FILES_BYTES_MAX = 1_073_741_824
_KEY = "files_wished"


def wish(connection: apsw.Connection, digests: Iterable[BlobDigest]) -> None:
    """Ask for these on the next stick, too; what exceeds the bound is left out. Idempotent."""
    kept = list(dict.fromkeys([*_held(connection), *digests]))[:WISHED_MAX]
    write_state(connection, _KEY, msgspec.msgpack.encode(kept))


def wished(connection: apsw.Connection) -> dict[BlobDigest, int]:
    """The files to ask for, each with its size in bytes."""
    rows = select_in(connection, "SELECT digest, max(size) FROM blob_reference WHERE digest IN (?) GROUP BY digest", _held(connection))
    return {BlobDigest(as_bytes(digest)): as_int(size) for digest, size in rows}


def asked_for(store: NodeStore, files: FileStore, room: int = FILES_BYTES_MAX) -> list[tuple[BlobDigest, int]]:
    """What one stick asks for: small files first, together at most `room` bytes, none that is here."""
    chosen = []
    for digest, size in sorted(store.readers.run(wished).items(), key=lambda one: (one[1], one[0])):
        if size > room:
            break
        if not files.has(digest.hex()):
            chosen.append((digest, size))
            room -= size
    return chosen


async def take_wished(store: NodeStore, line: StickLine, transfers: Transfers) -> int:
    """Keep what the stick brought of them; returns how many files are here now that were not. What came in part is completed by another stick."""
    brought = 0
    for digest, size in (await store.readers.run_async(wished)).items():
        if line.has(digest) and not await asyncio.to_thread(transfers.files.has, digest.hex()):
            try:
                await transfers.bring(digest, size)
            except Problem as problem:  # the rest of it is not on this stick, or it is not what it was called
                _log.info("sync.stick.file_incomplete", code=problem.code)
            else:
                brought += 1
    here = [one for one in await store.readers.run_async(_held) if await asyncio.to_thread(transfers.files.has, one.hex())]
    await store.writer.run_async(partial(_forget, here=frozenset(here)))
    return brought


def _held(connection: apsw.Connection) -> list[BlobDigest]:
    raw = read_state(connection, _KEY)
    return msgspec.msgpack.decode(raw, type=list[BlobDigest]) if raw else []


def _forget(connection: apsw.Connection, here: frozenset[BlobDigest]) -> None:
    if here:
        write_state(connection, _KEY, msgspec.msgpack.encode([one for one in _held(connection) if one not in here]))
