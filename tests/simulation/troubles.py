"""What happens to machines, disks, clocks, lines and people between two steps of a world: the whole menu's faults, one method each."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

import obstore

from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import EXITS
from sync_protocol.ids import BlobDigest
from tests.simulation.answers import NEWER
from tests.simulation.node import CLOCKS, SimNode
from tests.simulation.stores import Crashed

if TYPE_CHECKING:
    from tests.simulation.run import Play

DAY_MS = 86_400_000
OLDER = (
    frozenset({"note.added", "duplicate.judged"}),
    frozenset({"note.added", "document.coded", "identity.asserted", "document.revoked"}),
)
"""Event types that the version before, and the one before that, did not know."""

NEWER_FIELDS = frozenset(
    {"dossier.received:submitter_type", "dossier.received:due_date", "dossier.received:postmark", "status.moved:new_due_date", "status.moved:answer_by"}
)
"""Fields, by the type of the event, that came with a later version: some show in a dossier's view and some do not."""


class Troubles:
    """The troubles of one world."""

    def __init__(self, play: Play) -> None:
        self.play, self.world, self.hub = play, play.world, play.hub
        self._replica_in = 0
        self._old_sticks: list[tuple[SimNode, bytes]] = []

    def begin(self) -> None:
        """What is so from the start: some offices run an older version of the program."""
        for node in self.play.nodes:
            if self.world.happens("old_software", 0.5):
                node.store.hides = self.world.chance.choice(OLDER)
                if self.world.happens("fewer_fields", 0.7):
                    node.store.hides = NEWER_FIELDS | self.world.chance.choice((frozenset(), *OLDER))
                if self.world.weather.has("leaving"):
                    node.store.hides |= EXITS
                if self.world.weather.has("answers"):
                    node.store.hides |= NEWER

    def step(self) -> None:
        """Perhaps something happens now."""
        node = self.world.chance.choice(self.play.nodes)
        self._line(node)
        self._disks(node)
        self._clock(node)
        self._machines(node)
        self._sticks(node)
        if self.world.weather.menu in ("wide", "full"):
            self._wide(node)
        if self.world.weather.menu == "full":
            self._full(node)
        if self.world.weather.has("papers") and self.world.chance.random() < 0.08:
            self.publish()

    def publish(self) -> None:
        """The hub's index is brought up to date, and erased files are taken off its disk."""
        if self.hub.store.connection is None or self.hub.store.trouble:
            return
        self.hub.alone(self.hub.clean)
        self.hub.alone(self.hub.publish)

    def _line(self, node: SimNode) -> None:
        world = self.world
        if world.happens("one_way", 0.1) and world.one_way.pop(node.node, None) is None:
            world.one_way[node.node] = world.chance.choice(("up", "down"))
        if world.happens("slow_line", 0.1):
            world.slow.symmetric_difference_update({node.node})
        if world.happens("broker_restart", 0.06):
            world.connections += 1
            for one in self.play.nodes:
                one.line_down()
                world.later(world.chance.randrange(500, 20_000), one.line_up)
        if world.happens("late", 0.02):
            world.leap(world.chance.randrange(30) * DAY_MS + world.chance.randrange(DAY_MS))

    def _disks(self, node: SimNode) -> None:
        for fault, store in (
            ("node_full", node.store), ("node_read_only", node.store), ("hub_full", self.hub.store), ("hub_read_only", self.hub.store),
        ):  # fmt: skip
            if not store.trouble and self.world.happens(fault, 0.05):
                store.begin_trouble("full" if fault.endswith("full") else "read_only")
                self.world.later(self.world.chance.randrange(5_000, 200_000), partial(store.begin_trouble, ""))
        if self.world.happens("file_damage", 0.06):
            self._damage()

    def _damage(self) -> None:
        """One bit of one file at the hub turns over; the nightly look finds it."""
        found = [str(item["path"]) for page in obstore.list(self.hub.bucket, prefix="objects") for item in page]
        if not found or self.hub.store.connection is None or self.hub.store.trouble:
            return
        path = self.world.paper.choice(sorted(found))
        content = bytearray(obstore.get(self.hub.bucket, path).bytes())
        content[self.world.paper.randrange(len(content))] ^= 1 << self.world.paper.randrange(8)
        obstore.put(self.hub.bucket, path, bytes(content))
        self.world.counters["file_damaged"] += 1
        self.hub.alone(self.hub.scrub)

    def _clock(self, node: SimNode) -> None:
        if self.world.happens("clock_jump", 0.05):
            node.skew = self.world.chance.choice((*CLOCKS, 0, 5_000, -400 * DAY_MS))
        if self.world.happens("clock_frozen", 0.05):
            node.frozen = None if node.frozen is not None else node.clock()
        if self.world.happens("clock_drift", 0.2):
            node.skew += self.world.chance.randrange(-4_000, 4_000)

    def _machines(self, node: SimNode) -> None:
        world, hub = self.world, self.hub
        if self._replica_in:
            self._replica_in -= 1
            if not self._replica_in:
                hub.restore(self._replica)
        elif hub.store.connection is not None and world.happens("failover", 0.03):
            self._replica, self._replica_in = hub.copy(), world.chance.randrange(1, 4)  # it lags by so many steps
        if node.store.hides and world.happens("upgrade", 0.1):
            node.upgrade()
        if len(self.play.nodes) < 6 and world.happens("new_machine", 0.05):
            self.play.add_machine()

    def _sticks(self, node: SimNode) -> None:
        """A courier file is written now, answered later, twice or never, and read back later still."""
        world = self.world
        if not node.is_up or node.store.trouble or node.is_stolen or not world.happens("courier", 0.08):
            return
        try:
            stick = node.write_stick()
        except Crashed:
            node.died()
            return
        late = 3_600_000 if world.happens("courier_late", 0.5) else 30_000
        for _ in range(2 if world.happens("courier_twice", 0.5) else 1):
            world.later(world.chance.randrange(late), partial(self._deliver, node, stick, late))

    def _deliver(self, node: SimNode, stick: bytes, late: int) -> None:
        back = self.hub.take_stick(stick)
        if self.world.weather.has("old_sticks"):
            self._old_sticks.append((node, stick))
        if back is not None:
            self.world.counters["stick_answered"] += 1
            if self.world.happens("other_copy", 0.5):
                node = self.world.chance.choice([one for one in self.play.nodes if one.node == node.node])
            self.world.later(self.world.chance.randrange(late), partial(node.read_stick, back))

    def _wide(self, node: SimNode) -> None:
        world, hub = self.world, self.hub
        if self._old_sticks and world.happens("old_sticks", 0.15):
            self._deliver(*world.chance.choice(self._old_sticks), 30_000)
        if hub.images and world.happens("files_apart", 0.04):
            hub.restore_files(world.chance.choice(hub.images))
        if not node.is_up or node.is_stolen or node.state.phase != "open":
            return
        if world.happens("compared", 0.1):
            node.start_work(node.compare())
        elsewhere = node.store.readers.run(lambda c: c.execute("SELECT digest, size FROM blob WHERE state = 'remote' ORDER BY digest").fetchall())
        if elsewhere and world.happens("fetched", 0.3):
            digest, size = world.chance.choice(elsewhere)
            node.start_work(node.fetch(BlobDigest(as_bytes(digest)), as_int(size)))

    def _full(self, node: SimNode) -> None:
        world, hub = self.world, self.hub
        if hub.revoked and len(self.play.nodes) < 7 and world.happens("issued_again", 0.1):
            self.play.replace_machine(world.chance.choice(sorted(hub.revoked)))
        if not world.weather.has("forgotten_revocation"):
            return
        if not hub.revoked and len({one.node for one in self.play.nodes if one.is_served}) > 1 and world.chance.random() < 0.15:
            world.counters["revoke"] += 1
            self.play.revoke(node)
        elif hub.images and (hub.revoked or hub.issued_again) and world.chance.random() < 0.15:
            world.counters["hub_restore"] += 1
            hub.restore(world.chance.choice(hub.images))

    def end(self) -> None:
        """Everything is mended; somebody finds all the sticks in a drawer and brings them."""
        for node, stick in self._old_sticks[:]:
            self.world.counters["old_sticks"] += 1
            self._deliver(node, stick, 30_000)
        self.world.one_way.clear()
        self.world.slow.clear()
        for store in (self.hub.store, *(one.store for one in self.play.nodes)):
            store.begin_trouble("")
        for node in self.play.nodes:
            node.frozen = None
            if node.store.hides and self.world.weather.has("upgrade"):
                self.world.counters["upgrade"] += 1
                node.upgrade()


def copy_folder(node: SimNode, twin: SimNode) -> None:
    """A cloned disk has the same files."""
    shutil.copytree(node.folder, twin.folder, dirs_exist_ok=True)
