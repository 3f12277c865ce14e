"""What is done to the simulated hub besides answering: files looked after, an index published, a body erased, copies taken and put back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import apsw
import obstore
from obstore.store import MemoryStore

from central_hub.erasure import orders
from central_hub.existence.publishing import publish
from central_hub.ingest import nodes as registry
from central_hub.ingest.backup_cover import cover_feeds, feed_heads
from central_hub.ingest.service import HubService
from central_hub.operations import unnamed_files
from central_hub.operations.scrubbing import scrub_files
from central_hub.store.epoch import begin_epoch
from sync_protocol.adapters import event_log
from sync_protocol.adapters.files.erased import remove_erased_files
from sync_protocol.adapters.files.object_store import FilesInObjectStore
from sync_protocol.adapters.files.store import COLLECT_AGE_MIN
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int, one_int
from sync_protocol.ids import HubEpoch, NodeId, RecordId
from tests.simulation.hub_names import Names
from tests.simulation.safeguards import is_off
from tests.simulation.stores import Crashed

_EXITS = (
    "SELECT sum(granted), sum(obstacle <> ''), sum(granted = 1 AND undone = 1), sum(granted = 1 AND undone = 0) FROM scope_exit"
)
Kept = tuple[bytes, dict[str, bytes] | None]
"""A night's copy: the database, and the files where they were copied too."""


class Care(Names):
    """IT's half of a hub. The hub itself (hub.py) gives the service and the epochs."""

    service: HubService
    file_store: FilesInObjectStore
    bucket: MemoryStore
    images: list[Kept]
    promises: dict[tuple[bytes, str, bytes], int]
    awaits: int  # files, by the last nightly look
    _start: Callable[[], HubService]
    _fresh_epoch: Callable[[], HubEpoch]

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

    def exits(self) -> dict[str, int]:
        """How many wishes to leave a scope were granted, refused, and undone by an entry, and how many offices are gone."""
        row = self.store.readers.run(lambda c: c.execute(_EXITS).fetchone())
        return dict(zip(("left", "left_refused", "entered_again", "left_for_good"), (as_int(one or 0) for one in row or ()), strict=False))

    def backup(self) -> None:
        """Take an image, as IT does every night."""
        if self.store.connection is not None:
            self.images.append(self.copy())
            if self.world.weather.has("leaving") and not self.store.trouble:  # as the real nightly copy says in the tables: so much is safe
                self.alone(lambda: self.store.run(lambda c: cover_feeds(c, feed_heads(c))))

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
                # as people do, now: no older word counts against it. Nobody enrols a stolen machine anew; its row is as an older copy knew it
                self.enrol(node, office, public_key, 1 if node in self.revoked else self.world.now)
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
