"""Files on the line: brought to the hub in chunks, fetched from it in chunks, each resumed by asking what is missing.

Records go first: a file is only touched while no event waits, and the carrier's own gate pauses between chunks (design.md decision 5).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import apsw
import structlog

from edge_node.store.damaged import is_here_again
from edge_node.store.ledger import own_lane, queue_file
from edge_node.store.node_store import NodeStore, read_state
from edge_node.store.send_order import IN_ORDER, priority_again
from edge_node.sync.errors import HubRefused, UnexpectedReply
from edge_node.sync.line import Line
from sync_protocol.adapters.files.errors import FileAbsent, FileDamaged
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sqlite.many import select_in
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.ids import BlobDigest
from sync_protocol.limits import CHUNK_BYTES
from sync_protocol.messages import BlobGet, BlobHave, BlobMissing, BlobPart, BlobPut

_log = structlog.get_logger(__name__)
CHUNKS_AHEAD = 4
QUICK_CHUNK_S = 0.25  # a record waits behind at most one chunk that takes longer


class Transfers:
    """Uploads and downloads of one node."""

    def __init__(
        self, store: NodeStore, files: FileStore, line: Line, now_ms: Callable[[], int], *, chunks_ahead: int = CHUNKS_AHEAD
    ) -> None:
        """`chunks_ahead` = 1 asks for one chunk after the other, in one task: the simulated world has no event loop."""
        self._chunks_ahead = chunks_ahead
        self.files = files
        self._store = store
        self._line = line
        self._now_ms = now_ms
        self.on_change: Callable[[], None] = lambda: None

    async def send_waiting(self, may_go: Callable[[], bool]) -> int:
        """Bring waiting files to the hub, most urgent first, for as long as `may_go`; returns how many arrived.

        A file the hub refuses or answers strangely, or that is damaged or gone here, is marked with the reason and does not hold back the
        next one (N6).

        Raises:
            HubRefused: the hub is busy or without room; everything stays in the queue. Problem: the line failed; what arrived stays arrived.
        """
        arrived = 0
        while may_go():
            waiting = await self._store.readers.run_async(_next_waiting)
            if waiting is None:
                return arrived
            digest, size = waiting
            try:
                await self._send(digest, size)
                arrived += 1
            except HubRefused as refusal:
                if refusal.is_busy:
                    raise
                await self._set_apart(digest, str(refusal.facts["refusal"]))
            except (FileAbsent, FileDamaged, UnexpectedReply) as problem:
                await self._set_apart(digest, problem.code)
            self.on_change()
        return arrived

    async def _set_apart(self, digest: BlobDigest, code: str) -> None:
        _log.warning("sync.file.refused", code=code)
        await self._store.writer.run_async(
            partial(_mark, digest=digest, state="refused", reason=code, now_ms=self._now_ms())
        )

    async def retry_refused(self) -> None:
        """What the hub refused once is offered again: called when a line comes up. Idempotent."""
        await self._store.writer.run_async(
            lambda c: c.execute("UPDATE blob SET state = 'local', reason = '' WHERE state = 'refused'").fetchone()
        )

    async def offer_asked(self, asked: Sequence[BlobDigest]) -> None:
        """What the hub asks for and lies on this disk is to be sent, also where this desk takes it for another's: its log was put back, the file was not. Idempotent."""
        sizes = await self._store.readers.run_async(partial(_sizes_of, asked=asked))
        here = [one for one in sizes if await asyncio.to_thread(self.files.has, one.hex())]
        if here:
            await self._store.writer.run_async(partial(_queue, files={one: sizes[one] for one in here}, now_ms=self._now_ms()))

    async def _send(self, digest: BlobDigest, size: int) -> None:
        asked_in = await self._store.readers.run_async(_epoch)
        answer = await self._line.expect(BlobHave(digest, size), BlobMissing)
        while not answer.verified:
            if not answer.parts:  # asked for nothing more, and yet not content: asked again, it would keep the loop to itself
                raise UnexpectedReply(expected="parts that are missing", found="none, and no file")
            for offset, length in _chunks(answer.parts):
                chunk = await asyncio.to_thread(self.files.read_chunk, digest.hex(), offset, length)
                answer = await self._line.expect(BlobPut(digest, offset, chunk), BlobMissing)
                left = sum(part for _, part in answer.parts)
                await self._store.writer.run_async(partial(_progress, digest=digest, sent=size - left))
                self.on_change()
        await self._store.writer.run_async(lambda c: _arrived(c, digest, asked_in, self._now_ms()))

    async def fetch(self, digest: BlobDigest, size: int, *, is_listed: bool = True) -> bytes:
        """The bytes of a file, from here or from the hub; a fetched file stays here, verified by its hash.

        `is_listed` says that a row may tell what became of the file; without it nothing is written, and nobody waits for the writer.

        Raises:
            HubRefused: not in this office's scope, or the hub has not received it yet.
            Problem: the line failed.
        """
        await self.bring(digest, size, is_listed=is_listed)
        return await asyncio.to_thread(self.files.get, digest.hex())

    async def bring(self, digest: BlobDigest, size: int, *, is_listed: bool = True) -> None:
        """Make sure that a file is here, without opening it; what had arrived before is not asked for again. Raises as `fetch`."""
        name = digest.hex()
        if not await asyncio.to_thread(self.files.has, name):
            await asyncio.to_thread(self.files.begin, name, size)
            while missing := await asyncio.to_thread(self.files.missing, name):
                await (self._bring_ahead if self._chunks_ahead > 1 else self._bring_in_turn)(digest, missing)
            await asyncio.to_thread(self.files.finish, name)
            if is_listed:
                await self._store.writer.run_async(lambda c: _is_here(c, digest, self._now_ms()))

    async def _bring_in_turn(self, digest: BlobDigest, missing: list[tuple[int, int]]) -> None:
        for offset, length in _chunks(missing):
            part = await self._line.expect(BlobGet(digest, offset, length), BlobPart)
            await asyncio.to_thread(self.files.put_chunk, digest.hex(), offset, part.chunk)

    async def _bring_ahead(self, digest: BlobDigest, missing: list[tuple[int, int]]) -> None:
        """Fetch and keep what is missing. While chunks come quickly several are asked for ahead; on a slow line one, so that records get past."""
        coming: deque[asyncio.Task[tuple[int, bytes, float]]] = deque()
        ahead = 1
        try:
            for offset, length in _chunks(missing):
                coming.append(asyncio.create_task(self._chunk(digest, offset, length)))
                while len(coming) >= ahead:
                    ahead = await self._keep(digest, coming)
            while coming:
                await self._keep(digest, coming)
        finally:
            for task in coming:
                task.cancel()
            await asyncio.gather(*coming, return_exceptions=True)

    async def _chunk(self, digest: BlobDigest, offset: int, length: int) -> tuple[int, bytes, float]:
        """Where a chunk belongs, its bytes, and the seconds it took."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        part = await self._line.expect(BlobGet(digest, offset, length), BlobPart)
        return offset, part.chunk, loop.time() - began

    async def _keep(self, digest: BlobDigest, coming: deque[asyncio.Task[tuple[int, bytes, float]]]) -> int:
        """Keep the first chunk that comes; returns how many may be under way from now on."""
        offset, chunk, took_s = await coming[0]
        coming.popleft()
        await asyncio.to_thread(self.files.put_chunk, digest.hex(), offset, chunk)
        return self._chunks_ahead if took_s < QUICK_CHUNK_S else 1


def _chunks(parts: tuple[tuple[int, int], ...] | list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for offset, length in parts:
        for start in range(offset, offset + length, CHUNK_BYTES):
            yield start, min(CHUNK_BYTES, offset + length - start)


# The hub takes a file only from who told it of the file: so not before the hub has the events of the dossiers that refer to it.
_NEXT = f"""
SELECT digest, size FROM blob WHERE state = 'local' AND NOT EXISTS(
    SELECT 1 FROM blob_reference r JOIN event e ON e.rid = r.rid WHERE r.digest = blob.digest AND e.lane = ? AND e.seq > ?
) ORDER BY {IN_ORDER} LIMIT 1
"""


def _sizes_of(connection: apsw.Connection, asked: Sequence[BlobDigest]) -> dict[BlobDigest, int]:
    rows = select_in(connection, "SELECT digest, size FROM blob_reference WHERE digest IN (?)", asked)
    return {BlobDigest(as_bytes(digest)): as_int(size) for digest, size in rows}


def _queue(connection: apsw.Connection, files: Mapping[BlobDigest, int], now_ms: int) -> None:
    for digest, size in files.items():
        queue_file(connection, digest, size, now_ms, priority_again(connection, digest))


def _next_waiting(connection: apsw.Connection) -> tuple[BlobDigest, int] | None:
    lane = own_lane(connection)
    promise = connection.execute("SELECT upto FROM acknowledgement WHERE inc = ?", (lane.inc,)).fetchone()
    row = connection.execute(_NEXT, (lane.lane, int(promise[0]) if promise else 0)).fetchone()
    return None if row is None else (BlobDigest(bytes(row[0])), int(row[1]))


def _mark(connection: apsw.Connection, digest: BlobDigest, state: str, reason: str, now_ms: int) -> None:
    connection.execute(
        "UPDATE blob SET state = ?, reason = ?, at_ms = ?, sent = CASE WHEN ? = 'at_hub' THEN size ELSE sent END WHERE digest = ?",
        (state, reason, now_ms, state, digest),
    )


def _is_here(connection: apsw.Connection, digest: BlobDigest, now_ms: int) -> None:
    _mark(connection, digest, "here", "", now_ms)
    is_here_again(connection, digest)


def _arrived(connection: apsw.Connection, digest: BlobDigest, asked_in: bytes | None, now_ms: int) -> None:
    """The hub has the file, and is the hub that was asked: an answer that was under way while the hub was put back says nothing of this one (I16)."""
    if _epoch(connection) == asked_in:
        _mark(connection, digest, "at_hub", "", now_ms)


def _epoch(connection: apsw.Connection) -> bytes | None:
    return read_state(connection, "epoch")


def _progress(connection: apsw.Connection, digest: BlobDigest, sent: int) -> None:
    connection.execute("UPDATE blob SET sent = ? WHERE digest = ?", (sent, digest))
