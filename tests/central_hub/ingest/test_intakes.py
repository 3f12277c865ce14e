"""An intake that ended at one office, seen at the hub, accepted at another: custody decides, and no office's log is ever stopped by it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from central_hub.ingest.commit import check_receptions
from central_hub.ingest.errors import ReceptionTaken
from central_hub.operations.overview import overview
from edge_node.repository.service import find_everywhere, open_dossier, take_custody
from edge_node.store.ledger import Act, Draft
from edge_node.sync.driver import SyncDriver
from sync_protocol import sender
from sync_protocol.adapters import event_log, projection, stored_views
from sync_protocol.bodies import DossierReceived, IntakeEnded
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.messages import Find, Purpose
from tests.offices import Clock, Hub, Office, drained, reception, rid

PERSON = "034185000007"
PURPOSE = Purpose("03401-TN-1", "người dân nộp bổ sung tại đây", "cb02", "intake")


def asked(outcome: str = "supplement") -> IntakeEnded:
    body = reception(7, "00101", "Vũ Thị Ổn", PERSON)
    return IntakeEnded(
        outcome=outcome, procedure=body.procedure, channel="in_person", office=OfficeCode("00101"), applicant=body.applicant,  # type: ignore[arg-type]
        at_ms=body.received_ms, officer="cb01", requests=("Giấy khai sinh",),
    )  # fmt: skip


def accepted(office: str, number: int) -> DossierReceived:
    return msgspec.structs.replace(reception(number, office, "Vũ Thị Ổn", PERSON), due_date="2026-12-01")


class Country:
    """A hub and two offices on direct lines."""

    def __init__(self, root: Path) -> None:
        clock = Clock()
        self.hub = Hub(root / "hub", clock)
        self.first, self.second = (
            Office(root / "a", "n00101a", "00101", clock),
            Office(root / "b", "n03401a", "03401", clock, seed=b"B"),
        )
        self.tasks: list[asyncio.Task[None]] = []

    async def connect(self, office: Office) -> SyncDriver:
        self.hub.enrol(office)
        driver = office.join(self.hub)
        office.ledger.listeners.append(lambda head: driver.tell(sender.Saved(head)))
        self.tasks.append(asyncio.create_task(driver.run()))
        driver.tell(sender.LineUp())
        await drained(driver)
        return driver

    def save(self, office: Office, body: msgspec.Struct, fence: int | None = None) -> None:
        office.ledger.save(Act("cb", "intake", "x"), [Draft(rid(7), body, fence=fence)])

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for one in (self.first, self.second, self.hub):
            one.close()


async def test_another_office_takes_over_a_request_and_accepts_it_and_a_late_acceptance_stops_nothing(
    tmp_path: Path,
) -> None:
    country = Country(tmp_path)
    first, second = await country.connect(country.first), await country.connect(country.second)
    await asyncio.to_thread(country.save, country.first, asked())
    await drained(first)
    found = await find_everywhere(second, Find("personal_id", PERSON, "", PURPOSE))
    assert [(one.state, one.code) for one in found.found] == [
        ("supplement_at_intake", f"00101-YC-{rid(7).hex()[-8:].upper()}")
    ]
    assert country.hub.store.readers.run(lambda c: overview(c, 0)).totals["intake_waiting"] == 1
    await open_dossier(second, rid(7), PURPOSE)
    fence = await take_custody(second, rid(7), PURPOSE)
    await asyncio.to_thread(country.save, country.second, accepted("03401", 8), fence)
    await drained(second)
    await asyncio.to_thread(country.save, country.first, accepted("00101", 9), 0)  # not knowing, and in good faith
    await drained(first)
    view = country.hub.store.readers.run(lambda c: projection.view_of(c, rid(7)))
    assert view is not None and view.state == "received" and view.office == "03401" and view.code == "03401-261122-0008"
    assert view.other_codes == ("00101-261122-0009",) and [one.reason for one in view.proposals] == ["late"]
    assert country.hub.store.readers.run(lambda c: c.execute("SELECT count(*) FROM quarantine").fetchone())[0] == 0  # type: ignore[index]
    await first.pull_all()
    await second.pull_all()
    prints = {
        office.store.readers.run(lambda c: stored_views.fingerprints(c, [rid(7)])[rid(7)])
        for office in (country.first, country.second)
    }
    assert len(prints) == 1, "both offices see the same"
    await country.close()


@pytest.mark.parametrize(
    "held", [asked("refused"), reception(7, "00101", "Vũ Thị Ổn", PERSON)], ids=["ended", "received"]
)
async def test_no_other_office_opens_what_one_has_opened(tmp_path: Path, held: msgspec.Struct) -> None:
    country = Country(tmp_path)
    first = await country.connect(country.first)
    await asyncio.to_thread(country.save, country.first, held)
    await drained(first)
    for body in (accepted("03401", 8), msgspec.structs.replace(asked(), office=OfficeCode("03401"))):
        country.save(country.second, body)
        events = country.second.store.readers.run(lambda c: event_log.events_of(c, rid(7)))[-1:]
        with pytest.raises(ReceptionTaken):
            country.hub.store.writer.run(lambda c: check_receptions(c, NodeId("n03401a"), OfficeCode("03401"), events))  # noqa: B023
    await country.close()
