"""Whole files that a program of its time left behind, kept as bytes: what a desk and a hub said to each other, what they carried by hand, what stood in
their tables.

`golden.py` holds single values made of fixed ones, and follows the program. These never follow: the files of an older program stay as that program wrote them,
and today's has to read them (sync.md 2.11, versions N…N-2). They are named by the protocol's version and what was new then. A new kind of event is frozen
in a folder of its own beside the older ones: `python -m tests.vectors.frozen --write 1-name`, which writes no folder that is there.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import apsw
import msgspec
from backports import zstd

from central_hub.ingest.commit import HUB_ONLY, place_hub_events
from central_hub.ingest.courier import answer_courier
from edge_node.store.ledger import Act, Draft
from edge_node.sync.courier import Greeting, export_courier
from sync_protocol import bodies as b
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.adapters.sqlite import open_database
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, HubEpoch, OfficeCode, RecordId
from sync_protocol.messages import SnapshotOffer
from sync_protocol.snapshot import manifest_message
from tests.offices import HUB_NAME, Clock, DirectLine, Hub, Office, reception, rid
from tests.vectors.golden import filled

ROOT: Final = Path(__file__).parent / "frozen"
BYTES_MAX: Final = 80_000  # of one folder
OFFICE: Final = OfficeCode("00101")
DOSSIER: Final = rid(1)
SENT_AWAY: Final = rid(2)
BESIDE: Final = rid(7)  # words about leaving a scope and visits say nothing of the dossier
LINE_KEY: Final = SoftwareSigner(b"L" * 32)
PAPER: Final = b"%PDF-1.7 a paper of nobody " * 40



class Frame(msgspec.Struct, frozen=True, array_like=True):
    """One question of the desk and the hub's answer, as they went over the line."""

    question: bytes
    answer: bytes


class Tables(msgspec.Struct, frozen=True):
    """A database without its cipher: how it was made, and every row."""

    schema: list[str]
    rows: dict[str, list[list[Any]]]


class Left(msgspec.Struct, frozen=True):
    """Everything one program left. Keys are those of `tests.offices`."""

    exchange: list[Frame]
    courier: bytes
    courier_answer: bytes
    snapshot: SnapshotOffer
    snapshot_parts: list[bytes]
    desk: Tables
    hub: Tables
    view: bytes  # JSON of the dossier as that program merged it


def folders() -> list[Path]:
    """Every frozen folder."""
    return sorted(path for path in ROOT.iterdir() if path.is_dir())


def read(folder: Path) -> Left:
    """What stands in a folder."""
    raw = {path.stem: path.read_bytes() for path in sorted(folder.iterdir())}
    unpacked = {name: zstd.decompress(raw[name]) for name in ("exchange", "desk", "hub")}
    manifest = msgspec.msgpack.decode(raw["snapshot"], type=tuple[SnapshotOffer, list[bytes]])
    return Left(
        msgspec.msgpack.decode(unpacked["exchange"], type=list[Frame]), raw["courier"], raw["courier_answer"], *manifest,
        msgspec.msgpack.decode(unpacked["desk"], type=Tables), msgspec.msgpack.decode(unpacked["hub"], type=Tables), raw["view"],
    )  # fmt: skip


def digest_of(folder: Path) -> str:
    """One SHA-256 over names and bytes."""
    return hashlib.sha256(b"".join(path.name.encode() + hashlib.sha256(path.read_bytes()).digest() for path in sorted(folder.iterdir()))).hexdigest()


def write(name: str) -> str:
    """Have this program leave its files in a new folder; returns the digest that `test_frozen.py` is to name. Raises FileExistsError."""
    folder = ROOT / name
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        left = asyncio.run(_leave(Path(place)))
    packed = {name: zstd.compress(msgspec.msgpack.encode(value), 19) for name, value in (("exchange", left.exchange), ("desk", left.desk), ("hub", left.hub))}
    for suffixed, content in {
        "exchange.frames": packed["exchange"], "courier.courier": left.courier, "courier_answer.courier": left.courier_answer,
        "snapshot.part": msgspec.msgpack.encode((left.snapshot, left.snapshot_parts)), "desk.tables": packed["desk"], "hub.tables": packed["hub"],
        "view.json": left.view,
    }.items():  # fmt: skip
        (folder / suffixed).write_bytes(content)
    return digest_of(folder)


def body_of(kind: type[msgspec.Struct]) -> msgspec.Struct:
    """One body of a kind with every field set; an office is this one."""
    made = filled(kind, later=True)
    known: dict[str, Any] = {"office": OFFICE, "custodian": OFFICE, "authority": OFFICE, "pdf_size": len(PAPER), "pdf": BlobDigest(hashlib.sha256(PAPER).digest())}
    return msgspec.structs.replace(made, **{name: value for name, value in known.items() if name in kind.__struct_fields__})


def place_of(name: str) -> RecordId:
    """The record that an event of this type is about."""
    return BESIDE if name in b.BESIDE_DOSSIERS else SENT_AWAY if name == "intake.ended" else DOSSIER


def dump(connection: apsw.Connection) -> Tables:
    """Every table but SQLite's own, and the one that says how the file is kept."""
    made = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> 'database_manifest' ORDER BY type = 'table' DESC, rowid").fetchall()
    rows = {str(name): [list(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for kind, name, _ in made if kind == "table"}
    return Tables([str(sql) for _, _, sql in made if sql], rows)


def put_back(tables: Tables, path: Path, key: bytes) -> None:
    """A database as that program left it, under `key`."""
    connection = open_database(path, key)
    connection.execute("BEGIN")
    later = [sql for sql in tables.schema if not sql.upper().startswith("CREATE TABLE")]
    for sql in tables.schema:
        if sql not in later:
            connection.execute(sql)
    for name, rows in tables.rows.items():
        for row in rows:
            connection.execute(f'INSERT INTO "{name}" VALUES({",".join("?" * len(row))})', row)
    for sql in later:
        connection.execute(sql)
    connection.execute("COMMIT")
    connection.close()


async def _leave(place: Path) -> Left:
    hub, desk = Hub(place / "hub", Clock()), Office(place / "desk", "n00101a", OFFICE, Clock())
    hub.enrol(desk)
    frames: list[Frame] = []
    with _recorded(frames):
        desk.files.put(PAPER)
        for name, kind in _desk_kinds():
            first = reception(1, OFFICE) if kind is b.DossierReceived else body_of(kind)
            desk.ledger.save(Act("cb01", "intake", "frozen"), [Draft(place_of(name), first)])
        await desk.exchange(hub, with_files=True)
        said = [(place_of(name), body_of(b.BODY_TYPES[name, tv])) for name, tv in sorted(b.BODY_TYPES) if name in HUB_ONLY]
        hub.store.writer.run(lambda c: place_hub_events(c, HubEpoch(b"e" * 16), said, 1_795_000_100_000, "hub"))
        await desk.exchange(hub)
    desk.ledger.save(Act("cb01", "intake", "frozen"), [Draft(DOSSIER, b.NoteAdded(text="chờ gửi", officer="cb01", at_ms=1_795_000_200_000))])
    desk.files.put(PAPER + b"2")
    greeting = Greeting(OFFICE, desk.signer.public_key, 1_795_000_200_000, LINE_KEY.sign)
    carried = export_courier(desk.store, desk.files, HUB_NAME, desk.signer.sign, desk.node, greeting).content
    tables = desk.store.readers.run(dump), hub.store.readers.run(dump)  # before the stick
    view = desk.store.readers.run(lambda c: projection.view_of(c, DOSSIER))
    answered = await answer_courier(hub.service, carried, lambda node: LINE_KEY.public_key)
    manifest = hub.service.snapshots.make(OFFICE)
    offer = SnapshotOffer(manifest, hub.signer.sign(manifest_message(HUB_NAME, manifest)))
    parts = [hub.service.files.files.get(one.digest.hex()) for one in manifest.parts]
    desk.close()
    hub.close()
    return Left(frames, carried, answered.content, offer, parts, *tables, msgspec.json.format(msgspec.json.encode(view), indent=1))


def _desk_kinds() -> Iterator[tuple[str, type[msgspec.Struct]]]:
    """What a desk writes, the reception first."""
    kinds = [(name, kind) for (name, _), kind in b.BODY_TYPES.items() if name not in HUB_ONLY]
    yield from sorted(kinds, key=lambda one: (one[1] is not b.DossierReceived, one[0]))


class _recorded:
    """Every question and answer in the block goes into `frames`."""

    def __init__(self, frames: list[Frame]) -> None:
        self._frames, self._really = frames, DirectLine.request

    def __enter__(self) -> None:
        really, frames = self._really, self._frames

        async def request(line: DirectLine, verb: str, payload: bytes, *, timeout: float, lane: str = "records") -> bytes:
            answer = await really(line, verb, payload, timeout=timeout, lane=lane)
            frames.append(Frame(payload, answer))
            return answer

        DirectLine.request = request  # type: ignore[method-assign, assignment]

    def __exit__(self, *ended: object) -> None:
        DirectLine.request = self._really  # type: ignore[method-assign]


def events_in(tables: Tables, key: bytes = b"k" * 32) -> list[tuple[str, Event]]:
    """(node, event) of every event in these tables, each lane in its order."""
    with tempfile.TemporaryDirectory() as place:
        put_back(tables, Path(place) / "a.db", key)
        connection = open_database(Path(place) / "a.db", key, read_only=True)
        found = [(event.header.node, event) for _, _, event in event_log.all_events(connection)]
        connection.close()
    return sorted(found, key=lambda one: (one[1].header.node, one[1].header.inc, one[1].header.seq))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", metavar="NAME", required=True, help="a new folder: the protocol's version, and what is new in it")
    print(write(asked.parse_args().write))
