"""The walk over a node finds a single flipped byte in any stored file, event, view or acknowledgement."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from edge_node.operations.verification import NodeWalk, walk
from edge_node.store.ledger import Act, Draft
from edge_node.sync.pushing import HubKnown
from sync_protocol import sender
from sync_protocol.bodies import NoteAdded, SlipIssued
from sync_protocol.ids import BlobDigest
from tests.offices import HUB_NAME, Clock, Hub, Office, drained, reception, rid

RECEIVE = Act("cb01", "intake", "receive")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Hub, Office]]:
    clock = Clock()
    hub = Hub(tmp_path / "hub", clock)
    office = Office(tmp_path / "a", "n00101a", "00101", clock)
    hub.enrol(office)
    digest = BlobDigest(bytes.fromhex(office.files.put(b"%PDF-1.7 slip" * 100)))
    slip = SlipIssued(form="01", number="1", pdf=digest, pdf_size=1300, officer="cb01", issued_ms=1)
    note = NoteAdded(text="ghi chú", officer="cb01", at_ms=1)
    office.ledger.save(RECEIVE, [Draft(rid(1), reception(1, "00101")), Draft(rid(1), slip), Draft(rid(1), note)])
    asyncio.run(_to_the_hub(hub, office))
    yield hub, office
    office.close()
    hub.close()


async def _to_the_hub(hub: Hub, office: Office) -> None:
    driver = office.join(hub)
    work = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    await drained(driver)
    await office.transfers.send_waiting(lambda: True)
    work.cancel()


def _walk(world: tuple[Hub, Office]) -> NodeWalk:
    hub, office = world
    known = HubKnown(HUB_NAME, hub.signer.public_key)
    import datetime as dt

    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    return office.store.readers.run(lambda c: walk(c, office.files, known, office.node, None, now))


def _flip(connection: apsw.Connection, table: str, column: str, where: str) -> None:
    raw = bytearray(connection.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()[0])
    raw[len(raw) // 2] ^= 1
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (bytes(raw),))


def test_an_untouched_node_shows_nothing_wrong_and_everything_was_read(world: tuple[Hub, Office]) -> None:
    found = _walk(world)
    assert found.findings == ()
    assert (found.events, found.dossiers, found.files, found.acknowledgements) == (3, 1, 1, 1)


@pytest.mark.parametrize(
    ("table", "column", "where", "kind"),
    [
        ("event", "body", "seq = 3", "event"),
        ("event", "header", "seq = 2", "event"),
        ("event", "header", "seq = 1", "event"),
        ("event", "id", "seq = 3", "event"),
        ("dossier", "view", "1", "dossier"),
        ("acknowledgement", "raw", "1", "acknowledgement"),
        ("audit", "hash", "id = 1", "audit"),
    ],
)
def test_one_flipped_byte_in_the_database_is_found(
    world: tuple[Hub, Office], table: str, column: str, where: str, kind: str
) -> None:
    world[1].store.writer.run(lambda c: _flip(c, table, column, where))
    assert kind in {one.kind for one in _walk(world).findings}


def test_one_flipped_byte_in_any_stored_file_is_found(world: tuple[Hub, Office]) -> None:
    stored = [path for path in (world[1].root / "files").rglob("*") if path.is_file()]
    assert stored
    for path in stored:
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 16)):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert "file" in {one.kind for one in _walk(world).findings}, f"byte {place}"
        path.write_bytes(whole)


def test_an_event_taken_out_of_the_middle_is_found(world: tuple[Hub, Office]) -> None:
    world[1].store.writer.run(lambda c: c.execute("DELETE FROM event WHERE seq = 2").fetchone())
    assert "VER-103" in {one.code for one in _walk(world).findings}
