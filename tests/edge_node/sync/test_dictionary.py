"""Single records go with the dictionary to a hub that reads it, and to no other: an older hub, an older worker beside it, a line that came back."""

from __future__ import annotations

from pathlib import Path

import pytest

from central_hub.ingest import greeting
from edge_node.store.ledger import Act, Draft
from edge_node.sync import asking
from edge_node.sync.line import Line
from sync_protocol.batch import seal_batch
from sync_protocol.errors import RemoteProtocolError
from sync_protocol.messages import Hello, HelloReply, Pull, PullReply, Push, PushReply, Refusal
from sync_protocol.wire import pack, read_by
from tests.nats.world import on_loop
from tests.offices import HUB_NAME, Clock, Hub, Office, reception, rid


class Wire:
    """Carries frames to a hub and notes them; `reads` says whether what answers knows dictionaries at all."""

    def __init__(self, hub: Hub, office: Office) -> None:
        self.hub, self.office, self.reads = hub, office, True
        self.asked: list[bytes] = []
        self.answered: list[bytes] = []

    async def request(self, verb: object, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
        self.asked.append(payload)
        if not self.reads and payload[3] > 1:
            answer = pack(Refusal(RemoteProtocolError.code, "unknown frame flags"))
        else:
            answer = await self.hub.service.answer(self.office.node, payload)
        self.answered.append(answer)
        return answer


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "a", "n00101a", "00101", Clock())


@pytest.fixture
def wire(tmp_path: Path, office: Office) -> Wire:
    hub = Hub(tmp_path / "hub", Clock())
    hub.enrol(office)
    return Wire(hub, office)


def hello(office: Office) -> Hello:
    return office.store.readers.run(lambda c: asking.hello(c, office=office.office, floor=0, public_key=office.signer.public_key, now_ms=office.clock()))


def one(office: Office, number: int) -> Push:
    events = office.ledger.save(Act("cb", "intake", "receive"), [Draft(rid(number), reception(number, "00101"))])
    return Push(seal_batch(HUB_NAME, events, office.signer.sign))


@on_loop
async def test_after_the_greeting_a_record_and_the_answer_to_it_use_the_dictionary(wire: Wire, office: Office) -> None:
    line = Line(wire)
    welcome = await line.expect(hello(office), HelloReply)
    push = one(office, 1)
    await line.expect(push, PushReply)
    await line.expect(Pull(welcome.epoch, 0, 10, hello(office).inc), PullReply)
    assert [read_by(frame) for frame in wire.asked] == [0, 1, 1]
    assert len(wire.asked[1]) < len(pack(push))
    assert wire.answered[0][3] & 2 == 0, "nobody knows yet what the asker reads"
    assert wire.answered[2][3] & 6


@on_loop
async def test_a_hub_that_does_not_name_it_gets_none(wire: Wire, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greeting, "CAPABILITIES", ("snapshot", "range", "remind"))
    line = Line(wire)
    await line.expect(hello(office), HelloReply)
    await line.expect(one(office, 1), PushReply)
    assert [frame[3] & 6 for frame in wire.asked] == [0, 0]


@on_loop
async def test_an_older_worker_beside_the_one_that_greeted_gets_it_again_without(wire: Wire, office: Office) -> None:
    line = Line(wire)
    await line.expect(hello(office), HelloReply)
    wire.reads = False
    await line.expect(one(office, 1), PushReply)
    await line.expect(one(office, 2), PushReply)
    assert [read_by(frame) for frame in wire.asked] == [0, 1, 0, 0], "and nothing more until the next greeting"
