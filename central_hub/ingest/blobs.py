"""Files at the hub: brought in chunks, resumed by what is missing, verified by their hash, given only to offices in scope."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import apsw

from central_hub.bootstrap.snapshots import is_part_of
from central_hub.existence.publishing import is_index_file
from central_hub.ingest.awaited_files import no_longer_awaited
from central_hub.ingest.errors import NotInScope
from central_hub.ingest.lost_files import note_found
from central_hub.ingest.nodes import NodeRow
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters import exits, projection
from sync_protocol.adapters.files.errors import UploadIncomplete
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.ids import BlobDigest
from sync_protocol.limits import CHUNK_BYTES
from sync_protocol.messages import BlobGet, BlobHave, BlobMissing, BlobPart, BlobPut

Accepted = Callable[[BlobDigest], None]


class HubFiles:
    """The hub's side of the blob verb over a file store."""

    def __init__(self, store: HubStore, files: FileStore, now_ms: Callable[[], int]) -> None:
        self._store = store
        self.files = files
        self._now_ms = now_ms

    async def answer(self, node: NodeRow, request: BlobHave | BlobPut | BlobGet) -> BlobMissing | BlobPart:
        """Answer one blob request.

        Raises:
            NotInScope: no dossier that this office may see refers to the file.
        """
        digest = request.digest
        await self._store.readers.run_async(lambda c: _check_right(c, node, digest, isinstance(request, BlobGet)))
        match request:
            case BlobHave(size=size):
                found = await asyncio.to_thread(self._have, digest, size)
                return await self._recorded(digest, found, was_here=found.verified)
            case BlobPut(offset=offset, chunk=chunk):
                return await self._recorded(digest, await asyncio.to_thread(self._put_chunk, digest, offset, chunk))
            case BlobGet(offset=offset, length=length):
                return await asyncio.to_thread(self._get, digest, offset, min(length, CHUNK_BYTES))

    def _have(self, digest: BlobDigest, size: int) -> BlobMissing:
        if self.files.has(digest.hex()):
            return BlobMissing(digest, (), True)
        self.files.begin(digest.hex(), size)
        return self._finished(digest)

    async def _recorded(self, digest: BlobDigest, missing: BlobMissing, *, was_here: bool = False) -> BlobMissing:
        """A whole file stands in the tables before anybody is told that it is here (I16).

        The file comes before its row: a full disk or a crash between the two leaves a file that no scrub would miss if it were damaged.
        """
        if missing.verified and not await self._store.readers.run_async(lambda c: is_recorded(c, digest)):
            if was_here:  # perhaps for long, and nobody named it: its age begins anew, or the collection that reads the names now would take it
                await asyncio.to_thread(self._touch, digest)
            size = await asyncio.to_thread(self.files.size, digest.hex())
            await self._store.writer.run_async(lambda c: note_arrival(c, digest, size, self._now_ms()))
        return missing

    def _touch(self, digest: BlobDigest) -> None:
        self.files.begin(digest.hex(), self.files.size(digest.hex()))

    def _put_chunk(self, digest: BlobDigest, offset: int, chunk: bytes) -> BlobMissing:
        if self.files.has(digest.hex()):
            return BlobMissing(digest, (), True)
        self.files.put_chunk(digest.hex(), offset, chunk)
        return self._finished(digest)

    def _finished(self, digest: BlobDigest) -> BlobMissing:
        """What is still missing; where nothing is, the file is made whole, also one that a full disk or a kill left unfinished after its last chunk."""
        missing = tuple(self.files.missing(digest.hex()))
        if not missing:
            try:
                self.files.finish(digest.hex())
                return BlobMissing(digest, (), True)
            except UploadIncomplete:  # what was claimed is not there after all (a power cut): asked for again, no fault of the sender's
                missing = tuple(self.files.missing(digest.hex()))
        return BlobMissing(digest, missing, False)

    def _get(self, digest: BlobDigest, offset: int, length: int) -> BlobPart:
        return BlobPart(
            digest, offset, self.files.read_chunk(digest.hex(), offset, length), self.files.size(digest.hex())
        )


def is_recorded(connection: apsw.Connection, digest: BlobDigest) -> bool:
    """Whether the tables call the file held, and not lost."""
    query = "SELECT 1 FROM blob b WHERE digest = ? AND NOT EXISTS(SELECT 1 FROM lost_file l WHERE l.digest = b.digest)"
    return connection.execute(query, (digest,)).fetchone() is not None


def note_arrival(connection: apsw.Connection, digest: BlobDigest, size: int, now_ms: int) -> None:
    """Record a whole file as held: its signatures are judged later (seals). A file known before keeps its time and state."""
    connection.execute(
        "INSERT OR IGNORE INTO blob(digest, size, state, reason, at_ms) VALUES(?,?,'held','',?)", (digest, size, now_ms)
    )
    note_found(connection, digest)
    no_longer_awaited(connection, digest)


def _check_right(connection: apsw.Connection, node: NodeRow, digest: BlobDigest, reading: bool) -> None:
    if reading and connection.execute("SELECT 1 FROM catalogue WHERE digest = ?", (digest,)).fetchone():
        return
    if reading and connection.execute("SELECT 1 FROM catalogue_part WHERE digest = ?", (digest,)).fetchone():
        return
    if reading and connection.execute("SELECT 1 FROM trust_lists WHERE digest = ?", (digest,)).fetchone():
        return
    if reading and (is_index_file(connection, digest) or is_part_of(connection, digest, node.office)):
        return
    for rid, _ in projection.referring(connection, digest):
        if connection.execute("SELECT 1 FROM scope WHERE rid = ? AND office = ?", (rid, node.office)).fetchone():
            return
        if not reading and exits.has_left(connection, rid, node.office):  # it brings what it made while it was entitled
            return
    raise NotInScope(node=node.node)
