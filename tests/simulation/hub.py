"""The simulated hub: the real HubService over the real tables, driven without an event loop; it crashes, is busy, and is restored."""

from __future__ import annotations

import apsw

from central_hub.erasure import orders
from central_hub.ingest import nodes as registry
from central_hub.ingest.identity import HubIdentity
from central_hub.ingest.service import HubService
from central_hub.store.epoch import begin_epoch
from central_hub.store.hub_store import read_state
from sync_protocol.adapters import event_log
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import EventId, HubEpoch, NodeId, OfficeCode, RecordId
from sync_protocol.messages import Busy, PushReply, Refusal, WitnessReply
from sync_protocol.wire import pack, unpack_reply
from tests.simulation.safeguards import is_off
from tests.simulation.stores import Crashed, InlineStore
from tests.simulation.world import World

HUB = "hub-sim"
SIGNER = SoftwareSigner(b"H" * 32)


class SimHub:
    """One hub machine."""

    def __init__(self, world: World, store: InlineStore) -> None:
        self.world = world
        self.store = store
        self.images: list[bytes] = []
        self.revoked: dict[str, int] = {}
        self.ever: set[EventId] = set()  # what states that were lost to a restore had accepted
        self.accepted_of: dict[str, set[EventId]] = {}  # per revoked node: everything the hub had ever taken of it
        self.refusals: list[str] = []
        self.promises: dict[tuple[bytes, str, bytes], int] = {}
        self.broken: list[str] = []
        self.store.run(lambda c: begin_epoch(c, self._fresh_epoch(), 0))
        self.service = self._start()

    def _fresh_epoch(self) -> HubEpoch:
        return HubEpoch(self.world.chance.randbytes(16))

    def _start(self) -> HubService:
        epoch = self.store.readers.run(lambda c: read_state(c, "epoch")) or b""
        return HubService(
            HubIdentity(HUB, HubEpoch(epoch)), self.store, None, SIGNER, now_ms=self.world.clock, gap_wait_s=0.0  # type: ignore[arg-type]
        )  # fmt: skip

    def enrol(self, node: str, office: str, public_key: bytes) -> None:
        """Let a node in."""
        self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, 1))

    def answer(self, node: str, frame: bytes) -> bytes | None:
        """One request; None when the hub is down, or died before it could answer."""
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
        elif isinstance(reply, PushReply):
            one = reply.acknowledgement
            lane = (one.epoch, node, one.inc)
            if one.upto < self.promises.get(lane, 0):
                self.broken.append(f"I21 promise shrank for {node}")
            self.promises[lane] = one.upto

    def boot(self) -> None:
        """Start again after a crash."""
        if self.store.connection is None:
            self.store.boot()
            self.service = self._start()

    def erase(self) -> None:
        """Two people have one body erased."""
        if self.store.connection is None:
            return

        def work(connection: apsw.Connection) -> int:
            rids = connection.execute("SELECT rid FROM dossier ORDER BY rid").fetchall()
            rid = RecordId(as_bytes(self.world.orders.choice(rids)[0])) if rids else None
            found = orders.erasable(connection, rid) if rid is not None else []
            if rid is None or not found:
                return 0
            wanted = [self.world.orders.choice(found).event]
            asked = orders.ask(connection, rid, wanted, number="7/QĐ", reason="x", officer="a", now_ms=self.world.now)
            return orders.approve(connection, asked, "b", self.service.identity.epoch, self.world.now)[0]

        self.world.counters["erased"] += self.store.run(work)

    def backup(self) -> None:
        """Take an image, as IT does every night."""
        if self.store.connection is not None:
            self.images.append(self.store.image())

    def restore(self, image: bytes) -> None:
        """IT puts an older copy in place: a new epoch, and revocations are revoked again."""
        self.boot()
        self.ever |= self.held()
        self.store.load(image)
        if not is_off("epoch"):
            self.store.run(lambda c: begin_epoch(c, self._fresh_epoch(), self.world.now))
        for node, at_ms in self.revoked.items():
            self.store.run(lambda c, n=node, t=at_ms: registry.revoke_node(c, NodeId(n), t))  # type: ignore[misc]
        self.service = self._start()

    def held(self) -> set[EventId]:
        """Ids of all events in the database."""
        return self.store.readers.run(lambda c: {event.id for _, _, event in event_log.all_events(c)})

    def revoke(self, node: str) -> None:
        """A node is stolen."""
        self.boot()
        self.revoked[node] = self.world.now
        self.accepted_of[node] = self.ever | self.held()
        self.store.run(lambda c: registry.revoke_node(c, NodeId(node), self.world.now))
