"""Making, keeping and offering snapshots. Whoever enrols a node has it begin with one: the office's snapshot is made while the machine is
set up, and all nodes of the office begin with it. One is also made when a node asks and none of today is there; until then the node is told to come back.

A snapshot never outlives its day, its epoch, or an order to erase: whatever it held is then read anew (erasure).
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable

import apsw
import msgspec
import structlog

from central_hub.bootstrap.reading import parts_of, rids_of, words_of_leaving
from central_hub.ingest.feed import feed_head
from central_hub.ingest.identity import HubIdentity
from central_hub.ingest.nodes import offices_awaited
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.batch import Sign
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, HubEpoch, OfficeCode
from sync_protocol.limits import SNAPSHOT_FROM_EVENTS, SNAPSHOT_PART_DOSSIERS
from sync_protocol.messages import Busy, SnapshotOffer
from sync_protocol.snapshot import Manifest, PartFile, manifest_message, view_format, write_part

_log = structlog.get_logger(__name__)
LIFE_MS = 86_400_000
COME_BACK_MS = 5_000
AWAITED_MS = 30 * 86_400_000  # so long after its enrolment a node is waited for with a snapshot of the day


class Snapshots:
    """The snapshots of one hub."""

    def __init__(
        self, store: HubStore, files: FileStore, identity: HubIdentity, sign: Sign, now_ms: Callable[[], int], *,
        from_events: int = SNAPSHOT_FROM_EVENTS, part_dossiers: int = SNAPSHOT_PART_DOSSIERS,
    ) -> None:  # fmt: skip
        self._store, self._files, self._identity, self._sign, self._now_ms = store, files, identity, sign, now_ms
        self._from_events, self._part_dossiers = from_events, part_dossiers
        self._making: dict[OfficeCode, asyncio.Task[None]] = {}

    async def answer(self, office: OfficeCode) -> SnapshotOffer | Busy:
        """What a node of this office may begin from: today's snapshot, nothing (a short feed is pulled), or "not yet"."""
        epoch, now_ms = self._identity.epoch, self._now_ms()
        held = await self._store.readers.run_async(lambda c: held_manifest(c, office, epoch, now_ms))
        if held is None and office not in self._making:
            if await self._store.readers.run_async(lambda c: feed_head(c, office)) < self._from_events:
                return self._signed(Manifest(epoch, office, 0, now_ms, view_format(), ()))
            self._begin(office)
        return self._signed(held) if held is not None else Busy(COME_BACK_MS)

    @property
    def making(self) -> tuple[OfficeCode, ...]:
        """Offices whose snapshot is being made now."""
        return tuple(self._making)

    async def prepare(self) -> int:
        """Make what nodes that were enrolled and have not greeted yet will begin from, one after the other; returns how many were lacking."""
        lacking = await self._store.readers.run_async(self._lacking)
        for office in lacking:
            await (self._making.get(office) or self._begin(office))
        return len(lacking)

    def _lacking(self, connection: apsw.Connection) -> list[OfficeCode]:
        epoch, now_ms = self._identity.epoch, self._now_ms()
        return [
            office
            for office in offices_awaited(connection, now_ms - AWAITED_MS)
            if held_manifest(connection, office, epoch, now_ms) is None
            and feed_head(connection, office) >= self._from_events
        ]

    def _begin(self, office: OfficeCode) -> asyncio.Task[None]:
        task = self._making[office] = asyncio.create_task(self._make(office))
        return task

    async def _make(self, office: OfficeCode) -> None:
        try:
            made = await asyncio.to_thread(self.make, office)
            _log.info("hub.snapshot.made", office=office, parts=len(made.parts), events=made.events)
        except Problem as problem:
            _log.error("hub.snapshot.failed", office=office, code=problem.code)
        finally:
            del self._making[office]

    def make(self, office: OfficeCode) -> Manifest:
        """Read and store an office's snapshot now, replacing the former. Parts are durable before the manifest names them."""
        manifest = self._store.readers.run(lambda c: self._read(c, office))
        row = (office, manifest.epoch, manifest.as_of_ms, msgspec.msgpack.encode(manifest))
        former = self._store.writer.run(lambda c: _replace(c, office, row, [one.digest for one in manifest.parts]))
        remove_parts(self._files, former)
        return manifest

    def _read(self, connection: apsw.Connection, office: OfficeCode) -> Manifest:
        hub, epoch = self._identity.hub, self._identity.epoch
        head, rids = feed_head(connection, office), rids_of(connection, office)
        parts = []
        whole = parts_of(connection, rids, self._part_dossiers, hub=hub, epoch=epoch, office=office, sign=self._sign)
        left = words_of_leaving(connection, office, self._part_dossiers, hub=hub, epoch=epoch, sign=self._sign)
        for part in itertools.chain(whole, left):
            content = write_part(part)
            digest = BlobDigest(bytes.fromhex(self._files.put(content)))
            parts.append(PartFile(digest, len(content), len(part.dossiers), len(part.events)))
        return Manifest(epoch, office, head, self._now_ms(), view_format(), tuple(parts))

    def _signed(self, manifest: Manifest) -> SnapshotOffer:
        return SnapshotOffer(manifest, self._sign(manifest_message(self._identity.hub, manifest)))


def held_manifest(connection: apsw.Connection, office: OfficeCode, epoch: HubEpoch, now_ms: int) -> Manifest | None:
    """The office's snapshot of this epoch, if it is of today."""
    row = connection.execute("SELECT manifest, made_ms, epoch FROM snapshot WHERE office = ?", (office,)).fetchone()
    if row is None or row[2] != epoch or now_ms - int(row[1]) >= LIFE_MS:
        return None
    return msgspec.msgpack.decode(as_bytes(row[0]), type=Manifest)


def is_part_of(connection: apsw.Connection, digest: BlobDigest, office: OfficeCode) -> bool:
    """Whether a file is a part of this office's snapshot."""
    found = connection.execute("SELECT 1 FROM snapshot_part WHERE office = ? AND digest = ?", (office, digest))
    return found.fetchone() is not None


def forget_snapshots(connection: apsw.Connection, before_ms: int) -> list[BlobDigest]:
    """Drop every snapshot made before a moment (UTC ms); returns the files to remove, by `remove_parts`, after the commit."""
    rows = connection.execute("DELETE FROM snapshot WHERE made_ms < ? RETURNING office", (before_ms,)).fetchall()
    gone: list[BlobDigest] = []
    for (office,) in rows:
        parts = connection.execute("DELETE FROM snapshot_part WHERE office = ? RETURNING digest", (office,)).fetchall()
        gone += [BlobDigest(as_bytes(one)) for (one,) in parts]
    return gone


def remove_parts(files: FileStore, digests: Iterable[BlobDigest]) -> None:
    """Take parts off the disk."""
    for digest in digests:
        files.remove(digest.hex())


def _replace(
    connection: apsw.Connection, office: OfficeCode, row: tuple[apsw.SQLiteValue, ...], digests: list[BlobDigest]
) -> list[BlobDigest]:
    held = connection.execute("DELETE FROM snapshot_part WHERE office = ? RETURNING digest", (office,)).fetchall()
    connection.execute("INSERT OR REPLACE INTO snapshot(office, epoch, made_ms, manifest) VALUES(?,?,?,?)", row)
    connection.executemany(
        "INSERT OR IGNORE INTO snapshot_part(office, digest) VALUES(?,?)", [(office, one) for one in digests]
    )
    return [BlobDigest(as_bytes(one)) for (one,) in held if one not in digests]
