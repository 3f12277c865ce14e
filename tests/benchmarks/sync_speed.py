"""Sync speed of the product and of the raw floor, interleaved in one run: `python -m tests.benchmarks.sync_speed [--documents N] [--json]`.

A real hub process, its embedded message server over TLS, a real node in this process. Dossiers of 1 KB, batches of 500. Prints figures and judges
nothing: wall time on a shared machine is weather, ratios of one run and CPU a document are climate.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import structlog

from edge_node.app import Node
from edge_node.store.ledger import Act, Draft
from edge_node.sync.driver import SyncDriver
from edge_node.sync.line import Line
from edge_node.sync.service import synchronise
from sync_protocol import sender
from sync_protocol.adapters import event_log
from sync_protocol.adapters.task_ending import end_task
from sync_protocol.batch import seal_batch
from sync_protocol.bodies import encode_body
from sync_protocol.messages import Push, PushReply
from tests.benchmarks.floor import Floor
from tests.benchmarks.pouchdb import pouchdb_round
from tests.benchmarks.stage import Stage, cpu_s, open_stage, percentile
from tests.benchmarks.workload import dossiers

BATCH, WINDOW = 500, 4
SINGLES = 200
RECEIVE = Act("cb01", "intake", "receive")
Figures = dict[str, float]


@contextlib.asynccontextmanager
async def driven(node: Node) -> AsyncIterator[SyncDriver]:
    """A driver of this node with its line up; runs to the end of the block."""
    bus = node.bus()
    await bus.connect(20)
    driver = node.driver(Line(bus))
    work = asyncio.create_task(driver.run())
    try:
        yield driver
    finally:
        await end_task(work)
        await bus.close()


async def level(driver: SyncDriver, head: int, within_s: float = 600) -> None:
    """Wait until the hub's acknowledgement of everything up to `head` is kept here."""
    done = asyncio.Event()

    def look() -> None:
        if driver.state.phase == "open" and driver.state.floor >= head:
            done.set()

    driver.on_change = look
    look()
    await asyncio.wait_for(done.wait(), within_s)


def save_all(node: Node, drafts: list[Draft]) -> Figures:
    """Load drafts in transactions of a batch, then time single actions of one officer."""
    began, busy = time.perf_counter(), time.process_time()
    for at in range(0, len(drafts), BATCH):
        node.desk.ledger.save(RECEIVE, drafts[at : at + BATCH])
    took, used = time.perf_counter() - began, time.process_time() - busy
    return {"load docs/s": len(drafts) / took, "load CPU us/doc": used / len(drafts) * 1e6}


async def push_all(stage: Stage, node: Node, count: int) -> Figures:
    """Drain the outbox; wall, hub CPU, bytes."""
    async with driven(node) as driver:
        hub, own, began = cpu_s(stage.hub_pid), time.process_time(), time.perf_counter()
        driver.tell(sender.LineUp())
        await level(driver, node.head())
        took = time.perf_counter() - began
        return {
            "push docs/s": count / took, "push hub CPU us/doc": (cpu_s(stage.hub_pid) - hub) / count * 1e6,
            "push node CPU us/doc": (time.process_time() - own) / count * 1e6,
            "up bytes/doc": (driver.line.sent_bytes + driver.line.received_bytes) / count,
        }  # fmt: skip


async def single_actions(node: Node, drafts: list[Draft]) -> Figures:
    """One officer saves, the hub acknowledges: from the press of the button."""
    saved, acknowledged = [], []
    async with driven(node) as driver:
        driver.tell(sender.LineUp())
        await level(driver, node.head())
        for draft in drafts:
            began = time.perf_counter()
            events = await asyncio.to_thread(node.desk.ledger.save, RECEIVE, [draft])
            saved.append((time.perf_counter() - began) * 1e3)
            head = events[-1].header.seq
            driver.tell(sender.Saved(head))
            await level(driver, head)
            acknowledged.append((time.perf_counter() - began) * 1e3)
    return {
        "save p50 ms": percentile(saved, 0.5), "save p99 ms": percentile(saved, 0.99),
        "save to receipt p50 ms": percentile(acknowledged, 0.5), "save to receipt p99 ms": percentile(acknowledged, 0.99),
    }  # fmt: skip


async def replay(node: Node, count: int) -> Figures:
    """Send again what the hub holds."""
    lane = node.store.readers.run(event_log.lanes)[0]
    async with driven(node) as driver:
        gate = asyncio.Semaphore(WINDOW)

        async def again(first: int) -> None:
            async with gate:
                events = await node.store.readers.run_async(
                    lambda c: event_log.read_lane(c, lane.lane, first, first + BATCH - 1)
                )
                batch = await asyncio.to_thread(seal_batch, node.identity.hub, events, node.keys.signer.sign)
                await driver.line.expect(Push(batch), PushReply)

        began = time.perf_counter()
        await asyncio.gather(*(again(first) for first in range(1, count + 1, BATCH)))
        return {"replay docs/s": count / (time.perf_counter() - began)}


async def nothing_new(node: Node) -> Figures:
    """The product's whole synchronisation, every request of it: the first one behind the queue, which passes over its own work in the feed, and one with nothing to say."""
    figures = {}
    for name in ("first resync", "no-op"):
        began = time.perf_counter()
        report = await synchronise(node)
        assert not report.acknowledged and not report.pulled, report
        figures[f"{name} ms"] = (time.perf_counter() - began) * 1e3
        figures |= {f"{name} requests": report.requests, f"{name} bytes": report.sent_bytes + report.received_bytes}
    return figures


async def pull_all(stage: Stage, node: Node, count: int) -> Figures:
    """Everything of the office into a fresh node."""
    bus = node.bus()
    await bus.connect(20)
    driver = node.driver(Line(bus))
    try:
        await driver.greet_once()
        hub, own, before, began = (
            cpu_s(stage.hub_pid),
            time.process_time(),
            driver.line.received_bytes,
            time.perf_counter(),
        )
        pulled = await driver.pull_all()
        took = time.perf_counter() - began
        assert pulled == count, (pulled, count)
        return {
            "pull docs/s": count / took, "pull hub CPU us/doc": (cpu_s(stage.hub_pid) - hub) / count * 1e6,
            "pull node CPU us/doc": (time.process_time() - own) / count * 1e6,
            "down bytes/doc": (driver.line.received_bytes - before) / count,
        }  # fmt: skip
    finally:
        await bus.close()


async def floor_round(floor: Floor, records: Sequence[tuple[bytes, bytes]], number: int) -> Figures:
    """The same records over the raw floor. Pull fetches all rounds so far; its rate is a document's."""
    count, first = len(records), number * len(records) + 1
    saved = floor.save(records)
    hub = cpu_s(floor.process.pid)
    took, carried = await floor.push(first, first + count - 1)
    hub = cpu_s(floor.process.pid) - hub
    again, _ = await floor.push(first, first + count - 1)
    pulled, down, events = await floor.pull(f"fresh{number}.db")
    return {
        "floor load docs/s": count / saved, "floor push docs/s": count / took, "floor push hub CPU us/doc": hub / count * 1e6,
        "floor up bytes/doc": carried / count, "floor replay docs/s": count / again, "floor pull docs/s": events / pulled,
        "floor down bytes/doc": down / events,
    }  # fmt: skip


async def product_round(stage: Stage, number: int, count: int) -> Figures:
    """One office of its own: load, push, replay, single actions, no-op, pull into its second, fresh node."""
    office = f"{101 + number:05d}"
    node, fresh = stage.node(f"n{office}a", office), stage.node(f"n{office}b", office)
    drafts = [Draft(rid, body) for rid, body in dossiers(number * 1_000_000, count + SINGLES, office)]
    try:
        figures = save_all(node, drafts[:count])
        figures |= await push_all(stage, node, count)
        figures |= await pull_all(stage, fresh, count)
        figures |= await replay(node, count)
        figures |= await single_actions(node, drafts[count:])
        figures |= await nothing_new(node)
        return figures
    finally:
        node.close()
        fresh.close()


async def measure(folder: Path, count: int, rounds: int, with_pouchdb: bool) -> dict[str, list[float]]:
    """All figures, a value a round."""
    found: dict[str, list[float]] = {}
    with open_stage(folder) as stage:
        floor = Floor(folder / "floor", stage.worker("floor"))
        try:
            for number in range(rounds):
                records = [(rid, encode_body(body)) for rid, body in dossiers(number * 1_000_000, count, "00101")]
                figures = await floor_round(floor, records, number)
                figures |= await product_round(stage, number, count)
                if with_pouchdb:
                    figures |= pouchdb_round(folder / f"pouch{number}", number * 1_000_000, count)
                for name in ("load docs/s", "push docs/s", "pull docs/s", "replay docs/s"):
                    figures[f"{name} / floor"] = figures[name] / figures[f"floor {name}"]
                for name, value in figures.items():
                    found.setdefault(name, []).append(value)
        finally:
            floor.close()
    return found


def main() -> None:
    """Print the median (and range) of every figure."""
    words = argparse.ArgumentParser()
    words.add_argument("--documents", type=int, default=10_000)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument(
        "--pouchdb", action="store_true", help="also PouchDB, from the npm registry (needs node and npm)"
    )
    words.add_argument("--json", action="store_true")
    chosen = words.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder = Path(tempfile.mkdtemp())
    try:
        found = asyncio.run(measure(folder, chosen.documents, chosen.rounds, chosen.pouchdb))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if chosen.json:
        json.dump(found, sys.stdout)
        return
    for name, values in found.items():
        print(f"{name:32s} {statistics.median(values):10.2f}   ({min(values):.2f} … {max(values):.2f})")


if __name__ == "__main__":
    main()
