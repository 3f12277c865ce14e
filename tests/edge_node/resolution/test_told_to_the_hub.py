"""A corrected receipt and a kept version reach the hub and say the same there (D.7, D.9)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import ReceiptCorrected, VersionKept
from sync_protocol.view import encode_view
from tests.offices import Clock, Hub, Office, reception, rid

WORK = Act("lead", "leader", "correct")


def test_what_a_leader_and_an_officer_recorded_is_the_same_view_at_the_hub(tmp_path: Path) -> None:
    clock = Clock()
    hub, office = Hub(tmp_path / "hub", clock), Office(tmp_path / "a", "n00101a", "00101", clock)
    hub.enrol(office)
    body = reception(1, "00101", "Lê Thị Ổn", "001185012345")
    corrected = ReceiptCorrected(
        received_ms=body.received_ms - 86_400_000, former_ms=body.received_ms, due_date="2026-11-27", reason="đồng hồ nhanh một ngày", office=office.office,
        officer="lead", at_ms=clock(),
    )  # fmt: skip
    kept = VersionKept(case=b"c" * 32, procedure=body.procedure, version="1", reason="đã kiểm tra", office=office.office, officer="cb01", at_ms=clock())
    try:
        office.ledger.save(WORK, [Draft(rid(1), one) for one in (body, corrected, kept)])
        asyncio.run(office.exchange(hub))
        here, there = (store.readers.run(lambda c: projection.view_of(c, rid(1))) for store in (office.store, hub.store))
        assert here is not None and there is not None and encode_view(here) == encode_view(there)
        assert (there.received_ms, there.due_date, there.code) == (corrected.received_ms, "2026-11-27", body.code)
        assert there.versions_kept == (kept.case,)
    finally:
        hub.close()
        office.close()
