"""Offices and a hub in one process over real stores and real keys, joined by a direct line that tests can cut.

Only the carrier is a stand-in, behind the interface that NATS implements; every byte goes through the real wire format.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from central_hub.ingest.blobs import HubFiles
from central_hub.ingest.nodes import enrol_node
from central_hub.ingest.service import HubIdentity, HubService
from central_hub.store.hub_store import Embedded, Engine, HubStore
from edge_node.store.ledger import Ledger
from edge_node.store.node_store import NodeStore
from edge_node.sync.driver import SyncDriver
from edge_node.sync.errors import NoLine
from edge_node.sync.line import Line
from edge_node.sync.memory import open_incarnation
from edge_node.sync.pushing import HubKnown
from edge_node.sync.transfers import Transfers
from sync_protocol import sender
from sync_protocol.adapters import event_log
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.bodies import DossierReceived, Party
from sync_protocol.ids import HubEpoch, Incarnation, NodeId, OfficeCode, RecordId

HUB_NAME = "hub-test"


def engine_at(root: Path) -> Engine:
    """What keeps a hub's tables in these tests; the suites on PostgreSQL put another function in its place."""
    return Embedded(root / "hub.db", b"k" * 32)


def copy_tables(root: Path, to: Path) -> None:
    """What keeps the tables of a closed hub outside of its folder is copied with it: nothing here, a database on PostgreSQL."""


def forget_tables(root: Path) -> None:
    """The tables of a closed hub outside of its folder are lost with it."""


def copy_hub(root: Path, to: Path) -> None:
    """A copy of a closed hub, as its operator's backup has it."""
    shutil.copytree(root, to)
    copy_tables(root, to)


def lose_hub(root: Path) -> None:
    """A closed hub's machine is gone; a copy may be put in its place."""
    shutil.rmtree(root)
    forget_tables(root)


class Clock:
    """Milliseconds UTC that move only when a test says so."""

    def __init__(self, start_ms: int = 1_795_000_000_000) -> None:
        self.ms = start_ms

    def __call__(self) -> int:
        return self.ms


class Hub:
    """A hub with its real database and file store."""

    def __init__(self, root: Path, clock: Clock, epoch: bytes = b"e" * 16) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.signer = SoftwareSigner(b"H" * 32)
        self.store = HubStore(engine_at(root))
        files = HubFiles(self.store, FilesOnDisk(root / "files", Sealing(b"f" * 32, b"n" * 32)), clock)
        self.service = HubService(HubIdentity(HUB_NAME, HubEpoch(epoch)), self.store, files, self.signer, now_ms=clock)

    def enrol(self, office: Office) -> None:
        """Let an office in."""
        self.store.writer.run(lambda c: enrol_node(c, office.node, office.office, office.signer.public_key, 1))

    def close(self) -> None:
        self.store.close()


class DirectLine:
    """Carries frames straight to a hub. `cut` and `drop_replies` are the weather."""

    def __init__(self, node: str, hub: Hub) -> None:
        self.node = node
        self.hub = hub
        self.is_cut = False
        self.drop_replies = 0
        self.requests = 0

    async def request(self, verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
        if self.is_cut:
            raise NoLine()
        self.requests += 1
        answer = await self.hub.service.answer(self.node, payload)
        if self.drop_replies > 0:
            self.drop_replies -= 1
            raise NoLine()
        return answer


class Office:
    """One node with its real database, file store, ledger and sync driver."""

    def __init__(self, root: Path, node: str, office: str, clock: Clock, seed: bytes = b"A") -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root, self.clock = root, clock
        self.node, self.office = NodeId(node), OfficeCode(office)
        self.signer = SoftwareSigner(seed * 32)
        self.store = NodeStore(root / "node.db", b"K" * 32)
        self.store.writer.run(lambda c: event_log.lanes(c) or event_log.open_lane(c, self.node, self._inc(), "own"))
        self.files = FilesOnDisk(root / "files", Sealing(b"F" * 32, b"N" * 32))
        self.ledger = Ledger(self.store, self.node, clock)
        self._incs = itertools.count(1)
        self.carrier: DirectLine | None = None

    def _inc(self) -> Incarnation:
        return Incarnation(self.node.encode().ljust(15, b"0")[:15] + b"1")

    def _next_inc(self) -> None:
        inc = Incarnation(self.node.encode().ljust(14, b"0")[:14] + b"x" + bytes([next(self._incs)]))
        self.store.writer.run(lambda c: open_incarnation(c, inc, self.clock()))

    def join(self, hub: Hub) -> SyncDriver:
        """A driver over a fresh direct line; `driver.run()` is the caller's task."""
        self.carrier = DirectLine(self.node, hub)
        line = Line(self.carrier)
        driver = SyncDriver(
            self.store, line, node=self.node, office=self.office, hub=HubKnown(HUB_NAME, hub.signer.public_key),
            signer=self.signer, now_ms=self.clock, new_incarnation=self._next_inc,
        )  # fmt: skip
        self.transfers = Transfers(self.store, self.files, line, self.clock)
        return driver

    async def exchange(self, hub: Hub, *, with_files: bool = False) -> SyncDriver:
        """On line until everything saved so far is acknowledged, the news are in, and, when asked for, the files are up."""
        driver = self.join(hub)
        async with on_line(driver):
            await drained(driver)
            await driver.pull_all()
            if with_files:
                await self.transfers.send_waiting(lambda: True)
        return driver

    def close(self) -> None:
        self.store.close()


@contextlib.asynccontextmanager
async def on_line(driver: SyncDriver) -> AsyncIterator[asyncio.Task[None]]:
    """The driver at work, and told that its line is up, to the end of the block."""
    running = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    try:
        yield running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def drained(driver: SyncDriver) -> None:
    """Wait until the hub has acknowledged everything saved so far."""
    done = asyncio.Event()
    lanes = driver.store.readers.run(event_log.lanes)

    def look() -> None:
        head = next(one.head.seq for one in lanes if one.kind == "own")
        if driver.state.phase == "open" and driver.state.floor >= head and sender.waiting(driver.state) == 0:
            done.set()

    driver.on_change = look
    look()
    await asyncio.wait_for(done.wait(), 30)


def reception(number: int, office: str, name: str = "Nguyễn Thị Ẩn", personal_id: str = "") -> DossierReceived:
    """A dossier as it is received, with an invented applicant."""
    return DossierReceived(
        code=f"{office}-261122-{number:04d}", procedure="1.014166", channel="in_person", office=OfficeCode(office),
        applicant=Party(kind="person", name=name, personal_id=personal_id or f"0011850{number:05d}", birth_date="1985-02-01"), received_ms=1_795_000_000_000,
        officer="cb01",
    )  # fmt: skip


def rid(number: int) -> RecordId:
    """A record id that reads well in a failing test."""
    return RecordId(number.to_bytes(16, "big"))
