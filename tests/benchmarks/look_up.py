"""Look-ups by code at a large hub, quiet and under ingest: `python -m tests.benchmarks.look_up [DOSSIERS] [--postgres [--recommended]]`.

A real hub process, its message server over TLS, one node that asks and, in a process of its own, one that pushes. Figures, never gates.
A queue is drained within seconds: looks beside it are counted from its first acknowledgement to its last and no further, and what follows, when
the hub counts its figures, is told apart.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

from central_hub.app import Hub
from deploy.demo.job.stage import wait_for
from edge_node.app import Node
from edge_node.identity import StateFolder
from edge_node.store.ledger import Draft
from edge_node.sync.line import Line
from sync_protocol import sender
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.messages import Find, FindReply, Purpose
from tests.benchmarks.large_index import code_of, fill
from tests.benchmarks.stage import Stage, cpu_s, open_stage, percentile
from tests.benchmarks.sync_speed import RECEIVE, driven, save_all
from tests.benchmarks.workload import dossiers

AUTHOR = "n00101a"
LOOKS = 600
STEADY_A_SECOND, STEP_S = 300, 0.2  # three times the peak of 700 offices (sync.md 3.4)
LOOKS_AN_OFFICER = 40  # below the alarm for browsing


def fill_hub(stage: Stage, count: int) -> None:
    """Fill the stopped hub's own file."""
    hub = Hub(stage.files.root, KeyFileOnDisk(stage.files.raw_key))
    engine = hub.store.engine
    hub.store.close()
    connection = engine.open(read_only=False)
    began, busy = time.perf_counter(), time.process_time()
    fill(connection, count)
    connection.close()
    engine.open(read_only=False).close()  # back under the policy: WAL, FULL
    size = stage.files.database.stat().st_size
    print(
        f"filled: {count} in {time.perf_counter() - began:.0f} s, {(time.process_time() - busy) / count * 1e6:.1f} µs of CPU each, {size / 1e9:.1f} GB"
    )


def push_for_ever(root: Path, first: int, a_second: int) -> None:
    """A node of its own process: drains what it holds, or saves and sends `a_second` dossiers a second, until it is ended."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    node = Node(root, KeyFileOnDisk(StateFolder(root).raw_key))

    async def push() -> None:
        async with driven(node) as driver:
            driver.tell(sender.LineUp())
            number, step = first, max(1, int(a_second * STEP_S))
            while a_second:
                due = time.monotonic() + STEP_S
                drafts = [Draft(rid, body) for rid, body in dossiers(number, step, "00101")]
                events = await asyncio.to_thread(node.desk.ledger.save, RECEIVE, drafts)
                driver.tell(sender.Saved(events[-1].header.seq))
                number += step
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            await asyncio.Event().wait()

    asyncio.run(push())


@contextlib.contextmanager
def pushing(root: Path, first: int, a_second: int) -> Iterator[None]:
    """Somebody pushes to the end of the block."""
    process = multiprocessing.get_context("spawn").Process(
        target=push_for_ever, args=(root, first, a_second), daemon=True
    )
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def sync_ms(file: int) -> float:
    """What one durable write of a page costs on this disk now, whoever else writes: the weather."""
    began = time.perf_counter()
    os.pwrite(file, b"\0" * 4096, 0)
    os.fdatasync(file)
    return (time.perf_counter() - began) * 1e3


async def look(
    node: Node, count: int, name: str, gap_s: float, goes_on: Callable[[], bool] = lambda: True
) -> tuple[list[float], list[float]]:
    """Ask for codes drawn at random, one after another, as long as it `goes_on`; milliseconds of each answer, and of a durable write beside it."""
    chance = random.Random(name)
    bus = node.bus()
    await bus.connect(20)
    took: list[float] = []
    weather: list[float] = []
    with tempfile.TemporaryFile() as probe:
        line = Line(bus)
        for number in range(LOOKS):
            purpose = Purpose("00101-261122-00000001", "tiếp nhận", f"{name}{number // LOOKS_AN_OFFICER}", "officer")
            code = code_of(chance.randrange(count))
            began = time.perf_counter()
            reply = await line.expect(Find("code", code, "", purpose), FindReply)
            took.append((time.perf_counter() - began) * 1e3)
            assert reply.found[0].code == code, reply
            weather.append(await asyncio.to_thread(sync_ms, probe.fileno()))
            await asyncio.sleep(gap_s)
            if not goes_on():
                break
    await bus.close()
    return took, weather


def held(stage: Stage, node: Node) -> int:
    """Events of the pushing node that the hub has acknowledged."""
    row = node.store.readers.run(lambda c: c.execute("SELECT coalesce(max(upto), 0) FROM acknowledgement").fetchone())
    return int(row[0]) if row else 0  # type: ignore[arg-type]


def measure(stage: Stage, count: int, backlog: int) -> None:
    """Quiet, at a steady rate, while a backlog is drained as fast as the hub takes it, and behind it."""
    asker, author = stage.node("n00102a", "00102"), stage.node(AUTHOR, "00101")
    try:
        _look_beside(stage, asker, author, count, "quiet")
        with pushing(stage.folder / AUTHOR, 9_000_000, STEADY_A_SECOND):
            _wait_for_more(stage, author)
            _look_beside(stage, asker, author, count, "steady")
        save_all(author, [Draft(rid, body) for rid, body in dossiers(5_000_000, backlog, "00101")])
        with pushing(stage.folder / AUTHOR, 0, 0):
            _wait_for_more(stage, author)
            _look_beside(stage, asker, author, count, "drain", lambda: held(stage, author) < author.head())
            _look_beside(stage, asker, author, count, "behind")
    finally:
        asker.close()
        author.close()


def _wait_for_more(stage: Stage, author: Node) -> None:
    """Until the hub has acknowledged more than it had."""
    before = held(stage, author)
    wait_for("an acknowledgement", lambda: held(stage, author) > before)


def _look_beside(
    stage: Stage, asker: Node, author: Node, count: int, name: str, goes_on: Callable[[], bool] = lambda: True
) -> None:
    before, cpu, began = held(stage, author), cpu_s(stage.hub_pid), time.perf_counter()
    took, weather = asyncio.run(look(asker, count, name, 0.02, goes_on))
    arrived, seconds = held(stage, author) - before, time.perf_counter() - began
    print(
        f"{name:7s} p50 {percentile(took, 0.5):6.1f}  p90 {percentile(took, 0.9):6.1f}  p99 {percentile(took, 0.99):6.1f}  max {max(took):6.1f} ms"
        f" of {len(took)} looks; one durable write {percentile(weather, 0.5):.1f} / {percentile(weather, 0.99):.1f} ms;"
        f" {arrived / seconds:.0f} documents/s arrived; hub {(cpu_s(stage.hub_pid) - cpu) / seconds:.2f} of a core",
        flush=True,
    )


def main() -> None:
    """Fill, serve, look."""
    words = argparse.ArgumentParser()
    words.add_argument("dossiers", type=int, nargs="?", default=1_000_000)
    words.add_argument("--backlog", type=int, default=60_000)
    words.add_argument("--postgres", action="store_true")
    words.add_argument("--recommended", action="store_true", help="the server as deploy/postgresql has it, not as it comes")
    chosen = words.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder, open_stage(Path(folder)) as stage:
        stage.hub.stop()
        fill_hub(stage, chosen.dossiers)
        if chosen.postgres:
            from tests.central_hub.store.postgres.server import running_server

            with running_server() as server:
                if chosen.recommended:
                    server.settle_in()
                began = time.perf_counter()
                stage.move_to(server.empty_at(Path(folder)).url)
                print(f"moved to PostgreSQL in {time.perf_counter() - began:.0f} s", flush=True)
                if chosen.recommended:
                    server.ready_log()  # the move used them up
                stage.start()
                measure(stage, chosen.dossiers, chosen.backlog)
                stage.hub.stop()
        else:
            stage.start()
            measure(stage, chosen.dossiers, chosen.backlog)


if __name__ == "__main__":
    main()
