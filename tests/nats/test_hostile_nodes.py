"""Every hostile batch of the hub's own list once more over a real message server: refused, kept, and nothing behind it waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_protocol.adapters.bus.errors import PayloadTooLarge
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.messages import Busy, Fork, Push, PushReply, Refusal, Reply
from sync_protocol.subjects import Verb
from sync_protocol.wire import pack, unpack_reply
from tests.central_hub.ingest.frames import Desk, Window, other_body
from tests.central_hub.ingest.test_refusals import HOSTILE
from tests.nats.world import World, on_loop, world
from tests.offices import rid


async def asked(bus: NodeBus, frame: bytes) -> Reply:
    return unpack_reply(await bus.request(Verb.PUSH, frame, timeout=20))


async def opened(one: World, folder: Path) -> tuple[Window, Desk, NodeBus]:
    """A hub over its real tables behind the server, a desk with three honest receptions, and its line."""
    window, desk = Window(folder / "hub"), Desk()
    window.enrol(desk)
    desk.receive(3)
    await one.hub({Verb.PUSH: window.hub.service.answer})
    return window, desk, await one.node(desk.node)


@on_loop
async def test_every_hostile_batch_is_refused_over_the_line_and_the_honest_one_behind_it_is_taken(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        window, desk, bus = await opened(one, tmp_path)
        for name, frame, code in HOSTILE:
            if name == "oversized":
                with pytest.raises(PayloadTooLarge):  # the line itself does not carry it
                    await asked(bus, frame(desk))
                continue
            reply = await asked(bus, frame(desk))
            assert isinstance(reply, Refusal) and reply.code.startswith(code), (name, reply)
        assert window.events() == [] and len(window.quarantine()) == len(HOSTILE) - 1
        good = await asked(bus, pack(Push(desk.batch())))
        assert isinstance(good, PushReply) and good.acknowledgement.upto == 3
        again = await asked(bus, pack(Push(desk.batch())))
        assert isinstance(again, PushReply) and again.acknowledgement.upto == 3
        fork = await asked(bus, pack(Push(desk.sealed_over([other_body(desk.lane[1])]))))
        assert isinstance(fork, Fork)
        window.hub.close()


@on_loop
async def test_a_stranger_and_a_thief_are_refused_while_an_honest_desk_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        window, desk, bus = await opened(one, tmp_path)
        stranger, thief = Desk("n99999a", "99999", b"S"), Desk("n03401a", "03401", b"T")
        window.enrol(thief)
        stranger.receive(1)
        replies = {
            "HUB-001": await asked(await one.node(stranger.node), pack(Push(stranger.batch()))),
            "HUB-003": await asked(await one.node(thief.node), pack(Push(desk.batch()))),
        }
        for code, reply in replies.items():
            assert isinstance(reply, Refusal) and reply.code == code
        assert isinstance(await asked(bus, pack(Push(desk.batch()))), PushReply)
        window.hub.close()


@on_loop
async def test_a_poison_event_among_honest_ones_stops_none_of_them_over_the_line(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        window, desk, bus = await opened(one, tmp_path)
        desk.add(b"\xc1 not a body", rid(1), type="status.moved")
        desk.receive(1)
        assert isinstance(await asked(bus, pack(Push(desk.batch()))), PushReply)
        assert window.quarantine() == [] and len(window.events()) >= 5
        window.hub.close()


@on_loop
async def test_a_hub_whose_store_is_away_says_later_over_the_line_and_takes_the_same_batch_afterwards(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        window, desk, bus = await opened(one, tmp_path)
        window.hub.store.writer.run(lambda c: c.execute("PRAGMA query_only = on").fetchall())
        assert isinstance(await asked(bus, pack(Push(desk.batch()))), Busy)
        assert isinstance(await asked(bus, pack(Push(desk.batch()))), PushReply) and window.quarantine() == []
        window.hub.close()
