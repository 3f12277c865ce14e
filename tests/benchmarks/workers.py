"""One hub process and two over one PostgreSQL, several offices pushing at once: `python -m tests.benchmarks.workers [--documents N]`.

Rounds alternate. Where message server, database, hub processes and offices share two cores, the split of processor time says more than the rate:
what a second worker can win is what one worker alone was waiting for. Afterwards the hub must hold every document once. Figures, never gates.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import structlog

from deploy.demo.job.stage import Actor
from edge_node.app import Node
from edge_node.store.ledger import Draft
from sync_protocol import sender
from tests.benchmarks.stage import Stage, cpu_s, open_stage
from tests.benchmarks.sync_speed import BATCH, RECEIVE, driven, level
from tests.benchmarks.workload import dossiers

OFFICES = 4


def processes(word: str) -> list[int]:
    """Processes whose command line contains a word."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if word.encode() in (one / "cmdline").read_bytes():
                found.append(int(one.name))
    return found


def family(root: int) -> list[int]:
    """A process and its children: PostgreSQL serves each session with one."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{root}/task/{root}/children").read_text(encoding="ascii").split()
        return [root, *(one for child in children for one in family(int(child)))]
    return []


def used_s(pids: list[int]) -> dict[int, float]:
    """Processor seconds of each of these processes so far."""
    found = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            found[pid] = cpu_s(pid)
    return found


@contextlib.contextmanager
def second_worker(stage: Stage, wanted: bool) -> Iterator[None]:
    """One more process beside the serving one, where wanted."""
    if not wanted:
        yield
        return
    worker = Actor("hub", stage.folder / "hub")
    worker.log = stage.folder / "worker.log"
    worker.start("work")
    until = time.monotonic() + 30
    while "Đang trả lời" not in worker.log.read_text(encoding="utf-8") and time.monotonic() < until:
        time.sleep(0.1)
    try:
        yield
    finally:
        worker.kill()
        worker.log.unlink()


async def drain(nodes: list[Node]) -> float:
    """All nodes send what they hold, at once; seconds."""
    began = time.perf_counter()

    async def one(node: Node) -> None:
        async with driven(node) as driver:
            driver.tell(sender.LineUp())
            await level(driver, node.head())

    await asyncio.gather(*map(one, nodes))
    return time.perf_counter() - began


def round_of(stage: Stage, number: int, count: int, postgres: int, *, two: bool) -> tuple[float, dict[str, float]]:
    """Fresh offices with their queues; documents a second, and CPU µs a document by part."""
    nodes = [stage.node(f"work{number:02d}{one}", f"{200 + number * OFFICES + one:05d}") for one in range(OFFICES)]
    try:
        for node in nodes:
            drafts = [
                Draft(rid, body)
                for rid, body in dossiers(int(node.identity.office) * 100_000, count, node.identity.office)
            ]
            for at in range(0, count, BATCH):
                node.desk.ledger.save(RECEIVE, drafts[at : at + BATCH])
        with second_worker(stage, two):
            state = str(stage.folder / "hub")
            hubs = [pid for pid in processes("central_hub.cli") if pid in processes(state)]
            before, own = used_s([*hubs, *family(postgres)]), time.process_time()
            took = asyncio.run(drain(nodes))
            after, total = used_s([*hubs, *family(postgres)]), count * OFFICES
            spent = {pid: after[pid] - before.get(pid, 0.0) for pid in after}
            split = {
                "hub": sum(spent[pid] for pid in hubs if pid in spent), "database": sum(s for pid, s in spent.items() if pid not in hubs),
                "offices": time.process_time() - own,
            }  # fmt: skip
            return total / took, {name: seconds / total * 1e6 for name, seconds in split.items()} | {
                "cores": sum(split.values()) / took
            }
    finally:
        for node in nodes:
            node.close()


def measure(folder: Path, count: int, rounds: int) -> None:
    """Alternate, print medians, count."""
    from tests.central_hub.store.postgres.server import running_server

    with open_stage(folder) as stage, running_server() as server:
        stage.hub.stop()
        url = server.engine_at(folder).url
        stage.move_to(url)
        stage.start()
        with psycopg.connect(url) as session:
            row = session.execute("SELECT pg_backend_pid()").fetchone()
            assert row is not None
            parent = int(Path(f"/proc/{row[0]}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
        rates: dict[bool, list[float]] = {False: [], True: []}
        for number in range(2 * rounds):
            two = number % 2 == 1
            rate, split = round_of(stage, number, count, parent, two=two)
            rates[two].append(rate)
            print(
                f"{1 + two} workers: {rate:6.0f} documents/s;",
                "; ".join(f"{name} {value:.1f}" for name, value in split.items()),
                flush=True,
            )
        one, other = statistics.median(rates[False]), statistics.median(rates[True])
        print(f"two to one: {other / one:.2f}")
        with psycopg.connect(url) as session:
            found = session.execute(
                "SELECT count(*), count(DISTINCT id), (SELECT count(*) FROM dossier) FROM event WHERE lane > 0"
            ).fetchone()
        sent = 2 * rounds * OFFICES * count
        print(f"sent {sent}; events held, ids, dossiers: {found}")
        stage.hub.stop()


def main() -> None:
    """Print rates and split."""
    words = argparse.ArgumentParser()
    words.add_argument("--documents", type=int, default=1_500, help="an office, of four")
    words.add_argument("--rounds", type=int, default=3)
    chosen = words.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), chosen.documents, chosen.rounds)


if __name__ == "__main__":
    main()
