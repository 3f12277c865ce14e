"""What the hub does not take: each refusal has its code, is kept, is never acknowledged, and stops nothing that comes after."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from backports import zstd

from central_hub.ingest.nodes import revoke_node
from sync_protocol import limits
from sync_protocol.bodies import BodyErased, CustodyGranted, DuplicateSuspected, NoteAdded, Revoked, StatusMoved
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, DocumentId, EventId, Incarnation, NodeId, OfficeCode
from sync_protocol.messages import Behind, Fork, Push, PushReply, Refusal
from sync_protocol.wire import FRAME_BYTES_MAX, MAGIC, pack
from tests.central_hub.ingest.frames import INC, Desk, Window, nowhere, other_body
from tests.offices import HUB_NAME, reception, rid


@pytest.fixture
def desk(window: Window) -> Desk:
    one = Desk()
    window.enrol(one)
    one.receive(3)
    return one


def forged(desk: Desk, **change: object) -> bytes:
    return pack(Push(msgspec.structs.replace(desk.batch(), **change)))


def acting(body: msgspec.Struct) -> Callable[[Desk], bytes]:
    def frame(desk: Desk) -> bytes:
        intruder = Desk()
        intruder.lane = list(desk.lane)
        intruder.add(body, rid(1))
        return pack(Push(intruder.batch()))

    return frame


def truncated(desk: Desk) -> bytes:
    return pack(Push(desk.batch()))[:-40]


def oversized(desk: Desk) -> bytes:
    return MAGIC + b"\x01\x00" + bytes(FRAME_BYTES_MAX)


def bomb(desk: Desk) -> bytes:
    return MAGIC + b"\x01\x01" + zstd.compress(bytes(limits.FRAME_PLAIN_BYTES_MAX * 8))


def newer(desk: Desk) -> bytes:
    frame = bytearray(pack(Push(desk.batch())))
    frame[2] = 9
    return bytes(frame)


def stranger_key(desk: Desk) -> bytes:
    thief = Desk(seed=b"Z")
    thief.lane = desk.lane
    return pack(Push(thief.batch()))


def reordered(desk: Desk) -> bytes:
    batch = desk.batch()
    return pack(Push(msgspec.structs.replace(batch, events=batch.events[::-1])))


def left_out(desk: Desk) -> bytes:
    batch = desk.batch()
    return pack(Push(msgspec.structs.replace(batch, events=(batch.events[0], batch.events[2]))))


def for_another_hub(desk: Desk) -> bytes:
    return forged(desk, hub="other-hub")


def too_many(desk: Desk) -> bytes:
    batch = desk.batch()
    return pack(Push(msgspec.structs.replace(batch, events=batch.events * 200)))


def huge_clock(desk: Desk) -> bytes:
    intruder = Desk()
    intruder.lane = [make_event(
        node=desk.node, inc=INC, seq=1, prev=GENESIS, type="note.added", tv=1, rid=rid(1), hlc=limits.NATURAL_MAX + 1, actor="a",
        body=b"\x80",
    )]  # fmt: skip
    return pack(Push(intruder.batch()))


def huge_body(desk: Desk) -> bytes:
    intruder = Desk()
    intruder.add(b"\x80" + bytes(limits.EVENT_BODY_BYTES_MAX), rid(1), type="note.added")
    return pack(Push(intruder.batch()))


def another_dossier(desk: Desk) -> bytes:
    return acting(reception(9, "03401"))(desk)


GRANT = CustodyGranted(
    office=OfficeCode("00101"), fence=1, previous_office=OfficeCode("03401"), reason="x", officer="x"
)
SUSPECT = DuplicateSuspected(kind="dossier", other_rid=rid(2), other_office=OfficeCode("00101"), tier=1)
HOSTILE: tuple[tuple[str, Callable[[Desk], bytes], str], ...] = (
    ("truncated", truncated, "SYN-002"),
    ("oversized", oversized, "SYN-002"),
    ("bomb", bomb, "SYN-002"),
    ("newer protocol", newer, "SYN-010"),
    ("forged signature", lambda desk: forged(desk, signature=b"s" * 64), "KEY-005"),
    ("stranger's key", stranger_key, "KEY-005"),
    ("forged head", lambda desk: forged(desk, head=nowhere()), "KEY-005"),
    ("forged place", lambda desk: forged(desk, first=2), "SYN-002"),
    ("reordered events", reordered, "SYN-002"),
    ("an event left out", left_out, "SYN-002"),
    ("for another hub", for_another_hub, "SYN-002"),
    ("no events", lambda desk: forged(desk, events=()), "SYN-002"),
    ("too many events", too_many, "SYN-002"),
    ("another node's name", lambda desk: forged(desk, node=NodeId("n03401a")), "HUB-003"),
    ("clock no database holds", huge_clock, "SYN-002"),
    ("body over its limit", huge_body, "SYN-002"),
    ("another office's act", acting(StatusMoved(move="stop", office=OfficeCode("03401"), officer="x", at_ms=1)), "HUB-004"),
    ("another office's reception", another_dossier, "HUB-004"),
    ("another authority's revocation", acting(
        Revoked(document_id=DocumentId(b"d" * 16), authority=OfficeCode("03401"), reason="x", officer="x", at_ms=1)), "HUB-004"),
    ("custody granted by a node", acting(GRANT), "HUB-004"),
    ("a suspicion by a node", acting(SUSPECT), "HUB-004"),
    ("an erasure by a node", acting(BodyErased(event=EventId(b"e" * 32), order="x")), "HUB-004"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "frame", "code"), HOSTILE, ids=[one[0] for one in HOSTILE])
async def test_a_hostile_frame_is_refused_kept_and_forgotten_by_the_queue(
    window: Window, desk: Desk, name: str, frame: Callable[[Desk], bytes], code: str
) -> None:
    reply = await window.throw(desk.node, frame(desk))
    assert isinstance(reply, Refusal) and reply.code.startswith(code), reply
    assert window.events() == []
    assert [one.code for one in window.quarantine()] == [reply.code]
    await window.throw(desk.node, frame(desk))
    assert [one.times for one in window.quarantine()] == [2]
    good = await window.push(desk.node, desk.batch())
    assert isinstance(good, PushReply) and good.acknowledgement.upto == 3
    assert len(window.events()) >= 3


async def test_a_replayed_batch_earns_the_same_promise_and_stores_nothing(window: Window, desk: Desk) -> None:
    first, second = await window.push(desk.node, desk.batch()), await window.push(desk.node, desk.batch())
    assert isinstance(first, PushReply) and isinstance(second, PushReply)
    assert second.acknowledgement.upto == first.acknowledgement.upto == 3
    assert len({event.id for event in window.events()}) == len(window.events())
    part = await window.push(desk.node, desk.batch(2, 2))
    assert isinstance(part, PushReply) and part.acknowledgement.upto == 3


async def test_a_batch_replayed_by_another_node_is_refused(window: Window, desk: Desk) -> None:
    thief = Desk("n03401a", "03401", b"B")
    window.enrol(thief)
    reply = await window.push(thief.node, desk.batch())
    assert isinstance(reply, Refusal) and reply.code == "HUB-003" and window.events() == []


async def test_a_gap_is_answered_with_the_floor(window: Window, desk: Desk) -> None:
    window.hub.service.pushes.gap_wait_s = 0.0
    reply = await window.push(desk.node, desk.batch(2))
    assert isinstance(reply, Behind) and (reply.floor.seq, reply.floor.id) == (0, GENESIS)


async def test_another_history_is_a_fork_kept_in_quarantine(window: Window, desk: Desk) -> None:
    await window.push(desk.node, desk.batch())
    reply = await window.push(desk.node, desk.sealed_over([other_body(desk.lane[1])]))
    assert isinstance(reply, Fork) and (reply.at, reply.held) == (2, desk.lane[1].id)
    assert [one.code for one in window.quarantine()] == ["SYN-012"]


async def test_an_unknown_and_a_revoked_node_are_refused_and_kept(window: Window, desk: Desk) -> None:
    reply = await window.push("n99999z", desk.batch())
    assert isinstance(reply, Refusal) and reply.code == "HUB-001"
    await window.push(desk.node, desk.batch(1, 2))
    window.hub.store.writer.run(lambda c: revoke_node(c, desk.node, 5))
    reply = await window.push(desk.node, desk.batch(3))
    assert isinstance(reply, Refusal) and reply.code == "HUB-002"
    assert len([event for event in window.events() if event.header.node == desk.node]) == 2
    assert sorted(one.code for one in window.quarantine()) == ["HUB-001", "HUB-002"]


async def test_a_dossier_cannot_be_taken_by_receiving_it_again(window: Window, desk: Desk) -> None:
    await window.push(desk.node, desk.batch())
    thief = Desk("n03401a", "03401", b"B")
    window.enrol(thief)
    thief.add(reception(1, "03401"), rid(1), hlc=1)
    reply = await window.push(thief.node, thief.batch())
    assert isinstance(reply, Refusal) and reply.code == "HUB-010"
    thief.lane.clear()
    thief.receive(9)
    assert isinstance(await window.push(thief.node, thief.sealed_over(thief.lane[:1])), Refusal)
    other = Desk("n03401a", "03401", b"B")
    other.add(reception(77, "03401"), rid(77))
    assert isinstance(await window.push(other.node, other.batch()), PushReply)


async def test_one_unreadable_item_among_a_thousand_stops_none_of_the_others(window: Window, desk: Desk) -> None:
    for number in range(1_000):
        if number == 500:
            desk.add(b"\xc1 not a body", rid(1), type="status.moved")
        else:
            desk.add(NoteAdded(text=f"{number}", officer="cb01", at_ms=1), rid(1))
    for first in range(1, len(desk.lane), 500):
        assert isinstance(await window.push(desk.node, desk.batch(first, first + 499)), PushReply)
    from sync_protocol.adapters import projection

    view = window.hub.store.readers.run(lambda c: projection.view_of(c, rid(1)))
    assert view is not None and len(view.notes) == 999 and view.unknown_events == 1


async def test_an_unknown_type_is_stored_as_it_came(window: Window, desk: Desk) -> None:
    strange = desk.add(b"\xc1\x00any bytes\xff", rid(1), type="tương lai/2")
    assert isinstance(await window.push(desk.node, desk.batch()), PushReply)
    kept = next(event for event in window.events() if event.id == strange.id)
    assert (kept.raw_header, kept.body) == (strange.raw_header, strange.body)


async def test_a_body_with_numbers_no_database_holds_is_shown_raw(window: Window, desk: Desk) -> None:
    huge = msgspec.msgpack.encode({**msgspec.to_builtins(reception(4, "00101")), "received_ms": 2**63})
    desk.add(huge, rid(4), type="dossier.received")
    assert isinstance(await window.push(desk.node, desk.batch()), PushReply)


def test_the_hostile_list_counts_at_least_fourteen_kinds() -> None:
    assert len({name for name, _, _ in HOSTILE}) >= 14 and HUB_NAME and Incarnation(INC) == INC
