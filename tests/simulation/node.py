"""The simulated node: the real engine, memory, ledger and witness functions, stepped without an event loop. It mirrors sync/driver.py.

Work that asks the hub is a generator: it yields a request and is resumed with the reply, or with None when no answer came.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from typing import TypeVar

import apsw
import msgspec

from edge_node.store.ledger import Ledger, own_lane
from edge_node.store.node_store import write_number
from edge_node.sync import asking, memory, witness
from sync_protocol import sender
from sync_protocol.adapters import event_log, signatures
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import Acknowledgement, check_acknowledgement, seal_batch
from sync_protocol.envelope import Event
from sync_protocol.ids import EventId, HubEpoch, Incarnation, NodeId, OfficeCode
from sync_protocol.messages import (
    Behind,
    Busy,
    Fork,
    HelloReply,
    OfferReply,
    PullReply,
    Push,
    PushReply,
    Refusal,
    Reply,
    Request,
    WitnessReply,
)
from sync_protocol.page_proof import PageProof, check_page
from sync_protocol.wire import pack, unpack_reply
from tests.simulation.hub import HUB, SIGNER, SimHub
from tests.simulation.safeguards import is_off
from tests.simulation.stores import Crashed, InlineStore
from tests.simulation.world import World

T = TypeVar("T")
Work = Generator[Request, Reply | None, None]


def verify_hub(message: bytes, mark: bytes) -> None:
    """Prove a signature of the hub."""
    signatures.verify(SIGNER.public_key, message, mark)


class SimNode:
    """One machine at a desk. A clone is a second one with the same name and key."""

    def __init__(self, world: World, hub: SimHub, store: InlineStore, node: str, office: str, seed: int) -> None:
        self.world, self.hub, self.store = world, hub, store
        self.node, self.office = NodeId(node), OfficeCode(office)
        self.signer = SoftwareSigner(seed.to_bytes(32, "big"))
        self.skew = (
            world.chance.choice((-3_600_000, 400 * 86_400_000, 90_000)) if world.happens("wrong_clock", 0.4) else 0
        )
        self.images: list[bytes] = []
        self.life = 0
        self.is_stolen = False
        self.is_pulling = False
        self.pull_due = 0
        self.broken: list[str] = []
        self.ledger = Ledger(store, self.node, self.clock)  # type: ignore[arg-type]
        self.welcome: HelloReply | None = None
        self.state = sender.SenderState(Incarnation(bytes(16)), 0)

    def clock(self) -> int:
        """What this machine believes the time is."""
        return self.world.now + self.skew

    def first_start(self) -> None:
        """A new node gets its incarnation."""
        inc = Incarnation(self.world.chance.randbytes(16))
        self.store.run(lambda c: event_log.open_lane(c, self.node, inc, "own"))
        self.start()

    def start(self) -> None:
        """The process starts on what the disk holds."""
        self.life += 1
        self.is_pulling = False
        self.welcome = None
        self.state = self.store.readers.run(memory.starting_state)
        self._tick(self.life)
        self.give(sender.LineUp())

    @property
    def is_up(self) -> bool:
        """Whether the process runs."""
        return self.store.connection is not None

    @property
    def is_served(self) -> bool:
        """Whether the hub still talks to this machine."""
        return not self.is_stolen and self.node not in self.hub.revoked

    def _tick(self, life: int) -> None:
        """The engine's wake time, the news, and the officer who looks at the queue."""
        if life != self.life or not self.is_up:
            return
        self.world.later(15_000, lambda: self._tick(life))
        if self.state.wake_at_ms is not None and self.clock() >= self.state.wake_at_ms:
            self.give(sender.Woken())
        head = self._alive(lambda: self.store.readers.run(own_lane).head.seq)
        if head is not None and head > self.state.head:
            self.give(sender.Saved(head))
        if self.state.phase == "open" and not self.is_pulling and self.world.now >= self.pull_due:
            self.pull_due = self.world.now + self.world.chance.choice((15_000, 60_000, 120_000))
            self.is_pulling = True
            self.start_work(self._pull_all())

    def _alive(self, what: Callable[[], T]) -> T | None:
        """Run something that writes; a crash ends this life."""
        if not self.is_up:
            return None
        try:
            return what()
        except Crashed:
            self.died()
            return None

    def died(self) -> None:
        """The process is gone; it is started again later."""
        self.life += 1
        self.world.later(self.world.chance.randrange(200, 40_000), self.boot)

    def boot(self) -> None:
        """Start again after a crash, once."""
        if not self.is_up and not self.is_stolen:
            self.store.boot()
            self.start()

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
        for effect in effects:
            self._alive(partial(self._carry_out, effect))

    def _carry_out(self, effect: sender.Effect) -> None:
        match effect:
            case sender.SayHello():
                self.start_work(self._greet())
            case sender.SendBatch(first=first, last=last):
                self.start_work(self._push(first, last))
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
            request = next(work) if is_first else work.send(None if reply is None else unpack_reply(reply))
        except StopIteration:
            return
        except Crashed:
            self.died()
            return
        self.world.send(
            self.node, pack(request), lambda frame: self.hub.answer(self.node, frame),
            lambda answer: self._resume(work, life, answer),
        )  # fmt: skip

    def _greet(self) -> Work:
        if self.store.readers.run(memory.has_intruder):
            self.reopen("intruder")
            return
        ask = self.store.readers.run(
            lambda c: asking.hello(
                c, office=self.office, floor=self.state.floor, public_key=self.signer.public_key, now_ms=self.clock()
            )
        )
        reply = yield ask
        if isinstance(reply, Refusal | Busy):
            self.give(sender.Answered(reply))
        elif isinstance(reply, HelloReply):
            held = self.store.readers.run(lambda c: asking.held_at_floor(c, reply))
            self.write(lambda c: memory.keep_welcome(c, reply, self.clock()))
            self.welcome = reply
            self.give(sender.Answered(reply, held))
        else:
            self.give(sender.Failed("BUS-030"))

    def _push(self, first: int, last: int) -> Work:
        events = self.store.readers.run(lambda c: memory.unsent_events(c, first, last))
        for run in asking.runs_by_bytes(events):
            if is_off("signed promise"):
                self._believe_the_line(run[-1])
            reply = yield Push(seal_batch(HUB, run, self.signer.sign))
            if not isinstance(reply, PushReply | Behind | Fork | Busy | Refusal):
                self.give(sender.Failed("BUS-030"))
                return
            self.give(sender.Answered(reply, self._held_at_head(reply)))
            if not isinstance(reply, PushReply):
                self.world.counters[type(reply).__name__.lower()] += 1
                return

    def _believe_the_line(self, last: Event) -> None:
        h, epoch = last.header, self.state.epoch or HubEpoch(bytes(16))
        one = Acknowledgement(HUB, epoch, h.node, h.inc, h.seq, last.id, 0, self.world.now, 0)
        self.store.run(lambda c: memory.keep_acknowledgement(c, one))
        self.state = msgspec.structs.replace(self.state, floor=max(self.state.floor, h.seq))

    def _held_at_head(self, reply: Reply) -> EventId | None:
        if not isinstance(reply, PushReply):
            return None
        one = reply.acknowledgement
        check_acknowledgement(one, hub=HUB, node=self.node, verify=verify_hub)
        return self.store.readers.run(lambda c: asking.held_at(c, one.inc, one.upto)) if self.is_up else None

    def reopen(self, reason: str) -> None:
        """Retire the lane and go on under a fresh incarnation."""
        self.world.counters["incarnation_opened"] += 1
        self.world.counters[f"opened: {reason[:24]}"] += 1
        inc = Incarnation(self.world.chance.randbytes(16))
        self.store.run(lambda c: memory.open_incarnation(c, inc, self.clock()))
        phase = self.state.phase
        self.state = self.store.readers.run(memory.starting_state)
        if phase != "offline":
            self.give(sender.LineUp())

    def _pull_all(self) -> Work:
        try:
            yield from self._give_back()
            while (ask := self.store.readers.run(asking.pull)) is not None:
                page = yield ask
                if not isinstance(page, PullReply):
                    return
                ids = b"".join(event.id for event in memory.events_of_page(page))
                proof = PageProof(page.epoch, self.office, ids, page.signature)
                if page.events:
                    check_page(proof, hub=HUB, verify=verify_hub)
                new = self._keep_page(page, (ask.epoch, ask.cursor), proof)
                if new is None or self.store.readers.run(memory.has_intruder):
                    self.give(sender.Woken())
                if new is None or not page.more:
                    return
        finally:
            self.is_pulling = False

    def _keep_page(self, page: PullReply, asked: tuple[HubEpoch, int], proof: PageProof) -> list[Event] | None:
        if is_off("cursor with its page"):
            self.write(lambda c: write_number(c, "cursor", page.cursor))
            asked = (asked[0], page.cursor)
        new = self.write(lambda c: memory.keep_pulled(c, page, asked, proof, self.clock()))
        self.world.counters["pulled"] += len(new or ())
        return new

    def _give_back(self) -> Work:
        if self.welcome is None or not self.store.readers.run(witness.is_owed):
            return
        epoch, floors = self.welcome.epoch, self.welcome.floors
        forked: set[Incarnation] = set()
        for run in self.store.readers.run(lambda c: witness.retired_runs(c, floors)):
            if run[0].header.inc in forked:
                continue
            reply = yield Push(seal_batch(HUB, run, self.signer.sign))
            self.world.counters["retired_pushed"] += 1
            if isinstance(reply, Fork):
                forked.add(reply.inc)
                self.write(partial(witness.keep_refused, fork=reply, now_ms=self.clock()))
            elif not isinstance(reply, PushReply):
                return
        while (offered := self.store.readers.run(witness.next_pages)) is not None:
            wants = yield offered.offer
            if not isinstance(wants, OfferReply):
                return
            self.world.counters["witness_offers"] += 1
            for message in self.store.readers.run(partial(witness.wanted, offered=offered, reply=wants)):
                if not isinstance((yield message), WitnessReply):
                    return
            if not self.write(partial(witness.keep_progress, offered=offered, epoch=epoch)):
                return
        self.write(lambda c: witness.keep_settled(c, epoch))

    def lanes(self) -> Sequence[event_log.Lane]:
        """All lanes held here."""
        return self.store.readers.run(event_log.lanes)

    def own_inc(self) -> Incarnation:
        """The present incarnation."""
        return self.store.readers.run(own_lane).inc

    def backup(self) -> None:
        """Somebody copies the database."""
        if self.is_up:
            self.images.append(self.store.image())

    def restore(self, image: bytes, *, anchor_survives: bool) -> None:
        """An older copy is put in place; with the anchor file beside it the node notices at its start."""
        self.store.load(image)
        if anchor_survives:
            inc = Incarnation(self.world.chance.randbytes(16))
            self.world.counters["anchor_noticed"] += 1
            self.store.run(lambda c: memory.open_incarnation(c, inc, self.clock()))
        self.start()
