"""A new node from a snapshot and by pulling, the same dossiers: `python -m tests.benchmarks.bootstrap [DOSSIERS] [--no-pull]`. Figures, never gates.

One process, real databases, real wire format, no network: CPU a dossier is the figure that holds on a shared machine.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import apsw
import structlog

from central_hub.bootstrap.snapshots import Snapshots
from central_hub.ingest.commit import commit_batch
from edge_node.bootstrap.filling import Filling
from edge_node.bootstrap.progress import read_progress
from edge_node.sync.pushing import HubKnown
from sync_protocol.adapters.sqlite.connection import WRITER_CACHE_KIB
from sync_protocol.bodies import encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import GENESIS, Incarnation
from sync_protocol.limits import BATCH_EVENTS_MAX
from tests.benchmarks.workload import dossiers
from tests.offices import HUB_NAME, Clock, Hub, Office

BATCHES_A_COMMIT = 100  # filling is not what is measured
CACHE_WHILE_FILLING_KIB = 1024 * 1024  # keys and ids fall anywhere in their indexes


def fill_hub(hub: Hub, author: Office, count: int, now_ms: int) -> None:
    """Receptions of 1 KB with persons drawn at random, judged in batches as pushes are: their keys fall anywhere in the index."""
    prev, seq = GENESIS, 0
    inc = Incarnation(b"i" * 16)
    waiting: list[list[Event]] = []

    def commit(connection: apsw.Connection) -> None:
        for batch in waiting:
            commit_batch(connection, author.node, author.office, batch, hub.service.identity.epoch, now_ms)

    with_cache(hub, CACHE_WHILE_FILLING_KIB)
    for at in range(0, count, BATCH_EVENTS_MAX):
        events: list[Event] = []
        for rid, body in dossiers(at, min(BATCH_EVENTS_MAX, count - at), "00101"):
            seq += 1
            event = make_event(
                node=author.node, inc=inc, seq=seq, prev=prev, type="dossier.received", tv=1, rid=rid, hlc=(now_ms + seq) << 16,
                actor="cb01", body=encode_body(body),
            )  # fmt: skip
            events.append(event)
            prev = event.id
        waiting.append(events)
        if len(waiting) == BATCHES_A_COMMIT or at + BATCH_EVENTS_MAX >= count:
            hub.store.writer.run(commit)
            waiting.clear()
    with_cache(hub, WRITER_CACHE_KIB)


def with_cache(hub: Hub, kib: int) -> None:
    """What the hub's writer keeps of its file in memory."""
    hub.store.writer.run(lambda c: c.pragma("cache_size", -kib))


async def timed(name: str, count: int, work: Callable[[], Awaitable[object]]) -> None:
    """Run and print wall and CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    await work()
    took, used = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name}: {took:.1f} s wall, {used:.1f} s CPU, {used / count * 1e6:.0f} µs of CPU a dossier", flush=True)


async def measure(count: int, root: Path, *, pulls: bool) -> None:
    """Fill the hub, make the snapshot, fill a node from it, and pull into another where wanted."""
    clock = Clock()
    hub = Hub(root / "hub", clock)
    author, filled, puller = (
        Office(root / name, f"n00101{name}", "00101", clock, seed=name.encode()) for name in "abc"
    )
    for office in (author, filled, puller):
        hub.enrol(office)
    began = time.process_time()
    fill_hub(hub, author, count, clock())
    print(
        f"hub filled by pushes: {(time.process_time() - began) / count * 1e6:.0f} µs of CPU a dossier, most of it the making of them",
        flush=True,
    )
    hub.service.__dict__["snapshots"] = snapshots = Snapshots(
        hub.store, hub.service.files.files, hub.service.identity, hub.signer.sign, clock, from_events=1
    )
    await timed("snapshot made at the hub", count, lambda: asyncio.to_thread(snapshots.make, author.office))
    driver = filled.join(hub)
    await driver.greet_once()
    assert driver.welcome is not None
    filling = Filling(
        filled.store, driver.line, filled.transfers, HubKnown(HUB_NAME, hub.signer.public_key), filled.office, clock
    )
    welcome = driver.welcome
    await timed("node filled from it (both sides)", count, lambda: filling.fill(welcome, from_events=1))
    await driver.pull_all()
    await timed("its search keys written in order", count, filling.finish)
    print(f"{driver.line.received_bytes / count:.0f} bytes a dossier; {filled.store.readers.run(read_progress)}")
    if pulls:
        other = puller.join(hub)
        await other.greet_once()
        await timed("node pulled from the start (both sides)", count, other.pull_all)
        print(f"{other.line.received_bytes / count:.0f} bytes a dossier")
    for one in (filled, puller) if pulls else (filled,):
        held = one.store.readers.run(lambda c: c.execute("SELECT count(*) FROM dossier").fetchone())
        assert held == (count,), held
    for each in (hub, author, filled, puller):
        each.close()


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("dossiers", type=int, nargs="?", default=100_000)
    words.add_argument("--no-pull", action="store_true", help="leave out the node that pulls, for large counts")
    chosen = words.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(chosen.dossiers, Path(folder), pulls=not chosen.no_pull))
