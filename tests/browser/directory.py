"""A hub with the shipped law, open dossiers and a draft that changes something: what the directory's pages have to show."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from central_hub.app import Hub
from central_hub.directory.changes import entries_of
from central_hub.directory.law_desk import mark_of
from central_hub.directory.web_state import law_desk_of
from central_hub.ingest.nodes import enrol_node, keep_hello
from sync_protocol.ids import GENESIS, Incarnation, NodeId, OfficeCode
from sync_protocol.messages import Hello, LaneHead
from tests.central_hub.directory.desk_of_law import LAN, publish_shipped, receive

DIRECTORY_PAGES = (
    "accounts", "accounts/leader", "my-account", "officers", "catalogue", "catalogue/entries?place=procedures&q=thai+san",
    "catalogue/entry?place=procedures&key=1.014166%7C1", "drafts", "drafts/1", "drafts/1/entries?place=units",
    "drafts/1/entry?place=procedures&key=1.014166%7C2", "drafts/1/import",
    "drafts/1/reorganise", "units?code=024", "offices", "offices/034", "nodes", "nodes/n00101a",
)  # fmt: skip


def fill_directory(hub: Hub, scratch: Path) -> None:
    """Version 1 in force; draft 1 gives maternity a next version and adds a holiday."""
    publish_shipped(hub, scratch)
    for number, office in enumerate(("00101", "00101", "03401", "034"), start=701):
        receive(hub, number, procedure="1.014166", office=office, due="2026-12-01")
    hub.store.writer.run(lambda c: enrol_node(c, NodeId("n00101a"), OfficeCode("00101"), b"k" * 32, hub.now_ms()))
    hello = Hello(
        versions=(1, 1), software="lienthong", office=OfficeCode("00101"), inc=Incarnation(b"i" * 16),
        heads=(LaneHead(Incarnation(b"i" * 16), 9, GENESIS),), epoch=None, cursor=0, clock_ms=hub.now_ms(), queue_events=7,
        queue_oldest_ms=hub.now_ms() - 60_000, queue_bytes=1_260_000,
    )  # fmt: skip
    hub.store.writer.run(lambda c: keep_hello(c, NodeId("n00101a"), hello, hub.now_ms()))
    desk = law_desk_of(hub)
    draft = desk.begin(LAN, "Thời hạn thai sản từ 01/01/2027 (ẤẦẨẪẬ)", "QĐ 863/QĐ-BNV, mục 7")
    held = entries_of(desk.held.newest()[1], "procedures")["1.014166|1"]
    limit = msgspec.structs.replace(held.deadlines[0], amount=4)  # type: ignore[attr-defined]
    made = msgspec.structs.replace(
        held, version=2, valid_from=dt.date(2027, 1, 1), deadlines=(limit, *held.deadlines[1:])  # type: ignore[attr-defined]
    )  # fmt: skip
    desk.put(LAN, draft, "procedures", "1.014166|1", made, seen=mark_of(held), is_new_version=True)
    day = entries_of(desk.held.newest()[1], "days")["2026-11-24"]
    working = msgspec.structs.replace(day, kind="work_in_exchange", provisional=False)
    desk.put(LAN, draft, "days", "2026-11-24", working, seen=mark_of(day), is_new_version=False)
