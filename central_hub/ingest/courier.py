"""Courier files at the hub: every frame is answered as if it had come on the line, and the answers go back on the stick under the hub's signature.

On a line the account at the message server says who asks. On a stick the key of that account does: only where it signed the file is a greeting, a reminder
or a question for news answered, and only then do news and published files go onto the stick. What proves itself (a batch, a file) needs no such proof.

The answer is sealed to the key that the stick's greeting shows; where it shows none, to the one that the node showed last: an older stick of a node that seals,
brought by whoever found it, is not answered in clear. Plain is the answer to a node of the version before alone.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import IO

import msgspec
import structlog

from central_hub.ingest import nodes as registry
from central_hub.ingest.by_hand import ByHand
from central_hub.ingest.service import HubService
from sync_protocol.adapters.sealed_sticks import open_stick, seals, stick_pieces
from sync_protocol.adapters.signatures import verify
from sync_protocol.areas import AREAS
from sync_protocol.courier import (
    CourierFile,
    CourierReply,
    check_file,
    read_courier,
    refused_with,
    seal_reply,
)
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, NodeId
from sync_protocol.limits import CHUNK_BYTES
from sync_protocol.messages import (
    BlobGet,
    BlobPart,
    ExistenceAsk,
    ExistenceOffer,
    Hello,
    HelloReply,
    OfferReply,
    Pull,
    PullReply,
    Reply,
    Request,
)
from sync_protocol.wire import pack, unpack_reply, unpack_request

_log = structlog.get_logger(__name__)
NEWS_BYTES_MAX = 1_073_741_824  # the rest comes with the next stick
PUBLISHED_BYTES_MAX = 1_073_741_824
ASKED_BYTES_MAX = 1_073_741_824
LineKey = Callable[[NodeId], bytes | None]
"""The key (32 bytes, Ed25519) with which a node may open its line now; None where it may not, or was never enrolled."""


class Answered(msgspec.Struct, frozen=True):
    """The file for the way back. `refused` counts the codes among the answers; `is_proven` says whether the file was its node's own, `was_sealed` whether it came
    sealed; `to` is the key that the answer is sealed to, none for a node of the version before."""

    reply: CourierReply
    to: bytes
    was_sealed: bool
    answers: int
    news: int
    refused: dict[str, int]
    is_proven: bool

    def pieces(self) -> Iterator[bytes]:
        """The file's bytes, made as they are written."""
        return stick_pieces(self.reply, self.to)

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return b"".join(self.pieces())


async def answer_courier(
    service: HubService, raw: bytes | IO[bytes], line_key: LineKey = lambda node: None, files_bytes: int = ASKED_BYTES_MAX
) -> Answered:
    """Answer a courier file; applying it twice or late changes nothing. Of files that the node asks for at most `files_bytes` go onto the answer.

    Raises:
        RemoteProtocolError: damaged, for another hub, or not to be opened here. A bad frame inside only gets a refusal among the answers.
    """
    hub, source = service.identity.hub, io.BytesIO(raw) if isinstance(raw, bytes) else raw
    plain, was_sealed = open_stick(source, "courier", hub=hub, reader=service.sticks)
    sent = read_courier(plain, hub=hub)
    del plain  # its frames are copies
    stick = _Stick(service, sent.node, ByHand(_is_proven(sent, line_key)), files_bytes)
    for frame in sent.frames:
        await stick.take(frame)
    if stick.welcome is not None:
        await stick.publish(stick.welcome, sent.holds)
    reply = CourierReply(hub, sent.node, tuple(stick.frames), stick.asked, offered=tuple(stick.offered))
    signed, to = seal_reply(reply, service.signer.sign), await stick.sealed_to()
    return Answered(signed, to, was_sealed, len(stick.frames), stick.news, dict(stick.refused), stick.hand.is_proven)


class _Stick:
    """One file that is being answered."""

    def __init__(self, service: HubService, node: NodeId, hand: ByHand, files_bytes: int) -> None:
        self._service, self._node, self.hand, self._room = service, node, hand, files_bytes
        self._left_out: set[BlobDigest] = set()  # what is not here is refused once, what finds no room not at all
        self.frames: list[bytes] = []
        self.refused: Counter[str] = Counter()
        self.welcome: HelloReply | None = None
        self.asked = b""
        self._to = b""
        self.offered: list[bytes] = []
        self.news = 0

    async def take(self, frame: bytes) -> None:
        """Answer what the node asked."""
        question = _read(frame)
        if isinstance(question, Pull) and self.hand.is_proven:
            await self._tell(question)
            return
        if isinstance(question, BlobGet) and self.hand.is_proven:
            await self._bring(question)
            return
        if isinstance(question, Hello) and question.stick is not None and seals(question.stick.key):
            self._to = question.stick.key
        reply = await self._answer(frame)
        if isinstance(reply, HelloReply):
            self.welcome = reply
        elif isinstance(reply, OfferReply):
            self.offered.append(frame)

    async def sealed_to(self) -> bytes:
        """The key that opens the answer: as the greeting here shows it, else as the node's last one did; none of a node that never showed any."""
        if self._to:
            return self._to
        hello = await self._service.store.readers.run_async(lambda c: registry.last_hello(c, self._node))
        return hello.stick.key if hello is not None and hello.stick is not None and seals(hello.stick.key) else b""

    async def publish(self, welcome: HelloReply, holds: Collection[BlobDigest]) -> None:
        """What the greeting offers, as files: catalogue, administrative units, revocation lists, index; without those held."""
        law = await self._service.store.readers.run_async(self._service.law)
        areas = law.part(AREAS) if law is not None else None
        offered = [(one.digest, one.size) for one in (welcome.catalogue, welcome.trust) if one is not None]
        if areas is not None:
            offered.append((BlobDigest(bytes.fromhex(areas.digest)), areas.size))
        if welcome.existence_ms:
            index = await self._answer(pack(ExistenceAsk()))
            offered += (
                [(one.digest, one.size) for one in index.offered.files] if isinstance(index, ExistenceOffer) else []
            )
        room = PUBLISHED_BYTES_MAX
        for digest, size in offered:
            if digest not in holds and size <= room and await self._carry(digest, size):
                room -= size

    async def _tell(self, question: Pull) -> None:
        """All pages of news. A place in a former life of this hub is the start."""
        epoch = self._service.identity.epoch
        ask = (
            question if question.epoch == epoch else msgspec.structs.replace(question, epoch=epoch, cursor=0, seen=None)
        )
        self.asked = pack(ask)
        told = 0
        while told < NEWS_BYTES_MAX:
            reply = await self._answer(pack(ask))
            if not isinstance(reply, PullReply):
                return
            told += len(self.frames[-1])
            self.news += len(reply.events)
            if not reply.more:
                return
            ask = msgspec.structs.replace(ask, epoch=reply.epoch, cursor=reply.cursor)

    async def _bring(self, question: BlobGet) -> None:
        """A chunk of a file that the node asks for; it asks again for what is left out."""
        if question.digest in self._left_out:
            return
        if question.length > self._room or not isinstance(await self._answer(pack(question)), BlobPart):
            self._left_out.add(question.digest)
            return
        self._room -= question.length

    async def _carry(self, digest: BlobDigest, size: int) -> bool:
        for offset in range(0, size, CHUNK_BYTES):
            part = await self._answer(pack(BlobGet(digest, offset, min(CHUNK_BYTES, size - offset))))
            if not isinstance(part, BlobPart):
                return False
        return True

    async def _answer(self, frame: bytes) -> Reply:
        answer = await self._service.answer(self._node, frame, by_hand=self.hand)
        self.frames.append(answer)
        reply = unpack_reply(answer)
        if code := refused_with(reply):
            self.refused[code] += 1
        return reply


def _is_proven(sent: CourierFile, line_key: LineKey) -> bool:
    key = line_key(sent.node) if sent.proof else None
    if key is None:
        return False
    try:
        check_file(sent, lambda message, mark: verify(key, message, mark))
    except Problem as problem:
        _log.warning("hub.courier.unproven", node=sent.node, code=problem.code)
        return False
    return True


def _read(frame: bytes) -> Request | None:
    try:
        return unpack_request(frame)
    except Problem:
        return None  # its answer is a refusal
