"""A hub in the middle of its year: offices that are well, late and silent, reports with figures, cases, complaints, letters that wait."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import apsw
import msgspec

from central_hub.app import Hub
from central_hub.cases.model import read_cases
from central_hub.complaints.register import Entry, enter
from central_hub.gateways import mailbox
from central_hub.gateways.gathering import StateTold
from central_hub.ingest.nodes import keep_hello
from central_hub.operations.alarm_keeping import look_once
from central_hub.operations.hearing import Heard
from central_hub.operations.presence import keep_presence_of, keep_voices
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import GENESIS, EventId, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.messages import Hello, LaneHead
from tests.benchmarks.fleet_country import fill
from tests.browser.directory import DIRECTORY_PAGES, fill_directory

HOUR_MS = 3_600_000
DOCUMENTS, OFFICES = 6_000, 96
PAGES = (
    "fleet", "fleet?view=table", "fleet?show=look", "alarms", "dossiers", "cases", "complaints", "gateways", "revocation-lists", "quarantine", "erasures",
    "reports", "reports/appendix", "reports/quality", "numbers", "lookup", "looks", "oversight", "tra-cuu", "khao-sat",
)  # fmt: skip


def fill_hub(hub: Hub, scratch: Path) -> None:
    """Everything the pages show, through the hub's own functions."""
    fill_directory(hub, scratch)
    now = hub.now_ms()
    fill(hub.store, DOCUMENTS, OFFICES, now)
    hub.store.writer.run(lambda c: _unwell(c, now))
    hub.store.writer.run(lambda c: _letters(c, now))
    for number, topic in enumerate(("attitude", "attitude", "attitude"), start=1):
        day = hub.now().date() - dt.timedelta(days=number)
        entry = Entry(OfficeCode("00101"), f"{number}/PA", "", topic, day, day + dt.timedelta(days=10))
        hub.store.writer.run(
            lambda c, e=entry: enter(c, e, account="all", roles=("conflict_officer",), today=hub.now().date(), now_ms=now)  # type: ignore[misc]
        )
    look_once(hub)


def hub_pages(hub: Hub) -> dict[str, str]:
    """Picture name → address of every page, with one of each kind of thing behind the lists."""
    found = hub.store.readers.run(read_cases)
    rid = hub.store.readers.run(lambda c: c.execute("SELECT rid FROM dossier ORDER BY rid LIMIT 1").fetchone())
    wanted = [*PAGES, *DIRECTORY_PAGES, "nodes/n10003a", f"dossiers/{as_bytes(rid[0]).hex()}"]
    wanted += [f"cases/{one.rid.hex()}/{one.id.hex()}" for one in found[:1]]
    names = (path.replace("?", "-").replace("/", "-").replace("=", "-").partition("&")[0] for path in wanted)
    return dict(zip(names, wanted, strict=True))


def _unwell(connection: apsw.Connection, now_ms: int) -> None:
    """Some offices are away, one is slow, one has an old queue, one a full disk, one a wrong clock."""
    well = {"clock_ms": now_ms, "free_disk_bytes": 80 << 30}
    said = {
        3: {**well, "queue_events": 412, "queue_oldest_ms": now_ms - 30 * HOUR_MS, "queue_bytes": 96 << 20},
        17: {**well, "free_disk_bytes": 700 << 20},
        31: {**well, "clock_ms": now_ms + 6 * 60_000},
        44: {**well, "queue_events": 35, "queue_oldest_ms": now_ms - 3 * HOUR_MS, "queue_bytes": 2 << 20},
    }
    for number, words in said.items():
        node, inc = NodeId(f"n{10_000 + number:05d}a"), Incarnation(f"n{10_000 + number:05d}a".encode().ljust(16, b"."))
        hello = Hello(
            versions=(1, 1), software="lienthong 0.1", office=OfficeCode(f"{10_000 + number:05d}"), inc=inc,
            heads=(LaneHead(inc, 500, EventId(GENESIS)),), epoch=None, cursor=0, **words,  # type: ignore[arg-type]
        )  # fmt: skip
        keep_hello(connection, node, hello, now_ms)
    away = [NodeId(f"n{10_000 + number:05d}a") for number in (8, 44, 52, 60)]
    keep_presence_of(connection, {node: False for node in away}, now_ms - 2 * HOUR_MS)
    keep_voices(connection, {NodeId("n10070a"): Heard("slow", 9_000)}, now_ms)


def _letters(connection: apsw.Connection, now_ms: int) -> None:
    rid, content = RecordId(b"\x07" * 16), msgspec.json.encode(StateTold(2, now_ms)).decode()
    for number, gateway in enumerate(("portal", "portal", "identity")):
        mailbox.write(connection, gateway, RecordId(rid[:-1] + bytes([number])), f"G12.00101-261129-000{number}", content, now_ms)  # type: ignore[arg-type]
