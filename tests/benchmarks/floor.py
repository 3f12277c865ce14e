"""The raw floor of sync speed: chain, one signature a batch, one FULL commit, a signed receipt, over the same message server. No merge.

What the product does above it (envelope rules, encryption, merge, search keys, scopes, feeds, duplicates) is the price of being useful;
the ratio of both in one run is the figure to watch. `python -m tests.benchmarks.floor` is the hub's half, started by `Floor`.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw
import msgspec
from backports import zstd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nats.aio.client import Client, RawCredentials

from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.bus.tls import client_context

BATCH, WINDOW = 500, 4
_SEED = b"F" * 32
_GENESIS = bytes(32)
_encode = msgspec.msgpack.encode


class Line(msgspec.Struct, array_like=True, gc=False):
    """One event: its number, predecessor, record, time and body."""

    seq: int
    prev: bytes
    rid: bytes
    hlc: int
    body: bytes


class Batch(msgspec.Struct, array_like=True):
    """Consecutive events, the hash of the last one, one signature."""

    first: int
    lines: list[Line]
    head: bytes
    signature: bytes


class _Known(msgspec.Struct):
    code: str
    office: str
    received_ms: int


_batch, _known = msgspec.msgpack.Decoder(Batch), msgspec.msgpack.Decoder(_Known)


def link(prev: bytes, one: Line) -> bytes:
    """The id of an event in its chain."""
    head = _encode((one.seq, one.rid, one.hlc)) + hashlib.sha256(one.body).digest()
    return hashlib.sha256(prev + head).digest()


async def connect(settings: BusSettings) -> Client:
    """A plain client with the given credentials, over TLS as everybody."""
    client = Client()
    await client.connect(
        servers=[settings.servers[0]], user_credentials=RawCredentials(settings.credentials.text), tls=client_context(settings.ca_pem or b""),
        tls_handshake_first=True, pending_size=-1,
    )  # fmt: skip
    return client


class Hub:
    """The hub's half over one plain database file."""

    def __init__(self, path: str) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(_SEED)
        self.public = Ed25519PublicKey.from_public_bytes(self.key.public_key().public_bytes_raw())
        self.seq, self.head = 0, _GENESIS
        self.database = apsw.Connection(path)
        for pragma, value in (("journal_mode", "wal"), ("synchronous", "full"), ("cache_size", -64_000)):
            self.database.pragma(pragma, value)
        self.database.execute(
            "CREATE TABLE event(position INTEGER PRIMARY KEY, seq INTEGER UNIQUE, rid BLOB, hlc INTEGER, id BLOB, body BLOB);"
            "CREATE TABLE dossier(rid BLOB PRIMARY KEY, code TEXT UNIQUE, office TEXT, ms INTEGER, body BLOB);"
            "CREATE TABLE head(seq INTEGER, id BLOB)"
        )

    def push(self, frame: bytes) -> bytes:
        """Prove, commit, and only then promise."""
        batch = _batch.decode(zstd.decompress(frame))
        self.public.verify(batch.signature, batch.head)
        events, dossiers = [], []
        prev, seq = self.head, self.seq
        for one in batch.lines:
            if one.seq <= seq:
                continue
            prev, seq = link(prev, one), one.seq
            known = _known.decode(one.body)
            events.append((one.seq, one.rid, one.hlc, prev, one.body))
            dossiers.append((one.rid, known.code, known.office, known.received_ms, one.body))
        if events and prev != batch.head:
            return b"gap"
        with self.database:
            self.database.executemany("INSERT INTO event(seq, rid, hlc, id, body) VALUES(?,?,?,?,?)", events)
            self.database.executemany("INSERT OR REPLACE INTO dossier VALUES(?,?,?,?,?)", dossiers)
            self.database.execute("INSERT INTO head VALUES(?,?)", (seq, prev))
        self.seq, self.head = seq, prev
        return _encode((seq, prev, self.key.sign(prev + seq.to_bytes(8, "big"))))

    def pull(self, frame: bytes) -> bytes:
        """The next events after a position."""
        after = msgspec.msgpack.decode(frame)
        rows = self.database.execute(
            "SELECT position, seq, rid, hlc, id, body FROM event WHERE position > ? ORDER BY position LIMIT ?",
            (after, BATCH),
        )
        return zstd.compress(_encode(rows.fetchall()), 3)


async def serve(settings: BusSettings, path: str) -> None:
    """Answer until killed."""
    hub, client = Hub(path), await connect(settings)

    async def push(message: Any) -> None:
        await message.respond(hub.push(message.data))

    async def pull(message: Any) -> None:
        await message.respond(hub.pull(message.data))

    await client.subscribe("floor.push", cb=push)
    await client.subscribe("floor.pull", cb=pull)
    await client.flush()
    print("ready", flush=True)
    await asyncio.Event().wait()


class Floor:
    """The node's half, and the process of the hub's half."""

    def __init__(self, folder: Path, settings: BusSettings) -> None:
        folder.mkdir(parents=True)
        self._settings, self._folder = settings, folder
        self._key = Ed25519PrivateKey.from_private_bytes(_SEED)
        given = _encode((settings.servers[0], settings.credentials.text, settings.ca_pem))
        (folder / "way").touch(0o600)
        (folder / "way").write_bytes(given)
        words = [sys.executable, "-m", "tests.benchmarks.floor", str(folder / "way"), str(folder / "hub.db")]
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], env=dict(os.environ)
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()
        self._node = apsw.Connection(str(folder / "node.db"))
        self._node.pragma("journal_mode", "wal")
        self._node.pragma("synchronous", "full")
        self._node.execute(
            "CREATE TABLE outbox(seq INTEGER PRIMARY KEY, prev BLOB, rid BLOB, hlc INTEGER, body BLOB, id BLOB); CREATE TABLE floor(seq INTEGER)"
        )
        self._seq, self._head = 0, _GENESIS

    def save(self, records: Sequence[tuple[bytes, bytes]]) -> float:
        """Append records to the outbox in transactions of a batch; seconds."""
        began = time.perf_counter()
        for at in range(0, len(records), BATCH):
            rows = []
            for rid, body in records[at : at + BATCH]:
                one = Line(self._seq + 1, self._head, rid, self._seq << 16, body)
                self._seq, self._head = one.seq, link(self._head, one)
                rows.append((one.seq, one.prev, one.rid, one.hlc, one.body, self._head))
            with self._node:
                self._node.executemany("INSERT INTO outbox VALUES(?,?,?,?,?,?)", rows)
        return time.perf_counter() - began

    async def push(self, first: int, last: int) -> tuple[float, int]:
        """Push outbox events `first … last` in a window of batches; seconds and bytes."""
        client = await connect(self._settings)
        carried, gate = 0, asyncio.Semaphore(WINDOW)

        async def send(at: int) -> None:
            nonlocal carried
            async with gate:
                rows = self._node.execute(
                    "SELECT seq, prev, rid, hlc, body, id FROM outbox WHERE seq >= ? ORDER BY seq LIMIT ?", (at, BATCH)
                ).fetchall()
                head = rows[-1][-1]
                assert isinstance(head, bytes)
                lines = [Line(*row[:5]) for row in rows]  # type: ignore[arg-type]
                frame = zstd.compress(_encode(Batch(at, lines, head, self._key.sign(head))), 3)
                answer = await client.request("floor.push", frame, timeout=60)
                carried += len(frame) + len(answer.data)
                self._node.execute("INSERT INTO floor VALUES(?)", (msgspec.msgpack.decode(answer.data)[0],))

        began = time.perf_counter()
        await asyncio.gather(*(send(at) for at in range(first, last + 1, BATCH)))
        took = time.perf_counter() - began
        await client.close()
        return took, carried

    async def pull(self, name: str) -> tuple[float, int, int]:
        """Fetch everything into a fresh database; seconds, bytes and events."""
        client = await connect(self._settings)
        fresh = apsw.Connection(str(self._folder / name))
        fresh.pragma("journal_mode", "wal")
        fresh.pragma("synchronous", "full")
        fresh.execute(
            "CREATE TABLE dossier(rid BLOB PRIMARY KEY, code TEXT UNIQUE, office TEXT, ms INTEGER, body BLOB); CREATE TABLE cursor(at INTEGER)"
        )
        carried, events, began = 0, 0, time.perf_counter()
        coming = asyncio.ensure_future(client.request("floor.pull", _encode(0), timeout=60))
        while True:
            answer = (await coming).data
            carried += len(answer)
            rows = msgspec.msgpack.decode(zstd.decompress(answer))
            if not rows:
                break
            coming = asyncio.ensure_future(client.request("floor.pull", _encode(rows[-1][0]), timeout=60))
            await asyncio.sleep(0)
            known = [(row[2], _known.decode(row[5]), row[5]) for row in rows]
            with fresh:
                fresh.executemany(
                    "INSERT INTO dossier VALUES(?,?,?,?,?)",
                    [(r, k.code, k.office, k.received_ms, b) for r, k, b in known],
                )
                fresh.execute("INSERT INTO cursor VALUES(?)", (rows[-1][0],))
            events += len(rows)
        took = time.perf_counter() - began
        await client.close()
        return took, carried, events

    def close(self) -> None:
        """End the hub's half."""
        self.process.kill()
        self.process.wait()
        self._node.close()


def main() -> None:
    """The hub's half."""
    from sync_protocol.adapters.bus.credentials import read_credentials

    server, credentials, authority = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes())
    settings = BusSettings(name="floor", servers=(server,), credentials=read_credentials(credentials), ca_pem=authority)
    asyncio.run(serve(settings, sys.argv[2]))


if __name__ == "__main__":
    main()
