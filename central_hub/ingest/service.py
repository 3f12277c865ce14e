"""The hub's answers to a node, verb by verb: bytes in, bytes out. Transport, web and courier files all stand on this.

Order of every push: read, prove, commit, and only then sign the acknowledgement (hub rule H1; design.md decision 4).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cached_property, partial

import apsw
import structlog

from central_hub.bootstrap.snapshots import Snapshots
from central_hub.existence.publishing import offer_of
from central_hub.ingest import nodes as registry
from central_hub.ingest.asker import Asker, asker_of, same_asker
from central_hub.ingest.beside import commit_beside, settle
from central_hub.ingest.blobs import HubFiles
from central_hub.ingest.commit import Committed, check_office, commit_batch, in_slices, whole
from central_hub.ingest.errors import KeyMismatch, RevokedNode, WrongName
from central_hub.ingest.feed import feed_head
from central_hub.ingest.following import Following
from central_hub.ingest.greeting import greet
from central_hub.ingest.identity import HubIdentity as HubIdentity
from central_hub.ingest.pulling import pull
from central_hub.ingest.quarantine import hold
from central_hub.ingest.ranges import compare
from central_hub.ingest.reminding import take_reminder
from central_hub.ingest.witness import take_back, wanted_of
from central_hub.ingest.words import check_words
from central_hub.lookup import service as lookup
from central_hub.store.epoch import EPOCH
from central_hub.store.hub_store import HubStore, read_state
from sync_protocol.adapters import event_log, signatures
from sync_protocol.adapters.files.errors import FileStoreUnavailable
from sync_protocol.adapters.projection import Folded, fold_ahead
from sync_protocol.adapters.sqlite import Turn
from sync_protocol.adapters.storage_errors import StatementRejected, StorageProblem
from sync_protocol.batch import Acknowledgement, Batch, open_batch, sign_acknowledgement
from sync_protocol.catalogue import Catalogue
from sync_protocol.envelope import Event
from sync_protocol.errors import Problem, RemoteProtocolError
from sync_protocol.ids import EventId, HubEpoch, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.messages import (
    Behind,
    BlobGet,
    BlobHave,
    BlobPart,
    BlobPut,
    Busy,
    ExistenceAsk,
    Find,
    Fork,
    Hello,
    Hint,
    LaneHead,
    Offer,
    OpenRecord,
    Pull,
    Push,
    PushReply,
    RangeAsk,
    Refusal,
    Remind,
    Reply,
    Request,
    SnapshotAsk,
    TakeCustody,
    Witness,
    WitnessReply,
)
from sync_protocol.receiver import Forked, Gap
from sync_protocol.wire import pack, unpack_request

_log = structlog.get_logger(__name__)

Tell = Callable[[NodeId, bytes], Awaitable[bool]]
BUSY_RETRY_MS = 2_000
STORE_AWAY = (StorageProblem, FileStoreUnavailable)  # but for StatementRejected the sender did nothing wrong
GAP_WAIT_S = 0.5  # a batch that overtook its predecessor waits for it as long as others are committed here, and this long after
GAP_LOOK_S = 0.01  # another worker may commit the predecessor: nobody tells this one
GAP_LOOKS = 200
FOLLOW_S = 0.05  # a batch that came straight waits so long for the one before it, which another worker hands on
DRAIN_MS = 2_000  # a queue is drained as long as its batches follow each other so closely
INCOMPRESSIBLE = BlobPart | PushReply  # files are compressed already, and a receipt is ids and a signature
ACT_EVENTS = 10  # a push of at most so many events is what people are doing now, not a queue that is drained


class HubService:
    """All verbs over one store. `tell` sends a hint to a node; losing one is harmless."""

    def __init__(
        self,
        identity: HubIdentity,
        store: HubStore,
        files: HubFiles,
        signer: signatures.Signer,
        *,
        now_ms: Callable[[], int],
        tell: Tell | None = None,
        gap_wait_s: float = GAP_WAIT_S,
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.identity = identity
        self.store = store
        self._pushes = store.pushes_with(settle)
        self.files = files
        self._signer = signer
        self._now_ms = now_ms
        self.tell = tell
        self.law: Callable[[], Catalogue | None] = lambda: None  # what is sensitive, as published
        self._gap_wait_s = gap_wait_s
        self._entropy = entropy
        self._following = Following(min(FOLLOW_S, gap_wait_s))
        self._arrived = asyncio.Condition()
        self._askers: dict[NodeId, Asker] = {}  # who pushed before; compared again where a batch commits
        self._drained_ms: int | None = None  # when the last batch of a queue came
        self._proving = asyncio.Lock()  # one batch at a time in a thread, in the order of their arrival

    @cached_property
    def snapshots(self) -> Snapshots:
        """What new nodes begin from."""
        return Snapshots(self.store, self.files.files, self.identity, self._signer.sign, self._now_ms)

    def is_draining(self) -> bool:
        """Whether an office is sending what it had gathered: what nobody waits for may come later."""
        return self._drained_ms is not None and 0 <= self._now_ms() - self._drained_ms < DRAIN_MS

    def see_queue(self) -> None:
        """A piece of a queue came by here, whichever worker answers it."""
        self._drained_ms = self._now_ms()

    async def answer(self, node: str, frame: bytes) -> bytes:
        """One request to one reply. Never raises for what a peer did: a refusal is an answer."""
        name = NodeId(node)
        request: Request | None = None
        try:
            request = unpack_request(frame)
            reply = await self._dispatch(name, request, frame)
        except Problem as problem:
            if isinstance(problem, STORE_AWAY) and not isinstance(problem, StatementRejected):
                _log.error("hub.store.away", node=node, code=problem.code, operator=problem.operator_line)
                return pack(Busy(BUSY_RETRY_MS))
            if request is None or isinstance(request, Push | Witness):
                await self._hold(name, frame, problem)  # somebody's work, or unreadable: kept for people
            elif isinstance(request, Hello) and isinstance(problem, KeyMismatch):
                await self._hold(name, pack(_who_it_says(request)), problem)
            else:
                _log.info("hub.request.refused", node=node, code=problem.code, request=type(request).__name__)
            reply = Refusal(problem.code, problem.operator_line)
        return pack(reply, compress=not isinstance(reply, INCOMPRESSIBLE))

    async def _dispatch(self, node: NodeId, request: Request, frame: bytes) -> Reply:
        if isinstance(request, Push):
            return await self._push(node, request)
        check_words(request)
        row, epoch = await self.store.readers.run_async(lambda c: (registry.find_node(c, node), read_state(c, EPOCH)))
        self._learn(HubEpoch(epoch) if epoch is not None else None)
        if row.is_revoked:
            raise RevokedNode(node=node)
        match request:
            case Hello():
                return await self.store.writer.run_async(
                    lambda c: greet(
                        c, row, request, self.identity.hub, self.identity.epoch, self._now_ms(), self._signer.sign
                    ),
                    turn=Turn.ACT,
                )
            case Pull():
                return await self.store.readers.run_async(
                    lambda c: pull(c, row, request, self.identity.epoch, self.identity.hub, self._signer.sign)
                )
            case BlobHave() | BlobPut() | BlobGet():
                return await self.files.answer(row, request)
            case Find():
                law = await asyncio.to_thread(self.law)
                return await self.store.looks.run_async(
                    lambda c: lookup.find(c, row, request, self._now_ms(), law), turn=Turn.LOOK
                )
            case OpenRecord():
                law = await asyncio.to_thread(self.law)
                return await self.store.writer.run_async(
                    lambda c: lookup.open_record(c, row, request, self._now_ms(), law),
                    turn=Turn.LOOK,
                )
            case TakeCustody():
                taken, news = await self.store.writer.run_async(
                    lambda c: lookup.take_custody(c, row, request, self.identity.epoch, self._now_ms()),
                    turn=Turn.ACT,
                )
                await self.spread(news, but=node)
                return taken
            case SnapshotAsk():
                return await self.snapshots.answer(row.office)
            case ExistenceAsk():
                return await self.store.readers.run_async(lambda c: offer_of(c, self.identity.hub, self._signer.sign))
            case Offer():
                return await self.store.writer.run_async(
                    lambda c: wanted_of(c, row, request, self.identity.hub, self._signer.public_key, self._now_ms())
                )
            case Witness():
                answer, news = await self.store.writer.run_async(
                    lambda c: take_back(c, row, request, self.identity, self._signer.public_key, self._now_ms())
                )
                await self.spread(news, but=node)
                return answer
            case RangeAsk():
                return await self.store.readers.run_async(lambda c: compare(c, row, request, self.identity.epoch))
            case Remind():
                return await self._take_reminder(row, request)

    async def _take_reminder(self, row: registry.NodeRow, request: Remind) -> WitnessReply:
        fresh = HubEpoch(self._entropy(16))
        forgot = await self.store.writer.run_async(
            lambda c: take_reminder(c, row, request, self.identity.hub, self._signer.public_key, fresh, self._now_ms()),
            turn=Turn.ACT,
        )
        if forgot:
            _log.warning("hub.epoch.opened", reason="reminded", node=row.node)
            self.identity.epoch = fresh
        return WitnessReply(int(forgot))

    async def _push(self, node: NodeId, request: Push) -> Reply:
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
        self._learn(asker.epoch)
        match outcome:
            case Gap(floor=floor):
                return Behind(LaneHead(batch.inc, floor.seq, floor.id))
            case Forked(at=at, held=held):
                _log.warning("hub.lane.fork", node=node, at=at)
                await self._hold(node, pack(request), Problem(), code="SYN-012", detail=f"fork at {at}")
                return Fork(batch.inc, at, held)
            case Committed():
                await self.spread(outcome.news - {asker.office} if asker.is_alone else outcome.news, but=node)
                promise = Acknowledgement(
                    self.identity.hub, asker.epoch or self.identity.epoch, node, batch.inc, outcome.floor.seq, outcome.floor.id,
                    outcome.hubseq, self._now_ms(), outcome.backup_seq,
                )  # fmt: skip
                return PushReply(sign_acknowledgement(promise, self._signer.sign))

    async def _held(self, node: NodeId, inc: Incarnation) -> int:
        lane = await self.store.readers.run_async(lambda c: event_log.find_lane(c, node, inc))
        return lane.head.seq if lane is not None else 0

    def _learn(self, epoch: HubEpoch | None) -> None:
        """Another worker may have been reminded of what the hub forgot."""
        if epoch is not None:
            self.identity.epoch = epoch

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
        asker = await self.store.readers.run_async(lambda c: asker_of(c, node))
        proven = await self._prove(asker, batch)
        self._askers[node] = asker
        return asker, *proven

    async def _prove(self, asker: Asker, batch: Batch) -> tuple[tuple[Event, ...], Mapping[RecordId, Folded]]:
        if batch.node != asker.node:
            raise WrongName(node=asker.node, claimed=batch.node)
        if len(batch.events) <= ACT_EVENTS:
            return self._proven(asker, batch)
        async with self._proving:
            return await asyncio.to_thread(self._proven, asker, batch)

    def _proven(self, asker: Asker, batch: Batch) -> tuple[tuple[Event, ...], Mapping[RecordId, Folded]]:
        """Prove a batch, and fold ahead what can be folded without the database: all that need not wait for the writer."""
        events = open_batch(
            batch, hub=self.identity.hub, verify=lambda message, mark: signatures.verify(asker.public_key, message, mark)
        )
        check_office(asker.node, asker.office, events)
        return events, fold_ahead(events)

    async def _commit(
        self, known: Asker, events: tuple[Event, ...], ahead: Mapping[RecordId, Folded], behind: Sequence[EventId] = ()
    ) -> tuple[Asker, Committed | Gap | Forked]:
        """Commit, and say who pushed at that moment; a batch that overtook its predecessor waits for the next commits before it is called a gap."""
        turn = Turn.ACT if len(events) <= ACT_EVENTS else Turn.QUEUE  # somebody has just pressed a button; a drained queue can wait for that

        def store(connection: apsw.Connection, some: Sequence[Event]) -> tuple[Asker, Committed | Gap | Forked]:
            now = same_asker(connection, known)
            epoch = now.epoch or self.identity.epoch
            return now, commit_batch(connection, now.node, now.office, some, epoch, self._now_ms(), ahead, behind)

        # To let somebody look between two slices is bought with a third more of the writer's time: not where looks wait for no writer.
        slices = [partial(store, some=some) for some in ([events] if self.store.has_looks_beside else in_slices(events))]
        quiet_s = 0.0
        for attempt in range(GAP_LOOKS):
            beside = None if self._pushes is None else await commit_beside(self._pushes, known, events, ahead, behind, self._now_ms(), turn)
            if beside is not None:
                asker, outcome = beside
            elif len(slices) == 1:
                asker, outcome = await self.store.writer.run_async(slices[0], turn=turn)
            else:
                stored = await self.store.writer.run_each_async(slices)
                asker, outcome = stored[-1][0], whole([one for _, one in stored])
            if not isinstance(outcome, Gap) or attempt == GAP_LOOKS - 1:
                async with self._arrived:
                    self._arrived.notify_all()
                return asker, outcome
            if quiet_s >= self._gap_wait_s:
                return asker, outcome
            async with self._arrived:
                try:
                    await asyncio.wait_for(self._arrived.wait(), GAP_LOOK_S)
                    quiet_s = 0.0
                except TimeoutError:
                    quiet_s += GAP_LOOK_S
        raise AssertionError("the loop returns at its last attempt")

    async def spread(self, offices: frozenset[OfficeCode] | set[OfficeCode], *, but: NodeId) -> None:
        """Tell the nodes of these offices that their feeds grew."""
        if self.tell is None or not offices:
            return
        told = await self.store.readers.run_async(
            lambda c: [(n, feed_head(c, office)) for n, office in registry.nodes_to_tell(c, offices) if n != but]
        )
        for node, head in told:
            await self.tell(node, pack(Hint(head)))

    async def _hold(self, node: NodeId, frame: bytes, problem: Problem, *, code: str = "", detail: str = "") -> None:
        kept_code, kept_detail = code or problem.code, detail or problem.operator_line
        _log.warning("hub.frame.quarantined", node=node, code=kept_code, bytes=len(frame))
        await self.store.writer.run_async(lambda c: hold(c, node, frame, kept_code, kept_detail, self._now_ms()))


def _who_it_says(hello: Hello) -> Hello:
    """A greeting without what changes from one to the next, so that a machine with another key is held once."""
    return Hello(
        versions=hello.versions, software=hello.software, office=hello.office, inc=hello.inc, heads=(), epoch=None, cursor=0, clock_ms=0,
        public_key=hello.public_key,
    )  # fmt: skip
