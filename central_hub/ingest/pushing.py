"""One push, from its frame to its receipt: who pushes, what is proven of it, when its turn comes, and what became of it.

Order of every push: read, prove, commit, and only then sign the acknowledgement (hub rule H1; design.md decision 4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

import apsw
import structlog

from central_hub.ingest.asker import Asker, asker_of, same_asker
from central_hub.ingest.beside import commit_beside, settle
from central_hub.ingest.commit import Committed, check_office, commit_batch, whole
from central_hub.ingest.errors import WrongName
from central_hub.ingest.following import Following
from central_hub.ingest.identity import HubIdentity
from central_hub.ingest.pace import BESIDE, WAITING, Pace
from central_hub.store.hub_store import HubStore
from sync_protocol.adapters import event_log, signatures
from sync_protocol.adapters.folded import Folded, fold_ahead
from sync_protocol.adapters.sqlite import Turn
from sync_protocol.batch import Acknowledgement, Batch, open_batch, sign_acknowledgement
from sync_protocol.envelope import Event
from sync_protocol.errors import Problem, RemoteProtocolError
from sync_protocol.ids import EventId, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.messages import Behind, Fork, LaneHead, Push, PushReply, Reply
from sync_protocol.receiver import Forked, Gap
from sync_protocol.wire import pack

_log = structlog.get_logger(__name__)

GAP_WAIT_S = 0.5  # a batch that overtook its predecessor waits for it as long as others are committed here, and this long after
GAP_LOOK_S = 0.01  # another worker may commit the predecessor: nobody tells this one
GAP_LOOKS = 200
FOLLOW_S = 0.05  # a batch that came straight waits so long for the one before it, which another worker hands on
DRAIN_MS = 2_000  # a queue is drained as long as its batches follow each other so closely
ACT_EVENTS = 10  # a push of at most so many events is what people are doing now, not a queue that is drained
# To prove a batch is 6 ms of the interpreter, and takes the writer nearly as much when both want it; in its COMMIT it wants nothing. Longer it is not waited for.
REST_S = 0.05

Stored = Committed | Gap | Forked


class ToldOf(Protocol):
    """What becomes of a push beyond its receipt: offices that hear of news, and frames that people must look at."""

    async def spread(self, offices: frozenset[OfficeCode] | set[OfficeCode], *, but: NodeId) -> None:
        """Tell the nodes of these offices that their feeds grew."""

    async def hold(self, node: NodeId, frame: bytes, problem: Problem, *, code: str = "", detail: str = "") -> None:
        """Keep a frame for people."""


class Pushes:
    """Takes pushes over one store; one object for a process, since it remembers who pushed and how far each lane began here.

    Args:
        gap_wait_s: how long a batch that overtook its predecessor waits after the last commit here; 0 for never.
    """

    def __init__(
        self,
        identity: HubIdentity,
        store: HubStore,
        signer: signatures.Signer,
        told: ToldOf,
        *,
        now_ms: Callable[[], int],
        gap_wait_s: float = GAP_WAIT_S,
    ) -> None:
        self._identity = identity
        self._store = store
        self._beside = store.pushes_with(settle)
        self._signer = signer
        self._told = told
        self._now_ms = now_ms
        self.gap_wait_s = gap_wait_s
        self.pace = Pace(BESIDE if store.has_looks_beside else WAITING, lambda: store.looks.is_looked_at)
        self._following = Following(min(FOLLOW_S, gap_wait_s))
        self._arrived = asyncio.Condition()
        self._askers: dict[NodeId, Asker] = {}  # who pushed before; compared again where a batch commits
        self._drained_ms: int | None = None  # when the last batch of a queue came
        self._proving = asyncio.Lock()  # one batch at a time in a thread, in the order of their arrival

    def is_draining(self) -> bool:
        """Whether an office is sending what it had gathered: what nobody waits for may come later."""
        return self._drained_ms is not None and 0 <= self._now_ms() - self._drained_ms < DRAIN_MS

    def see_queue(self) -> None:
        """A piece of a queue came by here, whichever worker answers it."""
        self._drained_ms = self._now_ms()

    async def take(self, node: NodeId, request: Push) -> Reply:
        """The receipt, or how far the lane is held, or where it parted.

        Raises:
            Problem: refused; nothing of the batch was kept but by who holds it for people.
        """
        batch = request.batch
        last, is_queue = batch.first + len(batch.events) - 1, len(batch.events) > ACT_EVENTS
        with self._following.here(node, batch.inc, batch.first, last, is_queue=is_queue) as turn:
            asker, events, ahead = await self._proven_by(node, batch)
            await turn(partial(self._held, node, batch.inc))
        try:
            asker, outcome = await self._commit(asker, events, ahead, request.behind)
        except RemoteProtocolError:
            self._askers.pop(node, None)  # revoked, or another key: what was remembered is not true any more
            raise
        self._identity.learn(asker.epoch)
        match outcome:
            case Gap(floor=floor):
                return Behind(LaneHead(batch.inc, floor.seq, floor.id))
            case Forked(at=at, held=held):
                _log.warning("hub.lane.fork", node=node, at=at)
                await self._told.hold(node, pack(request), Problem(), code="SYN-012", detail=f"fork at {at}")
                return Fork(batch.inc, at, held)
            case Committed():
                await self._told.spread(outcome.news - {asker.office} if asker.is_alone else outcome.news, but=node)
                promise = Acknowledgement(
                    self._identity.hub, asker.epoch or self._identity.epoch, node, batch.inc, outcome.floor.seq, outcome.floor.id,
                    outcome.hubseq, self._now_ms(), outcome.backup_seq,
                )  # fmt: skip
                return PushReply(sign_acknowledgement(promise, self._signer.sign))

    async def _held(self, node: NodeId, inc: Incarnation) -> int:
        lane = await self._store.readers.run_async(lambda c: event_log.find_lane(c, node, inc))
        return lane.head.seq if lane is not None else 0

    async def _proven_by(self, node: NodeId, batch: Batch) -> tuple[Asker, tuple[Event, ...], Mapping[RecordId, Folded]]:
        """Who pushes and what was proven; where what is remembered does not prove it, the database is asked before it is refused."""
        if len(batch.events) > ACT_EVENTS:
            self.see_queue()
        known = self._askers.get(node)
        if known is not None:
            try:
                return known, *await self._prove(known, batch)
            except Problem:
                _log.info("hub.asker.read_again", node=node)
        asker = await self._store.readers.run_async(lambda c: asker_of(c, node))
        proven = await self._prove(asker, batch)
        self._askers[node] = asker
        return asker, *proven

    async def _prove(self, asker: Asker, batch: Batch) -> tuple[tuple[Event, ...], Mapping[RecordId, Folded]]:
        if batch.node != asker.node:
            raise WrongName(node=asker.node, claimed=batch.node)
        if len(batch.events) <= ACT_EVENTS:
            return self._proven(asker, batch)
        async with self._proving:
            return await asyncio.to_thread(self._proven_beside, asker, batch)

    def _proven_beside(self, asker: Asker, batch: Batch) -> tuple[tuple[Event, ...], Mapping[RecordId, Folded]]:
        """In a thread: while the one writer is in a COMMIT, if that can be."""
        if not self._store.has_looks_beside:
            self._store.writer.wait_for_rest(REST_S)
        return self._proven(asker, batch)

    def _proven(self, asker: Asker, batch: Batch) -> tuple[tuple[Event, ...], Mapping[RecordId, Folded]]:
        """Prove a batch, and fold ahead what can be folded without the database: all that need not wait for the writer."""
        events = open_batch(
            batch, hub=self._identity.hub, verify=lambda message, mark: signatures.verify(asker.public_key, message, mark)
        )
        check_office(asker.node, asker.office, events)
        return events, fold_ahead(events)

    async def _commit(
        self, known: Asker, events: tuple[Event, ...], ahead: Mapping[RecordId, Folded], behind: Sequence[EventId] = ()
    ) -> tuple[Asker, Stored]:
        """Commit, and say who pushed at that moment; a batch that overtook its predecessor waits for the next commits before it is called a gap."""
        store = self._stores(known, events, ahead, behind)
        quiet_s = 0.0
        for _ in range(GAP_LOOKS):
            asker, outcome = await store()
            if not isinstance(outcome, Gap):
                break
            if quiet_s >= self.gap_wait_s:
                return asker, outcome
            async with self._arrived:
                try:
                    await asyncio.wait_for(self._arrived.wait(), GAP_LOOK_S)
                    quiet_s = 0.0
                except TimeoutError:
                    quiet_s += GAP_LOOK_S
        async with self._arrived:
            self._arrived.notify_all()
        return asker, outcome

    def _stores(
        self, known: Asker, events: tuple[Event, ...], ahead: Mapping[RecordId, Folded], behind: Sequence[EventId]
    ) -> Callable[[], Awaitable[tuple[Asker, Stored]]]:
        """One attempt at the database: beside others where that may be, else alone; a queue's batch in steps while somebody looks."""
        turn = Turn.ACT if len(events) <= ACT_EVENTS else Turn.QUEUE  # somebody has just pressed a button; a drained queue can wait for that

        def alone(connection: apsw.Connection, some: Sequence[Event]) -> tuple[Asker, Stored]:
            now = same_asker(connection, known)
            epoch = now.epoch or self._identity.epoch
            return now, commit_batch(connection, now.node, now.office, some, epoch, self._now_ms(), ahead, behind)

        async def store(some: Sequence[Event]) -> tuple[Asker, Stored]:
            if self._beside is not None:
                done = await commit_beside(self._beside, known, some, ahead, behind, self._now_ms(), turn)
                if done is not None:
                    return done
            if turn == Turn.ACT or self._store.has_looks_beside:
                return await self._store.writer.run_async(partial(alone, some=some), turn=turn)
            return (await self._store.writer.run_each_async([partial(alone, some=some)]))[0]

        async def in_steps() -> tuple[Asker, Stored]:
            done = await self.pace.in_steps(events, store, lambda one: isinstance(one[1], Committed))
            return done[-1][0], whole([one for _, one in done])

        return partial(store, events) if turn == Turn.ACT else in_steps
