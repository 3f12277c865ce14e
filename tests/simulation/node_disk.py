"""The disk of a simulated node: its files, what it holds, copies of it that are put back, and the program that is started on it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw

from edge_node.bootstrap.filling import Filling
from edge_node.existence.known import Existence
from edge_node.operations import unnamed_files
from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_state, write_state
from edge_node.sync import memory
from edge_node.sync.transfers import Transfers
from sync_protocol.adapters import event_log
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import COLLECT_AGE_MIN
from sync_protocol.adapters.projection_upgrade import VIEWS_MADE_WITH, MadeWith, bring_up, this_program
from sync_protocol.ids import Incarnation
from tests.simulation.safeguards import is_off
from tests.simulation.talk import Talk

Kept = tuple[bytes, dict[str, bytes]]
"""A copy of a desk: its database, and its files where they were copied, too."""


class Disk(Talk):
    """What outlives the process. The node itself (node.py) gives how it starts and dies."""

    folder: Path
    images: list[Kept]
    life: int
    is_up: bool
    start: Callable[[], None]
    _alive: Callable[[Callable[[], object]], object]
    _fresh_inc: Callable[[], Incarnation]

    def give_folder(self, folder: Path) -> None:
        """Where this machine keeps its files."""
        self.folder = folder
        sealing = Sealing(b"e" * 32, b"m" * 32, random_bytes=self.world.paper.randbytes)
        self.files = FilesOnDisk(folder, sealing)
        self.transfers = Transfers(self.store, self.files, self.line, self.clock, chunks_ahead=1)  # type: ignore[arg-type]
        self.filling = Filling(self.store, self.line, self.transfers, self.known, self.office, self.clock, lambda work: work)  # type: ignore[arg-type]

    def collect(self) -> int:
        """As the hub's: everything that no row names is taken for old."""
        named = self.store.readers.run(lambda c: list(unnamed_files.named_files(c)))
        return self.files.collect(named, older_than=COLLECT_AGE_MIN, now=dt.datetime.now(dt.UTC) + 2 * COLLECT_AGE_MIN)

    def existence(self) -> Existence:
        """The index as this desk holds it."""
        return Existence(self.store, self.files, self.office)  # type: ignore[arg-type]

    def lanes(self) -> Sequence[event_log.Lane]:
        """All lanes held here."""
        return self.store.readers.run(event_log.lanes)

    def own_inc(self) -> Incarnation:
        """The present incarnation."""
        return self.store.readers.run(own_lane).inc

    def upgrade(self) -> None:
        """A newer version of the program is started on the same disk; the power may go while it does."""
        if not self.is_up:
            return
        self.store.hides = frozenset()
        self.life += 1
        self._alive(self.start)

    def _bring_up(self, connection: apsw.Connection) -> None:
        if is_off("views of the new program"):
            return
        made_with = bring_up(connection, read_state(connection, VIEWS_MADE_WITH), self.this_program())
        if made_with is not None:
            write_state(connection, VIEWS_MADE_WITH, made_with)
            connection.execute("UPDATE tombstone SET is_bare = 0")

    def this_program(self) -> MadeWith:
        """What the version of this machine folds by."""
        now = this_program()
        fewer = {one.split(":")[0] for one in self.store.hides if ":" in one}
        shapes = {one: b"fewer fields" if one[0] in fewer else shape for one, shape in zip(now.types, now.shapes, strict=True) if one[0] not in self.store.hides}
        return MadeWith(now.fold, tuple(shapes), tuple(shapes.values()))

    def backup(self) -> None:
        """Somebody copies the database."""
        if self.is_up:
            self.images.append((self.store.image(), self._folder_content() if self.world.weather.has("whole_disk") else {}))

    def _folder_content(self) -> dict[str, bytes]:
        return {str(one.relative_to(self.folder)): one.read_bytes() for one in sorted(self.folder.rglob("*")) if one.is_file()}

    def restore(self, kept: Kept, *, anchor_survives: bool) -> None:
        """An older copy is put in place, perhaps of the files, too; with the anchor file beside it the node notices at its start."""
        self.store.begin_trouble("")
        image, files = kept
        self.store.load(image)
        self.words.clear()
        if self.world.happens("whole_disk", 0.7):
            shutil.rmtree(self.folder, ignore_errors=True)
            for name, content in files.items():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).write_bytes(content)
            self.give_folder(self.folder)
        if anchor_survives:
            inc = self._fresh_inc()
            self.world.counters["anchor_noticed"] += 1
            self.store.run(lambda c: memory.open_incarnation(c, inc, self.clock()))
        self.start()
