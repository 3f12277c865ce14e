"""The hub's answers to a node, verb by verb: bytes in, bytes out. Transport, web and courier files all stand on this."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property

import apsw
import structlog

from central_hub.bootstrap.snapshots import Snapshots
from central_hub.existence.publishing import offer_of
from central_hub.ingest import nodes as registry
from central_hub.ingest.blobs import HubFiles
from central_hub.ingest.by_hand import ByHand
from central_hub.ingest.cut_off import take_cut_off
from central_hub.ingest.errors import KeyMismatch, RevokedNode
from central_hub.ingest.feed import feed_head
from central_hub.ingest.greeting import greet
from central_hub.ingest.haste import Haste
from central_hub.ingest.identity import HubIdentity as HubIdentity
from central_hub.ingest.pulling import pull
from central_hub.ingest.pushing import GAP_WAIT_S, Pushes
from central_hub.ingest.quarantine import hold
from central_hub.ingest.ranges import compare
from central_hub.ingest.reminding import take_reminder
from central_hub.ingest.witness import take_back, wanted_of
from central_hub.ingest.words import check_words
from central_hub.lookup import service as lookup
from central_hub.store.epoch import EPOCH
from central_hub.store.hub_store import HubStore, read_state
from sync_protocol.adapters import signatures
from sync_protocol.adapters.files.errors import FileStoreUnavailable
from sync_protocol.adapters.sealed_sticks import StickReader
from sync_protocol.adapters.sqlite import Turn
from sync_protocol.adapters.storage_errors import StatementRejected, StorageProblem
from sync_protocol.catalogue import Catalogue
from sync_protocol.cut_off import CutOff, CutOffList
from sync_protocol.errors import Problem
from sync_protocol.ids import HubEpoch, NodeId, OfficeCode
from sync_protocol.messages import (
    BlobGet,
    BlobHave,
    BlobPart,
    BlobPut,
    Busy,
    ExistenceAsk,
    Find,
    Hello,
    Hint,
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
from sync_protocol.stick_key import StickKey, sign_stick_key
from sync_protocol.wire import pack, read_by, unpack_request

_log = structlog.get_logger(__name__)

Tell = Callable[[NodeId, bytes], Awaitable[bool]]
BUSY_RETRY_MS = 2_000
STORE_AWAY = (StorageProblem, FileStoreUnavailable)  # but for StatementRejected the sender did nothing wrong
INCOMPRESSIBLE = BlobPart | PushReply  # files are compressed already, and a receipt is ids and a signature


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
        self.pushes = Pushes(identity, store, signer, self, now_ms=now_ms, gap_wait_s=gap_wait_s)
        self.files = files
        self.signer = signer
        self._now_ms = now_ms
        self.tell = tell
        self.on_cut_off: Callable[[Sequence[CutOff]], Awaitable[None]] | None = None  # names that a desk showed to be cut off: the line hears of it, too
        self.law: Callable[[apsw.Connection], Catalogue | None] = lambda _: None  # what is sensitive, as published
        self.sticks: StickReader | None = None  # opens what comes by hand
        self._haste = Haste()
        self._entropy = entropy

    @cached_property
    def snapshots(self) -> Snapshots:
        """What new nodes begin from."""
        return Snapshots(self.store, self.files.files, self.identity, self.signer.sign, self._now_ms)

    @cached_property
    def stick_key(self) -> StickKey | None:
        """To which whatever comes by hand is to be sealed."""
        return sign_stick_key(self.identity.hub, self.sticks.public_key, self.signer.sign) if self.sticks is not None else None

    async def answer(self, node: str, frame: bytes, *, by_hand: ByHand | None = None) -> bytes:
        """One request to one reply. Never raises for what a peer did: a refusal is an answer. `by_hand`: it came on a stick."""
        name = NodeId(node)
        request: Request | None = None
        try:
            request = unpack_request(frame)
            if by_hand is not None:
                by_hand.check(name, request)
            reply = await self._dispatch(name, request, by_hand=by_hand is not None)
        except Problem as problem:
            if isinstance(problem, STORE_AWAY) and not isinstance(problem, StatementRejected):
                _log.error("hub.store.away", node=node, code=problem.code, operator=problem.operator_line)
                return pack(Busy(BUSY_RETRY_MS))
            if request is None or isinstance(request, Push | Witness):
                await self.hold(name, frame, problem)  # somebody's work, or unreadable: kept for people
            elif isinstance(request, Hello) and isinstance(problem, KeyMismatch):
                await self.hold(name, pack(_who_it_says(request)), problem)
            else:
                _log.info("hub.request.refused", node=node, code=problem.code, request=type(request).__name__)
            reply = Refusal(problem.code, problem.operator_line)
        return pack(reply, compress=not isinstance(reply, INCOMPRESSIBLE), dictionary=read_by(frame))

    async def _dispatch(self, node: NodeId, request: Request, *, by_hand: bool) -> Reply:
        if isinstance(request, Push):
            return await self.pushes.take(node, request)
        check_words(request)
        if isinstance(request, Find | OpenRecord):
            with self._haste, self.pushes.pace.looking():
                return await self._look(node, request)
        row = await self.store.readers.run_async(lambda c: self._asker(c, node))
        match request:
            case Hello():
                return await self.store.writer.run_async(
                    lambda c: greet(
                        c, row, request, self.identity.hub, self.identity.epoch, self._now_ms(), self.signer.sign,
                        by_hand=by_hand, stick_key=self.stick_key,
                    ),  # fmt: skip
                    turn=Turn.ACT,
                )
            case Pull():
                return await self.store.readers.run_async(
                    lambda c: pull(c, row, request, self.identity.epoch, self.identity.hub, self.signer.sign)
                )
            case BlobHave() | BlobPut() | BlobGet():
                return await self.files.answer(row, request)
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
                return await self.store.readers.run_async(lambda c: offer_of(c, self.identity.hub, self.signer.sign))
            case Offer():
                return await self.store.writer.run_async(
                    lambda c: wanted_of(c, row, request, self.identity.hub, self.signer.public_key, self._now_ms())
                )
            case Witness():
                answer, news = await self.store.writer.run_async(
                    lambda c: take_back(c, row, request, self.identity, self.signer.public_key, self._now_ms())
                )
                await self.spread(news, but=node)
                return answer
            case RangeAsk():
                return await self.store.readers.run_async(lambda c: compare(c, row, request, self.identity.epoch))
            case Remind():
                if request.cut_off is not None:
                    return await self._cut_off_again(row, request.cut_off)
                return await self._take_reminder(row, request)

    async def _look(self, node: NodeId, request: Find | OpenRecord) -> Reply:
        """First or second step of a look. Who asks and under which law is read in its own transaction: beside a queue each hand-over to another thread costs a
        turn at the interpreter."""
        if isinstance(request, Find):
            return await self.store.looks.run_async(
                lambda c: lookup.find(c, self._asker(c, node), request, self._now_ms(), self.law(c)), turn=Turn.LOOK
            )
        return await self.store.writer.run_async(
            lambda c: lookup.open_record(c, self._asker(c, node), request, self._now_ms(), self.law(c)), turn=Turn.LOOK
        )

    def _asker(self, connection: apsw.Connection, node: NodeId) -> registry.NodeRow:
        """Who asks, and under which epoch the hub speaks now. Raises UnknownNode, RevokedNode."""
        row, epoch = registry.find_node(connection, node), read_state(connection, EPOCH)
        self.identity.learn(HubEpoch(epoch) if epoch is not None else None)
        if row.is_revoked:
            raise RevokedNode(node=node)
        return row

    async def _take_reminder(self, row: registry.NodeRow, request: Remind) -> WitnessReply:
        fresh = HubEpoch(self._entropy(16))
        forgot = await self.store.writer.run_async(
            lambda c: take_reminder(c, row, request, self.identity.hub, self.signer.public_key, fresh, self._now_ms()),
            turn=Turn.ACT,
        )
        if forgot:
            _log.warning("hub.epoch.opened", reason="reminded", node=row.node)
            self.identity.epoch = fresh
        return WitnessReply(int(forgot))

    async def _cut_off_again(self, row: registry.NodeRow, shown: CutOffList) -> WitnessReply:
        """What this hub turned away and forgot. Whatever those machines brought since it was put back is in the log: people look through it."""
        names = await self.store.writer.run_async(
            lambda c: take_cut_off(c, row.node, shown, self.identity.hub, self.signer.public_key, self._now_ms()), turn=Turn.ACT
        )
        for one in names:
            _log.warning("hub.node.cut_off_again", node=one.node, since_ms=one.at_ms, has_key=bool(one.key), told_by=row.node)
        if names and self.on_cut_off is not None:
            await self.on_cut_off(names)
        return WitnessReply(len(names))

    async def spread(self, offices: frozenset[OfficeCode] | set[OfficeCode], *, but: NodeId) -> None:
        """Tell the nodes of these offices that their feeds grew."""
        if self.tell is None or not offices:
            return
        told = await self.store.readers.run_async(
            lambda c: [(n, feed_head(c, office)) for n, office in registry.nodes_to_tell(c, offices) if n != but]
        )
        for node, head in told:
            await self.tell(node, pack(Hint(head)))

    async def hold(self, node: NodeId, frame: bytes, problem: Problem, *, code: str = "", detail: str = "") -> None:
        """Keep a frame for people, under the problem's code unless another is given."""
        kept_code, kept_detail = code or problem.code, detail or problem.operator_line
        _log.warning("hub.frame.quarantined", node=node, code=kept_code, bytes=len(frame))
        await self.store.writer.run_async(lambda c: hold(c, node, frame, kept_code, kept_detail, self._now_ms()))


def _who_it_says(hello: Hello) -> Hello:
    """A greeting without what changes from one to the next, so that a machine with another key is held once."""
    return Hello(
        versions=hello.versions, software=hello.software, office=hello.office, inc=hello.inc, heads=(), epoch=None, cursor=0, clock_ms=0,
        public_key=hello.public_key,
    )  # fmt: skip
