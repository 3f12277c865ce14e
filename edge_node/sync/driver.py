"""The driver: feeds the outbox engine with what happens, and carries its effects out.

Everything that decides is in sync_protocol.sender; here are only the database, the line and the clock. State that matters is in the
database before the screen shows it; losing this process at any point loses nothing but time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import NodeStore, read_number, read_state, write_state
from edge_node.sync import memory
from edge_node.sync.line import Line
from sync_protocol import sender
from sync_protocol.adapters import event_log, signatures
from sync_protocol.batch import check_acknowledgement, seal_batch
from sync_protocol.envelope import Event
from sync_protocol.errors import LocalProtocolError, Problem
from sync_protocol.ids import HubEpoch, Incarnation, NodeId, OfficeCode
from sync_protocol.limits import BATCH_BYTES_MAX, PROTOCOL_VERSION_MAX, PROTOCOL_VERSION_MIN, PULL_EVENTS_MAX
from sync_protocol.messages import (
    Behind,
    Busy,
    Fork,
    Hello,
    HelloReply,
    LaneHead,
    Pull,
    PullReply,
    Push,
    PushReply,
    Refusal,
)

_log = structlog.get_logger(__name__)
SOFTWARE = "lienthong 0.1"
BATCH_PLAIN_BYTES = BATCH_BYTES_MAX  # plain bytes per message: compressed it is always below the message's limit


class HubKnown:
    """What the enrolment told this node about its hub."""

    def __init__(self, hub: str, public_key: bytes) -> None:
        self.hub = hub
        self.public_key = public_key

    def verify(self, message: bytes, mark: bytes) -> None:
        """Prove a signature of the hub. Raises a Problem when it does not hold."""
        signatures.verify(self.public_key, message, mark)


class SyncDriver:
    """Runs the outbox of one node over one line.

    `new_incarnation` retires the own lane and opens a fresh one, durably, when it returns (called in a thread). `on_change` is called
    whenever something a screen shows has changed.
    """

    def __init__(
        self,
        store: NodeStore,
        line: Line,
        *,
        node: NodeId,
        office: OfficeCode,
        hub: HubKnown,
        signer: signatures.Signer,
        now_ms: Callable[[], int],
        new_incarnation: Callable[[], object],
    ) -> None:
        self.store = store
        self.line = line
        self.node = node
        self.office = office
        self.state = store.readers.run(memory.starting_state)
        self.welcome: HelloReply | None = None
        self.on_change: Callable[[], None] = lambda: None
        self.welcomed = asyncio.Event()
        self._hub = hub
        self._signer = signer
        self._now_ms = now_ms
        self._new_incarnation = new_incarnation
        self._inputs: asyncio.Queue[sender.Input] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pulling = asyncio.Lock()

    def tell(self, what: sender.Input) -> None:
        """Give the engine one input; from the event loop's thread."""
        self._inputs.put_nowait(what)

    async def greet_once(self) -> None:
        """Say hello without driving the outbox: enough for a look-up or a pull by one command.

        Raises:
            Problem: no answer, or a refusal.
        """
        hello = await self.store.readers.run_async(self._hello)
        reply = await self.line.expect(hello, HelloReply)
        await self.store.writer.run_async(lambda c: memory.keep_welcome(c, reply, self._now_ms()))
        self.welcome = reply

    async def run(self) -> None:
        """Drive until cancelled."""
        try:
            while True:
                what = await self._next_input()
                self.state, effects = sender.step(self.state, what, self._now_ms())
                for effect in effects:
                    await self._carry_out(effect)
                await self.store.writer.run_async(lambda c: write_state(c, "line", self.state.phase.encode()))
                self.on_change()
        finally:
            for task in self._tasks:
                task.cancel()

    async def _next_input(self) -> sender.Input:
        if self.state.wake_at_ms is None:
            return await self._inputs.get()
        wait_s = max(0, self.state.wake_at_ms - self._now_ms()) / 1000
        try:
            return await asyncio.wait_for(self._inputs.get(), wait_s)
        except TimeoutError:
            return sender.Woken()

    async def _carry_out(self, effect: sender.Effect) -> None:
        match effect:
            case sender.SayHello():
                self._start(self._greet())
            case sender.SendBatch(first=first, last=last):
                self._start(self._push(first, last))
            case sender.KeepAcknowledgement(acknowledgement=one):
                await self.store.writer.run_async(lambda c: memory.keep_acknowledgement(c, one))
            case sender.OpenIncarnation(reason=reason):
                await self._reopen(reason)
            case sender.EpochChanged(epoch=epoch):
                _log.warning("sync.hub.epoch_changed")
                await self.store.writer.run_async(lambda c: memory.forget_cursor(c, epoch))

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _greet(self) -> None:
        try:
            hello = await self.store.readers.run_async(self._hello)
            reply = await self.line.ask(hello)
        except Problem as problem:
            self.tell(sender.Failed(problem.code))
            return
        if isinstance(reply, Refusal | Busy):
            self.tell(sender.Answered(reply))
            return
        if not isinstance(reply, HelloReply):
            self.tell(sender.Failed("SYN-031"))
            return
        held = await self.store.readers.run_async(lambda c: _held_at_floor(c, reply))
        await self.store.writer.run_async(lambda c: memory.keep_welcome(c, reply, self._now_ms()))
        self.welcome = reply
        self.tell(sender.Answered(reply, held))
        self.welcomed.set()

    def _hello(self, connection: Any) -> Hello:
        lane = own_lane(connection)
        raw_epoch = read_state(connection, "epoch")
        heads = tuple(
            LaneHead(one.inc, one.head.seq, one.head.id) for one in event_log.lanes(connection) if one.node == self.node
        )
        oldest = connection.execute(
            "SELECT min(arrived_ms) FROM event WHERE lane = ? AND seq > ?", (lane.lane, self.state.floor)
        ).fetchone()
        files = connection.execute("SELECT coalesce(sum(size - sent), 0) FROM blob WHERE state = 'local'").fetchone()
        newest = connection.execute("SELECT coalesce(max(version), 0) FROM catalogue").fetchone()
        return Hello(
            versions=(PROTOCOL_VERSION_MIN, PROTOCOL_VERSION_MAX), software=SOFTWARE, office=self.office, inc=lane.inc, heads=heads,
            epoch=HubEpoch(raw_epoch) if raw_epoch else None, cursor=read_number(connection, "cursor"), clock_ms=self._now_ms(),
            queue_events=lane.head.seq - self.state.floor, queue_oldest_ms=oldest[0] if oldest else None,
            queue_bytes=files[0] if files else 0, catalogue_version=newest[0] if newest else 0, public_key=self._signer.public_key,
        )  # fmt: skip

    async def _push(self, first: int, last: int) -> None:
        try:
            events = await self.store.readers.run_async(lambda c: memory.unsent_events(c, first, last))
            for part in _by_bytes(events):
                batch = await asyncio.to_thread(seal_batch, self._hub.hub, part, self._signer.sign)
                reply = await self.line.ask(Push(batch))
                if isinstance(reply, PushReply):
                    check_acknowledgement(
                        reply.acknowledgement, hub=self._hub.hub, node=self.node, verify=self._hub.verify
                    )
                if not isinstance(reply, PushReply | Behind | Fork | Busy | Refusal):
                    self.tell(sender.Failed("SYN-031"))
                    return
                self.tell(sender.Answered(reply))
                if not isinstance(reply, PushReply):
                    return
        except Problem as problem:
            _log.info("sync.push.failed", code=problem.code, first=first)
            self.tell(sender.Failed(problem.code))

    async def _reopen(self, reason: str) -> None:
        await asyncio.to_thread(self._new_incarnation)
        _log.warning("sync.incarnation.opened", reason=reason)
        phase = self.state.phase
        self.state = await self.store.readers.run_async(memory.starting_state)
        if phase != "offline":
            self.tell(sender.LineUp())

    async def pull_all(self) -> int:
        """Fetch all news of the scope, page by page; returns the number of new events. Safe to call at any time.

        Raises:
            Problem: no line, or the hub refused; what was fetched before is kept.
        """
        total = 0
        async with self._pulling:
            while True:
                cursor, epoch, inc = await self.store.readers.run_async(_place)
                if epoch is None:
                    raise LocalProtocolError(what="pull before the first hello")
                page = await self.line.expect(Pull(epoch, cursor, PULL_EVENTS_MAX, inc), PullReply)
                if page.events or page.cursor != cursor or page.epoch != epoch:
                    new = await self.store.writer.run_async(lambda c, p=page: memory.keep_pulled(c, p, self._now_ms()))
                    total += len(new)
                    self.on_change()
                if not page.more:
                    return total


def _place(connection: Any) -> tuple[int, HubEpoch | None, Incarnation]:
    raw = read_state(connection, "epoch")
    return read_number(connection, "cursor"), HubEpoch(raw) if raw else None, own_lane(connection).inc


def _held_at_floor(connection: Any, reply: HelloReply) -> Any:
    lane = own_lane(connection)
    for floor in reply.floors:
        if floor.inc == lane.inc and floor.seq:
            return event_log.held_id(connection, lane.lane, floor.seq)
    return None


def _by_bytes(events: Sequence[Event]) -> list[list[Event]]:
    """Cut consecutive events into runs whose plain size stays within one message."""
    runs: list[list[Event]] = [[]]
    size = 0
    for event in events:
        weight = len(event.body or b"") + 200
        if runs[-1] and size + weight > BATCH_PLAIN_BYTES:
            runs.append([])
            size = 0
        runs[-1].append(event)
        size += weight
    return runs
