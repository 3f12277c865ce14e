"""A hub, an enrolled node and what it can send: honest batches, and the parts to forge others from."""

from __future__ import annotations

from pathlib import Path

import msgspec

from central_hub.ingest.quarantine import Held, held
from sync_protocol.adapters import event_log
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import Batch, seal_batch
from sync_protocol.bodies import TYPE_OF_BODY, NoteAdded, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import GENESIS, EventId, Incarnation, NodeId, RecordId
from sync_protocol.messages import Push, Reply, Request
from sync_protocol.wire import pack, unpack_reply
from tests.offices import HUB_NAME, Clock, Hub, reception, rid

INC = Incarnation(b"i" * 16)


class Desk:
    """A node's lane as bytes, without its database."""

    def __init__(self, node: str = "n00101a", office: str = "00101", seed: bytes = b"A") -> None:
        self.node, self.office = NodeId(node), office
        self.signer = SoftwareSigner(seed * 32)
        self.lane: list[Event] = []

    def add(
        self, body: msgspec.Struct | bytes, at: RecordId, *, type: str = "", inc: Incarnation = INC, hlc: int = 0
    ) -> Event:
        """One more event of the lane."""
        raw = body if isinstance(body, bytes) else encode_body(body)
        prev = self.lane[-1].id if self.lane else GENESIS
        seq = len(self.lane) + 1
        event = make_event(
            node=self.node, inc=inc, seq=seq, prev=prev, type=type or _type_of(body), tv=1, rid=at,
            hlc=hlc or seq << 16, actor="cb01", body=raw,
        )  # fmt: skip
        self.lane.append(event)
        return event

    def receive(self, count: int = 1) -> None:
        """Some honest receptions."""
        for _ in range(count):
            number = len(self.lane) + 1
            self.add(reception(number, self.office), rid(number))

    def note(self, at: RecordId) -> Event:
        """An honest note."""
        return self.add(NoteAdded(text="ghi chú", officer="cb01", at_ms=1), at)

    def batch(self, first: int = 1, last: int | None = None) -> Batch:
        """Events `first … last` under this node's signature."""
        return seal_batch(HUB_NAME, self.lane[first - 1 : last], self.signer.sign)

    def sealed_over(self, events: list[Event]) -> Batch:
        """Any events under this node's signature."""
        return seal_batch(HUB_NAME, events, self.signer.sign)


class Window:
    """The hub as its nodes see it, over a real database."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.hub = Hub(root, self.clock)

    def enrol(self, desk: Desk) -> None:
        """Let a desk in."""
        self.hub.enrol(desk)  # type: ignore[arg-type]

    async def ask(self, node: str, request: Request) -> Reply:
        """A message."""
        return unpack_reply(await self.hub.service.answer(node, pack(request)))

    async def push(self, node: str, batch: Batch) -> Reply:
        """A batch."""
        return await self.ask(node, Push(batch))

    async def throw(self, node: str, frame: bytes) -> Reply:
        """Any bytes."""
        return unpack_reply(await self.hub.service.answer(node, frame))

    def quarantine(self) -> list[Held]:
        """What is held."""
        return self.hub.store.readers.run(held)

    def events(self) -> list[Event]:
        """What was taken."""
        return self.hub.store.readers.run(lambda c: [event for _, _, event in event_log.all_events(c)])


def _type_of(body: msgspec.Struct | bytes) -> str:
    assert isinstance(body, msgspec.Struct), "raw bodies name their type"
    return TYPE_OF_BODY[body.__class__]


def other_body(event: Event) -> Event:
    """The same place with another content."""
    h = event.header
    return make_event(
        node=h.node, inc=h.inc, seq=h.seq, prev=h.prev, type=h.type, tv=h.tv, rid=h.rid, hlc=h.hlc, actor="cb99",
        body=b"\x80", base=h.base, fence=h.fence,
    )  # fmt: skip


def nowhere() -> EventId:
    """An id nobody holds."""
    return EventId(b"x" * 32)
