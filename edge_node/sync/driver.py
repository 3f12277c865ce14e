"""The driver: feeds the outbox engine with what happens, and carries its effects out.

Everything that decides is in sync_protocol.sender; here are only the database, the line and the clock. State that matters is in the
database before the screen shows it; losing this process at any point loses nothing but time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import apsw
import structlog

from edge_node.store.node_store import NodeStore, read_number
from edge_node.sync import asking, memory
from edge_node.sync.line import Line
from edge_node.sync.news import News
from edge_node.sync.promises import Promises
from edge_node.sync.pushing import HubKnown, Pusher, ms_since
from edge_node.sync.shown_line import ShownLine
from sync_protocol import sender
from sync_protocol.adapters import signatures
from sync_protocol.errors import Problem
from sync_protocol.ids import EventId, NodeId, OfficeCode
from sync_protocol.limits import HELLO_INTERVAL_MS, RETRY_MAX_MS
from sync_protocol.messages import (
    Behind,
    Busy,
    Fork,
    Hello,
    HelloReply,
    PushReply,
    Refusal,
    Reply,
)

_log = structlog.get_logger(__name__)
REOPENED_MAX = 5  # incarnations opened in a row without one acknowledgement: a copy of this log needs one
PULLS_MAX = 10  # a page is dropped each time another process of this node was first; then the next action says what is not here yet
WAIT_MS_MAX = max(RETRY_MAX_MS, HELLO_INTERVAL_MS)


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
        stick_key: bytes = b"",
    ) -> None:
        self.store = store
        self.line = line
        self.node = node
        self.office = office
        self.state = store.readers.run(memory.starting_state)
        self.welcome: HelloReply | None = None
        self.welcomed_s = 0.0  # when it came, by the loop's clock
        self.on_change: Callable[[], None] = lambda: None
        self.welcomed = asyncio.Event()
        self._signer, self._stick_key = signer, stick_key
        self._now_ms = now_ms
        self._new_incarnation = new_incarnation
        self._inputs: asyncio.Queue[sender.Input] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_order = asyncio.Lock()
        self._reopened = 0
        self._pusher = Pusher(store, line, node, hub, signer)
        self._news = News(
            store, line, self._pusher, office=office, hub=hub, now_ms=now_ms,
            kept=lambda: self.on_change(), greet=lambda: self.tell(sender.Woken()),
        )  # fmt: skip
        self._promises = Promises(store, kept=lambda: self.on_change(), failed=lambda code: self.tell(sender.Failed(code)))
        self._shown = ShownLine(store, lambda: self.tell(sender.Saved(self.state.head)), now_ms)  # no news for the engine

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
        await self._news.keep_stick_key(reply)
        self.welcome = reply

    async def run(self) -> None:
        """Drive until cancelled."""
        try:
            while True:
                what = await self._next_input()
                before, (self.state, effects) = self.state, sender.step(self.state, what, self._now_ms())
                if self.state.phase == "refused" != before.phase:
                    _log.warning("sync.refused", code=self.state.reason)  # a person must act: nothing waits itself well
                if self.state.phase != "open":
                    self._pusher.forget()
                try:
                    for effect in effects:
                        await self._carry_out(effect)
                except Problem as problem:  # a full disk must not end the queue: it waits, and starts again from the hub's floor
                    _log.error("sync.effect.failed", code=problem.code)
                    self.tell(sender.Failed(problem.code))
                except Exception as error:  # not foreseen: as for a request that broke, the queue waits and begins again
                    _log.error("sync.effect.broke", exc_info=error)
                    self.tell(sender.Failed("SYN-001"))
                await self._shown.show(self.state.phase, self.state.reason)
                if not self._promises.is_busy:  # else it is shown when it is durable
                    self.on_change()
        finally:
            self._shown.close()
            self._pusher.forget()
            self._promises.close()
            for task in self._tasks:
                task.cancel()

    async def _next_input(self) -> sender.Input:
        if self.state.wake_at_ms is None:
            return await self._inputs.get()
        # a clock put back must not make it days
        wait_s = (min(max(0, self.state.wake_at_ms - self._now_ms()), WAIT_MS_MAX) / 1000)
        try:
            # not wait_for: in 3.11 it forgets a cancellation that comes together with an input
            async with asyncio.timeout(wait_s):
                return await self._inputs.get()
        except TimeoutError:
            return sender.Woken()

    async def _carry_out(self, effect: sender.Effect) -> None:
        if not isinstance(effect, sender.SendBatch | sender.KeepAcknowledgement):
            await self._promises.settled()
        match effect:
            case sender.SayHello():
                self._start(self._greet())
            case sender.SendBatch(first=first, last=last):
                self._start(self._push(first, last))
            case sender.KeepAcknowledgement(acknowledgement=one):
                self._reopened = 0
                self._promises.keep(one)
            case sender.OpenIncarnation(reason=reason):
                await self._reopen(reason)
            case sender.EpochChanged():
                _log.warning("sync.hub.epoch_changed")  # what it means was stored with the hello (memory.enter_epoch)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Any) -> None:
        """Whatever ends a request unexpectedly is a failed request to the engine, never a batch that stays under way for ever."""
        try:
            await work
        except Exception as error:
            _log.error("sync.request.broke", exception=type(error).__name__)
            self.tell(sender.Failed("SYN-001"))

    async def _greet(self) -> None:
        try:
            if await self.store.readers.run_async(memory.has_intruder):
                await self._reopen("the hub showed another history under this name")
                return
            hello = await self.store.readers.run_async(self._hello)
            asked_s = asyncio.get_running_loop().time()
            reply = await self.line.ask(hello)
            took_ms = ms_since(asked_s)
            if isinstance(reply, HelloReply) and await self._news.remind(reply):
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
        held = await self.store.readers.run_async(lambda c: asking.held_at_floor(c, reply))
        await self.store.writer.run_async(lambda c: memory.keep_welcome(c, reply, self._now_ms()))
        await self._news.keep_cut_off(reply)
        await self._news.keep_stick_key(reply)
        self.welcome, self.welcomed_s = reply, asyncio.get_running_loop().time()
        self.tell(sender.Answered(reply, held, took_ms, await self.store.readers.run_async(asking.promised)))
        self.welcomed.set()

    def _hello(self, connection: apsw.Connection) -> Hello:
        return asking.hello(
            connection, office=self.office, floor=self.state.floor, public_key=self._signer.public_key, now_ms=self._now_ms(),
            stick_key=self._stick_key,
        )  # fmt: skip

    async def _push(self, first: int, last: int) -> None:
        try:
            async with self._in_order:  # one that overtakes its predecessor is a gap to the hub: on a slow line both went twice
                begun, following = await self._pusher.begin_run(first, last, sender.run_bytes(self.state))
                self._make_next_ready(last, following)
            while begun is not None:
                reply, took_ms = await begun
                if not isinstance(reply, PushReply | Behind | Fork | Busy | Refusal):
                    self.tell(sender.Failed("SYN-031"))
                    return
                self.tell(sender.Answered(reply, await self._held_at_head(reply), took_ms))
                if not isinstance(reply, PushReply):
                    return
                begun, following = await self._pusher.begin_run(following, last, sender.run_bytes(self.state))
        except Problem as problem:
            _log.info("sync.push.failed", code=problem.code, first=first)
            self.tell(sender.Failed(problem.code))

    def _make_next_ready(self, last: int, following: int) -> None:
        """Behind the newest batch under way, where a full one follows: that is what the engine will ask for next."""
        state = self.state
        if state.phase == "open" and state.sent == last < following and state.head - last >= state.batch_events:
            self._pusher.make_ready(last + 1, last + state.batch_events, sender.run_bytes(state))

    async def _held_at_head(self, reply: Reply) -> EventId | None:
        if not isinstance(reply, PushReply):
            return None
        one = reply.acknowledgement
        return await self.store.readers.run_async(lambda c: asking.held_at(c, one.inc, one.upto))

    async def _reopen(self, reason: str) -> None:
        """Go on under a fresh incarnation; where the hub knows another history of every one, after a rest and without opening more (SYN-012)."""
        if self._reopened >= REOPENED_MAX:
            self.tell(sender.Failed("SYN-012"))
            return
        self._reopened += 1
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
        return await self._news.take(self.welcome)

    async def has_all(self) -> bool:
        """Whether the last greeting said that there are no news: asked then, the hub would have had an empty page."""
        welcome = self.welcome
        return welcome is not None and await self.store.readers.run_async(lambda c: asking.has_all(c, welcome))

    async def pull_upto(self, feed_head: int) -> None:
        """Fetch the news up to a place that the hub named, also where another process of this node moves the cursor at the same time.

        Raises:
            Problem: as `pull_all`.
        """
        for _ in range(PULLS_MAX):
            await self.pull_all()
            if await self.store.readers.run_async(lambda c: read_number(c, "cursor")) >= feed_head:
                return
