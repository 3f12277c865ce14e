"""Synchronising: one run to an empty queue for a command, and the same things for ever for the serving node."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import structlog

from edge_node.bootstrap.filling import Filling
from edge_node.existence.asking_again import ask_again
from edge_node.existence.taking import take_index
from edge_node.operations import unnamed_files
from edge_node.sync import comparing
from edge_node.sync.comparing import Comparison
from edge_node.sync.driver import SyncDriver
from edge_node.sync.errors import HubRefused
from edge_node.sync.healing import Healing
from edge_node.sync.line import Line
from edge_node.sync.not_taken import Kind, not_taken
from edge_node.sync.offers import Offers
from edge_node.sync.parts import COME_BACK_S, Parts
from edge_node.sync.transfers import Transfers
from sync_protocol import sender
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.state import BusState
from sync_protocol.adapters.enduring_part import keep_on
from sync_protocol.adapters.files.erased import remove_erased_files
from sync_protocol.errors import Problem
from sync_protocol.messages import HelloReply

if TYPE_CHECKING:
    from edge_node.app import Node

_log = structlog.get_logger(__name__)
LOOK_S = 0.5  # how often a serving node looks whether another process of this desk saved something
PULL_S = 30.0

Told = Callable[[tuple[int, int], tuple[int, int]], None]


class SyncReport(msgspec.Struct, frozen=True):
    """What one run did."""

    acknowledged: int
    files: int
    pulled: int
    sent_bytes: int
    received_bytes: int
    requests: int
    compared: Comparison | None = None
    not_taken: dict[Kind, str] = {}  # what was set aside, with its code


class Synchroniser:
    """Keeps a node and the hub level: outbox, files, news, catalogue. One per process."""

    def __init__(self, node: Node, bus: NodeBus) -> None:
        self.node = node
        self.bus = bus
        self.line = Line(bus)
        self.driver: SyncDriver = node.driver(self.line)
        self.transfers = Transfers(node.store, node.files, self.line, node.desk.now_ms)
        self.healing = Healing(node.store, self.transfers)
        self.filling = Filling(node.store, self.line, self.transfers, node.hub, node.identity.office, node.desk.now_ms)
        self.parts = Parts(node.store, self._is_open)
        self.offers = Offers(node.catalogues, node.lists, self.transfers, self.parts, time.monotonic)
        self.news = asyncio.Event()
        self.pulled = 0
        self.files = 0
        self._line_held: str | None = "BUS-001"  # the code of what keeps the line down, None while it stands
        self._due_s = 0.0
        self._greeted: HelloReply | None = None  # the greetings after which refused files were offered again,
        self._settled: HelloReply | None = None  # and the index looked at
        bus.on_state(self._on_state)
        bus.on_hint(self._on_hint)

    async def _on_hint(self, payload: bytes) -> None:
        self.news.set()

    def _on_state(self, state: BusState) -> None:
        refused = state.records.problem if state.records.kind == "refused" else None
        held = None if state.is_connected else refused.code if refused else "BUS-001"
        if held != self._line_held:
            self._line_held = held
            self.driver.tell(sender.LineUp() if held is None else sender.LineDown(held))

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

    async def take_news(self, *, asks: bool = True) -> int:
        """Fill a new node from the hub's snapshot, then fetch all news; returns the number of new events.

        Where the last greeting said that there are none, only who `asks` all the same sends the question. A snapshot that proves nothing or is
        damaged is left aside: everything comes by the feed, only slower.

        Raises:
            HubRefused: the snapshot is being made. Problem: the line failed; what was taken stays.
        """
        if self.driver.welcome is not None:
            await self.parts.bear("snapshot", partial(self.filling.fill, self.driver.welcome))
        pulled = await self.driver.pull_all() if asks or not await self.driver.has_all() else 0
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

    async def review_law(self) -> None:
        """Note the dossiers of which the catalogue in force says something else than at their receipt (D.9)."""
        await asyncio.to_thread(self.node.review_law)

    async def collect_unnamed(self) -> None:
        """Once a day, and never but in step with the hub: files that nothing names leave the disk. What hinders it waits for the next greeting."""
        store, now_ms = self.node.store, self.node.desk.now_ms
        try:
            if await store.readers.run_async(lambda c: unnamed_files.is_due(c, now_ms())):
                gone = await asyncio.to_thread(unnamed_files.collect_unnamed, store, self.node.files, now_ms)
                _log.info("files.collected", files=gone)
        except Problem as problem:
            _log.warning("files.uncollected", code=problem.code)

    async def _move_files_and_news(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self.news.wait()
            if not self._is_open():
                await asyncio.sleep(LOOK_S)  # a hint that waits to be heard would keep the whole loop to itself
                continue
            await asyncio.sleep(await self._round())

    async def _round(self) -> float:
        """Everything that is due, each part alone; returns the rest (s) that the failures among them ask for."""
        do, welcome, now_s = self.parts.do, self.driver.welcome, asyncio.get_running_loop().time()
        self.parts.rest_s = 0.0
        if self._greeted is not welcome and await do("files", partial(self._offer_again, welcome)) == "done":
            self._greeted = welcome
        if (is_hinted := self.news.is_set()) or now_s >= self._due_s:
            # a greeting that brings no news is as good as a page without any, and for as long: the next question is due as behind such a page
            again_s = self.driver.welcomed_s + PULL_S
            asks = is_hinted or now_s >= again_s
            self.news.clear()
            self._due_s = now_s + PULL_S if asks else again_s
            await self.offers.take(welcome)
            await do("news", partial(self._take_counted_news, asks=asks))
            await do("erasures", self.remove_erased)
            await do("law", self.review_law)
        await do("files", self._send_files)
        if self._settled is not welcome and self._records_are_through():
            self._settled = welcome
            await do("index", self.take_existence)
            await do("comparison", self.compare)
            await self.collect_unnamed()
        if self._records_are_through():
            await do("damaged", self.healing.heal)
        return self.parts.rest_s

    async def _take_counted_news(self, *, asks: bool) -> None:
        try:
            self.pulled += await self.take_news(asks=asks)
        except HubRefused as refusal:
            if refusal.is_busy:  # a snapshot is being made: asked for again after the rest, not at the next round of news
                self._due_s = 0.0
            raise

    async def _offer_again(self, welcome: HelloReply | None) -> None:
        """After a greeting: what the hub refused once, and what it asks for."""
        self.healing.tried.clear()
        await self.transfers.retry_refused()
        await self.transfers.offer_asked(welcome.lost_files if welcome else ())

    async def _send_files(self) -> None:
        self.files += await self.transfers.send_waiting(self._records_are_through)

    def _records_are_through(self) -> bool:
        return self._is_open() and sender.waiting(self.driver.state) == 0

    def _is_open(self) -> bool:
        return self.driver.state.phase == "open"


async def synchronise(
    node: Node, told: Told = lambda events, files: None, wait_s: float = 20.0, *, compares: bool = False
) -> SyncReport:
    """Bring everything saved so far to the hub, fetch all news, then stop. `compares`: then ask whether both hold the same.

    Raises:
        BusProblem: no line within `wait_s`. HubRefused: the hub takes nothing from this desk. Problem: the line or the disk failed.
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
        if state.phase == "refused" or (state.phase == "open" and sender.waiting(state) == 0):
            done.set()

    sync.driver.on_change = look
    sync.transfers.on_change = look
    try:
        await bus.connect(wait_s)  # that the line is up is told by the bus: said once more it was a second greeting
        await _first(done.wait(), running)
        if sync.driver.state.phase == "refused":
            raise HubRefused(refusal=sync.driver.state.reason)
        await sync.offers.take(sync.driver.welcome)
        pulled = await _patiently(partial(sync.take_news, asks=sync.news.is_set()))
        await sync.remove_erased()
        await sync.review_law()
        await sync.transfers.offer_asked(sync.driver.welcome.lost_files if sync.driver.welcome else ())
        sync.files = await sync.transfers.send_waiting(lambda: True)
        await sync.healing.heal()
        await sync.take_existence()
        compared = await sync.compare(now=compares)
        look()
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await bus.close()
    return SyncReport(
        sync.driver.state.floor - begun, sync.files, pulled, sync.line.sent_bytes, sync.line.received_bytes, sync.line.requests, compared,
        node.store.readers.run(not_taken),
    )  # fmt: skip


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
