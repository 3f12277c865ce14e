"""Synchronising: one run to an empty queue for a command, and the same things for ever for the serving node."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec
import structlog

from edge_node.bootstrap.filling import Filling
from edge_node.existence.asking_again import ask_again
from edge_node.existence.taking import take_index
from edge_node.sync import comparing
from edge_node.sync.comparing import Comparison
from edge_node.sync.driver import SyncDriver
from edge_node.sync.errors import HubRefused
from edge_node.sync.line import Line
from edge_node.sync.transfers import Transfers
from sync_protocol import sender
from sync_protocol.adapters.bus import NodeBus
from sync_protocol.adapters.bus_state import BusState
from sync_protocol.adapters.enduring_part import keep_on
from sync_protocol.adapters.erased_files import remove_erased_files
from sync_protocol.errors import Problem

if TYPE_CHECKING:
    from edge_node.app import Node

_log = structlog.get_logger(__name__)
LOOK_S = 0.5  # how often a serving node looks whether another process of this desk saved something
PULL_S = 30.0
COME_BACK_S = 2.0  # after "not yet" to a question whose answer is being made

Told = Callable[[tuple[int, int], tuple[int, int]], None]


class SyncReport(msgspec.Struct, frozen=True):
    """What one run did."""

    acknowledged: int
    files: int
    pulled: int
    sent_bytes: int
    received_bytes: int
    compared: Comparison | None = None


class Synchroniser:
    """Keeps a node and the hub level: outbox, files, news, catalogue. One per process."""

    def __init__(self, node: Node, bus: NodeBus) -> None:
        self.node = node
        self.bus = bus
        self.line = Line(bus)
        self.driver: SyncDriver = node.driver(self.line)
        self.transfers = Transfers(node.store, node.files, self.line, node.desk.now_ms)
        self.filling = Filling(node.store, self.line, self.transfers, node.hub, node.identity.office, node.desk.now_ms)
        self.news = asyncio.Event()
        self.pulled = 0
        self.files = 0
        self._up = False
        bus.on_state(self._on_state)
        bus.on_hint(self._on_hint)

    async def _on_hint(self, payload: bytes) -> None:
        self.news.set()

    def _on_state(self, state: BusState) -> None:
        if state.is_connected != self._up:
            self._up = state.is_connected
            self.driver.tell(sender.LineUp() if self._up else sender.LineDown())

    async def run(self) -> None:
        """Run until cancelled; every part survives the failure of the others."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.driver.run())
            group.create_task(keep_on("ledger", self._watch_ledger, again_s=LOOK_S))
            group.create_task(keep_on("files and news", self._move_files_and_news, again_s=COME_BACK_S))

    async def _watch_ledger(self) -> None:
        """Another process of this desk may save too: the database is the meeting point."""
        while True:
            with contextlib.suppress(Problem):  # a database that does not answer now is asked again
                head = await asyncio.to_thread(self.node.head)
                if head > self.driver.state.head:
                    self.driver.tell(sender.Saved(head))
            await asyncio.sleep(LOOK_S)

    async def take_news(self) -> int:
        """Fill a new node from the hub's snapshot, then fetch all news; returns the number of new events.

        Raises:
            HubRefused: the snapshot is being made. Problem: the line failed; what was taken stays.
        """
        if self.driver.welcome is not None:
            await self.filling.fill(self.driver.welcome)
        pulled = await self.driver.pull_all()
        await self.filling.finish()
        return pulled

    async def take_existence(self) -> None:
        """Bring the country-wide index up to date, and make again the checks that were only local (R-10)."""
        store, welcome = self.node.store, self.driver.welcome
        if welcome is not None:
            if await take_index(self.line, self.transfers, store, self.node.hub, welcome.existence_ms):
                _log.info("existence.index.taken", as_of_ms=welcome.existence_ms)
            made = await ask_again(self.line, store, self.node.identity.office, self.node.desk.now_ms())
            if made:
                _log.info("existence.asked_again", dossiers=len(made), found=sum(1 for one in made if one.found))

    async def compare(self, *, now: bool = False) -> Comparison | None:
        """Hold what is here against what the hub told this office, once a week or `now`. None: not due, or something moved meanwhile."""
        store, welcome, now_ms = self.node.store, self.driver.welcome, self.node.desk.now_ms
        if welcome is None or comparing.CAPABILITY not in welcome.capabilities:
            return None
        if not now and not await store.readers.run_async(lambda c: comparing.is_due(c, now_ms())):
            return None
        return await comparing.compare(self.line, store, now_ms)

    async def remove_erased(self) -> None:
        """Take away files that an order of the hub left without a mention."""
        store = self.node.store
        await asyncio.to_thread(remove_erased_files, store.readers, store.writer, self.node.files)

    async def _move_files_and_news(self) -> None:
        loop = asyncio.get_running_loop()
        due = 0.0
        greeted = settled = None  # the greetings after which refused files were offered again, and the index looked at
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self.news.wait()
            if self.driver.state.phase != "open":
                await asyncio.sleep(LOOK_S)  # a hint that waits to be heard would keep the whole loop to itself
                continue
            try:
                if greeted is not self.driver.welcome:
                    greeted = self.driver.welcome
                    await self.transfers.retry_refused()
                if self.news.is_set() or loop.time() >= due:
                    self.news.clear()
                    due = loop.time() + PULL_S
                    await self.take_catalogue()
                    await self.take_trust_lists()
                    self.pulled += await self.take_news()
                    await self.remove_erased()
                self.files += await self.transfers.send_waiting(self._records_are_through)
                if settled is not self.driver.welcome and self._records_are_through():
                    settled = self.driver.welcome
                    await self.take_existence()
                    await self.compare()
            except Problem as problem:
                _log.info("sync.files.waiting", code=problem.code)
                is_busy = isinstance(problem, HubRefused) and problem.is_busy
                await asyncio.sleep(COME_BACK_S if is_busy else LOOK_S)

    def _records_are_through(self) -> bool:
        return self.driver.state.phase == "open" and sender.waiting(self.driver.state) == 0

    async def take_catalogue(self) -> None:
        """Fetch the hub's catalogue when it is newer. A bad one is refused and the former stays in force."""
        offer = self.driver.welcome.catalogue if self.driver.welcome else None
        if offer is not None and self.node.catalogues.lacks(offer):
            content = await self.transfers.fetch(offer.digest, offer.size)
            await asyncio.to_thread(self.node.catalogues.take, offer, content)
            _log.info("catalogue.taken", version=offer.version)

    async def take_trust_lists(self) -> None:
        """Fetch the hub's revocation lists when they are newer. Bad ones are refused and the former stay."""
        offer = self.driver.welcome.trust if self.driver.welcome else None
        if offer is not None and self.node.lists.lacks(offer):
            content = await self.transfers.fetch(offer.digest, offer.size)
            await asyncio.to_thread(self.node.lists.take, offer, content)
            _log.info("trust.taken", made_ms=offer.made_ms)


async def synchronise(
    node: Node, told: Told = lambda events, files: None, wait_s: float = 20.0, *, compares: bool = False
) -> SyncReport:
    """Bring everything saved so far to the hub, fetch all news, then stop. `compares`: then ask whether both hold the same.

    Raises:
        BusProblem: no line within `wait_s`. Problem: what the hub refused; the rest of the queue is not affected.
    """
    bus = node.bus()
    sync = Synchroniser(node, bus)
    begun = sync.driver.state.floor
    running = asyncio.create_task(sync.driver.run())
    done = asyncio.Event()
    total_files = node.store.readers.run(_waiting_files)

    def look() -> None:
        state = sync.driver.state
        told((state.floor - begun, state.head - begun), (sync.files, total_files))
        if state.phase == "open" and sender.waiting(state) == 0:
            done.set()

    sync.driver.on_change = look
    sync.transfers.on_change = look
    try:
        await bus.connect(wait_s)
        sync.driver.tell(sender.LineUp())
        await _first(done.wait(), running)
        await sync.take_catalogue()
        await sync.take_trust_lists()
        pulled = await _patiently(sync.take_news)
        await sync.remove_erased()
        sync.files = await sync.transfers.send_waiting(lambda: True)
        await sync.take_existence()
        compared = await sync.compare(now=compares)
        look()
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await bus.close()
    return SyncReport(
        sync.driver.state.floor - begun, sync.files, pulled, sync.line.sent_bytes, sync.line.received_bytes, compared
    )


async def _patiently(work: Callable[[], Awaitable[int]]) -> int:
    """One command waits for a snapshot that the hub is making; every other refusal is raised."""
    while True:
        try:
            return await work()
        except HubRefused as refusal:
            if not refusal.is_busy:
                raise
        await asyncio.sleep(COME_BACK_S)


async def _first(wanted: object, running: asyncio.Task[None]) -> None:
    """Wait for `wanted`, or raise what ended `running`."""
    waiting = asyncio.ensure_future(wanted)  # type: ignore[call-overload]
    await asyncio.wait({waiting, running}, return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        waiting.cancel()
        running.result()


def _waiting_files(connection: object) -> int:
    row = connection.execute("SELECT count(*) FROM blob WHERE state = 'local'").fetchone()  # type: ignore[attr-defined]
    return int(row[0]) if row else 0
