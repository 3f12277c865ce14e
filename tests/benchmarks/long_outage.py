"""Thirty days without a line, then one: `python -m tests.benchmarks.long_outage [--days 30] [--dossiers 300]`.

An office receives so many dossiers a day and does twelve acts on each, spread over the day as people work: every dossier is touched in
many batches, and folded anew for each. Hub and node are processes of their own, and their memory is their own. Figures, never gates.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import structlog

from edge_node.app import Node
from edge_node.identity import StateFolder
from edge_node.store.ledger import Draft
from sync_protocol import sender
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.bodies import (
    ComponentDeclared,
    ConfirmedValue,
    CopyCaptured,
    DossierReceived,
    MetadataConfirmed,
    NoteAdded,
    StatusMoved,
)
from sync_protocol.ids import BlobDigest, DocumentId, OfficeCode, RecordId
from tests.benchmarks.stage import cpu_s, open_stage
from tests.benchmarks.sync_speed import RECEIVE, driven, level
from tests.benchmarks.workload import dossiers

OFFICE, NAME = "00101", "n00101a"
ACTS = 12
_FIELDS = ("full_name", "birth_date", "number", "issue_date", "issuing_body", "address")


def acts(rid: RecordId, body: DossierReceived) -> list[msgspec.Struct]:
    """The twelve acts of one dossier, in order."""
    officer, at_ms, office = body.officer, body.received_ms, OfficeCode(OFFICE)
    declared = [
        ComponentDeclared(
            component_id=one.component_id,
            document_type=one.document_type,
            name=one.name,
            decision="digitize",
            declared_pages=2,
            office=office,
        )
        for one in body.components
    ]
    papers = [DocumentId(one.component_id) for one in body.components]
    values = [f"giá trị {number} {rid.hex()[-8:]}" for number in range(len(_FIELDS))]
    copied = [
        CopyCaptured(
            component_id=one.component_id, document_id=paper, pdf=BlobDigest(bytes.fromhex(digest)), pdf_size=180_000, pages=2, images=2,
            officer=officer, signer_name="Nguyễn Thị Hà", captured_ms=at_ms,
        )
        for one, paper, digest in zip(body.components, papers, body.foreign_numbers, strict=True)
    ]  # fmt: skip
    confirmed = [
        MetadataConfirmed(
            document_id=paper,
            role="intake",
            officer=officer,
            values=tuple(map(ConfirmedValue, _FIELDS, values)),
            confirmed_ms=at_ms,
        )
        for paper in papers
    ]
    moved = StatusMoved(move="start_processing", office=office, officer=officer, at_ms=at_ms)
    note = NoteAdded(text="đã gọi điện cho người nộp", officer=officer, at_ms=at_ms)
    return [body, *declared, *copied, *confirmed, moved, note]


def days_of_work(days: int, a_day: int) -> Iterator[list[Draft]]:
    """What one act after the other brings on each day: the first act of all dossiers, then the second, as a queue at a counter moves on."""
    for day in range(days):
        going = [(rid, acts(rid, body)) for rid, body in dossiers(1 + day * a_day, a_day, OFFICE)]
        for step in range(ACTS):
            yield [Draft(rid, did[step], fence=0 if isinstance(did[step], StatusMoved) else None) for rid, did in going]


def peak_mb(pid: int | str = "self") -> float:
    """The most memory that a process ever had, MB (10^6 bytes)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


def drain(root: Path) -> None:
    """The node's process: connect, send everything, say what it took."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    node = Node(root, KeyFileOnDisk(StateFolder(root).raw_key))

    async def go() -> None:
        async with driven(node) as driver:
            before, busy, began = peak_mb(), time.process_time(), time.perf_counter()
            driver.tell(sender.LineUp())
            await level(driver, node.head(), within_s=3_600)
            said = {
                "s": time.perf_counter() - began, "cpu": time.process_time() - busy, "before": before, "peak": peak_mb(),
                "bytes": driver.line.sent_bytes + driver.line.received_bytes,
            }  # fmt: skip
            print(json.dumps(said), flush=True)

    asyncio.run(go())
    node.close()


def measure(folder: Path, days: int, a_day: int) -> None:
    """Work without a line, then drain."""
    with open_stage(folder) as stage:
        node = stage.node(NAME, OFFICE)
        began, busy, count = time.perf_counter(), time.process_time(), 0
        for drafts in days_of_work(days, a_day):
            node.desk.ledger.save(RECEIVE, drafts)
            count += len(drafts)
        print(
            f"{count} acts saved in {time.perf_counter() - began:.0f} s, {(time.process_time() - busy) / count * 1e6:.0f} µs of CPU each",
            flush=True,
        )
        node.close()
        hub = cpu_s(stage.hub_pid)
        words = [sys.executable, "-m", "tests.benchmarks.long_outage", "--drain", str(folder / NAME)]
        said = json.loads(subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout)
        hub = cpu_s(stage.hub_pid) - hub
        print(
            f"drained in {said['s']:.1f} s: {count / said['s']:.0f} acts/s; CPU of the hub {hub:.1f} s ({hub / count * 1e6:.0f} µs each), of the node"
            f" {said['cpu']:.1f} s ({said['cpu'] / count * 1e6:.0f} µs each); {said['bytes'] / count:.0f} bytes each;"
            f" memory of the node {said['before']:.0f} → {said['peak']:.0f} MB, of the hub at most {peak_mb(stage.hub_pid):.0f} MB"
        )


def main() -> None:
    """Print what a long outage costs."""
    words = argparse.ArgumentParser()
    words.add_argument("--days", type=int, default=30)
    words.add_argument("--dossiers", type=int, default=300, help="a day")
    words.add_argument("--drain", type=Path, help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.drain:
        drain(chosen.drain)
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), chosen.days, chosen.dossiers)


if __name__ == "__main__":
    main()
