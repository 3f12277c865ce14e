"""Several workers over one store: a node's queue goes to one of them, and whatever happens to that one every push is answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from sync_protocol.adapters.bus.crew import Crew
from sync_protocol.adapters.bus.handing_on import HandingOn
from sync_protocol.adapters.bus.hub import SMALL_BYTES, HubBus
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.subjects import Verb
from tests.nats.world import World, on_loop, until, world

NODE = "n0001"
LONG = b"x" * (SMALL_BYTES + 1)
ONE, OTHER = "0" * 16, "1" * 16


class Member:
    """A worker of the crew: what it is asked and, while `held` is not set, does not answer."""

    def __init__(self, name: str, now: list[float], beat_s: float) -> None:
        self.crew = Crew(name, lambda: now[0], beat_s)
        self.asked: list[int] = []
        self.queues = 0
        self.held = asyncio.Event()
        self.held.set()
        self.bus: HubBus

    async def handle(self, node: str, payload: bytes) -> bytes:
        """Says who answers."""
        self.asked.append(len(payload))
        await self.held.wait()
        return self.crew.name.encode()

    def see_queue(self) -> None:
        """A piece of a queue came by."""
        self.queues += 1

    def handing(self) -> HandingOn:
        """Its place in the crew."""
        assert self.bus._handing is not None
        return self.bus._handing


@contextlib.asynccontextmanager
async def crew_of_two(folder: Path, now: list[float]) -> AsyncIterator[tuple[World, Member, Member, NodeBus]]:
    """The node's owner, which says once that it is there, and another worker; they know each other."""
    async with world(folder) as w:
        names = [ONE, OTHER]
        picture = Crew(ONE, lambda: 0.0)
        picture.heard(OTHER)
        names.sort(key=lambda name: name != picture.owner_of(NODE))
        owner, other = Member(names[0], now, beat_s=3600), Member(names[1], now, beat_s=0.02)
        for one in (owner, other):
            one.bus = await w.hub({Verb.PUSH: one.handle, Verb.HELLO: one.handle}, crew=one.crew, on_queue=one.see_queue)
        await until(lambda: owner.crew.lives(other.crew.name) and other.crew.lives(owner.crew.name))
        yield w, owner, other, await w.node(NODE)


async def one_handed_on(node: NodeBus, owner: Member, other: Member) -> asyncio.Task[bytes]:
    """A push that the other worker has received and handed on to the owner, who holds it."""
    while True:
        seen, handed = len(owner.asked), owner.bus.stats.handed_here
        asked = asyncio.create_task(node.request(Verb.PUSH, LONG, timeout=20))
        await until(lambda seen=seen: len(owner.asked) > seen)  # type: ignore[misc]
        if owner.bus.stats.handed_here > handed:
            return asked
        owner.held.set()  # received by the owner itself: not this one
        await asked
        owner.held.clear()


@on_loop
async def test_all_long_pushes_of_a_node_come_to_one_worker(tmp_path: Path) -> None:
    async with crew_of_two(tmp_path, [0.0]) as (_, owner, other, node):
        answers = [await node.request(Verb.PUSH, LONG, timeout=10) for _ in range(40)]
        assert answers == [owner.crew.name.encode()] * 40
        assert (len(owner.asked), other.asked) == (40, [])
        assert owner.bus.stats.handed_here == other.bus.stats.handed_on == other.bus.stats.requests["push"] > 0
        assert owner.bus.stats.handed_on == 0
        assert other.queues == other.bus.stats.requests["push"] and owner.queues + other.queues == 40  # whoever only passes it on sees a queue, too


@on_loop
async def test_a_queue_that_one_has_seen_is_known_to_the_other_at_once(tmp_path: Path) -> None:
    async with crew_of_two(tmp_path, [0.0]) as (_, owner, other, node):
        other.crew.beat_s = 3600
        assert NODE not in owner.crew._queues and NODE not in other.crew._queues
        await node.request(Verb.PUSH, LONG, timeout=10)
        await until(lambda: NODE in owner.crew._queues and NODE in other.crew._queues)


@on_loop
async def test_canary_without_a_crew_they_come_to_both(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        members = [Member(name, [0.0], 1.0) for name in (ONE, OTHER)]
        for one in members:
            one.bus = await w.hub({Verb.PUSH: one.handle})
        node = await w.node(NODE)
        assert len({await node.request(Verb.PUSH, LONG, timeout=10) for _ in range(40)}) == 2
        assert all(one.asked for one in members)


@on_loop
async def test_short_pushes_and_other_verbs_are_answered_where_they_arrive(tmp_path: Path) -> None:
    async with crew_of_two(tmp_path, [0.0]) as (_, owner, other, node):
        for verb, payload in ((Verb.PUSH, b"x"), (Verb.HELLO, LONG)):
            assert len({await node.request(verb, payload, timeout=10) for _ in range(40)}) == 2
        assert owner.bus.stats.handed_here == other.bus.stats.handed_here == 0


@on_loop
async def test_a_queues_short_end_follows_the_queue_to_its_owner(tmp_path: Path) -> None:
    async with crew_of_two(tmp_path, [0.0]) as (_, owner, other, node):
        owner.held.clear()
        queue = await one_handed_on(node, owner, other)
        ends = [asyncio.create_task(node.request(Verb.PUSH, b"end", timeout=10)) for _ in range(20)]
        await until(lambda: owner.asked.count(3) == 20)
        owner.held.set()
        assert set(await asyncio.gather(queue, *ends)) == {owner.crew.name.encode()}


@on_loop
async def test_a_worker_alone_hands_nothing_on(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        alone = Member(ONE, [0.0], 0.02)
        alone.bus = await w.hub({Verb.PUSH: alone.handle}, crew=alone.crew)
        node = await w.node(NODE)
        before = alone.bus.client.stats["out_msgs"]
        alone.crew.beat_s = 3600
        for _ in range(20):
            assert await node.request(Verb.PUSH, LONG, timeout=10) == ONE.encode()
        assert alone.bus.client.stats["out_msgs"] - before <= 21  # an answer each, and at most one beat
        assert (alone.bus.stats.handed_on, alone.bus.stats.handed_here) == (0, 0)


@on_loop
async def test_an_owner_that_stands_still_is_replaced_by_who_received_the_push(tmp_path: Path) -> None:
    now = [0.0]
    async with crew_of_two(tmp_path, now) as (_, owner, other, node):
        owner.held.clear()
        asked = await one_handed_on(node, owner, other)
        now[0] = 10.0  # it was not heard for longer than three beats
        assert await asked == other.crew.name.encode()
        assert other.crew.owner_of(NODE) == other.crew.name and other.handing().under_way == 0


@on_loop
async def test_an_owner_that_dies_with_a_push_in_hand_costs_no_answer(tmp_path: Path) -> None:
    now = [0.0]
    async with crew_of_two(tmp_path, now) as (_, owner, other, node):
        owner.held.clear()
        asked = await one_handed_on(node, owner, other)
        await owner.bus._lane.close()  # vanishes without saying goodbye
        now[0] = 10.0
        assert await asked == other.crew.name.encode()


@on_loop
async def test_who_hands_on_to_a_worker_that_is_gone_hears_so_at_once_and_answers_itself(tmp_path: Path) -> None:
    async with crew_of_two(tmp_path, [0.0]) as (_, owner, other, node):
        await owner.bus.close()
        assert other.crew.lives(owner.crew.name)  # a stale view
        for _ in range(3):
            assert await node.request(Verb.PUSH, LONG, timeout=10) == other.crew.name.encode()
        assert not other.crew.lives(owner.crew.name) and other.bus.stats.handed_on == 0


@on_loop
async def test_a_push_is_handed_on_once_however_much_the_workers_views_differ(tmp_path: Path) -> None:
    async with crew_of_two(tmp_path, [0.0]) as (_, owner, other, node):
        owner.crew.owner_of = lambda node: other.crew.name  # type: ignore[method-assign]
        other.crew.owner_of = lambda node: owner.crew.name  # type: ignore[method-assign]
        answers = [await node.request(Verb.PUSH, LONG, timeout=10) for _ in range(40)]
        assert len(answers) == len(owner.asked) + len(other.asked) == 40
        assert owner.bus.stats.handed_here + other.bus.stats.handed_here == 40


@on_loop
async def test_pushes_that_wait_for_their_owner_are_bounded(tmp_path: Path) -> None:
    async with crew_of_two(tmp_path, [0.0]) as (_, owner, other, node):
        owner.held.clear()
        asked = await one_handed_on(node, owner, other)
        other.bus._waiting_max = 1
        more = [asyncio.create_task(node.request(Verb.PUSH, LONG, timeout=10)) for _ in range(30)]
        await until(lambda: other.bus.stats.answered_busy + len(owner.asked) > 30)
        owner.held.set()
        assert set(await asyncio.gather(asked, *more)) == {owner.crew.name.encode(), b"error:BUS-030"}


@on_loop
async def test_a_worker_that_leaves_answers_what_was_handed_on_to_it(tmp_path: Path) -> None:
    async with crew_of_two(tmp_path, [0.0]) as (_, owner, other, node):
        owner.held.clear()
        asked = await one_handed_on(node, owner, other)
        closing = asyncio.create_task(owner.bus.close())
        owner.held.set()
        assert await asked == owner.crew.name.encode()
        await closing
