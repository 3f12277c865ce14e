"""Today's paper goes to the hub before what only goes again; of that, dossiers in hand go before those that are over (sync.md 2.7)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.store.send_order import send_all_again
from edge_node.sync.queue import read_queue
from edge_node.sync.transfers import _NEXT
from sync_protocol.bodies import CopyCaptured, IntakeEnded
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, OfficeCode
from tests.offices import Clock, Hub, Office, reception, rid

HOUR_MS = 3_600_000


@pytest.fixture
def office(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    """A desk with a line."""
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    hub.enrol(one)
    yield one
    one.close()


def scan(office: Office, number: int, *, is_over: bool = False) -> BlobDigest:
    """One dossier with one paper, an hour after the last."""
    office.clock.ms += HOUR_MS
    content = f"paper {number} ".encode() * 50
    digest = BlobDigest(bytes.fromhex(office.files.put(content)))
    captured = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(number.to_bytes(16, "big")), pdf=digest, pdf_size=len(content), pages=1,
        images=1, officer="cb", signer_name="x", captured_ms=1,
    )  # fmt: skip
    begun = (
        IntakeEnded(
            outcome="refused",
            office=OfficeCode("00101"),
            procedure="1.014166",
            channel="in_person",
            officer="cb",
            at_ms=1,
            applicant=reception(number, "00101").applicant,
        )  # fmt: skip
        if is_over
        else reception(number, "00101")
    )
    office.ledger.save(Act("cb", "intake", "x"), [Draft(rid(number), begun), Draft(rid(number), captured)])
    return digest


async def _sent_in_turn(office: Office, hub: Hub) -> list[BlobDigest]:
    sent: list[BlobDigest] = []
    await office.exchange(hub)
    really = office.transfers._send

    async def noted(digest: BlobDigest, size: int) -> None:
        sent.append(digest)
        await really(digest, size)

    office.transfers._send = noted  # type: ignore[method-assign]
    await office.transfers.send_waiting(lambda: True)
    return sent


def test_todays_papers_go_before_all_that_goes_again(office: Office, hub: Hub) -> None:
    over = scan(office, 1, is_over=True)
    in_hand = scan(office, 2)
    assert asyncio.run(_sent_in_turn(office, hub)) == [over, in_hand]
    later = scan(office, 3)
    assert asyncio.run(_sent_in_turn(office, hub)) == [later]
    office.store.writer.run(send_all_again)
    today, after = scan(office, 4), scan(office, 5)
    shown = [one.digest for one in office.store.readers.run(read_queue).files]  # the page tells the same order
    assert asyncio.run(_sent_in_turn(office, hub)) == shown == [today, after, later, in_hand, over]


def test_a_file_that_the_hub_asks_for_goes_behind_todays(office: Office, hub: Hub) -> None:
    asked = scan(office, 1)
    asyncio.run(_sent_in_turn(office, hub))
    office.store.writer.run(lambda c: c.execute("UPDATE blob SET state = 'remote', priority = 0").fetchall())
    asyncio.run(office.transfers.offer_asked([asked]))
    today = scan(office, 2)
    assert asyncio.run(_sent_in_turn(office, hub)) == [today, asked]


def test_the_next_file_is_found_without_looking_through_all_that_wait(office: Office) -> None:
    plan = office.store.readers.run(lambda c: c.execute("EXPLAIN QUERY PLAN " + _NEXT, (1, 1)).fetchall())
    words = " ".join(str(row[3]) for row in plan)
    assert "blob_in_order" in words and "TEMP B-TREE" not in words
