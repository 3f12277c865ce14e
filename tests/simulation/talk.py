"""What a simulated node says to the hub: it greets, pushes, pulls, brings files, and gives back. It mirrors sync/driver.py and sync/service.py."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Sequence
from functools import partial
from typing import Any

import apsw
import msgspec

from edge_node.bootstrap.filling import Filling
from edge_node.existence.taking import take_index
from edge_node.store.ledger import own_lane
from edge_node.store.node_store import write_number
from edge_node.sync import asking, comparing, cut_off, memory, reminding, witness
from edge_node.sync.errors import BUSY, HubRefused
from edge_node.sync.line import Line
from edge_node.sync.pushing import HubKnown
from edge_node.sync.service import PULL_S
from edge_node.sync.transfers import Transfers
from sync_protocol import sender
from sync_protocol.adapters.files.erased import remove_erased_files
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import Acknowledgement, check_acknowledgement, seal_batch
from sync_protocol.cut_off import check_list
from sync_protocol.envelope import Event
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, EventId, HubEpoch, Incarnation, NodeId, OfficeCode
from sync_protocol.messages import (
    Behind,
    Busy,
    Fork,
    HelloReply,
    OfferReply,
    Pull,
    PullReply,
    Push,
    PushReply,
    Refusal,
    Reply,
    Request,
    WitnessReply,
)
from sync_protocol.page_proof import PageProof, check_page
from tests.simulation.hub import HUB, SimHub
from tests.simulation.line import Work, verify_hub
from tests.simulation.safeguards import is_off
from tests.simulation.stores import InlineStore
from tests.simulation.world import World


class Talk:
    """The half of a node that asks. Work that asks the hub is a generator (line.py); the rest of the node gives these:"""

    world: World
    hub: SimHub
    store: InlineStore
    node: NodeId
    office: OfficeCode
    signer: SoftwareSigner
    state: sender.SenderState
    welcome: HelloReply | None
    welcomed_ms: int  # when it came
    words: dict[NodeId, int]
    greeted: HelloReply | None  # the greeting after which the index was looked at
    is_pulling: bool
    known: HubKnown
    line: Line
    files: FilesOnDisk
    transfers: Transfers
    filling: Filling
    clock: Callable[[], int]
    give: Callable[[sender.Input], None]
    write: Callable[[Callable[[apsw.Connection], Any]], Any]
    reopen: Callable[[str], None]
    saved: Callable[[int], None]

    def greet(self) -> Work:
        if self.store.readers.run(memory.has_intruder):
            self.reopen("intruder")
            return
        asked_ms = self.world.now
        ask = self.store.readers.run(
            lambda c: asking.hello(
                c, office=self.office, floor=self.state.floor, public_key=self.signer.public_key, now_ms=self.clock()
            )
        )
        reply = yield ask
        if isinstance(reply, Refusal | Busy):
            self.give(sender.Answered(reply))
        elif isinstance(reply, HelloReply):
            remind = self.store.readers.run(lambda c: reminding.reminder(c, reply))
            if remind is not None and not is_off("remind"):
                told = yield remind
                if isinstance(told, WitnessReply) and told.accepted:
                    self.world.counters["reminded"] += 1
                    self.give(sender.Woken())  # greet again
                    return
            held = self.store.readers.run(lambda c: asking.held_at_floor(c, reply))
            self.write(lambda c: memory.keep_welcome(c, reply, self.clock()))
            yield from self._keep_cut_off(reply)
            self.welcome, self.welcomed_ms = reply, self.world.now
            self.give(sender.Answered(reply, held, self.world.now - asked_ms, self.store.readers.run(asking.promised)))
        else:
            self.give(sender.Failed("BUS-030"))

    def _keep_cut_off(self, reply: HelloReply) -> Generator[Request, Reply | None, None]:
        told = reply.cut_off
        if told is None:
            return
        check_list(told, hub=HUB, verify=verify_hub)
        remind = self.store.readers.run(lambda c: cut_off.reminder(c, told))
        if remind is not None:
            yield remind
        else:
            write = self.write if self.world.weather.menu == "full" else self.store.run  # where a crash may come is drawn: older menus play as they did
            write(lambda c: cut_off.keep(c, told))
            self.note_words()

    def note_words(self) -> None:
        """From now on this desk answers for what the list that it keeps says (I24)."""
        held = self.store.readers.run(cut_off.held)
        self.words |= {one.node: max(one.at_ms, self.words.get(one.node, 0)) for one in (held.names if held else ())}

    def push(self, first: int, last: int) -> Work:
        events = self.store.readers.run(lambda c: memory.unsent_events(c, first, last))
        for run in asking.runs_by_bytes(events):
            behind = yield from self._orders_first(run)
            if is_off("signed promise"):
                self._believe_the_line(run[-1])
            asked_ms = self.world.now
            reply = yield Push(seal_batch(HUB, run, self.signer.sign), behind)
            if not isinstance(reply, PushReply | Behind | Fork | Busy | Refusal):
                self.give(sender.Failed("BUS-030"))
                return
            self.give(sender.Answered(reply, self._held_at_head(reply), self.world.now - asked_ms))
            if not isinstance(reply, PushReply):
                self.world.counters[type(reply).__name__.lower()] += 1
                return

    def _orders_first(self, run: Sequence[Event]) -> Generator[Request, Reply | None, tuple[EventId, ...]]:
        heard: list[EventId] = []
        for order in self.store.readers.run(lambda c: witness.orders_over(c, run)):
            reply = yield order
            if isinstance(reply, Busy):
                raise HubRefused(refusal=BUSY, detail="busy")
            heard += witness.heard(order, reply)
        return tuple(heard)

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

    def pull_all(self) -> Work:
        try:
            if self.welcome is not None:
                yield from self._of_product(
                    self.filling.fill(self.welcome, from_events=8 if self.world.weather.menu != "first" else 1 << 40)
                )
            yield from self._give_back()
            if self._has_all():
                self.world.counters["greeting_for_a_page"] += 1
                yield from self._of_product(self._settle())
                return
            while (ask := self.store.readers.run(asking.pull)) is not None:
                page = yield ask
                if not isinstance(page, PullReply):
                    return
                ids = b"".join(event.id for event in memory.events_of_page(page))
                proof = PageProof(page.epoch, self.office, ids, page.signature)
                if page.events:
                    check_page(proof, hub=HUB, verify=verify_hub)
                new = self._keep_page(page, ask, proof)
                if reminding.is_behind(ask, page):
                    yield from self._remind_of_news()
                    new = None
                if new is None or self.store.readers.run(memory.has_intruder):
                    self.give(sender.Woken())
                if new is None:
                    return
                if not page.more:
                    break
            yield from self._of_product(self._settle())
        finally:
            self.is_pulling = False

    def _has_all(self) -> bool:
        """As service.py: a greeting that brings no news is as good as a page without any."""
        welcome = self.welcome
        if welcome is None or not self.world.weather.has("greeting_for_a_page") or self.world.now >= self.welcomed_ms + PULL_S * 1_000:
            return False
        return self.store.readers.run(lambda c: asking.has_all(c, welcome))

    def _remind_of_news(self) -> Generator[Request, Reply | None, None]:
        old = self.store.readers.run(reminding.newest_page)
        if old is not None and not is_off("remind"):
            taken = reminding.taken_of((yield old))
            if taken is None:
                return
            self.world.counters["reminded"] += taken
        self.write(asking.forget_seen)

    def _of_product(self, work: Coroutine[Any, Any, Any]) -> Generator[Request, Reply | None, Any]:
        """Let the product's own coroutine ask through this world. What it cannot do now it does another time."""
        try:
            return (yield from work.__await__())
        except Problem as problem:
            self.world.counters[f"put off {problem.code}"] += 1
            return None

    def fetch(self, digest: BlobDigest, size: int) -> Work:
        """An officer opens a file that is not here."""
        yield from self._of_product(self.transfers.bring(digest, size))
        self.world.counters["files_fetched"] += 1

    def compare(self) -> Work:
        """The weekly comparison, now."""
        done = yield from self._of_product(comparing.compare(self.line, self.store, self.clock))  # type: ignore[arg-type]
        self.world.counters["differing"] += bool(done and done.differing)

    async def _settle(self) -> None:
        """As service.py: the filling ends, refused files are offered again, files go, the index comes."""
        await self.filling.finish()
        if not self.world.weather.has("papers"):
            return
        is_new, self.greeted = self.greeted is not self.welcome, self.welcome
        if is_new:
            await self.transfers.retry_refused()
            await self.transfers.offer_asked(self.welcome.lost_files if self.welcome else ())
        remove_erased_files(self.store.readers, self.store.writer, self.files)  # type: ignore[arg-type]
        self.world.counters["files_sent"] += await self.transfers.send_waiting(self.is_through)
        if is_new and self.welcome is not None and self.is_through():
            taken = await take_index(self.line, self.transfers, self.store, self.known, self.welcome.existence_ms)  # type: ignore[arg-type]
            self.world.counters["index_taken"] += taken

    def _keep_page(self, page: PullReply, asked: Pull, proof: PageProof) -> list[Event] | None:
        if is_off("cursor with its page"):
            self.write(lambda c: write_number(c, "cursor", page.cursor))
            asked = msgspec.structs.replace(asked, cursor=page.cursor)
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
            behind = yield from self._orders_first(run)
            reply = yield Push(seal_batch(HUB, run, self.signer.sign), behind)
            self.world.counters["retired_pushed"] += 1
            if isinstance(reply, Fork):
                forked.add(reply.inc)
                self.write(partial(witness.keep_refused, fork=reply, now_ms=self.clock()))
                self.saved(self.store.readers.run(own_lane).head.seq)
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
