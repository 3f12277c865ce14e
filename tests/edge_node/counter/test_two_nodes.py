"""Two nodes of one office: their tickets bear different names on paper, board and interface, and the office's waiting times are those of both."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from edge_node.counter.ticket import Ticket, series_of
from edge_node.settings import CounterSettings
from edge_node.store.ledger import Act, Draft
from sync_protocol import sender
from sync_protocol.adapters.visits import visits_between
from sync_protocol.bodies import VisitFinished
from sync_protocol.figures.waiting import waiting_figures
from sync_protocol.ids import OfficeCode, RecordId
from tests.offices import Clock, Hub, Office, drained

DAY_MS = 86_400_000


def ticket(number: int, series: str) -> Ticket:
    return Ticket(RecordId(bytes(16)), "2026-11-20", number, "submit", "waiting", 0, 0, series=series)


def test_a_ticket_is_named_by_its_series_and_number() -> None:
    assert ticket(12, "A").label == "A-012"
    assert ticket(1234, "B").label == "B-1234"
    assert ticket(12, "").label == "12"


def test_nodes_of_one_office_have_series_of_their_own_without_a_setting() -> None:
    series = [series_of("", node) for node in ("n00101a", "n00101b", "n00101c")]
    assert series == ["A", "B", "C"]
    assert series_of("K", "n00101a") == "K"


@pytest.mark.parametrize("wrong", ["a", "ABCD", "A1", "-", "Ấ"])
def test_a_series_is_at_most_three_plain_capitals(wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"series": wrong}, CounterSettings)


def test_the_offices_waiting_times_are_those_of_both_nodes(tmp_path: Path) -> None:
    assert asyncio.run(_both(tmp_path)) == (2, 2, 300_000)


async def _both(root: Path) -> tuple[int, int, int | None]:
    clock = Clock()
    hub = Hub(root / "hub", clock)
    nodes = [Office(root / name, name, "00101", clock, seed=name[-1:].encode()) for name in ("n00101a", "n00101b")]
    served = []
    for number, one in enumerate(nodes):
        hub.enrol(one)
        visit = VisitFinished(
            office=OfficeCode("00101"), number=1, kind="submit", outcome="served", drawn_ms=DAY_MS, called_ms=DAY_MS + 200_000 * (number + 1),
            started_ms=DAY_MS + 500_000, ended_ms=DAY_MS + 900_000, desk=1,
        )  # fmt: skip
        one.ledger.save(Act("cb", "intake", "counter.end"), [Draft(RecordId(bytes([number + 1]) * 16), visit)])
    drivers = [one.join(hub) for one in nodes]
    tasks = [asyncio.get_running_loop().create_task(one.run()) for one in drivers]
    for driver in drivers:
        driver.tell(sender.Saved(1))
        driver.tell(sender.LineUp())
        await drained(driver)
    for driver in drivers:
        await driver.pull_all()
    for one in nodes:
        visits = one.store.readers.run(lambda c: list(visits_between(c, 0, 10 * DAY_MS, OfficeCode("00101"))))
        served.append(len(visits))
    figures = waiting_figures(visits)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for one in nodes:
        one.close()
    hub.close()
    return served[0], served[1], figures.average_ms
