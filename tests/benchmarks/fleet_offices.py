"""Driven offices: real connections to the real message server, real signed batches made beforehand, so that the time measured is the hub's.

Each office has its own account, key, lane and chain. One dossier of four events (received, three notes) for every four events of a day.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator

from edge_node.sync.line import Line
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import Batch, seal_batch
from sync_protocol.bodies import NoteAdded, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.errors import Problem
from sync_protocol.ids import GENESIS, EventId, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.messages import Hello, HelloReply, LaneHead, Push, PushReply
from tests.benchmarks.workload import dossier

EVENTS_OF_DOSSIER = 4
DOSSIERS_MAX = 1_000_000  # of one office: the numbers of the next begin behind them
ASK_S = 120.0


class DrivenOffice:
    """One office with its backlog, and its way to the hub. `finished_s` is when its last batch was acknowledged, on the monotonic clock."""

    def __init__(self, number: int, hub: str, of_dossier: int = EVENTS_OF_DOSSIER) -> None:
        self.number, self._of_dossier = number, of_dossier
        self.office = OfficeCode(f"{number:05d}")
        self.node = NodeId(f"n{number:05d}a")
        self.signer = SoftwareSigner(number.to_bytes(32, "big"))
        self.inc = Incarnation(number.to_bytes(16, "big"))
        self.batches: list[Batch] = []
        self.finished_s = 0.0
        self.busy = 0
        self._hub, self._seq, self._prev, self._dossiers = hub, 0, EventId(GENESIS), 0
        self.bus: NodeBus | None = None
        self.line: Line | None = None

    def make(self, events: int, batch_events: int) -> None:
        """Events of the next dossiers, cut into signed batches. Raises ValueError where the next office's dossiers begin."""
        if self._dossiers + events / self._of_dossier > DOSSIERS_MAX:
            raise ValueError(f"office {self.office}: more than {DOSSIERS_MAX} dossiers")
        made = list(self._events(events))
        self.batches += [
            seal_batch(self._hub, made[at : at + batch_events], self.signer.sign)
            for at in range(0, events, batch_events)
        ]

    def _events(self, count: int) -> Iterator[Event]:
        rid = RecordId(bytes(16))
        for number in range(count):
            self._seq += 1
            if number % self._of_dossier == 0:
                self._dossiers += 1
                rid, received = dossier(self.number * DOSSIERS_MAX + self._dossiers, self.office)
                kind, body = "dossier.received", encode_body(received)
            else:
                kind, body = (
                    "note.added",
                    encode_body(
                        NoteAdded(text="đã nhận đủ giấy tờ, hẹn trả tại quầy", officer="cb01", at_ms=1_795_000_000_000)
                    ),
                )
            event = make_event(
                node=self.node, inc=self.inc, seq=self._seq, prev=self._prev, type=kind, tv=1, rid=rid, hlc=(1_795_000_000_000 + self._seq) << 16,
                actor="cb01", body=body,
            )  # fmt: skip
            self._prev = event.id
            yield event

    async def connect(self, credentials: str, server: str, ca_pem: bytes, patience_s: float) -> None:
        """Open both lanes and say hello, as often as it takes."""
        way = BusSettings(name=self.node, servers=(server,), ca_pem=ca_pem, credentials=read_credentials(credentials))
        self.bus = NodeBus(self.node, way, clock=_now, chance=random.random)
        await self.bus.connect(patience_s)
        self.line = Line(self.bus)
        hello = Hello(
            versions=(1, 1), software="driven", office=self.office, inc=self.inc, heads=(LaneHead(self.inc, self._seq, self._prev),), epoch=None,
            cursor=0, clock_ms=int(time.time() * 1000), queue_events=self._seq, queue_oldest_ms=int(time.time() * 1000) - 3_600_000,
            public_key=self.signer.public_key, free_disk_bytes=80 << 30,
        )  # fmt: skip
        await self._ask(hello, HelloReply)

    async def drain(self, count: int | None = None) -> int:
        """Send the next batches (all by default), one after the other; returns the events acknowledged."""
        sent = 0
        for _ in range(len(self.batches) if count is None else count):
            batch = self.batches.pop(0)
            await self._ask(Push(batch), PushReply)
            sent += len(batch.events)
        self.finished_s = time.monotonic()
        return sent

    async def _ask(self, request: Hello | Push, kind: type) -> None:
        until = time.monotonic() + ASK_S
        while True:
            assert self.line is not None
            try:
                await self.line.expect(request, kind)
                return
            except Problem:
                self.busy += 1
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(random.uniform(0.5, 2.0))

    async def close(self) -> None:
        """Leave. Idempotent."""
        if self.bus is not None:
            await self.bus.close()
        self.bus = self.line = None


def _now() -> object:
    import datetime as dt

    return dt.datetime.now(dt.UTC)
