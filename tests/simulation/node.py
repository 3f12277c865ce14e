"""The simulated node: the real engine, memory, ledger and witness functions, stepped without an event loop.

Here it lives: starts, ticks, crashes. What it says to the hub is in talk.py, what it carries there by hand in node_stick.py, what outlives it in node_disk.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import apsw

from central_hub.existence.publishing import newest_ms
from central_hub.ingest.feed import feed_head
from edge_node.store.ledger import Ledger, own_lane
from edge_node.store.node_store import read_number, read_state
from edge_node.sync import memory
from edge_node.sync.pushing import HubKnown
from sync_protocol import sender
from sync_protocol.adapters import event_log
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.adapters.storage_errors import StorageProblem
from sync_protocol.errors import Problem
from sync_protocol.ids import Incarnation, NodeId, OfficeCode
from sync_protocol.limits import BATCHES_IN_FLIGHT_MAX
from sync_protocol.messages import (
    HelloReply,
    Reply,
)
from sync_protocol.wire import pack, unpack_reply
from tests.simulation.hub import HUB, SIGNER, SimHub
from tests.simulation.line import SimLine, Work
from tests.simulation.node_disk import Kept
from tests.simulation.node_stick import Stick
from tests.simulation.stores import Crashed, InlineStore, software_that_knows_not
from tests.simulation.world import World

T = TypeVar("T")
CLOCKS = (-3_600_000, 400 * 86_400_000, 90_000)
WAIT_MS_MAX = 300_000  # as driver.py: no clock makes a node wait longer


class SimNode(Stick):
    """One machine at a desk. A clone is a second one with the same name and key."""

    def __init__(self, world: World, hub: SimHub, store: InlineStore, node: str, office: str, seed: int) -> None:
        self.world, self.hub, self.store = world, hub, store
        self.node, self.office = NodeId(node), OfficeCode(office)
        self.name = f"{node}-{seed}"
        self.signer = SoftwareSigner(seed.to_bytes(32, "big"))
        self.skew = world.chance.choice(CLOCKS) if world.happens("wrong_clock", 0.4) else 0
        self.frozen: int | None = None
        self.latest_ms = 0  # the furthest that this machine's clock ever was
        self.woken_by = 0
        self.saved_head = 0
        self.greeted: HelloReply | None = None  # the greeting after which the index was looked at
        self.images: list[Kept] = []
        self.life = 0
        self.is_stolen = False
        self.is_cut = False  # the hub revoked its name once; a machine that got the name since is another
        self.incs: set[Incarnation] = set()  # that this machine ever opened
        self.words: dict[NodeId, int] = {}  # what the hub's lists told this disk of names cut off: since when
        self.was_copied = False  # its logical clock may come from another machine's
        self.is_pulling = False
        self.pull_due = 0
        self.broken: list[str] = []
        self.ledger = Ledger(store, self.node, self.clock)  # type: ignore[arg-type]
        self.ledger.listeners.append(self.saved)
        self.line = SimLine()
        self.known = HubKnown(HUB, SIGNER.public_key)
        self.welcome: HelloReply | None = None
        self.welcomed_ms = 0
        self.state = sender.SenderState(Incarnation(bytes(16)), 0)

    def clock(self) -> int:
        """What this machine believes the time is."""
        now = self.frozen if self.frozen is not None else self.world.now + self.skew
        self.latest_ms = max(self.latest_ms, now)
        return now

    def saved(self, head: int) -> None:
        """The own lane grew."""
        self.saved_head = head

    def first_start(self) -> None:
        """A new node gets its incarnation."""
        inc = self._fresh_inc()
        self.store.run(lambda c: event_log.open_lane(c, self.node, inc, "own"))
        self.start()

    def _fresh_inc(self) -> Incarnation:
        inc = Incarnation(self.world.chance.randbytes(16))
        self.incs.add(inc)
        return inc

    def start(self) -> None:
        """The process starts on what the disk holds."""
        self.life += 1
        self.is_pulling = False
        self.welcome = None
        try:
            self.store.run(self._bring_up)  # as NodeStore does
        except StorageProblem:  # a program that cannot write does not start: somebody mends the disk first
            self.store.begin_trouble("")
            self.store.run(self._bring_up)
        self.state = self.store.readers.run(memory.starting_state)
        self.saved_head = self.state.head
        self._tick(self.life)
        self.give(sender.LineUp())

    @property
    def is_up(self) -> bool:
        """Whether the process runs."""
        return self.store.connection is not None

    @property
    def is_served(self) -> bool:
        """Whether the hub still talks to this machine."""
        return not self.is_stolen and not self.is_cut

    def _tick(self, life: int) -> None:
        """The engine's wake time, the news, and the officer who looks at the queue."""
        if life != self.life or not self.is_up:
            return
        self.world.later(15_000, lambda: self._tick(life))
        if self.state.wake_at_ms is not None and (
            self.clock() >= self.state.wake_at_ms or self.world.now >= self.woken_by
        ):
            self.give(sender.Woken())
        if self.saved_head > self.state.head:
            self.give(sender.Saved(self.saved_head))
        if self.state.phase == "open" and not self.is_pulling and self.world.now >= self.pull_due:
            self.pull_due = self.world.now + self.world.chance.choice((15_000, 60_000, 120_000))
            self.is_pulling = True
            self.start_work(self.pull_all())

    def _alive(self, what: Callable[[], T]) -> T | None:
        """Run something that writes; a crash ends this life."""
        if not self.is_up:
            return None
        try:
            return what()
        except Crashed:
            self.died()
        except Problem as problem:
            self._failed(problem)
        return None

    def _failed(self, problem: Problem) -> None:
        """As driver.py: what went wrong ends the attempt, and the queue waits."""
        self.world.counters[f"failed {problem.code}"] += 1
        self.state, _ = sender.step(self.state, sender.Failed(problem.code), self.clock())
        self.woken_by = self.world.now + WAIT_MS_MAX

    def died(self) -> None:
        """The process is gone; it is started again later."""
        self.life += 1
        self.world.later(self.world.chance.randrange(200, 40_000), self.boot)

    def boot(self) -> None:
        """Start again after a crash, once."""
        if self.store.trouble == "read_only":
            self.store.begin_trouble("")  # a program that cannot write does not start: somebody mends the disk first
        if not self.is_up and not self.is_stolen:
            self.store.boot()
            self.start()

    def line_down(self) -> None:
        """The message server is gone."""
        self.give(sender.LineDown())

    def line_up(self) -> None:
        """It is back."""
        if self.state.phase == "offline":
            self.give(sender.LineUp())

    def plan_crash(self) -> None:
        """Perhaps the next transaction is the last of this life."""
        if self.world.happens("node_power", 0.01):
            self.store.crash_at = "power"
        elif self.world.happens("node_crash", 0.015):
            self.store.crash_at = self.world.chance.choice(("before", "after"))

    def write(self, function: Callable[[apsw.Connection], T]) -> T:
        """One transaction of the sync shell."""
        self.plan_crash()
        return self.store.run(function)

    def give(self, what: sender.Input) -> None:
        """One input for the engine, and its effects."""
        if not self.is_up:
            return
        self.state, effects = sender.step(self.state, what, self.clock())
        if len(self.state.in_flight) > BATCHES_IN_FLIGHT_MAX:
            self.broken.append(f"I22 {self.node}: {len(self.state.in_flight)} batches under way")
        self.woken_by = self.world.now + WAIT_MS_MAX
        for effect in effects:
            self._alive(partial(self._carry_out, effect))

    def _carry_out(self, effect: sender.Effect) -> None:
        match effect:
            case sender.SayHello():
                self.start_work(self.greet())
            case sender.SendBatch(first=first, last=last):
                self.start_work(self.push(first, last))
            case sender.KeepAcknowledgement(acknowledgement=one):
                self.write(lambda c: memory.keep_acknowledgement(c, one))
            case sender.OpenIncarnation(reason=reason):
                self.reopen(reason)
            case sender.EpochChanged():
                self.world.counters["epoch_changed"] += 1

    def start_work(self, work: Work) -> None:
        """Begin something that asks the hub."""
        self._resume(work, self.life, None, is_first=True)

    def _resume(self, work: Work, life: int, reply: bytes | None, *, is_first: bool = False) -> None:
        if life != self.life or not self.is_up:
            work.close()
            return
        try:
            with software_that_knows_not(self.store.hides):
                request = work.send(None if reply is None or is_first else self._read(reply))
        except StopIteration:
            return
        except Crashed:
            self.died()
            return
        except Problem as problem:
            if work.__name__ in ("greet", "push"):
                self._failed(problem)
            return
        self.world.send(
            self.node, pack(request), self._heard,
            lambda answer: self._resume(work, life, answer), type(request).__name__,
        )  # fmt: skip

    def _heard(self, frame: bytes) -> bytes | None:
        """The message server lets nobody through whose name was issued again to another machine, as far as the hub knows."""
        return None if self.is_cut and self.hub.has_another_key(self.node, self.signer.public_key) else self.hub.answer(self.node, frame)

    def _read(self, reply: bytes) -> Reply | None:
        try:
            return unpack_reply(reply)
        except Problem:
            self.world.counters["reply_unreadable"] += 1
            return None

    def reopen(self, reason: str) -> None:
        """Retire the lane and go on under a fresh incarnation."""
        self.world.counters["incarnation_opened"] += 1
        self.world.counters[f"opened: {reason[:24]}"] += 1
        inc = self._fresh_inc()
        self.store.run(lambda c: memory.open_incarnation(c, inc, self.clock()))
        phase = self.state.phase
        self.state = self.store.readers.run(memory.starting_state)
        self.saved_head = self.state.head
        if phase != "offline":
            self.give(sender.LineUp())

    def is_settled(self) -> bool:
        """Whether nothing waits here: no record, no page of news, no offer, no file, no index."""
        if not self.is_through() or self.is_pulling or self.store.connection is None:
            return False
        held = self.store.readers.run(
            lambda c: (
                read_state(c, "epoch"),
                read_number(c, "cursor"),
                read_number(c, "offers_owed"),
                read_number(c, "existence_ms"),
            )
        )
        there = self.hub.store.readers.run(lambda c: (feed_head(c, self.office), newest_ms(c)))
        own = self.store.readers.run(own_lane)
        lane = self.hub.store.readers.run(lambda c: event_log.find_lane(c, self.node, own.inc))
        if own.head.seq if lane is None else lane.head != own.head:  # a copy of this disk carried the lane on
            return False
        waits = self.store.readers.run(
            lambda c: c.execute("SELECT 1 FROM blob WHERE state IN ('local', 'refused') LIMIT 1").fetchone()
        )
        index = held[3] == there[1] or not self.world.weather.has("papers")
        return held[:3] == (self.hub.service.identity.epoch, there[0], 0) and index and waits is None

    def is_through(self) -> bool:
        """Whether every record is at the hub."""
        return self.state.phase == "open" and sender.waiting(self.state) == 0
