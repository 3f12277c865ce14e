"""An office whose daily numbers are all granted is greeted all the same: what its desks hold must not wait for numbers."""

from __future__ import annotations

import asyncio

from central_hub.ingest.number_blocks import BLOCK_NUMBERS, LAST_NUMBER
from sync_protocol.ids import Incarnation
from sync_protocol.messages import Hello, HelloReply, PushReply
from tests.central_hub.ingest.frames import Desk, Window
from tests.central_hub.ingest.test_refusals import INC


def greeting(desk: Desk, inc: Incarnation) -> Hello:
    return Hello(
        versions=(1, 1), software="x", office=desk.office, inc=inc, heads=(), epoch=None, cursor=0, clock_ms=0,  # type: ignore[arg-type]
        public_key=desk.signer.public_key,
    )  # fmt: skip


def test_a_desk_without_numbers_is_greeted_and_its_work_is_taken(window: Window) -> None:
    desk = Desk()
    window.enrol(desk)

    async def hello(inc: Incarnation) -> HelloReply:
        reply = await window.ask(desk.node, greeting(desk, inc))
        assert isinstance(reply, HelloReply), reply
        return reply

    first, *others = [Incarnation(number.to_bytes(16, "big")) for number in range(1, LAST_NUMBER // BLOCK_NUMBERS + 3)]
    granted = asyncio.run(hello(first)).blocks
    assert len(granted) == 1
    for inc in others:
        last = asyncio.run(hello(inc))
    assert last.blocks == ()
    assert asyncio.run(hello(first)).blocks == granted  # what was granted stays
    desk.receive(2)
    assert desk.lane[0].header.inc == INC
    assert isinstance(asyncio.run(window.push(desk.node, desk.batch())), PushReply)
