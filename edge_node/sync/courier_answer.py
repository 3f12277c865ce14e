"""The hub's answers on a stick: taken as on a line, in any order, as often as they are brought.

What is signed by itself (an acknowledgement) is believed by itself. A greeting's answer, pages of news and published files are believed only under the hub's signature
over the whole stick, and only where they are not from before the hub was put back. News that do not begin where this node stands are left: the next stick asks from there.
"""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import IO, TypeVar

import apsw
import msgspec

from edge_node.bootstrap.filling import Filling
from edge_node.bootstrap.progress import read_progress
from edge_node.store.node_store import NodeStore
from edge_node.sync import asking, cut_off, memory, reminding
from edge_node.sync.hub_stick_key import keep_key, proven_key
from edge_node.sync.news import keep_page
from edge_node.sync.pages import after, prove_page
from edge_node.sync.pushing import HubKnown
from edge_node.sync.stick_line import StickLine
from edge_node.sync.stick_witness import heard_of, keep_heard
from edge_node.sync.transfers import Transfers
from edge_node.sync.wished import take_wished
from sync_protocol.adapters.files.erased import remove_erased_files
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sealed_sticks import StickReader, open_stick
from sync_protocol.batch import Acknowledgement, check_acknowledgement
from sync_protocol.courier import CourierReply, check_reply, read_courier_reply, refused_with
from sync_protocol.cut_off import check_list
from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import BlobDigest, NodeId, OfficeCode
from sync_protocol.messages import (
    BlobMissing,
    BlobPart,
    ExistenceOffer,
    HelloReply,
    Offer,
    OfferReply,
    Pull,
    PullReply,
    PushReply,
)
from sync_protocol.wire import unpack_reply, unpack_request

T = TypeVar("T")
TakeOffers = Callable[[StickLine, Transfers, HelloReply], Awaitable[None]]


class Desk(msgspec.Struct, frozen=True):
    """Who reads a stick, and whose answers it takes."""

    store: NodeStore
    files: FileStore
    hub: HubKnown
    node: NodeId
    office: OfficeCode
    now_ms: Callable[[], int]
    sticks: StickReader | None = None


class Imported(msgspec.Struct, frozen=True):
    """What came of the hub's answers. `upto` is how far its promise reaches now; `refused` counts stable codes; `brought` files of other offices; `is_greeted`: it took this node's greeting."""

    upto: int
    files: int
    news: int
    refused: dict[str, int]
    is_greeted: bool
    brought: int = 0


async def take_answer(desk: Desk, content: bytes | IO[bytes], take_offers: TakeOffers | None = None) -> Imported:
    """Take the hub's answers; idempotent, and an older file never moves anything back. `take_offers` keeps what the hub publishes.

    Raises:
        RemoteProtocolError: not a courier reply for this node, not to be opened here, or damaged. SignatureRejected: not our hub's.
    """
    reply = await asyncio.to_thread(_opened, desk, io.BytesIO(content) if isinstance(content, bytes) else content)
    if reply.seal:
        await asyncio.to_thread(check_reply, reply, desk.hub.verify)
    taking, brought = _Taking(desk, is_signed=bool(reply.seal)), 0
    for frame in reply.frames:
        await taking.take(frame)
    if taking.welcome is not None:
        await taking.hear(reply.offered)
        await taking.take_news(reply.asked)
        transfers = Transfers(desk.store, desk.files, taking.line, desk.now_ms, chunks_ahead=1)
        await taking.settle(transfers)
        await transfers.offer_asked(taking.welcome.lost_files)
        brought = await take_wished(desk.store, taking.line, transfers)
        if take_offers is not None:
            await take_offers(taking.line, transfers, taking.welcome)
    upto = await desk.store.readers.run_async(asking.promised)
    return Imported(upto, taking.arrived, taking.news, dict(taking.refused), taking.welcome is not None, brought)


def _opened(desk: Desk, source: IO[bytes]) -> CourierReply:
    plain, _ = open_stick(source, "courier.reply", hub=desk.hub.hub, node=desk.node, reader=desk.sticks)
    return read_courier_reply(plain, hub=desk.hub.hub, node=desk.node)


class _Taking:
    """One stick that is being read."""

    def __init__(self, desk: Desk, *, is_signed: bool) -> None:
        self._desk, self._is_signed = desk, is_signed
        self._pages: list[PullReply] = []
        self._wanted: list[OfferReply] = []
        self._is_of_now = (
            False  # an answer from before the hub was put back says nothing of the files of this one (I16)
        )
        self._is_at_end = False
        self.line = StickLine()
        self.welcome: HelloReply | None = None
        self.arrived, self.news = 0, 0
        self.refused: Counter[str] = Counter()

    async def take(self, frame: bytes) -> None:
        """One answer. What proves nothing without the hub's signature is passed over where there is none."""
        match reply := unpack_reply(frame):
            case PushReply(acknowledgement=one):
                await self._keep(one)
            case BlobMissing(digest=digest, verified=True) if self._is_of_now:
                self.arrived += await self._write(partial(_at_hub, digest=digest))
            case HelloReply() if self._is_signed:
                self._is_of_now = await self._write(partial(memory.keep_welcome_by_hand, reply=reply))
                self.welcome = reply if self._is_of_now else None
                if key := proven_key(reply, hub=self._desk.hub.hub, verify=self._desk.hub.verify):
                    await self._write(partial(keep_key, key=key))
                if self.welcome is not None and reply.cut_off is not None:
                    check_list(reply.cut_off, hub=self._desk.hub.hub, verify=self._desk.hub.verify)
                    await self._write(partial(cut_off.keep, told=reply.cut_off))  # one that knows less is shown on every stick, and comes back in its own
            case PullReply() if self._is_signed:
                self._pages.append(reply)
            case OfferReply() if self._is_signed:
                self._wanted.append(reply)
            case BlobPart() | ExistenceOffer() if self._is_signed:
                self.line.keep(reply)
            case _ if code := refused_with(reply):
                self.refused[code] += 1

    async def hear(self, offered: Sequence[bytes]) -> None:
        """What the hub holds of what was given back to it is owed no more."""
        asked = [unpack_request(frame) for frame in offered]
        heard = heard_of([one for one in asked if isinstance(one, Offer)], self._wanted)
        if (welcome := self.welcome) is not None:
            await self._write(partial(keep_heard, heard=heard, welcome=welcome))

    async def take_news(self, question: bytes) -> None:
        """Keep page after page from where the hub began to tell; where this node stands elsewhere by now, none."""
        desk = self._desk
        ask = unpack_request(question) if question else None
        if not isinstance(ask, Pull):
            if self._pages:
                raise RemoteProtocolError(what="news on a courier file without the question")
            return
        for told in self._pages:
            page = await asyncio.to_thread(
                prove_page, ask, told, hub=desk.hub.hub, office=desk.office, verify=desk.hub.verify
            )
            new, _ = await self._write(partial(keep_page, page=page, now_ms=desk.now_ms()))
            if new is None:
                return
            self.news += len(new)
            if reminding.is_behind(ask, told):  # the hub's feed ends before what it had told: every stick reminds it
                await self._write(asking.forget_seen)
                return
            self._is_at_end = not told.more
            ask = after(ask, told)

    async def settle(self, transfers: Transfers) -> None:
        """What follows news that were read to their end."""
        desk = self._desk
        await asyncio.to_thread(remove_erased_files, desk.store.readers, desk.store.writer, desk.files)
        if self._is_at_end and not (await desk.store.readers.run_async(read_progress)).phase:
            await Filling(desk.store, self.line, transfers, desk.hub, desk.office, desk.now_ms).finish()

    async def _keep(self, one: Acknowledgement) -> None:
        desk = self._desk
        check_acknowledgement(one, hub=desk.hub.hub, node=desk.node, verify=desk.hub.verify)
        self._is_of_now = not await desk.store.readers.run_async(partial(memory.is_before_restore, one=one))
        await self._write(partial(memory.keep_acknowledgement, one=one))

    async def _write(self, work: Callable[[apsw.Connection], T]) -> T:
        return await self._desk.store.writer.run_async(work)


def _at_hub(connection: apsw.Connection, digest: BlobDigest) -> int:
    connection.execute("UPDATE blob SET state = 'at_hub', sent = size WHERE digest = ? AND state = 'local'", (digest,))
    return connection.changes()
