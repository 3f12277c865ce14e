"""A batch opens to exactly what was sealed, or not at all; an acknowledgement is for one node of one hub."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import limits
from sync_protocol.adapters import signatures
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import (
    Acknowledgement,
    Batch,
    check_acknowledgement,
    open_batch,
    seal_batch,
    sign_acknowledgement,
)
from sync_protocol.envelope import Event, check_shape, make_event, read_event
from sync_protocol.errors import LocalProtocolError, Problem, RemoteProtocolError
from sync_protocol.ids import GENESIS, EventId, HubEpoch, Incarnation, NodeId, RecordId

SIGNER = SoftwareSigner(b"A" * 32)
HUB = "hub-test"


def verify(message: bytes, mark: bytes) -> None:
    signatures.verify(SIGNER.public_key, message, mark)


def lane(count: int, first: int = 1, prev: EventId = GENESIS, body: bytes = b"\x80") -> list[Event]:
    events: list[Event] = []
    for seq in range(first, first + count):
        events.append(
            make_event(
                node=NodeId("n00101a"), inc=Incarnation(b"i" * 16), seq=seq, prev=prev, type="note.added", tv=1,
                rid=RecordId(b"r" * 16), hlc=seq << 16, actor="cb01", body=body + bytes([seq % 256]), fence=seq % 3 or None,
                base=(EventId(bytes(32)),) * (seq % 3),
            )
        )  # fmt: skip
        prev = events[-1].id
    return events


def erased(event: Event) -> Event:
    return msgspec.structs.replace(event, body=None)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 10_000), st.sets(st.integers(0, 11)))
def test_a_sealed_batch_opens_to_the_same_bytes(count: int, first: int, gone: set[int]) -> None:
    events = lane(count, first, EventId(b"p" * 32) if first > 1 else GENESIS)
    events = [erased(event) if place in gone else event for place, event in enumerate(events)]
    batch = seal_batch(HUB, events, SIGNER.sign)
    travelled = msgspec.msgpack.decode(msgspec.msgpack.encode(batch), type=Batch)
    assert list(open_batch(travelled, hub=HUB, verify=verify)) == events
    assert [read_event(event.raw_header, event.body) for event in events] == events


def test_any_changed_byte_of_a_batch_is_refused() -> None:
    raw = msgspec.msgpack.encode(seal_batch(HUB, lane(3), SIGNER.sign))
    opened = 0
    for place in range(len(raw)):
        for flip in (1, 0x80):
            changed = raw[:place] + bytes([raw[place] ^ flip]) + raw[place + 1 :]
            try:
                batch = msgspec.msgpack.decode(changed, type=Batch)
                open_batch(batch, hub=HUB, verify=verify)
            except (Problem, msgspec.MsgspecError, UnicodeDecodeError):
                continue
            opened += 1
    assert opened == 0


def test_the_flipping_harness_sees_a_batch_without_a_chain() -> None:
    batch = seal_batch(HUB, lane(3), SIGNER.sign)
    assert open_batch(batch, hub=HUB, verify=lambda message, mark: None)
    forged = msgspec.structs.replace(batch, signature=b"")
    assert open_batch(
        forged, hub=HUB, verify=lambda message, mark: None
    )  # a verifier that proves nothing lets it through


@pytest.mark.parametrize(
    "change",
    [
        {"hub": "other-hub"}, {"events": ()}, {"head": EventId(b"x" * 32)}, {"first": 2}, {"prev": EventId(b"x" * 32)},
        {"inc": Incarnation(b"j" * 16)}, {"node": NodeId("n03401a")}, {"signature": b"s" * 64}, {"signature": b""},
    ],
)  # fmt: skip
def test_a_forged_part_is_refused(change: dict[str, object]) -> None:
    batch = msgspec.structs.replace(seal_batch(HUB, lane(2), SIGNER.sign), **change)
    with pytest.raises(Problem):
        open_batch(batch, hub=HUB, verify=verify)


def test_a_changed_body_beside_the_hash_of_the_true_one_is_refused() -> None:
    events = lane(2)
    batch = seal_batch(HUB, events, SIGNER.sign)
    changed = msgspec.structs.replace(batch.events[0], body=b"another", body_hash=events[0].header.body_hash)
    with pytest.raises(RemoteProtocolError):
        open_batch(msgspec.structs.replace(batch, events=(changed, batch.events[1])), hub=HUB, verify=verify)


def test_a_batch_at_the_limit_is_sealed_and_one_over_it_is_not() -> None:
    assert len(seal_batch(HUB, lane(limits.BATCH_EVENTS_MAX), SIGNER.sign).events) == limits.BATCH_EVENTS_MAX
    for count in (0, limits.BATCH_EVENTS_MAX + 1):
        with pytest.raises(LocalProtocolError):
            seal_batch(HUB, lane(count), SIGNER.sign)


@pytest.mark.parametrize(
    ("bound", "change"),
    [
        ("body", {"body": bytes(limits.EVENT_BODY_BYTES_MAX)}),
        ("base", {"base": (EventId(bytes(32)),) * limits.EVENT_BASE_MAX}),
        ("actor", {"actor": "a" * limits.EVENT_NAME_CHARS_MAX}),
        ("type", {"type": "t" * limits.EVENT_NAME_CHARS_MAX}),
        ("hlc", {"hlc": limits.NATURAL_MAX}),
        ("fence", {"fence": limits.NATURAL_MAX}),
    ],
)  # fmt: skip
def test_each_bound_of_an_event_holds_exactly(bound: str, change: dict[str, object]) -> None:
    plain: dict[str, object] = {
        "node": NodeId("n1"), "inc": Incarnation(b"i" * 16), "seq": 1, "prev": GENESIS, "type": "x", "tv": 1,
        "rid": RecordId(b"r" * 16), "hlc": 1, "actor": "a", "body": b"", "base": (), "fence": None,
    }  # fmt: skip
    check_shape(make_event(**{**plain, **change}))  # type: ignore[arg-type]
    value = change[bound]
    over = value + 1 if isinstance(value, int) else value + value[:1]  # type: ignore[index]
    with pytest.raises(RemoteProtocolError):
        check_shape(make_event(**{**plain, bound: over}))  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"rid": b"r"}, {"inc": b"i"}, {"prev": b"p"}, {"seq": 0}, {"base": (b"b",)}])
def test_identifiers_of_a_wrong_length_are_refused(change: dict[str, object]) -> None:
    plain: dict[str, object] = {
        "node": NodeId("n1"), "inc": Incarnation(b"i" * 16), "seq": 1, "prev": GENESIS, "type": "x", "tv": 1,
        "rid": RecordId(b"r" * 16), "hlc": 1, "actor": "a", "body": b"",
    }  # fmt: skip
    with pytest.raises(RemoteProtocolError):
        check_shape(make_event(**{**plain, **change}))  # type: ignore[arg-type]


def test_a_body_that_is_not_the_headers_is_refused() -> None:
    event = lane(1)[0]
    assert hashlib.sha256(event.body or b"").digest() == event.header.body_hash
    for header, body in ((event.raw_header, b"other"), (b"\x91\x01", None), (b"\xc1", None)):
        with pytest.raises(RemoteProtocolError):
            read_event(header, body)
    with pytest.raises(RemoteProtocolError):
        make_event(
            node=NodeId("n1"), inc=Incarnation(b"i" * 16), seq=1, prev=GENESIS, type="x", tv=1, rid=RecordId(b"r" * 16), hlc=1,
            actor="a", body=None,
        )  # fmt: skip


def test_an_acknowledgement_proves_itself_to_its_own_node_only() -> None:
    plain = Acknowledgement(
        HUB, HubEpoch(b"e" * 16), NodeId("n00101a"), Incarnation(b"i" * 16), 3, EventId(b"h" * 32), 9, 1_000, 0
    )
    signed = sign_acknowledgement(plain, SIGNER.sign)
    check_acknowledgement(signed, hub=HUB, node=NodeId("n00101a"), verify=verify)
    for hub, node in (("other-hub", "n00101a"), (HUB, "n03401a")):
        with pytest.raises(RemoteProtocolError):
            check_acknowledgement(signed, hub=hub, node=NodeId(node), verify=verify)
    for change in ({"upto": 4}, {"epoch": b"f" * 16}, {"backup_seq": 3}, {"signature": b""}, {"at_ms": 2}):
        with pytest.raises(Problem):
            check_acknowledgement(
                msgspec.structs.replace(signed, **change), hub=HUB, node=NodeId("n00101a"), verify=verify
            )
