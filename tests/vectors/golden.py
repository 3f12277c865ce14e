"""What version 1 of the protocol looks like as bytes, made from fixed values. A changed vector is a changed protocol."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from sync_protocol.acts import act_id
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import (
    Acknowledgement,
    acknowledgement_message,
    batch_message,
    seal_batch,
    sign_acknowledgement,
)
from sync_protocol.bodies import BODY_TYPES, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.existence import Hasher, IndexFile, Offered, offer_message, write_index
from sync_protocol.ids import GENESIS, BlobDigest, EventId, HubEpoch, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.messages import (
    Behind,
    Busy,
    ExistenceAsk,
    ExistenceOffer,
    Fork,
    LaneHead,
    Pull,
    Push,
    Refusal,
    SnapshotAsk,
    SnapshotOffer,
)
from sync_protocol.page_proof import page_message, sign_page
from sync_protocol.snapshot import Manifest, PartFile, manifest_message
from sync_protocol.wire import pack

FILE = Path(__file__).parent / "golden.json"
SIGNER = SoftwareSigner(bytes(range(32)))
HUB = "hub-vn"
EPOCH, INC = HubEpoch(b"E" * 16), Incarnation(b"I" * 16)
MANIFEST = Manifest(
    EPOCH, OfficeCode("00101"), 9, 1_795_000_000_000, b"V" * 16, (PartFile(BlobDigest(b"D" * 32), 80, 2, 3),)
)
OFFERED = Offered(bytes(range(32)), (IndexFile(BlobDigest(b"D" * 32), 80, 1_795_000_000_000, 9, True),))


ADDED_LATER: dict[str, frozenset[str]] = {
    "ComponentWithdrawn": frozenset({"office"}),
    "ConflictResolved": frozenset({"office"}),
    "DossierReceived": frozenset({"authorised", "postmark"}),
    "DuplicateJudged": frozenset({"kind", "office", "of", "reissue"}),
    "DuplicateSuspected": frozenset({"lead", "current"}),
    "FieldReading": frozenset({"first", "grammar"}),
    "IdentityAsserted": frozenset({"awaits", "former", "paper"}),
    "NoteAdded": frozenset({"office"}),
    "StatusMoved": frozenset({"consulted", "answer_by"}),
}
"""Fields that a struct got after its first golden value: absent in that value, set in the one named `….later`."""


def _filled(kind: Any, name: str, later: bool) -> Any:
    """A fixed value of a described type: strings say their field, numbers are 7, bytes repeat one letter."""
    match kind:
        case msgspec.inspect.StrType():
            return name
        case msgspec.inspect.IntType():
            return 7
        case msgspec.inspect.FloatType():
            return 0.5
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.BytesType():
            return b"b" * 32
        case msgspec.inspect.LiteralType(values=values):
            return values[-1]
        case msgspec.inspect.VarTupleType(item_type=item):
            return (_filled(item, name, later),)
        case msgspec.inspect.TupleType(item_types=items):
            return tuple(_filled(item, name, later) for item in items)
        case msgspec.inspect.UnionType(types=types):
            return _filled(next(one for one in types if not isinstance(one, msgspec.inspect.NoneType)), name, later)
        case msgspec.inspect.StructType(cls=cls):
            return filled(cls, later)
        case msgspec.inspect.Metadata(type=inner):
            return _filled(inner, name, later)
    raise AssertionError(f"no fixed value for {kind}")


def filled(cls: type[msgspec.Struct], later: bool = False) -> msgspec.Struct:
    """A struct with every field set, those that were added later only if asked for."""
    described = msgspec.inspect.type_info(cls)
    assert isinstance(described, msgspec.inspect.StructType)
    absent = frozenset() if later else ADDED_LATER.get(cls.__name__, frozenset())
    wanted = [field for field in described.fields if field.name not in absent]
    return cls(**{field.name: _filled(field.type, field.name, later) for field in wanted})


def lane() -> list[Event]:
    """Three events: a plain one, one with base and fence, one erased."""
    events: list[Event] = []
    prev = GENESIS
    for seq, (base, fence) in enumerate((((), None), ((EventId(b"B" * 32),), 3), ((), None)), start=1):
        event = make_event(
            node=NodeId("n00101a"), inc=INC, seq=seq, prev=prev, type="note.added", tv=1, rid=RecordId(b"R" * 16),
            hlc=(1_795_000_000_000 + seq) << 16, actor="cb01", body=encode_body(filled(BODY_TYPES["note.added", 1])), base=base,
            fence=fence,
        )  # fmt: skip
        prev = event.id
        events.append(msgspec.structs.replace(event, body=None) if seq == 3 else event)
    return events


def vectors() -> dict[str, str]:
    """Every golden value by name, in hexadecimal."""
    events = lane()
    batch = seal_batch(HUB, events, SIGNER.sign)
    promise = Acknowledgement(HUB, EPOCH, NodeId("n00101a"), INC, 3, events[-1].id, 99, 1_795_000_000_000, 2)
    page = sign_page(HUB, EPOCH, OfficeCode("00101"), [event.id for event in events], SIGNER.sign)
    found = {
        "public_key": SIGNER.public_key,
        "batch.message": batch_message(HUB, batch.head),
        "batch.bytes": msgspec.msgpack.encode(batch),
        "acknowledgement.message": acknowledgement_message(promise),
        "acknowledgement.bytes": msgspec.msgpack.encode(sign_acknowledgement(promise, SIGNER.sign)),
        "page.message": page_message(HUB, EPOCH, OfficeCode("00101"), page.ids),
        "page.bytes": msgspec.msgpack.encode(page),
        "frame.push": pack(Push(batch), compress=False),
        "frame.pull": pack(Pull(EPOCH, 5, 100, INC)),
        "snapshot.message": manifest_message(HUB, MANIFEST),
        "frame.snapshot.ask": pack(SnapshotAsk()),
        "frame.snapshot.offer": pack(SnapshotOffer(MANIFEST, SIGNER.sign(manifest_message(HUB, MANIFEST)))),
        "existence.message": offer_message(HUB, OFFERED),
        "frame.existence.ask": pack(ExistenceAsk()),
        "frame.existence.offer": pack(ExistenceOffer(OFFERED, SIGNER.sign(offer_message(HUB, OFFERED)))),
        "existence.index": write_index(
            [(1, OfficeCode("00101")), (2**48 - 1, OfficeCode("07901"))], as_of_ms=7, position=7
        ),
        "existence.hash": Hasher(bytes(range(32)))("personal_id:001185012345", "KS").to_bytes(6, "big"),
        "frame.behind": pack(Behind(LaneHead(INC, 2, events[1].id, 1))),
        "frame.fork": pack(Fork(INC, 2, events[1].id)),
        "frame.busy": pack(Busy(2_000)),
        "frame.refusal": pack(Refusal("HUB-004", "detail")),
    }
    for event in events:
        found[f"event.{event.header.seq}.header"] = event.raw_header
        found[f"event.{event.header.seq}.id"] = event.id
        found[f"event.{event.header.seq}.act"] = act_id(event.header)
    for (name, version), cls in sorted(BODY_TYPES.items()):
        found[f"body.{name}.{version}"] = first = encode_body(filled(cls))
        if (grown := encode_body(filled(cls, later=True))) != first:
            found[f"body.{name}.{version}.later"] = grown
    return {name: raw.hex() for name, raw in sorted(found.items())}


def write() -> int:
    """Write the file anew; returns how many values it holds."""
    found = vectors()
    FILE.write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")
    return len(found)
