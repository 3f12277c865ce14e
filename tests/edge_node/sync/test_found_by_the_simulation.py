"""Defects that the simulation found, each told again as one plain case: a copy put back, a page asked under another name, a clock put back, a newer program."""

from __future__ import annotations

import asyncio
from pathlib import Path

import apsw
import msgspec
import pytest

from central_hub.store.epoch import begin_epoch
from edge_node.store.ledger import Act, Draft, own_lane
from edge_node.store.node_store import NodeStore, read_state, write_state
from edge_node.sync import asking, memory
from edge_node.sync.driver import WAIT_MS_MAX, SyncDriver
from sync_protocol import sender
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.log_walk import walk_lanes
from sync_protocol.adapters.projection_upgrade import VIEWS_MADE_WITH, MadeWith, bring_up, this_program
from sync_protocol.batch import seal_batch
from sync_protocol.bodies import CopyCaptured, CustodyGranted, NoteAdded, StatusMoved, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import (
    GENESIS,
    HUB_NODE,
    BlobDigest,
    ComponentId,
    DocumentId,
    HubEpoch,
    Incarnation,
    NodeId,
    OfficeCode,
)
from sync_protocol.lifecycle import DossierMove
from sync_protocol.messages import BlobHave, BlobMissing, HelloReply, PullReply, Push
from sync_protocol.page_proof import PageProof
from sync_protocol.view import DossierView, encode_view
from sync_protocol.wire import pack, unpack_reply
from tests.offices import HUB_NAME, Hub, Office, drained, reception, rid

RECEIVE = Act("cb01", "intake", "receive")


async def greeted(driver: SyncDriver) -> asyncio.Task[None]:
    work = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    await asyncio.wait_for(driver.welcomed.wait(), 10)
    return work


async def test_a_log_put_back_from_a_copy_gets_the_signature_that_came_after_the_copy(hub: Hub, hanoi: Office) -> None:
    hanoi.ledger.save(RECEIVE, [Draft(rid(1), reception(1, "00101"))])
    events = hanoi.store.readers.run(lambda c: memory.unsent_events(c, 1, 1))
    await hub.service.answer(hanoi.node, _framed(hanoi, events))  # the hub took it; the answer is not on this disk
    assert hanoi.store.readers.run(asking.promised) == 0
    driver = hanoi.join(hub)
    work = await greeted(driver)
    for _ in range(200):
        if hanoi.store.readers.run(asking.promised) == 1:
            break
        await asyncio.sleep(0.01)
    work.cancel()
    assert hanoi.store.readers.run(asking.promised) == 1


def _framed(office: Office, events: object) -> bytes:
    return pack(Push(seal_batch(HUB_NAME, events, office.signer.sign)))  # type: ignore[arg-type]


async def test_a_page_that_was_asked_under_a_retired_incarnation_is_asked_again(hub: Hub, hanoi: Office) -> None:
    driver = hanoi.join(hub)
    (await greeted(driver)).cancel()
    ask = hanoi.store.readers.run(asking.pull)
    assert ask is not None
    hanoi.store.writer.run(lambda c: memory.open_incarnation(c, Incarnation(b"n" * 16), 1))
    page = PullReply(ask.epoch, (), 7, False)
    proof = PageProof(ask.epoch, hanoi.office, b"", b"")
    assert hanoi.store.writer.run(lambda c: memory.keep_pulled(c, page, ask, proof, 1)) is None
    again = hanoi.store.readers.run(asking.pull)
    assert again is not None and (again.cursor, again.inc) == (0, Incarnation(b"n" * 16))


async def test_a_clock_put_back_by_years_makes_nobody_wait_longer_than_the_longest_pause(
    hub: Hub, hanoi: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = hanoi.join(hub)
    waited: list[float] = []

    def told(seconds: float) -> object:
        waited.append(seconds)
        raise TimeoutError

    driver.state = msgspec.structs.replace(driver.state, wake_at_ms=driver._now_ms() + 400 * 86_400_000)
    monkeypatch.setattr(asyncio, "timeout", told)
    assert await driver._next_input() == sender.Woken()
    assert waited == [WAIT_MS_MAX / 1000]


async def test_a_node_that_is_stopped_in_the_moment_something_was_saved_does_stop(hub: Hub, hanoi: Office) -> None:
    driver = hanoi.join(hub)
    work = await greeted(driver)
    await drained(driver)
    await asyncio.sleep(0.05)  # it waits for its next input now
    driver.tell(sender.Saved(0))
    await asyncio.sleep(0)  # the input is there, the driver has not run yet
    work.cancel()
    ended, _ = await asyncio.wait({work}, timeout=5)
    assert ended


def test_what_an_older_program_kept_raw_is_folded_at_the_first_start_of_a_newer_one(
    tmp_path: Path, hanoi: Office
) -> None:
    hanoi.ledger.save(RECEIVE, [Draft(rid(1), reception(1, "00101"))])
    hanoi.ledger.save(RECEIVE, [Draft(rid(1), NoteAdded(text="ghi", officer="cb01", at_ms=1))])
    now = this_program()
    before = MadeWith(now.fold, tuple(one for one in now.types if one[0] != "note.added"))

    def as_the_older_program_left_it(connection: object) -> None:
        view = projection.view_of(connection, rid(1))  # type: ignore[arg-type]
        assert view is not None
        raw = encode_view(msgspec.structs.replace(view, remarks=(), unknown_events=1))
        connection.execute("UPDATE dossier SET view = ? WHERE rid = ?", (raw, rid(1)))  # type: ignore[attr-defined]
        write_state(connection, VIEWS_MADE_WITH, msgspec.msgpack.encode(before))  # type: ignore[arg-type]

    hanoi.store.writer.run(as_the_older_program_left_it)
    NodeStore(tmp_path / "a" / "node.db", b"K" * 32).close()
    view = hanoi.store.readers.run(lambda c: projection.view_of(c, rid(1)))
    assert view is not None and [one.text for one in view.remarks] == ["ghi"] and view.unknown_events == 0


def test_a_field_that_an_older_program_passed_over_is_folded_by_the_next_one(tmp_path: Path, hanoi: Office) -> None:
    promised = msgspec.structs.replace(reception(1, "00101"), due_date="2026-12-01")
    hanoi.ledger.save(RECEIVE, [Draft(rid(1), promised), Draft(rid(1), NoteAdded(text="ghi", officer="cb01", at_ms=1))])
    now = this_program()
    shapes = tuple(b"older" if one[0] == "dossier.received" else shape for one, shape in zip(now.types, now.shapes, strict=True))

    def as_the_older_program_left_it(connection: object) -> None:
        view = projection.view_of(connection, rid(1))  # type: ignore[arg-type]
        assert view is not None and view.due_date == "2026-12-01"
        raw = encode_view(msgspec.structs.replace(view, due_date=""))
        connection.execute("UPDATE dossier SET view = ? WHERE rid = ?", (raw, rid(1)))  # type: ignore[attr-defined]
        write_state(connection, VIEWS_MADE_WITH, msgspec.msgpack.encode(MadeWith(now.fold, now.types, shapes)))  # type: ignore[arg-type]

    hanoi.store.writer.run(as_the_older_program_left_it)
    NodeStore(tmp_path / "a" / "node.db", b"K" * 32).close()
    view = hanoi.store.readers.run(lambda c: projection.view_of(c, rid(1)))
    assert view is not None and view.due_date == "2026-12-01"


def test_a_program_that_kept_no_fields_is_taken_to_have_read_those_of_this_one() -> None:
    now = this_program()
    assert now.reads_other(MadeWith(now.fold, now.types)) == set() == now.reads_other(now)


def test_views_of_this_very_program_are_left_alone(hanoi: Office) -> None:
    held = hanoi.store.readers.run(lambda c: read_state(c, VIEWS_MADE_WITH))
    assert hanoi.store.writer.run(lambda c: bring_up(c, held)) is None
    assert hanoi.store.readers.run(own_lane).kind == "own"


async def test_numbers_that_a_lost_state_of_the_hub_granted_to_a_copied_machine_are_granted_to_nobody_else(
    tmp_path: Path, hub: Hub, hanoi: Office
) -> None:
    await _hello(hub, hanoi)
    copy = Office(tmp_path / "copy", "n00101a", "00101", hanoi.clock)  # the same name, and a lane of its own
    copy.store.writer.run(lambda c: memory.open_incarnation(c, Incarnation(b"c" * 16), 1))
    (block,) = (await _hello(hub, copy)).blocks
    await _hello(hub, hanoi)
    hub.store.writer.run(lambda c: _forget(c, block.inc))
    await _hello(hub, hanoi)  # its name was heard again, the copy itself was not
    desk = Office(tmp_path / "b", "n00101b", "00101", hanoi.clock)
    hub.enrol(desk)
    (fresh,) = (await _hello(hub, desk)).blocks
    copy.close()
    desk.close()
    assert fresh.first > block.last


async def test_a_file_whose_row_the_hub_could_not_write_gets_its_row_when_its_node_asks_again(
    hub: Hub, hanoi: Office
) -> None:
    digest = hub.service.files.files.put(b"a paper")  # the file came, and then the hub's disk was full
    copy = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=BlobDigest(bytes.fromhex(digest)),
        pdf_size=7, pages=1, images=1, officer="cb01", signer_name="CB", captured_ms=1,
    )  # fmt: skip
    events = hanoi.ledger.save(RECEIVE, [Draft(rid(1), reception(1, "00101")), Draft(rid(1), copy)])
    await hub.service.answer(hanoi.node, _framed(hanoi, events))
    answer = unpack_reply(await hub.service.answer(hanoi.node, pack(BlobHave(copy.pdf, 7))))
    assert answer == BlobMissing(copy.pdf, (), True)
    assert hub.store.readers.run(lambda c: c.execute("SELECT digest, size, state FROM blob").fetchall()) == [
        (copy.pdf, 7, "held")
    ]


def _forget(connection: apsw.Connection, inc: Incarnation) -> None:
    connection.execute("DELETE FROM code_block WHERE inc = ?", (inc,))
    begin_epoch(connection, HubEpoch(b"f" * 16), 1)


async def _hello(hub: Hub, office: Office) -> HelloReply:
    ask = office.store.readers.run(
        lambda c: asking.hello(
            c, office=office.office, floor=0, public_key=office.signer.public_key, now_ms=office.clock()
        )
    )
    reply = unpack_reply(await hub.service.answer(office.node, pack(ask)))
    assert isinstance(reply, HelloReply)
    office.store.writer.run(lambda c: memory.keep_welcome(c, reply, office.clock()))
    return reply


def test_a_move_that_was_issued_again_is_judged_by_the_place_that_the_hub_knows(hanoi: Office) -> None:
    first = hanoi.store.readers.run(own_lane).inc
    _received_and_moved(hanoi)
    hanoi.store.writer.run(lambda c: memory.open_incarnation(c, Incarnation(b"n" * 16), 1))
    view = hanoi.store.writer.run(lambda c: _taken_over(c, first))
    assert [one.reason for one in view.proposals] == ["late"]  # the hub's lane of that name is a copied machine's


def test_a_move_that_was_issued_again_speaks_at_its_first_place_once_the_hub_shows_it(hanoi: Office) -> None:
    first = hanoi.store.readers.run(own_lane).inc
    events = _received_and_moved(hanoi)
    hanoi.store.writer.run(lambda c: memory.open_incarnation(c, Incarnation(b"n" * 16), 1))
    hanoi.store.writer.run(lambda c: event_log.keep_foreign(c, events, 1))
    view = hanoi.store.writer.run(lambda c: _taken_over(c, first))
    assert view.proposals == ()
    assert hanoi.store.readers.run(walk_lanes)[2] == []


def _received_and_moved(office: Office) -> list[Event]:
    moved = StatusMoved(move=DossierMove.HAND_OVER.value, office=office.office, officer="cb01", at_ms=1)
    drafts = [Draft(rid(1), reception(1, "00101")), Draft(rid(1), moved, fence=0)]
    return list(office.ledger.save(RECEIVE, drafts))


def _taken_over(connection: apsw.Connection, inc: Incarnation) -> DossierView:
    """Another office takes the dossier over at a hub that holds five events of this incarnation."""
    grant = CustodyGranted(
        office=OfficeCode("03401"), fence=1, previous_office=OfficeCode("00101"), reason="x", officer="cb02",
        until=((NodeId("n00101a"), inc, 5),),
    )  # fmt: skip
    event = make_event(
        node=HUB_NODE, inc=Incarnation(b"h" * 16), seq=1, prev=GENESIS, type="custody.granted", tv=1, rid=rid(1),
        hlc=1 << 60, actor="hub", body=encode_body(grant),
    )  # fmt: skip
    projection.project(connection, event_log.keep_foreign(connection, [event], 1))
    view = projection.view_of(connection, rid(1))
    assert view is not None
    return view
