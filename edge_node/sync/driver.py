"""The driver: feeds the outbox engine with what happens, and carries its effects out.

Everything that decides is in sync_protocol.sender; here are only the database, the line and the clock. State that matters is in the
database before the screen shows it; losing this process at any point loses nothing but time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import apsw
import structlog

from edge_node.store.node_store import NodeStore
from edge_node.sync import asking, memory, reminding, witness
from edge_node.sync.errors import UnexpectedReply
from edge_node.sync.line import Line
from edge_node.sync.pages import Page, pages_from, prove_page
from edge_node.sync.shown_line import ShownLine
from sync_protocol import sender
from sync_protocol.adapters import signatures
from sync_protocol.batch import check_acknowledgement, seal_batch
from sync_protocol.envelope import Event
from sync_protocol.errors import LocalProtocolError, Problem
from sync_protocol.ids import EventId, Incarnation, NodeId, OfficeCode
from sync_protocol.limits import HELLO_INTERVAL_MS, RETRY_MAX_MS
from sync_protocol.messages import (
    Behind,
    Busy,
    Fork,
    Hello,
    HelloReply,
    OfferReply,
    Pull,
    Push,
    PushReply,
    Refusal,
    Remind,
    Reply,
    WitnessReply,
)

_log = structlog.get_logger(__name__)
WAIT_MS_MAX = max(RETRY_MAX_MS, HELLO_INTERVAL_MS)


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
        self._in_order = asyncio.Lock()
        self._shown = ShownLine(store, lambda: self.tell(sender.Saved(self.state.head)))  # no news for the engine

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
                try:
                    for effect in effects:
                        await self._carry_out(effect)
                except Problem as problem:  # a full disk must not end the queue: it waits, and starts again from the hub's floor
                    _log.error("sync.effect.failed", code=problem.code)
                    self.tell(sender.Failed(problem.code))
                await self._shown.show(self.state.phase)
                self.on_change()
        finally:
            self._shown.close()
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
        match effect:
            case sender.SayHello():
                self._start(self._greet())
            case sender.SendBatch(first=first, last=last):
                self._start(self._push(first, last))
            case sender.KeepAcknowledgement(acknowledgement=one):
                await self.store.writer.run_async(lambda c: memory.keep_acknowledgement(c, one))
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
            took_ms = self._ms_since(asked_s)
            if isinstance(reply, HelloReply) and await self._remind(reply):
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
        self.welcome = reply
        self.tell(sender.Answered(reply, held, took_ms, await self.store.readers.run_async(asking.promised)))
        self.welcomed.set()

    async def _remind(self, reply: HelloReply) -> bool:
        """Show a hub that stands behind what it signed that it does; True when it begins a new epoch for it. Never in the way of a greeting."""
        remind = await self.store.readers.run_async(lambda c: reminding.reminder(c, reply))
        return remind is not None and await self._tell_forgotten(remind)

    async def _tell_forgotten(self, remind: Remind) -> bool:
        _log.warning("sync.hub.forgot")
        try:
            return (await self.line.expect(remind, WitnessReply)).accepted > 0
        except Problem as problem:
            _log.warning("sync.hub.not_reminded", code=problem.code)
            return False

    @staticmethod
    def _ms_since(asked_s: float) -> int:
        return int((asyncio.get_running_loop().time() - asked_s) * 1000)

    def _hello(self, connection: apsw.Connection) -> Hello:
        return asking.hello(
            connection, office=self.office, floor=self.state.floor, public_key=self._signer.public_key, now_ms=self._now_ms()
        )  # fmt: skip

    async def _push(self, first: int, last: int) -> None:
        try:
            async with self._in_order:  # one that overtakes its predecessor is a gap to the hub: on a slow line both went twice
                begun, following = await self._begin_run(first, last)
            while begun is not None:
                reply, took_ms = await begun
                if not isinstance(reply, PushReply | Behind | Fork | Busy | Refusal):
                    self.tell(sender.Failed("SYN-031"))
                    return
                self.tell(sender.Answered(reply, await self._held_at_head(reply), took_ms))
                if not isinstance(reply, PushReply):
                    return
                begun, following = await self._begin_run(following, last)
        except Problem as problem:
            _log.info("sync.push.failed", code=problem.code, first=first)
            self.tell(sender.Failed(problem.code))

    async def _begin_run(self, first: int, last: int) -> tuple[asyncio.Task[tuple[Reply, int]] | None, int]:
        """Start one message of own events from `first` on, as heavy as the line bears; None when `last` was passed. Also where to go on."""
        limit = sender.run_bytes(self.state)
        run = (
            await self.store.readers.run_async(lambda c: memory.unsent_run(c, first, last, limit))
            if first <= last
            else []
        )
        return (await self._begin(run), run[-1].header.seq + 1) if run else (None, first)

    async def _send(self, run: Sequence[Event]) -> Reply:
        """Seal and push consecutive events; an acknowledgement in the answer is proven."""
        return (await (await self._begin(run)))[0]

    async def _begin(self, run: Sequence[Event]) -> asyncio.Task[tuple[Reply, int]]:
        """Seal consecutive events and start to push them; the task gives the proven answer and the milliseconds it took."""
        batch = await asyncio.to_thread(seal_batch, self._hub.hub, run, self._signer.sign)
        return asyncio.create_task(self._asked(Push(batch)))

    async def _asked(self, push: Push) -> tuple[Reply, int]:
        asked_s = asyncio.get_running_loop().time()
        reply = await self.line.ask(push)
        if isinstance(reply, PushReply):
            check_acknowledgement(reply.acknowledgement, hub=self._hub.hub, node=self.node, verify=self._hub.verify)
        return reply, self._ms_since(asked_s)

    async def _held_at_head(self, reply: Reply) -> EventId | None:
        if not isinstance(reply, PushReply):
            return None
        one = reply.acknowledgement
        return await self.store.readers.run_async(lambda c: asking.held_at(c, one.inc, one.upto))

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
        async with self._pulling:
            await self._give_back()
            ask = await self.store.readers.run_async(asking.pull)
            if ask is None:
                raise LocalProtocolError(what="pull before the first hello")
            return await self._pull_from(ask)

    async def _pull_from(self, ask: Pull) -> int:
        """Keep page after page; what came ahead of one whose place has moved is dropped."""
        total = 0
        prove = partial(prove_page, hub=self._hub.hub, office=self.office, verify=self._hub.verify)
        async with contextlib.aclosing(pages_from(self.line, ask, prove)) as pages:
            async for page in pages:
                new = await self._keep_page(page)
                if new is None or reminding.is_behind(page.ask, page.reply):
                    await self._remind_of_news(page)
                    self.tell(sender.Woken())
                    break
                total += len(new)
                self.on_change()
        return total

    async def _remind_of_news(self, page: Page) -> None:
        """The hub's feed ends before what it had told: show it that, once, and read on in the feed as it is now."""
        if reminding.is_behind(page.ask, page.reply):
            remind = await self.store.readers.run_async(reminding.newest_page)
            if remind is not None:
                await self._tell_forgotten(remind)
            await self.store.writer.run_async(asking.forget_seen)

    async def _keep_page(self, page: Page) -> list[Event] | None:
        new = await self.store.writer.run_async(
            lambda c: memory.keep_pulled(c, page.reply, page.ask, page.proof, self._now_ms(), page.events, page.ahead)
        )
        is_copied: bool = await self.store.readers.run_async(memory.has_intruder)
        if is_copied:
            self.tell(sender.Woken())
        return new

    async def _give_back(self) -> None:
        """After the hub was restored: bring what it may have lost (witness.py). What fails now is owed until the next time."""
        if self.welcome is None or not await self.store.readers.run_async(witness.is_owed):
            return
        epoch, floors = self.welcome.epoch, self.welcome.floors
        forked: set[Incarnation] = set()
        try:
            for run in await self.store.readers.run_async(lambda c: witness.retired_runs(c, floors)):
                if run[0].header.inc in forked:
                    continue
                reply = await self._send(run)
                if isinstance(reply, Fork):
                    forked.add(reply.inc)
                    await self.store.writer.run_async(partial(witness.keep_refused, fork=reply, now_ms=self._now_ms()))
                elif not isinstance(reply, PushReply):
                    raise UnexpectedReply(expected="PushReply", found=type(reply).__name__)
            while (offered := await self.store.readers.run_async(witness.next_pages)) is not None:
                wants = await self.line.expect(offered.offer, OfferReply)
                for message in await self.store.readers.run_async(
                    partial(witness.wanted, offered=offered, reply=wants)
                ):
                    await self.line.expect(message, WitnessReply)
                if not await self.store.writer.run_async(partial(witness.keep_progress, offered=offered, epoch=epoch)):
                    return
            await self.store.writer.run_async(lambda c: witness.keep_settled(c, epoch))
            _log.info("sync.witness.told")
        except Problem as problem:
            _log.warning("sync.witness.waiting", code=problem.code)
