"""Sync on a line of 256 kbit/s, 300 ms and 20 % loss each way, through the real driver: `python -m tests.benchmarks.sync_on_a_bad_line`.

Root (a network namespace). Three figures: 1,000 records to their receipts; how long a record waits while a 2 MB file goes up (2 % loss); what a
file that was cut off at 40 % sends again. Real hub process, TLS, the settings an office has. Prints, judges nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import structlog

from edge_node.app import Node
from edge_node.store.ledger import Act, Draft, queue_file
from edge_node.sync.driver import SyncDriver
from edge_node.sync.line import Line
from edge_node.sync.transfers import Transfers
from sync_protocol import sender
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.bodies import CopyCaptured, NoteAdded
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from tests.benchmarks.stage import Stage, open_stage, percentile
from tests.benchmarks.sync_speed import level
from tests.benchmarks.workload import dossier, dossiers
from tests.doubles.namespace_line import HUB_ADDRESS, NamespaceLine

RECORDS = 1_000
FILE_BYTES = 2_000_000
RECEIVE = Act("cb01", "intake", "receive")
T = TypeVar("T")


class Desk:
    """A node with its bus, driver and transfers on the bad line. Made inside the line's own thread and loop."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.bus: NodeBus = node.bus()
        self.line = Line(self.bus)
        self.driver: SyncDriver = node.driver(self.line)
        self.transfers = Transfers(node.store, node.files, self.line, node.desk.now_ms)
        self.bus.on_state(lambda state: self.driver.tell(sender.LineUp() if state.is_connected else sender.LineDown()))

    async def run(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        """Drive the node while `work` runs."""
        driving = asyncio.create_task(self.driver.run())
        try:
            await self.bus.connect()
            return await work(self)
        finally:
            driving.cancel()
            await asyncio.gather(driving, return_exceptions=True)
            await self.bus.close()


async def drain(desk: Desk) -> str:
    """All records from the press of "connect" to the last receipt."""
    began = time.perf_counter()
    desk.driver.on_change = lambda: None
    await level(desk.driver, desk.node.head())
    took, carried = time.perf_counter() - began, desk.line.sent_bytes + desk.line.received_bytes
    return f"{RECORDS} records to their receipts: {took:.1f} s, {carried / RECORDS:.0f} bytes each in frames, connecting included"


async def records_beside_a_file(desk: Desk) -> str:
    """A record a second while a file of 2 MB goes up; until the file has arrived."""
    await level(desk.driver, desk.node.head())
    sending = asyncio.create_task(_send_file(desk))
    waits: list[float] = []
    began = time.perf_counter()
    number = 5_000
    while not sending.done() and len(waits) < 200:
        number += 1
        rid = dossier(1, desk.node.identity.office)[0]
        started = time.perf_counter()
        note = NoteAdded(text=f"ghi chú {number}", officer="cb01", at_ms=number)
        events = await asyncio.to_thread(desk.node.desk.ledger.save, RECEIVE, [Draft(rid, note)])
        desk.driver.tell(sender.Saved(events[-1].header.seq))
        await level(desk.driver, events[-1].header.seq)
        waits.append(time.perf_counter() - started)
        await asyncio.sleep(max(0.0, 1 - waits[-1]))
    await sending
    return (
        f"{len(waits)} records beside a file of {FILE_BYTES} bytes: median {percentile(waits, 0.5):.2f} s, p90 {percentile(waits, 0.9):.2f} s,"
        f" max {max(waits):.2f} s; the file took {time.perf_counter() - began:.0f} s"
    )


async def cut_at_40_percent(desk: Desk) -> str:
    """Begin a file, drop everything at 40 %, begin again: bytes on the line beyond what was missing."""
    await level(desk.driver, desk.node.head())
    before = desk.line.sent_bytes
    sending = asyncio.create_task(_send_file(desk))
    while _sent(desk.node) < 0.4 * FILE_BYTES and not sending.done():
        await asyncio.sleep(0.05)
    await asyncio.sleep(1.5)  # in the middle of the next chunk
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    missing = FILE_BYTES - _sent(desk.node)
    await _send_file(desk)
    again = desk.line.sent_bytes - before - FILE_BYTES
    return f"cut with {missing} bytes missing: {again} bytes went twice (framing included), {again / missing:.1%} over the missing part"


async def _send_file(desk: Desk) -> None:
    while True:
        try:
            await desk.transfers.send_waiting(lambda: True)
            return
        except Problem:
            await asyncio.sleep(0.5)


def _sent(node: Node) -> int:
    row = node.store.readers.run(lambda c: c.execute("SELECT max(sent) FROM blob WHERE state = 'local'").fetchone())
    return int(row[0] or 0) if row else 0


def _load_records(node: Node) -> None:
    drafts = [Draft(rid, body) for rid, body in dossiers(1, RECORDS, node.identity.office)]
    for at in range(0, RECORDS, 500):
        node.desk.ledger.save(RECEIVE, drafts[at : at + 500])


def _load_file(node: Node) -> None:
    digest = BlobDigest(bytes.fromhex(node.files.put(secrets.token_bytes(FILE_BYTES))))
    rid, body = dossier(1, node.identity.office)
    captured = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(secrets.token_bytes(16)), pdf=digest, pdf_size=FILE_BYTES, pages=1,
        images=1, officer="cb01", signer_name="x", captured_ms=1,
    )  # fmt: skip
    node.desk.ledger.save(RECEIVE, [Draft(rid, body), Draft(rid, captured)])
    node.store.writer.run(lambda c: queue_file(c, digest, FILE_BYTES, 1))


def _on_line(node: Node, loss: float, work: Callable[[Desk], Awaitable[str]], rate: int, trip_s: float) -> str:
    async def play() -> str:
        return await Desk(node).run(work)

    with NamespaceLine(rate, trip_s, loss) as line:
        said = line.run_as_node(lambda: asyncio.run(play()))
        return f"{said}\n    lost packets {line.lost_packets}, bytes on the line {line.carried_bytes}"


def main() -> None:
    """Print the three figures."""
    words = argparse.ArgumentParser()
    words.add_argument("--only", choices=("records", "beside", "cut"))
    words.add_argument("--times", type=int, default=1)
    chosen = words.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    plans = {
        "records": (0.2, _load_records, drain), "beside": (0.02, _load_file, records_beside_a_file),
        "cut": (0.02, _load_file, cut_at_40_percent),
    }  # fmt: skip
    folder = Path(tempfile.mkdtemp())
    try:
        with open_stage(folder, HUB_ADDRESS) as stage:
            for name, (loss, load, work) in plans.items():
                for turn in range(chosen.times if chosen.only in (None, name) else 0):
                    node = _fresh(stage, f"n{len(name)}{turn:03d}x")
                    load(node)
                    print(f"loss {loss:.0%}: {_on_line(node, loss, work, 256_000, 0.3)}", flush=True)
                    threading.Thread(target=node.close).start()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fresh(stage: Stage, name: str) -> Node:
    return stage.node(name, "00101")


if __name__ == "__main__":
    main()
