"""A machine that shows another key under a node's name: the enrolment file was used twice, or stolen. It is refused, and people learn of it."""

from __future__ import annotations

import msgspec
import pytest

from central_hub.ingest.quarantine import settle
from central_hub.operations.fleet import read_fleet
from sync_protocol.ids import GENESIS, EventId
from sync_protocol.messages import Hello, HelloReply, LaneHead, Refusal
from tests.central_hub.ingest.frames import INC, Desk, Window


@pytest.fixture
def desk(window: Window) -> Desk:
    one = Desk("n00101a", "00101")
    window.enrol(one)
    return one


def hello(window: Window, desk: Desk, key: bytes) -> Hello:
    return Hello(
        versions=(1, 1), software="lienthong 0.1", office=desk.office, inc=INC, heads=(LaneHead(INC, 0, EventId(GENESIS)),),
        epoch=None, cursor=0, clock_ms=window.clock(), public_key=key,
    )  # fmt: skip


def complaints(window: Window) -> tuple[str, ...]:
    return window.hub.store.readers.run(lambda c: read_fleet(c, window.clock()))[0].complaints


async def test_another_key_under_a_nodes_name_is_held_once_however_often_it_comes(window: Window, desk: Desk) -> None:
    assert isinstance(await window.ask(desk.node, hello(window, desk, desk.signer.public_key)), HelloReply)
    stranger = hello(window, desk, b"x" * 32)
    for second in range(3):
        later = msgspec.structs.replace(stranger, clock_ms=stranger.clock_ms + second * 1000, queue_events=second)
        answer = await window.ask(desk.node, later)
        assert isinstance(answer, Refusal) and answer.code == "HUB-009"
    assert [(one.code, one.times) for one in window.quarantine()] == [("HUB-009", 3)]
    assert "quarantine" in complaints(window)


async def test_what_a_person_settled_is_no_complaint_until_it_comes_again(window: Window, desk: Desk) -> None:
    await window.ask(desk.node, hello(window, desk, desk.signer.public_key))
    stranger = hello(window, desk, b"x" * 32)
    await window.ask(desk.node, stranger)
    held = window.quarantine()[0]
    run = window.hub.store.writer.run
    assert run(lambda c: settle(c, held.id, "lan", "máy cũ", 5)) == desk.node
    assert run(lambda c: settle(c, held.id, "hoa", "", 6)) is None
    assert complaints(window) == () and window.quarantine()[0].settled_by == "lan"
    await window.ask(desk.node, stranger)
    assert "quarantine" in complaints(window) and window.quarantine()[0].settled_ms is None
