"""The simulated hub: the real HubService over the real tables, driven without an event loop; it crashes, is busy, and is restored."""

from __future__ import annotations

import hashlib

from obstore.store import MemoryStore

from central_hub.bootstrap.snapshots import Snapshots, held_manifest
from central_hub.ingest import nodes as registry
from central_hub.ingest.blobs import HubFiles
from central_hub.ingest.courier import answer_courier
from central_hub.ingest.feed import is_in_scope
from central_hub.ingest.identity import HubIdentity
from central_hub.ingest.pace import WAITING, Pace
from central_hub.ingest.service import HubService
from central_hub.store.epoch import begin_epoch
from central_hub.store.hub_store import read_state
from sync_protocol.adapters.files.object_store import FilesInObjectStore
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.sealed_sticks import StickReader
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.errors import Problem
from sync_protocol.ids import HubEpoch, NodeId, OfficeCode
from sync_protocol.leaving import TOLD_IN_SPITE
from sync_protocol.messages import Busy, Opened, PullReply, PushReply, Refusal, SnapshotOffer, WitnessReply
from sync_protocol.wire import pack, unpack_reply
from tests.simulation.hub_care import Care, Kept
from tests.simulation.safeguards import is_off
from tests.simulation.stores import Crashed, InlineStore
from tests.simulation.world import World

HUB = "hub-sim"
SIGNER = SoftwareSigner(b"H" * 32)
STICKS = StickReader(b"S" * 32)  # of the hub's data key, which its copies have too


async def _at_once(seconds: float) -> None:
    """A rest in a world takes no time."""


def line_signer_of(node: str) -> SoftwareSigner:
    """The key that opens a node's line; copies of a machine have it too."""
    return SoftwareSigner(hashlib.sha256(f"line of {node}".encode()).digest())


class SimSnapshots(Snapshots):
    """Snapshots that are there when they are asked for: nothing here works beside the answer."""

    async def answer(self, office: OfficeCode) -> SnapshotOffer | Busy:
        epoch, now_ms = self._identity.epoch, self._now_ms()
        if self._store.readers.run(lambda c: held_manifest(c, office, epoch, now_ms)) is None:
            self.make(office)
        return await super().answer(office)


class SimHub(Care):
    """One hub machine."""

    def __init__(self, world: World, store: InlineStore) -> None:
        super().__init__()
        self.world = world
        self.store = store
        self.images: list[Kept] = []
        self.bucket = MemoryStore()
        self.sealing = Sealing(b"f" * 32, b"n" * 32, random_bytes=world.paper.randbytes)
        self.refusals: list[str] = []
        self.promises: dict[tuple[bytes, str, bytes], int] = {}
        self.broken: list[str] = []
        self.awaits = 0  # files, by the last nightly look
        self.store.run(lambda c: begin_epoch(c, self._fresh_epoch(), 0))
        self.service = self._start()

    def _fresh_epoch(self) -> HubEpoch:
        return HubEpoch(self.world.chance.randbytes(16))

    def _start(self) -> HubService:
        epoch = HubEpoch(self.store.readers.run(lambda c: read_state(c, "epoch")) or b"")
        identity, clock = HubIdentity(HUB, epoch), self.world.clock
        self.file_store = FilesInObjectStore(self.bucket, self.sealing)
        files = HubFiles(self.store, self.file_store, clock)  # type: ignore[arg-type]
        service = HubService(identity, self.store, files, SIGNER, now_ms=clock, gap_wait_s=0.0, entropy=self.world.orders.randbytes)  # type: ignore[arg-type]
        service.sticks = STICKS
        service.pushes.pace = Pace(WAITING, lambda: True, clock=lambda: 0.0, sleep=_at_once)  # what is slow on this machine is not slow in the world
        service.__dict__["snapshots"] = SimSnapshots(
            self.store, self.file_store, identity, SIGNER.sign, clock, from_events=2, part_dossiers=3  # type: ignore[arg-type]
        )  # fmt: skip
        return service

    def answer(self, node: str, frame: bytes) -> bytes | None:
        """One request; None when the hub is down, or died before it could answer."""
        reply = self._answer(node, frame)
        if self.unheard:
            self.see_cut_off()
        return reply

    def _answer(self, node: str, frame: bytes) -> bytes | None:
        if self.store.connection is None:
            return None
        if self.world.happens("busy", 0.04):
            return pack(Busy(2_000))
        self._plan_crash()
        lost = self.store.image() if self.store.crash_at and is_off("promise after commit") else None
        if lost is not None:
            self.store.crash_at = ""
        work = self.service.answer(node, frame)
        try:
            work.send(None)
        except StopIteration as done:
            self.store.crash_at = ""
            self._watch(node, done.value)
            if lost is not None:
                self.store.load(lost)
            return bytes(done.value)
        except Crashed:
            self.world.later(self.world.chance.randrange(100, 30_000), self.boot)
            return None
        except Problem:  # not even the refusal could be kept: the process answers nothing
            self.world.counters["hub_mute"] += 1
            return None
        raise AssertionError("the hub waited for something outside its database")

    def _plan_crash(self) -> None:
        if self.world.happens("hub_power", 0.01):
            self.store.crash_at = "power"
        elif self.world.happens("hub_crash", 0.02):
            self.store.crash_at = self.world.chance.choice(("before", "after"))

    def _watch(self, node: str, frame: bytes) -> None:
        """I21: promises verify elsewhere; here that they never shrink within an epoch and a lane."""
        reply = unpack_reply(frame)
        if isinstance(reply, Refusal):
            self.refusals.append(f"{node} {reply.code} {reply.detail}")
            self.world.counters[f"refused {reply.code}"] += 1
        elif isinstance(reply, WitnessReply) and reply.accepted:
            self.world.counters["witness_accepted"] += reply.accepted
        elif isinstance(reply, PullReply):
            self._watch_scope(node, reply)
        elif isinstance(reply, Opened):
            self.world.counters["scope_entered"] += 1
        elif isinstance(reply, PushReply):
            one = reply.acknowledgement
            lane = (one.epoch, node, one.inc)
            if one.upto < self.promises.get(lane, 0):
                self.broken.append(f"I21 promise shrank for {node}")
            self.promises[lane] = one.upto

    def _watch_scope(self, node: str, page: PullReply) -> None:
        """I10: an office is told only of dossiers it is entitled to, but for the word that it left, and orders over its own acts."""
        office = self.store.readers.run(lambda c: registry.find_node(c, NodeId(node))).office
        for rid in {one.rid for one in page.events if one.type not in TOLD_IN_SPITE}:
            if not self.store.readers.run(lambda c, r=rid: is_in_scope(c, r, office)):  # type: ignore[misc]
                self.broken.append(f"I10 {node} was told of {rid.hex()[:8]}")

    def take_stick(self, content: bytes) -> bytes | None:
        """Somebody brings a courier file; None when the hub is down."""
        if self.store.connection is None:
            return None
        work = answer_courier(self.service, content, self._line_key)
        try:
            work.send(None)
        except StopIteration as done:
            self.world.counters["stick_news"] += done.value.news
            self.world.counters["stick_sealed"] += done.value.was_sealed and bool(done.value.to)
            return bytes(done.value.content)
        except (Crashed, Problem):
            return None
        raise AssertionError("the hub waited for something outside its database")

    def _line_key(self, node: str) -> bytes | None:
        """As the registry of accounts: whoever is enrolled and not revoked opens the line with a key of its own."""
        return line_signer_of(node).public_key if node in self.enrolled and node not in self.revoked else None

    def boot(self) -> None:
        """Start again after a crash."""
        if self.store.connection is None:
            self.store.boot()
            self.see_cut_off()
            self.service = self._start()
