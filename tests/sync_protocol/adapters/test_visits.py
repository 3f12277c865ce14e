"""Finished visits: one row per act at both ends, no dossier made of them, the same after a rebuild."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import msgspec

from edge_node.store.ledger import Act, Draft
from edge_node.sync.memory import open_incarnation
from edge_node.sync.queue import read_queue
from sync_protocol import sender
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.visits import visits_between
from sync_protocol.bodies import NoteAdded, VisitFinished
from sync_protocol.ids import Incarnation, OfficeCode
from sync_protocol.merge import fold
from tests.offices import Clock, Hub, Office, drained, reception, rid

ACT = Act("cb01", "intake", "visit")
DAY_MS = 86_400_000


def visit(office: str, number: int, drawn_ms: int) -> VisitFinished:
    return VisitFinished(
        office=OfficeCode(office), number=number, kind="submit", outcome="served", drawn_ms=drawn_ms,
        called_ms=drawn_ms + 60_000, started_ms=drawn_ms + 70_000, ended_ms=drawn_ms + 300_000, desk=2,
    )  # fmt: skip


def held(store: object, clock: Clock) -> list[VisitFinished]:
    return store.readers.run(lambda c: list(visits_between(c, 0, clock.ms + DAY_MS)))  # type: ignore[attr-defined,no-any-return]


async def test_a_visit_reaches_the_hub_and_makes_no_dossier_anywhere(tmp_path: Path) -> None:
    clock = Clock()
    hub, office = Hub(tmp_path / "hub", clock), Office(tmp_path / "a", "n00101a", "00101", clock)
    hub.enrol(office)
    office.ledger.save(ACT, [Draft(rid(1), visit("00101", 1, clock.ms))])
    office.ledger.save(ACT, [Draft(rid(2), reception(1, "00101"))])
    queue = office.store.readers.run(read_queue)
    assert [one.rid for one in queue.dossiers] == [rid(2)] and queue.events == 2
    driver = office.join(hub)
    running = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    await drained(driver)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    for store in (office.store, hub.store):
        assert held(store, clock) == [visit("00101", 1, clock.ms)]
        assert store.readers.run(lambda c: [one.rid for one in projection.newest(c)]) == [rid(2)]
    office.close()
    hub.close()


def test_a_visit_issued_again_after_a_restore_is_counted_once(tmp_path: Path) -> None:
    clock = Clock()
    office = Office(tmp_path, "n00101a", "00101", clock)
    office.ledger.save(ACT, [Draft(rid(1), visit("00101", 1, clock.ms)), Draft(rid(2), visit("00101", 2, clock.ms))])
    office.store.writer.run(lambda c: open_incarnation(c, Incarnation(b"z" * 16), clock()))
    events = office.store.readers.run(lambda c: list(event_log.all_events(c)))
    assert len(events) == 4 and len(held(office.store, clock)) == 2
    office.close()


def test_a_rebuild_from_the_log_gives_the_same_visits_and_dossiers(tmp_path: Path) -> None:
    clock = Clock()
    office = Office(tmp_path, "n00101a", "00101", clock)
    office.ledger.save(ACT, [Draft(rid(1), visit("00101", 1, clock.ms)), Draft(rid(2), reception(1, "00101"))])
    before = held(office.store, clock)
    assert office.store.writer.run(projection.rebuild) == 1
    assert held(office.store, clock) == before and len(before) == 1
    office.close()


def test_a_visit_under_the_record_id_of_a_dossier_changes_nothing_of_it(tmp_path: Path) -> None:
    clock = Clock()
    office = Office(tmp_path, "n00101a", "00101", clock)
    office.ledger.save(ACT, [Draft(rid(1), visit("00101", 1, clock.ms))])
    note = NoteAdded(text="x", officer="cb01", at_ms=1)
    office.ledger.save(ACT, [Draft(rid(1), reception(1, "00101")), Draft(rid(1), note)])
    held_view = office.store.readers.run(lambda c: projection.view_of(c, rid(1)))
    events = office.store.readers.run(lambda c: event_log.events_of(c, rid(1)))
    assert held_view == fold(rid(1), events) and held_view is not None
    assert [line.type for line in held_view.history] == ["dossier.received", "note.added"] and len(events) == 3
    office.close()


def test_only_the_asked_office_and_window_are_counted(tmp_path: Path) -> None:
    clock = Clock()
    office = Office(tmp_path, "n00101a", "00101", clock)
    drafts = [Draft(rid(n), visit("00101", n, n * 1000)) for n in (1, 2, 3)]
    office.ledger.save(ACT, drafts)
    office.ledger.save(ACT, [Draft(rid(9), visit("03401", 9, 2000))])
    found = office.store.readers.run(lambda c: list(visits_between(c, 2000, 3000, OfficeCode("00101"))))
    everywhere = office.store.readers.run(lambda c: list(visits_between(c, 2000, 3000)))
    assert [one.number for one in found] == [2] and sorted(one.number for one in everywhere) == [2, 9]
    office.close()


def test_no_field_of_a_visit_can_hold_free_text() -> None:
    """The canary of `no personal data`: every field but the office is a number or a closed list."""
    for field in msgspec.inspect.type_info(VisitFinished).fields:  # type: ignore[attr-defined]
        is_closed = isinstance(field.type, msgspec.inspect.IntType | msgspec.inspect.LiteralType)
        assert is_closed or field.name == "office", field.name
