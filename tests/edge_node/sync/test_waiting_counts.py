"""What waits, in numbers: true beyond what the queue page lists, and moved by every save, acknowledgement and file."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from edge_node.operations.overview import oldest_waiting_ms
from edge_node.store.ledger import Act, Draft, queue_file
from edge_node.sync.queue import SHOWN, WaitingCounter, WaitingCounts, read_queue
from sync_protocol import sender
from sync_protocol.bodies import ExitAsked, NoteAdded
from sync_protocol.ids import OfficeCode
from tests.offices import Clock, Hub, Office, drained, reception, rid

ACT = Act("cb01", "intake", "receive")


async def test_every_dossier_that_waits_is_counted_once_until_the_hub_has_it(tmp_path: Path) -> None:
    clock, counter = Clock(), WaitingCounter()
    hub, office = Hub(tmp_path / "hub", clock), Office(tmp_path / "a", "n00101a", "00101", clock)
    hub.enrol(office)

    def counts() -> WaitingCounts:
        return office.store.readers.run(counter.read)

    assert counts() == WaitingCounts(0, 0, 0, 0) and office.store.readers.run(oldest_waiting_ms) is None
    office.ledger.save(ACT, [Draft(rid(at), reception(at, "00101")) for at in range(SHOWN + 5)])
    first_ms = clock.ms
    clock.ms += 60_000
    office.ledger.save(ACT, [Draft(rid(0), NoteAdded(text="thêm một dòng", officer="cb01", at_ms=clock.ms))])
    assert counts().dossiers == SHOWN + 5 and len(office.store.readers.run(read_queue).dossiers) == SHOWN
    assert office.store.readers.run(oldest_waiting_ms) == first_ms
    driver = office.join(hub)
    running = asyncio.create_task(driver.run())
    driver.tell(sender.LineUp())
    await drained(driver)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert counts().dossiers == 0
    office.store.writer.run(lambda c: queue_file(c, b"d" * 32, 1_000, clock.ms))
    assert counts() == WaitingCounts(0, 1, 1_000, 0)
    office.store.writer.run(lambda c: c.execute("UPDATE blob SET state = 'refused'").fetchone())
    assert counts() == WaitingCounts(0, 0, 0, 1)
    office.close()
    hub.close()


def test_a_wish_to_let_a_dossier_go_waits_as_any_work_on_it(tmp_path: Path) -> None:
    office = Office(tmp_path / "a", "n00101a", "00101", Clock())
    office.ledger.save(ACT, [Draft(rid(1), ExitAsked(office=OfficeCode("00101"), reason="looked_up", officer="cb01", at_ms=1))])
    assert office.store.readers.run(WaitingCounter().read).dossiers == 1
    assert [one.rid for one in office.store.readers.run(read_queue).dossiers] == [rid(1)]
    office.close()
