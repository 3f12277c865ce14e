"""The outbox over a line that fails: nothing acknowledged is lost, nothing arrives twice, the queue drains by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.store.sync_words import SyncWord, dossier_state, file_state
from sync_protocol import sender
from sync_protocol.adapters import event_log, projection, stored_views
from sync_protocol.bodies import CopyCaptured, NoteAdded, StatusMoved
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, OfficeCode
from sync_protocol.messages import CustodyTaken, Find, FindReply, Opened, OpenRecord, Purpose, TakeCustody
from tests.offices import Clock, Hub, Office, drained, reception, rid

RECEIVE = Act("cb01", "intake", "receive")
PURPOSE = Purpose("00101-261122-0001", "giải quyết hồ sơ", "cb02", "resolving")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(tmp_path: Path, clock: Clock) -> Iterator[Hub]:
    one = Hub(tmp_path / "hub", clock)
    yield one
    one.close()


@pytest.fixture
def hanoi(tmp_path: Path, clock: Clock, hub: Hub) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", "00101", clock)
    hub.enrol(one)
    yield one
    one.close()


@pytest.fixture
def hungyen(tmp_path: Path, clock: Clock, hub: Hub) -> Iterator[Office]:
    one = Office(tmp_path / "b", "n03401a", "03401", clock, seed=b"B")
    hub.enrol(one)
    yield one
    one.close()


async def test_what_was_saved_offline_reaches_the_hub_and_only_then_is_said_to_be_there(
    hub: Hub, hanoi: Office
) -> None:
    for number in range(1, 8):
        hanoi.ledger.save(RECEIVE, [Draft(rid(number), reception(number, "00101"))])
    assert hanoi.store.readers.run(lambda c: dossier_state(c, rid(1))).word is SyncWord.SAVED_HERE
    driver = hanoi.join(hub)
    work = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    await drained(driver)
    work.cancel()
    state = hanoi.store.readers.run(lambda c: dossier_state(c, rid(1)))
    assert state.word is SyncWord.AT_HUB and state.acknowledgement >= 7
    held = hub.store.readers.run(lambda c: [v.code for v in projection.newest(c)])
    assert len(held) == 7


async def test_a_lost_answer_costs_a_repetition_and_never_a_duplicate(hub: Hub, hanoi: Office, clock: Clock) -> None:
    for number in range(1, 30):
        hanoi.ledger.save(RECEIVE, [Draft(rid(number), reception(number, "00101"))])
    driver = hanoi.join(hub)
    work = asyncio.create_task(driver.run())
    assert hanoi.carrier is not None
    driver.tell(sender.LineUp())
    await asyncio.wait_for(driver.welcomed.wait(), 10)
    hanoi.carrier.drop_replies = 2
    hanoi.ledger.save(RECEIVE, [Draft(rid(99), NoteAdded(text="x", officer="cb01", at_ms=1))])
    driver.tell(sender.Saved(30))
    driver.tell(sender.Woken())
    for _ in range(20):
        clock.ms += 2_000
        driver.tell(sender.Woken())
        await asyncio.sleep(0)
    await drained(driver)
    work.cancel()
    count = hub.store.readers.run(lambda c: c.execute("SELECT count(*), count(DISTINCT id) FROM event").fetchone())
    assert count == (30, 30)


async def test_another_office_finds_opens_takes_over_and_sees_the_same_dossier(
    hub: Hub, hanoi: Office, hungyen: Office
) -> None:
    hanoi.ledger.save(
        RECEIVE, [Draft(rid(1), reception(1, "00101")), Draft(rid(1), NoteAdded(text="ghi", officer="cb01", at_ms=1))]
    )
    first, second = hanoi.join(hub), hungyen.join(hub)
    tasks = [asyncio.create_task(first.run()), asyncio.create_task(second.run())]
    first.tell(sender.LineUp())
    second.tell(sender.LineUp())
    await drained(first)
    await asyncio.wait_for(second.welcomed.wait(), 10)
    found = await second.line.expect(Find("personal_id", "001 185 000 001", "", PURPOSE), FindReply)
    assert [one.code for one in found.found] == ["00101-261122-0001"]
    await second.line.expect(OpenRecord(rid(1), PURPOSE), Opened)
    await second.pull_all()
    taken = await second.line.expect(TakeCustody(rid(1), PURPOSE), CustodyTaken)
    assert taken.fence == 1
    await second.pull_all()
    move = StatusMoved(move="hand_over", office=OfficeCode("03401"), officer="cb02", at_ms=2)
    hungyen.ledger.save(Act("cb02", "resolving", "move"), [Draft(rid(1), move, fence=1)])
    late = StatusMoved(move="hand_over", office=OfficeCode("00101"), officer="cb01", at_ms=3)
    hanoi.ledger.save(RECEIVE, [Draft(rid(1), late, fence=0)])
    for office, driver in ((hanoi, first), (hungyen, second)):
        head = office.store.readers.run(lambda c: max(one.head.seq for one in event_log.lanes(c) if one.kind == "own"))
        driver.tell(sender.Saved(head))
        await drained(driver)
    await first.pull_all()
    await second.pull_all()
    for task in tasks:
        task.cancel()
    views = [
        side.readers.run(lambda c: stored_views.fingerprints(c, [rid(1)])[rid(1)])
        for side in (hub.store, hanoi.store, hungyen.store)
    ]
    assert views[0] == views[1] == views[2]
    view = hub.store.readers.run(lambda c: projection.view_of(c, rid(1)))
    assert view is not None and view.custody.office == "03401" and view.state == "handed_over"
    assert [proposal.reason for proposal in view.proposals] == ["late"]


async def test_a_file_resumes_and_is_readable_only_inside_the_scope(hub: Hub, hanoi: Office, hungyen: Office) -> None:
    content = bytes(range(256)) * 3000
    digest = BlobDigest(bytes.fromhex(hanoi.files.put(content)))
    captured = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=digest, pdf_size=len(content), pages=1,
        images=1, officer="cb01", signer_name="x", captured_ms=1,
    )  # fmt: skip
    hanoi.ledger.save(RECEIVE, [Draft(rid(1), reception(1, "00101")), Draft(rid(1), captured)])
    driver, other = hanoi.join(hub), hungyen.join(hub)
    tasks = [asyncio.create_task(driver.run()), asyncio.create_task(other.run())]
    driver.tell(sender.LineUp())
    other.tell(sender.LineUp())
    await drained(driver)
    await other.welcomed.wait()
    assert await hanoi.transfers.send_waiting(lambda: True) == 1
    assert hanoi.store.readers.run(lambda c: file_state(c, digest)).word is SyncWord.AT_HUB
    with pytest.raises(Exception, match="HUB-005"):
        await hungyen.transfers.fetch(digest, len(content))
    await other.line.expect(OpenRecord(rid(1), PURPOSE), Opened)
    await other.pull_all()
    assert await hungyen.transfers.fetch(digest, len(content)) == content
    for task in tasks:
        task.cancel()
