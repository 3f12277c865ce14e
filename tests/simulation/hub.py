"""The simulated hub: the real HubService over the real tables, driven without an event loop; it crashes, is busy, and is restored."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

import apsw
import obstore
from obstore.store import MemoryStore

from central_hub.bootstrap.snapshots import Snapshots, held_manifest
from central_hub.erasure import orders
from central_hub.existence.publishing import publish
from central_hub.ingest import nodes as registry
from central_hub.ingest.backup_cover import cover_feeds, feed_heads
from central_hub.ingest.blobs import HubFiles
from central_hub.ingest.courier import answer_courier
from central_hub.ingest.cut_off import names_cut_off
from central_hub.ingest.feed import is_in_scope
from central_hub.ingest.identity import HubIdentity
from central_hub.ingest.pace import WAITING, Pace
from central_hub.ingest.service import HubService
from central_hub.operations import unnamed_files
from central_hub.operations.scrubbing import scrub_files
from central_hub.store.epoch import begin_epoch
from central_hub.store.hub_store import read_state
from sync_protocol.adapters import event_log
from sync_protocol.adapters.files.erased import remove_erased_files
from sync_protocol.adapters.files.object_store import FilesInObjectStore
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import COLLECT_AGE_MIN
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int, one_int
from sync_protocol.errors import Problem
from sync_protocol.ids import EventId, HubEpoch, NodeId, OfficeCode, RecordId
from sync_protocol.leaving import TOLD_IN_SPITE
from sync_protocol.messages import Busy, Opened, PullReply, PushReply, Refusal, SnapshotOffer, WitnessReply
from sync_protocol.wire import pack, unpack_reply
from tests.simulation.safeguards import is_off
from tests.simulation.stores import Crashed, InlineStore
from tests.simulation.world import World

HUB = "hub-sim"
SIGNER = SoftwareSigner(b"H" * 32)
_EXITS = (
    "SELECT sum(granted), sum(obstacle <> ''), sum(granted = 1 AND undone = 1), sum(granted = 1 AND undone = 0) FROM scope_exit"
)
Kept = tuple[bytes, dict[str, bytes] | None]
"""A night's copy: the database, and the files where they were copied too."""


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


class SimHub:
    """One hub machine."""

    def __init__(self, world: World, store: InlineStore) -> None:
        self.world = world
        self.store = store
        self.images: list[Kept] = []
        self.bucket = MemoryStore()
        self.sealing = Sealing(b"f" * 32, b"n" * 32, random_bytes=world.paper.randbytes)
        self.enrolled: dict[str, tuple[str, bytes]] = {}
        self.revoked: dict[str, int] = {}
        self.ever: set[EventId] = set()  # what states that were lost to a restore had accepted
        self.issued_again: set[str] = set()
        self.words: dict[str, int] = {}  # names cut off: since when, by the last word of people
        self.unheard: set[str] = set()  # of these what a restore made this hub forget, and nobody said again
        self.accepted_of: dict[str, set[EventId]] = {}  # per revoked node: everything the hub had ever taken of it
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
        service.pushes.pace = Pace(WAITING, lambda: True, clock=lambda: 0.0, sleep=_at_once)  # what is slow on this machine is not slow in the world
        service.__dict__["snapshots"] = SimSnapshots(
            self.store, self.file_store, identity, SIGNER.sign, clock, from_events=2, part_dossiers=3  # type: ignore[arg-type]
        )  # fmt: skip
        return service

    def enrol(self, node: str, office: str, public_key: bytes) -> None:
        """Let a node in."""
        self.enrolled[node] = (office, public_key)
        try:
            self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, 1))
        except Crashed:  # as with a revocation: whoever enrols does it again when the hub is back
            self.boot()
            self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, 1))

    def issue_again(self, node: str, office: str, public_key: bytes) -> None:
        """A name gets a new machine with a new key."""
        self.enrolled[node] = (office, public_key)
        self.store.begin_trouble("")
        self.boot()
        self.accepted_of[node] = self.accepted_of.get(node, set()) | self.ever | self.held()
        self.revoked.pop(node, None)
        self.issued_again.add(node)
        try:
            self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, self.world.now))
        except Crashed:  # as with a revocation
            self.boot()
            self.store.run(lambda c: registry.enrol_node(c, NodeId(node), OfficeCode(office), public_key, self.world.now))
        self._said(node)

    def _known(self) -> dict[str, int]:
        return {one.node: one.at_ms for one in self.store.readers.run(names_cut_off)}

    def _said(self, node: str) -> None:
        try:
            known = self._known()
        except Crashed:  # the power that was to go in what was said goes now
            self.boot()
            known = self._known()
        self.words[node] = known.get(node, 0)
        self._end_unheard(node)

    def has_another_key(self, node: str, public_key: bytes) -> bool:
        """Whether the name is another machine's, by what the hub knows; the accounts of the message server say the same."""
        if self.store.connection is None or node not in self.issued_again:
            return False
        return self.store.readers.run(lambda c: registry.find_node(c, NodeId(node))).public_key != public_key

    def see_cut_off(self) -> None:
        """From the moment at which a desk showed it again nothing of a revoked machine is taken any more."""
        if self.store.connection is not None and not self.store.power_is_doomed:
            known = self._known()
            for name in sorted(self.unheard):
                if known.get(name, 0) >= self.words[name]:
                    self._end_unheard(name)
                    self.world.counters["cut_off_again"] += 1

    def _end_unheard(self, name: str) -> None:
        if name in self.unheard:
            self.accepted_of[name] |= self.ever | self.held()
            self.unheard.discard(name)

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
            return bytes(done.value.content)
        except (Crashed, Problem):
            return None
        raise AssertionError("the hub waited for something outside its database")

    def _line_key(self, node: str) -> bytes | None:
        """As the registry of accounts: whoever is enrolled and not revoked opens the line with a key of its own."""
        return line_signer_of(node).public_key if node in self.enrolled and node not in self.revoked else None

    def alone(self, work: Callable[[], None]) -> None:
        """The hub's own work, in which its machine may lose the power too."""
        if self.store.connection is None:
            return
        try:
            work()
        except Crashed:
            self.world.later(self.world.chance.randrange(100, 30_000), self.boot)

    def clean(self) -> None:
        """Files of erased bodies leave the disk, as a serving hub does every minute."""
        remove_erased_files(self.store.readers, self.store.writer, self.file_store)  # type: ignore[arg-type]

    def scrub(self) -> None:
        """Look through all files."""
        found = scrub_files(self.store, self.file_store, self.world.now, 10_000)  # type: ignore[arg-type]
        self.world.counters["damage_found"] += len(found.lost)
        self.world.counters["awaited"] += found.awaited
        self.awaits = found.awaited

    def collect(self) -> int:
        """Everything that no row names is taken for old: the calm before it is no matter of a world that lasts an hour."""
        named = self.store.readers.run(lambda c: list(unnamed_files.named_files(c)))
        return self.file_store.collect(named, older_than=COLLECT_AGE_MIN, now=dt.datetime.now(dt.UTC) + 2 * COLLECT_AGE_MIN)

    def extent(self) -> tuple[int, int]:
        """How many events and files are here."""
        return self.store.readers.run(lambda c: (event_log.last_position(c), one_int(c.execute("SELECT count(*) FROM blob").fetchone())))

    def publish(self) -> None:
        """The country-wide index is brought up to date."""
        if self.store.connection is not None:
            made = publish(self.store, self.file_store, self.world.now, self.world.paper.randbytes)  # type: ignore[arg-type]
            self.world.counters["index_entries"] += made.entries

    def boot(self) -> None:
        """Start again after a crash."""
        if self.store.connection is None:
            self.store.boot()
            self.see_cut_off()
            self.service = self._start()

    def erase(self) -> None:
        """Two people have one body erased."""
        if self.store.connection is None or self.store.trouble:
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
            self.images.append(self.copy())
            if self.world.weather.has("leaving") and not self.store.trouble:  # as the real nightly copy says in the tables: so much is safe
                self.alone(lambda: self.store.run(lambda c: cover_feeds(c, feed_heads(c))))

    def exits(self) -> dict[str, int]:
        """How many wishes to leave a scope were granted, refused, and undone by an entry, and how many offices are gone."""
        row = self.store.readers.run(lambda c: c.execute(_EXITS).fetchone())
        return dict(zip(("left", "left_refused", "entered_again", "left_for_good"), (as_int(one or 0) for one in row or ()), strict=False))

    def copy(self) -> Kept:
        """Database and files as they are."""
        return self.store.image(), self._files() if self.world.weather.has("papers") else None

    def _files(self) -> dict[str, bytes]:
        found = [str(item["path"]) for page in obstore.list(self.bucket) for item in page]
        return {path: bytes(obstore.get(self.bucket, path).bytes()) for path in found}

    def restore(self, kept: Kept) -> None:
        """IT puts an older copy in place: a new epoch; nodes that it does not know are enrolled again, revocations revoked again."""
        self.store.begin_trouble("")
        self.boot()
        self.ever |= self.held()
        image, files = kept
        self.store.load(image)
        if files is not None and not self.world.happens("files_apart", 0.5):
            self._put_files(files)
        if self.world.is_unannounced:  # the image of a whole machine brought its mark along: promises may shrink until a node reminds it
            self.promises.clear()
        elif not is_off("epoch"):
            self.store.run(lambda c: begin_epoch(c, self._fresh_epoch(), self.world.now))
        known = {row.node for row in self.store.readers.run(registry.all_nodes)}
        for node, (office, public_key) in self.enrolled.items():
            if node not in known:
                self.enrol(node, office, public_key)
        known_words = self._known()
        self.unheard |= {name for name, at_ms in self.words.items() if known_words.get(name, 0) < at_ms}
        if not self.unheard or not self.world.happens("forgotten_revocation", 0.8):
            is_full = self.world.weather.menu == "full"
            for node, at_ms in self.revoked.items():
                now_ms = self.world.now if is_full else at_ms
                self.store.run(lambda c, n=node, t=now_ms: registry.revoke_node(c, NodeId(n), t))  # type: ignore[misc]
                self._said(node)
            self.put_keys_right()
        self.service = self._start()

    def put_keys_right(self) -> int:
        """People issue names again whose machine the hub does not take any more by what it remembers; returns how many."""
        rows = {row.node: row for row in self.store.readers.run(registry.all_nodes)}
        wrong = [name for name in sorted(self.issued_again - self.revoked.keys()) if rows[NodeId(name)].is_revoked or rows[NodeId(name)].public_key != self.enrolled[name][1]]
        for name in wrong:
            self.issue_again(name, *self.enrolled[name])
        return len(wrong)

    def restore_files(self, kept: Kept) -> None:
        """IT puts an older copy of the files in place, and of nothing else."""
        if kept[1] is not None:
            self.store.begin_trouble("")
            self.boot()
            self._put_files(kept[1])
            self.service = self._start()

    def _put_files(self, files: dict[str, bytes]) -> None:
        self.bucket = MemoryStore()
        for path, content in files.items():
            obstore.put(self.bucket, path, content)

    def held(self) -> set[EventId]:
        """Ids of all events in the database."""
        return self.store.readers.run(lambda c: {event.id for _, _, event in event_log.all_events(c)})

    def revoke(self, node: str) -> None:
        """A node is stolen."""
        self.store.begin_trouble("")
        self.boot()
        self.revoked[node] = self.world.now
        self.accepted_of[node] = self.ever | self.held()
        try:
            self.store.run(lambda c: registry.revoke_node(c, NodeId(node), self.world.now))
        except Crashed:  # the power went under it: whoever revokes does it again when the hub is back
            self.boot()
            self.store.run(lambda c: registry.revoke_node(c, NodeId(node), self.world.now))
        self._said(node)
