"""News of the scope, fetched and kept page by page; and what a hub that was put back has to hear of before there is any."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

import apsw
import structlog

from edge_node.store.node_store import NodeStore
from edge_node.sync import asking, cut_off, memory, reminding, witness
from edge_node.sync.errors import UnexpectedReply
from edge_node.sync.hub_stick_key import keep_key, proven_key
from edge_node.sync.left_out import is_more_than_mine
from edge_node.sync.line import Line
from edge_node.sync.pages import Page, pages_from, prove_page
from edge_node.sync.pushing import HubKnown, Pusher
from sync_protocol.cut_off import check_list
from sync_protocol.envelope import Event
from sync_protocol.errors import LocalProtocolError, Problem
from sync_protocol.ids import Incarnation, OfficeCode
from sync_protocol.messages import Fork, HelloReply, OfferReply, Pull, PushReply, Remind, WitnessReply

_log = structlog.get_logger(__name__)


class News:
    """Takes what the hub tells this office. `kept` is called after each page, `greet` where the hub has to be greeted anew."""

    def __init__(
        self,
        store: NodeStore,
        line: Line,
        pusher: Pusher,
        *,
        office: OfficeCode,
        hub: HubKnown,
        now_ms: Callable[[], int],
        kept: Callable[[], None],
        greet: Callable[[], None],
    ) -> None:
        self._store = store
        self._line = line
        self._pusher = pusher
        self._hub = hub
        self._prove = partial(prove_page, hub=hub.hub, office=office, verify=hub.verify)
        self._now_ms = now_ms
        self._kept = kept
        self._greet = greet
        self._taking = asyncio.Lock()

    async def take(self, welcome: HelloReply | None) -> int:
        """Fetch everything new since the last time; returns the number of new events. Safe to call at any time.

        Raises:
            Problem: no line, or the hub refused; what was fetched before is kept.
        """
        async with self._taking:
            if welcome is not None and await self._store.readers.run_async(witness.is_owed):
                await self._give_back(welcome)
            ask = await self._store.readers.run_async(asking.pull)
            if ask is None:
                raise LocalProtocolError(what="pull before the first hello")
            return await self._take_from(ask)

    async def remind(self, reply: HelloReply) -> bool:
        """Show a hub that stands behind what it signed that it does; True when it begins a new epoch for it. Never in the way of a greeting."""
        remind = await self._store.readers.run_async(lambda c: reminding.reminder(c, reply))
        return remind is not None and bool(await self._tell_forgotten(remind))

    async def keep_cut_off(self, reply: HelloReply) -> None:
        """Keep the hub's list of names cut off; where it forgot one that is known here, show it instead: however the hub answers (another desk may have been
        quicker, the line may say it twice), the next greeting brings the list that holds both. Never in the way of a greeting.
        """
        told = reply.cut_off
        if told is None:
            return
        try:
            check_list(told, hub=self._hub.hub, verify=self._hub.verify)
        except Problem as problem:
            _log.warning("sync.cut_off.unproven", code=problem.code)
            return
        remind = await self._store.readers.run_async(lambda c: cut_off.reminder(c, told))
        if remind is None:
            await self._store.writer.run_async(lambda c: cut_off.keep(c, told))
        else:
            await self._tell_forgotten(remind)

    async def keep_stick_key(self, reply: HelloReply) -> None:
        """Keep the key to which sticks for this hub are sealed, where its answer tells it."""
        if key := proven_key(reply, hub=self._hub.hub, verify=self._hub.verify):
            await self._store.writer.run_async(lambda c: keep_key(c, key))

    async def _tell_forgotten(self, remind: Remind) -> int | None:
        """How much the hub took of it; None where it did not hear of it, so that it has to be told again."""
        _log.warning("sync.hub.forgot")
        try:
            reply = await self._line.ask(remind)
        except Problem as problem:
            _log.warning("sync.hub.not_reminded", code=problem.code)
            return None
        return reminding.taken_of(reply)

    async def _take_from(self, ask: Pull) -> int:
        """Keep page after page; what came ahead of one whose place has moved is dropped."""
        total = 0
        async with contextlib.aclosing(pages_from(self._line, ask, self._prove)) as pages:
            async for page in pages:
                new = await self._keep_page(page)
                if new is None or reminding.is_behind(page.ask, page.reply):
                    await self._remind_of_news(page)
                    self._greet()
                    break
                total += len(new)
                self._kept()
        return total

    async def _remind_of_news(self, page: Page) -> None:
        """The hub's feed ends before what it had told: show it that until it has heard, and read on in the feed as it is now."""
        if reminding.is_behind(page.ask, page.reply):
            remind = await self._store.readers.run_async(reminding.newest_page)
            if remind is None or await self._tell_forgotten(remind) is not None:
                await self._store.writer.run_async(asking.forget_seen)

    async def _keep_page(self, page: Page) -> list[Event] | None:
        new, is_copied = await self._store.writer.run_async(partial(keep_page, page=page, now_ms=self._now_ms()))
        if is_copied or await self._store.readers.run_async(memory.has_intruder):
            self._greet()
        return new

    async def _give_back(self, welcome: HelloReply) -> None:
        """After the hub was restored: bring what it may have lost (witness.py). What fails now is owed until the next time."""
        try:
            await self._give_lanes_back(welcome)
            if await self._offer_others(welcome):
                await self._store.writer.run_async(lambda c: witness.keep_settled(c, welcome.epoch))
                _log.info("sync.witness.told")
        except Problem as problem:
            _log.warning("sync.witness.waiting", code=problem.code)

    async def _give_lanes_back(self, welcome: HelloReply) -> None:
        """Own lanes of former incarnations, beyond what the hub has of them; one it holds another history of is left as it is there."""
        forked: set[Incarnation] = set()
        for run in await self._store.readers.run_async(lambda c: witness.retired_runs(c, welcome.floors)):
            if run[0].header.inc in forked:
                continue
            reply = await self._pusher.send(run)
            if isinstance(reply, Fork):
                forked.add(reply.inc)
                await self._store.writer.run_async(partial(witness.keep_refused, fork=reply, now_ms=self._now_ms()))
            elif not isinstance(reply, PushReply):
                raise UnexpectedReply(expected="PushReply", found=type(reply).__name__)

    async def _offer_others(self, welcome: HelloReply) -> bool:
        """What others wrote and this node holds; False when the epoch moved meanwhile, so that it begins again."""
        while (offered := await self._store.readers.run_async(witness.next_pages)) is not None:
            wants = await self._line.expect(offered.offer, OfferReply)
            for message in await self._store.readers.run_async(partial(witness.wanted, offered=offered, reply=wants)):
                await self._line.expect(message, WitnessReply)
            if not await self._store.writer.run_async(
                partial(witness.keep_progress, offered=offered, epoch=welcome.epoch)
            ):
                return False
        return True


def keep_page(connection: apsw.Connection, page: Page, now_ms: int) -> tuple[list[Event] | None, bool]:
    """Keep a proven page where it begins at the place held here (`memory.keep_pulled`), and say whether it shows that this log was copied. One transaction."""
    new = memory.keep_pulled(connection, page.reply, page.ask, page.proof, now_ms, page.events, page.ahead)
    return new, new is not None and is_more_than_mine(connection, page.ask, page.reply)
