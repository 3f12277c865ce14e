"""One seed from its first event to its verdict."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from central_hub.ingest import number_blocks
from central_hub.store.schema import MIGRATIONS as HUB_STEPS
from edge_node.store.schema import MIGRATIONS as NODE_STEPS
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log
from sync_protocol.ids import ActId
from tests.simulation import answers
from tests.simulation.hub import SimHub
from tests.simulation.invariants import findings
from tests.simulation.node import SimNode
from tests.simulation.officers import Officers
from tests.simulation.stores import InlineStore, Templates
from tests.simulation.troubles import Troubles, copy_folder
from tests.simulation.weather import Menu
from tests.simulation.world import World

OFFICES = (("n00101a", "00101"), ("n03401a", "03401"), ("n00101b", "00101"), ("n07901a", "07901"))
QUIET_MS = 25 * 60_000
QUIET_FIRST_MS = 330_000  # longer than any pause: everybody has greeted once
QUIET_STEP_MS = 60_000
HEARD_MS = 450_000  # every desk has greeted, and looked at its files once more
DAYS_MAX = 4
FEW_NUMBERS = 4  # in a block, where numbers are short


class Outcome(msgspec.Struct, frozen=True):
    """What one world showed."""

    seed: int
    findings: tuple[str, ...]
    counters: dict[str, int]
    steps: int


class Play:
    """One world being played."""

    def __init__(self, seed: int, templates: Templates, menu: Menu = "whole", *, is_unannounced: bool = False) -> None:
        self.world = World(seed, menu, is_unannounced=is_unannounced)
        self.name = f"world-{menu}-{seed}"
        self.templates = templates
        self.officers = Officers(self.world)
        self.destroyed: set[ActId] = set()
        powered = self.world.weather.has("hub_power") or self.world.weather.has("node_power")
        self.hub = SimHub(self.world, self._store("hub", templates.image("hub", HUB_STEPS), powered))
        empty = templates.image("node", NODE_STEPS)
        self.nodes = [
            SimNode(self.world, self.hub, self._store(node, empty, powered), node, office, 100 + at)
            for at, (node, office) in enumerate(OFFICES[: self.world.weather.nodes])
        ]
        for node in self.nodes:
            node.give_folder(self._folder(node))
        self.troubles = Troubles(self)
        for standing in ("papers", "numbers_short"):  # not a moment but a way to live: counted once a world
            self.world.counters[standing] += self.world.weather.has(standing)
        if menu != "first":
            self.troubles.begin()
        for node in self.nodes:
            self.hub.enrol(node.node, node.office, node.signer.public_key)
            node.first_start()

    def _store(self, name: str, image: bytes, powered: bool) -> InlineStore:
        return self.templates.store(self.name, name, image, self.world.chance.randrange(2**32) if powered else None)

    def _folder(self, node: SimNode) -> Path:
        return self.templates.folder / self.name / f"files-{node.name}"

    def add_machine(self) -> None:
        """An office gets one more desk: a new name, an empty disk, filled from the hub's snapshot."""
        number = len(self.nodes)
        office = self.world.chance.choice(self.nodes).office
        node = self._another(f"n{office}m{number}", office, 200 + number)
        self.hub.store.begin_trouble("")
        self.hub.boot()
        self.hub.enrol(node.node, node.office, node.signer.public_key)
        node.first_start()

    def replace_machine(self, name: str) -> None:
        """The machine that bore a revoked name stays away; a new one gets the name and a key of its own."""
        office = self.hub.enrolled[name][0]
        node = self._another(name, office, 400 + len(self.nodes))
        self.hub.issue_again(name, office, node.signer.public_key)
        node.first_start()

    def _another(self, name: str, office: str, seed: int) -> SimNode:
        store = self._store(f"more{len(self.nodes)}", self.templates.image("node", NODE_STEPS), False)
        node = SimNode(self.world, self.hub, store, name, office, seed)
        node.give_folder(self._folder(node))
        self.nodes.append(node)
        return node

    def step(self) -> None:
        """Time passes, an officer works, and perhaps something breaks."""
        world, chance = self.world, self.world.chance
        world.run(chance.randrange(0, 40_000))
        busy = 10 if world.happens("burst", 0.05) else 1
        for _ in range(busy * chance.randrange(1, 4)):
            self.officers.work(chance.choice(self.nodes))
        if world.weather.has("leaving"):
            for _ in range(world.leaving.randrange(4)):
                self.officers.let_go(self.nodes)
        if world.weather.has("answers"):
            for _ in range(world.answers.randrange(4)):
                self.officers.do(world.answers.choice(self.nodes), partial(answers.work, self.officers))
        if world.weather.erases and world.orders.random() < 0.2:
            self.hub.alone(self.hub.erase)
        if world.weather.menu != "first":
            self.troubles.step()
        node = chance.choice(self.nodes)
        roll = chance.random()
        if roll < 0.12 and (world.weather.has("cut")):
            world.cut.symmetric_difference_update({node.node})
            world.counters["cut"] += 1
        elif roll < 0.2:
            node.backup()
        elif roll < 0.26:
            self.hub.backup()
        elif roll < 0.30 and node.images and world.happens("node_restore", 1.0):
            self._restore(node)
        elif roll < 0.34 and self.hub.images and world.happens("hub_restore", 1.0):
            self.hub.restore(chance.choice(self.hub.images))
        elif (
            roll < 0.36
            and len(self.nodes) < 6
            and node.is_up
            and not node.is_stolen
            and world.happens("node_clone", 1.0)
        ):
            self._clone(node)
        elif roll < 0.37 and len(self.nodes) > 1 and not self.hub.revoked and world.happens("revoke", 0.5):
            self.revoke(node)

    def revoke(self, node: SimNode) -> None:
        """A machine is stolen, and every copy of it with it."""
        self.hub.revoke(node.node)
        for one in self.nodes:
            one.is_cut |= one.node == node.node
        if self.world.weather.menu == "full":
            self.officers.forgetful.add(node.node)  # what it printed a hub that was put back may never hear of

    def _restore(self, node: SimNode) -> None:
        if node.is_stolen:
            return
        before = self._acts(node)
        anchor_survives = self.world.chance.random() < 0.5
        self.officers.forgetful.add(node.node)
        node.restore(self.world.chance.choice(node.images), anchor_survives=anchor_survives)
        if not anchor_survives:
            self.officers.shared.add(node.own_inc())
        self.destroyed |= before - self._acts(node)

    def _acts(self, node: SimNode) -> set[ActId]:
        if node.store.connection is None or node.store.power_is_doomed:
            node.store.boot()
        assert node.store.connection is not None
        return {act_id(event.header) for _, _, event in event_log.all_events(node.store.connection)}

    def _clone(self, node: SimNode) -> None:
        """The disk is copied into a second machine; both go on."""
        store = self._store(f"{node.node}-clone{len(self.nodes)}", node.store.image(), False)
        twin = SimNode(self.world, self.hub, store, node.node, node.office, 300 + len(self.nodes))
        twin.signer = node.signer
        twin.give_folder(self._folder(twin))
        copy_folder(node, twin)
        twin.was_copied = True
        twin.is_cut, twin.words = node.is_cut, dict(node.words)
        twin.store.hides = node.store.hides
        self.nodes.append(twin)
        self.officers.forgetful.add(node.node)
        if self.world.chance.random() < 0.5:
            twin.reopen("another machine")  # what the anchor file's fingerprint tells at the start
        else:
            self.officers.shared.add(node.own_inc())
        twin.start()

    def quiet(self) -> None:
        """The weather clears; everybody comes up; nothing new is done."""
        world = self.world
        world.is_calm = True
        world.cut.clear()
        self.troubles.end()
        self.hub.boot()
        if world.weather.has("papers"):
            self._in_peace(lambda: self.hub.alone(self.hub.scrub))
        for node in self.nodes:
            node.boot()
            if node.state.phase == "offline" and world.weather.menu != "first":
                node.line_up()
        self._come_to_rest()
        if self.hub.issued_again and (late := self.hub.put_keys_right()):  # by HUB-009 and HUB-002 at the desk people know
            world.counters["issued_late"] += late
            self._come_to_rest()
        if world.weather.has("leaving"):
            self._in_peace(lambda: self.hub.alone(self.hub.backup))
            self._come_to_rest()
        if world.weather.has("papers"):
            self._days_pass()
        for _ in range(60):  # a greeting that is under way this very second is no finding
            if any(node.state.phase == "greeting" for node in self.nodes if node.is_served):
                world.run(2_000)

    def _in_peace(self, work: Callable[[], None]) -> None:
        """The hub's nightly work; where a power loss that was due before the calm came in it, the next night's."""
        for _ in range(2):
            work()
            self.hub.boot()

    def _days_pass(self) -> None:
        """Each night's look for files and each day's index, until a day brought nothing: what a desk gives back hours after the rest stands in the next one."""
        for _ in range(DAYS_MAX):
            held = self.hub.extent()
            self._in_peace(lambda: self.hub.alone(self.hub.scrub))
            self._in_peace(self.troubles.publish)
            if self.hub.awaits:
                self.world.run(HEARD_MS)
            self._come_to_rest()
            if self.hub.extent() == held:
                break
        self._old_files_go()

    def _old_files_go(self) -> None:
        """A quarter later: what no row names leaves hub and desks, and every file that is wanted must still be there."""
        self.world.counters["unnamed_files_gone"] += self.hub.collect()
        for node in self.nodes:
            if node.is_up and node.is_served:
                self.world.counters["unnamed_files_gone"] += node.collect()

    def _come_to_rest(self) -> None:
        """Let time pass until nothing waits any more, at most `QUIET_MS`: what waits then, waits for ever."""
        world, until = self.world, self.world.now + QUIET_MS
        world.run(QUIET_FIRST_MS)
        while world.now < until and not all(node.is_settled() for node in self.nodes if node.is_served):
            world.run(QUIET_STEP_MS)
        world.run(QUIET_STEP_MS)

    def close(self) -> None:
        """Let go of every database."""
        for node in self.nodes:
            node.life += 1
        for store in (self.hub.store, *(node.store for node in self.nodes)):
            store.close()
            store.disk.discard()
        self.templates.forget(self.name)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """What the product does in a thread happens here at once: a world has one order of everything."""

    async def inline(what: Callable[..., Any], *values: Any, **named: Any) -> Any:
        return what(*values, **named)

    real, asyncio.to_thread = asyncio.to_thread, inline
    try:
        yield
    finally:
        asyncio.to_thread = real


@contextlib.contextmanager
def _numbers_in_a_block(count: int) -> Iterator[None]:
    real, number_blocks.BLOCK_NUMBERS = number_blocks.BLOCK_NUMBERS, count
    try:
        yield
    finally:
        number_blocks.BLOCK_NUMBERS = real


def play(seed: int, templates: Templates, menu: Menu = "whole", *, is_unannounced: bool = False) -> Outcome:
    """Play one seed; the verdict is in `findings`. `is_unannounced`: hubs are put back together with their mark."""
    with one_thread():
        one = Play(seed, templates, menu, is_unannounced=is_unannounced)
        with _numbers_in_a_block(FEW_NUMBERS if one.world.weather.has("numbers_short") else number_blocks.BLOCK_NUMBERS):
            return _play(seed, one)


def _play(seed: int, one: Play) -> Outcome:
    try:
        for _ in range(one.world.weather.steps):
            one.step()
        one.quiet()
        found = findings(one.hub, one.nodes, one.officers, one.destroyed)
        counters = Counter(one.world.counters)
        stores = (one.hub.store, *(node.store for node in one.nodes))
        counters.update(one.hub.exits())
        counters["aside"] = sum(1 for lane in one.hub.store.readers.run(event_log.lanes) if lane.kind == "recovery")
        counters["power_losses"] = sum(store.power_losses for store in stores)
        counters["disk_refused"] = sum(store.refusals for store in stores)
        return Outcome(seed, tuple(found), dict(counters), one.world.steps)
    finally:
        one.close()
