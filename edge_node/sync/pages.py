"""News page by page, ahead of who keeps them: while one is stored, the next is proven and folded, and the one after it travels."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import msgspec

from edge_node.sync import memory
from edge_node.sync.line import Line
from sync_protocol.adapters.folded import Folded, fold_ahead
from sync_protocol.batch import Verify
from sync_protocol.envelope import Event
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.messages import Pull, PullReply
from sync_protocol.page_proof import PageProof, check_page

IN_PLACE_EVENTS = 10  # a page of at most so many events is proven where it arrives: a thread would cost more


class Page(msgspec.Struct, frozen=True):
    """One proven page: what was asked, what came, its events and what they make of dossiers that are new here."""

    ask: Pull
    reply: PullReply
    events: list[Event]
    proof: PageProof
    ahead: Mapping[RecordId, Folded]


def prove_page(ask: Pull, reply: PullReply, *, hub: str, office: OfficeCode, verify: Verify) -> Page:
    """Rebuild the events of a page and prove that the hub told them. Pure.

    Raises:
        RemoteProtocolError: an event is outside the bounds of the protocol. Problem: whatever `verify` raises.
    """
    events = memory.events_of_page(reply)
    proof = PageProof(reply.epoch, office, b"".join(event.id for event in events), reply.signature)
    if events:
        check_page(proof, hub=hub, verify=verify)
    return Page(ask, reply, events, proof, fold_ahead(events))


async def pages_from(line: Line, ask: Pull, prove: Callable[[Pull, PullReply], Page]) -> AsyncGenerator[Page, None]:
    """Pages from a cursor to the end of the feed, at most two ahead of the caller, who closes the iterator (`contextlib.aclosing`).

    Raises:
        Problem: no line, a refusal, or a page that proves nothing.
    """
    under_way: set[asyncio.Task[Any]] = set()

    def begin(work: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        under_way.add(task)
        return task

    async def come(asked: Pull, travelling: asyncio.Task[PullReply]) -> tuple[Page, asyncio.Task[PullReply] | None]:
        reply = await travelling
        then = begin(line.expect(after(asked, reply), PullReply)) if reply.more else None
        if len(reply.events) <= IN_PLACE_EVENTS:
            return prove(asked, reply), then
        return await asyncio.to_thread(prove, asked, reply), then

    try:
        coming = begin(come(ask, begin(line.expect(ask, PullReply))))
        while True:
            page, then = await coming
            if then is None:
                yield page
                return
            coming = begin(come(after(page.ask, page.reply), then))
            yield page
            under_way = {task for task in under_way if not task.done()}
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def after(asked: Pull, reply: PullReply) -> Pull:
    """The question that follows a page."""
    return msgspec.structs.replace(asked, epoch=reply.epoch, cursor=reply.cursor)
