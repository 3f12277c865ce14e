"""A desk that drained a queue passes over its own work in the feed in few pages, and sees what others did between it."""

from __future__ import annotations

import pytest

from central_hub.ingest import pulling
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import read_number
from sync_protocol.bodies import NoteAdded
from tests.offices import Hub, Office, reception, rid

RECEIVE = Act("cb01", "intake", "receive")


def save(office: Office, number: int) -> None:
    office.ledger.save(RECEIVE, [Draft(rid(number), reception(number, office.office))])


def note(office: Office, count: int) -> None:
    office.ledger.save(RECEIVE, [Draft(rid(1), NoteAdded(text=f"lần {one}", officer="cb01", at_ms=one)) for one in range(count)])


def _cursor(office: Office) -> int:
    return office.store.readers.run(lambda c: read_number(c, "cursor"))


async def test_own_work_is_passed_over_in_one_page_however_much_it_is(hub: Hub, hanoi: Office) -> None:
    save(hanoi, 1)
    note(hanoi, 1_200)
    driver = await hanoi.exchange(hub)
    assert _cursor(hanoi) == 1_201
    assert driver.line.requests == 1 + 3 + 1  # the greeting, three batches, one page


async def test_a_page_passes_over_no_more_places_than_its_bound_and_what_others_did_between_them_comes(
    hub: Hub, hanoi: Office, other: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "PAGE_PLACES_MAX", 10)
    save(hanoi, 1)
    note(hanoi, 14)
    await hanoi.exchange(hub)
    save(other, 2)
    await other.exchange(hub)
    note(hanoi, 20)
    driver = await hanoi.exchange(hub)
    assert _cursor(hanoi) == 36 and driver.line.requests == 1 + 1 + 3  # 15 → 25 → 35 → 36
    assert int(hanoi.store.readers.run(lambda c: c.execute("SELECT count(*) FROM dossier").get)) == 2
