"""The line to the hub as the rest of sync sees it: messages in, messages out. NATS and the tests' direct line are two of them."""

from __future__ import annotations

from typing import Literal, Protocol, TypeVar

from edge_node.sync.errors import BUSY, HubRefused, UnexpectedReply
from sync_protocol.messages import (
    BlobGet,
    BlobHave,
    BlobPut,
    Busy,
    ExistenceAsk,
    Find,
    Hello,
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
RECORD_TIMEOUT_S = 60.0
FILE_TIMEOUT_S = 120.0


class Line:
    """Typed requests over a carrier, counting bytes both ways."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self.sent_bytes = 0
        self.received_bytes = 0

    async def ask(self, request: Request, frame: bytes | None = None) -> Reply:
        """Any request, any reply; `frame` is the request packed, where somebody has it. Raises the carrier's Problem when no answer comes."""
        verb = _VERBS[type(request)]
        is_file = verb is Verb.BLOB
        if frame is None:
            frame = pack(request, compress=not isinstance(request, BlobPut))
        self.sent_bytes += len(frame)
        answer = await self._carrier.request(
            verb, frame, timeout=FILE_TIMEOUT_S if is_file else RECORD_TIMEOUT_S, lane="files" if is_file else "records"
        )
        self.received_bytes += len(answer)
        return unpack_reply(answer)

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
