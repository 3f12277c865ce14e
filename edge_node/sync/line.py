"""The line to the hub as the rest of sync sees it: messages in, messages out. NATS and the tests' direct line are two of them."""

from __future__ import annotations

from typing import Literal, Protocol, TypeVar

from edge_node.sync.errors import BUSY, HubRefused, UnexpectedReply
from sync_protocol.dictionary import CAPABILITY, DICTIONARY
from sync_protocol.errors import RemoteProtocolError
from sync_protocol.messages import (
    BlobGet,
    BlobHave,
    BlobPut,
    Busy,
    ExistenceAsk,
    Find,
    Hello,
    HelloReply,
    Offer,
    OpenRecord,
    Pull,
    Push,
    RangeAsk,
    Refusal,
    Remind,
    Reply,
    Request,
    SnapshotAsk,
    TakeCustody,
    Witness,
)
from sync_protocol.subjects import Verb
from sync_protocol.wire import pack, unpack_reply

R = TypeVar("R")
LaneName = Literal["records", "files"]


class Carrier(Protocol):
    """Carries frames; `NodeBus` is the real one. Raises a Problem when no answer comes."""

    async def request(self, verb: Verb | str, payload: bytes, *, timeout: float, lane: LaneName = "records") -> bytes:
        """One frame for one frame."""


_VERBS: dict[type, Verb] = {
    Hello: Verb.HELLO, Push: Verb.PUSH, Pull: Verb.PULL, BlobHave: Verb.BLOB, BlobPut: Verb.BLOB, BlobGet: Verb.BLOB,
    Find: Verb.LOOKUP, OpenRecord: Verb.LOOKUP, TakeCustody: Verb.LOOKUP, Offer: Verb.OFFER, Witness: Verb.OFFER, Remind: Verb.OFFER,
    RangeAsk: Verb.RANGE, ExistenceAsk: Verb.LOOKUP, SnapshotAsk: Verb.PULL,
}  # fmt: skip
_ALONE_BYTES = 4_096  # a message packed before that is so short is packed again, with the dictionary
RECORD_TIMEOUT_S = 60.0
FILE_TIMEOUT_S = 120.0


class Line:
    """Typed requests over a carrier, counting them and their bytes both ways."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._dictionary = 0  # what the hub of the last greeting reads; each connection begins with one
        self.requests = 0
        self.sent_bytes = 0
        self.received_bytes = 0

    async def ask(self, request: Request, frame: bytes | None = None) -> Reply:
        """Any request, any reply; `frame` is the request packed, where somebody has it. Raises the carrier's Problem when no answer comes.

        While a hub is upgraded, one of its workers may be older than the one that greeted: what it cannot read is said again without the dictionary.
        """
        reply = await self._once(request, frame)
        if self._dictionary and isinstance(reply, Refusal) and reply.code == RemoteProtocolError.code:
            self._dictionary = 0
            reply = await self._once(request, frame)
        return reply

    async def _once(self, request: Request, frame: bytes | None) -> Reply:
        verb = _VERBS[type(request)]
        is_file = verb is Verb.BLOB
        if isinstance(request, Hello):
            self._dictionary = 0
        if frame is None or (self._dictionary and len(frame) < _ALONE_BYTES):
            frame = pack(request, compress=not isinstance(request, BlobPut), dictionary=self._dictionary)
        self.requests += 1
        self.sent_bytes += len(frame)
        answer = await self._carrier.request(
            verb, frame, timeout=FILE_TIMEOUT_S if is_file else RECORD_TIMEOUT_S, lane="files" if is_file else "records"
        )
        self.received_bytes += len(answer)
        reply = unpack_reply(answer)
        if isinstance(reply, HelloReply) and CAPABILITY in reply.capabilities:
            self._dictionary = DICTIONARY
        return reply

    async def expect(self, request: Request, kind: type[R]) -> R:
        """A request whose only good answer is `kind`.

        Raises:
            HubRefused: the hub said no, or not now.
            UnexpectedReply: it answered something else.
        """
        reply = await self.ask(request)
        if isinstance(reply, kind):
            return reply
        if isinstance(reply, Refusal):
            raise HubRefused(refusal=reply.code, detail=reply.detail)
        if isinstance(reply, Busy):
            raise HubRefused(refusal=BUSY, detail="busy")
        raise UnexpectedReply(expected=kind.__name__, found=type(reply).__name__)
