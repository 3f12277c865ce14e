"""Mutated bytes against every reader of bytes from outside: frames, batches, promises, pages, events, courier files, snapshot parts, index and catalogue.

A mutation must end in a Problem, or in exactly what was sent: anything else that is accepted, and any other exception, is counted. One seed
gives the same mutations again.
"""

from __future__ import annotations

import dataclasses
import io
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import apsw

from sync_protocol.adapters import signatures
from sync_protocol.adapters.catalogue_file import read_catalogue
from sync_protocol.adapters.sealed_sticks import StickReader, Way, open_stick
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import Acknowledgement, check_acknowledgement, open_batch, seal_batch, sign_acknowledgement
from sync_protocol.bodies import NoteAdded, encode_body
from sync_protocol.catalogue_rows import columns, to_rows
from sync_protocol.courier import CourierFile, read_courier, read_courier_reply, write_courier
from sync_protocol.envelope import Event, make_event, read_event
from sync_protocol.errors import Problem, RemoteProtocolError
from sync_protocol.existence import Index, write_index
from sync_protocol.ids import EventId, HubEpoch, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.messages import Push, PushReply, Witness, WitnessReply
from sync_protocol.page_proof import check_page, sign_page
from sync_protocol.snapshot import Part, events_in, read_part, write_part
from sync_protocol.wire import pack, unpack_reply, unpack_request
from tests.central_hub.directory.published import published

RARELY = 97  # the catalogue is by far the slowest to read
HUB, NODE, EPOCH, OFFICE = "hub-fuzz", NodeId("n00101a"), HubEpoch(b"e" * 16), OfficeCode("00101")
SIGNER = SoftwareSigner(b"s" * 32)


@dataclasses.dataclass
class Mutated:
    """What a run did and found; `altered` are accepted with another content, `uncaught` raised something that is no Problem."""

    mutations: int = 0
    refused: int = 0
    same: int = 0
    altered: Counter[str] = dataclasses.field(default_factory=Counter)
    uncaught: Counter[str] = dataclasses.field(default_factory=Counter)

    @property
    def is_clean(self) -> bool:
        """Nothing altered was accepted, nothing broke."""
        return not self.altered and not self.uncaught


class Target:
    """One reader: `sample` is what it is given, `read` returns what it proved."""

    def __init__(self, name: str, sample: bytes, read: Callable[[bytes], object], *, is_proven: bool = True) -> None:
        self.name, self.sample, self.read, self.is_proven = name, sample, read, is_proven
        self.truth = read(sample)


def verify(message: bytes, mark: bytes) -> None:
    """The one signature of this file."""
    signatures.verify(SIGNER.public_key, message, mark)


def _kept(name: str) -> bytes:
    """A sealed file of always the same bytes: each new one would be another."""
    return (Path(__file__).parents[1] / "vectors" / "sealed" / f"{name}.courier").read_bytes()


def _unsealed(raw: bytes, way: Way, seed: bytes) -> bytearray:
    return open_stick(io.BytesIO(raw), way, hub="hub-test", reader=StickReader(seed * 32))[0]


def verify_nothing(message: bytes, mark: bytes) -> None:
    """The canary: every signature holds."""


def targets(check: Callable[[bytes, bytes], None] = verify) -> list[Target]:
    """Every reader with a good sample. `check` stands for the signature's proof."""
    events = _events(12)
    page = sign_page(HUB, EPOCH, OFFICE, [one.id for one in events], SIGNER.sign)
    promise = sign_acknowledgement(
        Acknowledgement(HUB, EPOCH, NODE, events[0].header.inc, 12, events[-1].id, 12, 1, 0), SIGNER.sign
    )
    stored = tuple((one.raw_header, one.body) for one in events)
    push = pack(Push(seal_batch(HUB, events, SIGNER.sign)))
    index = write_index([(number * 7_919 << 20, OFFICE) for number in range(300)], as_of_ms=5, position=9)
    return [
        Target("push", push, lambda raw: _pushed(raw, check)),
        Target("witness", pack(Witness(page, stored)), lambda raw: _witnessed(raw, check)),
        Target("promise", pack(PushReply(promise)), lambda raw: _promised(raw, check)),
        Target("reply", pack(WitnessReply(3)), lambda raw: unpack_reply(raw), is_proven=False),
        Target("event", stored[0][0], lambda raw: read_event(raw, events[0].body).id, is_proven=False),
        Target("courier", write_courier(CourierFile(HUB, NODE, (push, push))), lambda raw: read_courier(raw, hub=HUB)),
        Target("sealed stick", _kept("there"), lambda raw: read_courier(_unsealed(raw, "courier", b"h"), hub="hub-test")),
        Target("sealed answer", _kept("back"), lambda raw: read_courier_reply(_unsealed(raw, "courier.reply", b"d"), hub="hub-test", node=NODE)),
        Target("snapshot part", write_part(Part(stored, (page,), (), (), (), ())), lambda raw: _parted(raw, check)),
        Target("index", index, _looked_up, is_proven=False),
        Target(
            "catalogue", _catalogue(), lambda raw: read_catalogue(raw, b"", verify_nothing).version, is_proven=False
        ),
    ]


def run(count: int, seed: int, check: Callable[[bytes, bytes], None] = verify) -> Mutated:
    """`count` mutations, spread evenly over the readers."""
    chance, found, readers = random.Random(seed), Mutated(), targets(check)
    for number in range(count):
        target = readers[number % (len(readers) - 1)] if number % RARELY else readers[-1]
        raw = mutate(target.sample, chance)
        found.mutations += 1
        try:
            proven = target.read(raw)
        except Problem:
            found.refused += 1
        except Exception as error:
            found.uncaught[f"{target.name}: {type(error).__name__}"] += 1
        else:
            if proven == target.truth or not target.is_proven:
                found.same += 1
            else:
                found.altered[target.name] += 1
    return found


def mutate(sample: bytes, chance: random.Random) -> bytes:
    """The sample with one to four things wrong."""
    raw = bytearray(sample)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(raw)) if raw else 0
        length = chance.choice((1, 2, 8, 40))
        match chance.randrange(7):
            case 0 if raw:
                raw[at] ^= 1 << chance.randrange(8)
            case 1:
                raw[at : at + 1] = bytes((chance.choice((0, 0x7F, 0x80, 0xC1, 0xDF, 0xFF)),))
            case 2:
                del raw[at:]
            case 3:
                del raw[at : at + length]
            case 4:
                raw[at:at] = chance.randbytes(length)
            case 5:
                raw[at:at] = raw[at : at + length] * chance.choice((1, 3, 300))
            case _:
                raw[at : at + 5] = b"\xdd\xff\xff\xff\xff"  # an array of four billion
    return bytes(raw)


def _events(count: int) -> list[Event]:
    events: list[Event] = []
    prev = EventId(bytes(32))
    for seq in range(1, count + 1):
        event = make_event(
            node=NODE, inc=Incarnation(b"i" * 16), seq=seq, prev=prev, type="note.added", tv=1, rid=RecordId(b"r" * 16), hlc=seq << 16,
            actor="cb", body=encode_body(NoteAdded(text="ghi " * seq, officer="cb", at_ms=seq)),
        )  # fmt: skip
        events.append(event)
        prev = event.id
    return events


def _pushed(raw: bytes, check: Callable[[bytes, bytes], None]) -> object:
    request = unpack_request(raw)
    return (
        [(one.id, one.body) for one in open_batch(request.batch, hub=HUB, verify=check)]
        if isinstance(request, Push)
        else None
    )


def _witnessed(raw: bytes, check: Callable[[bytes, bytes], None]) -> object:
    request = unpack_request(raw)
    if not isinstance(request, Witness):
        return None
    check_page(request.page, hub=HUB, verify=check)
    if any(read_event(header, body).id not in request.page.event_ids for header, body in request.events):
        raise RemoteProtocolError(what="an event that the page does not name")
    return "events of the page"


def _promised(raw: bytes, check: Callable[[bytes, bytes], None]) -> object:
    reply = unpack_reply(raw)
    if not isinstance(reply, PushReply):
        return None
    check_acknowledgement(reply.acknowledgement, hub=HUB, node=NODE, verify=check)
    return reply


def _parted(raw: bytes, check: Callable[[bytes, bytes], None]) -> object:
    return [one.id for one in events_in(read_part(raw), hub=HUB, verify=check)]


def _looked_up(raw: bytes) -> object:
    index = Index(lambda offset, length: raw[offset : offset + length])
    return [index.offices(number * 7_919 << 20) for number in (0, 7, 299, 5_000)]


def _catalogue() -> bytes:
    connection = apsw.Connection(":memory:")
    for table, rows in to_rows(published()).items():
        names = tuple(columns(table))
        connection.execute(f'CREATE TABLE "{table}" ({", ".join(f"{chr(34)}{one}{chr(34)}" for one in names)})')
        values = [tuple(row[one] for one in names) for row in rows]
        connection.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(names))})', values)
    content = connection.serialize("main")
    connection.close()
    return bytes(content)


def as_text(found: Mutated) -> str:
    """One line for people."""
    return str(found)
