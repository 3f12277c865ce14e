"""One hub process and two over one PostgreSQL, several offices pushing at once: `python -m tests.benchmarks.workers [--documents N] [--prepared] [--recommended] [--share S]`.

Rounds alternate. Where message server, database, hub processes and offices share two cores, the split of processor time says more than the rate:
what a second worker can win is what one worker alone was waiting for. What the order's locks were held for is printed beside it (order_lock.py), and what
the lock and the processors would allow at best. With `--prepared` the offices' frames are made before the clock runs, so that
little but the hub and its database works. With `--share` each hub process has that part of a core and no more (shares.py), so that message server,
database and offices have room for both workers on a machine of two cores, and what is compared is how they get on with each other. Afterwards the hub must hold every document once. Figures, never gates.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import structlog

from central_hub.store.hub_store import Postgres
from deploy.demo.job.stage import Actor
from edge_node.app import Node
from edge_node.store.ledger import Draft
from sync_protocol import sender
from sync_protocol.adapters.bus.crew import BEAT_S
from sync_protocol.limits import BATCHES_IN_FLIGHT
from sync_protocol.messages import Push, PushReply, Refusal
from sync_protocol.subjects import Verb
from sync_protocol.wire import pack, unpack_reply
from tests.benchmarks.fleet import Country
from tests.benchmarks.fleet_offices import DOSSIERS_MAX, DrivenOffice
from tests.benchmarks.order_lock import LockWatch
from tests.benchmarks.shares import held_back, shares_of
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


class Parts:
    """Processor time of everything that takes part, from here on: each hub process, database, message server, offices (this process)."""

    def __init__(self, stage: Stage, postgres: int) -> None:
        state = str(stage.folder / "hub")
        self._hubs = [pid for pid in processes("central_hub.cli") if pid in processes(state)]
        self._nats = int((stage.files.bus / "nats.pid").read_text("ascii"))
        self._postgres = postgres
        self._before, self._own = self._used(), time.process_time()

    def _used(self) -> dict[int, float]:
        return used_s([*self._hubs, self._nats, *family(self._postgres)])

    def split(self, total: int, took: float) -> dict[str, float]:
        """CPU us a document by part, and the cores that were busy."""
        spent = {pid: seconds - self._before.get(pid, 0.0) for pid, seconds in self._used().items()}
        split = {f"hub {number}": spent.pop(pid, 0.0) for number, pid in enumerate(self._hubs, start=1)}
        split |= {"messages": spent.pop(self._nats, 0.0), "database": sum(spent.values()), "offices": time.process_time() - self._own}
        return {name: seconds / total * 1e6 for name, seconds in split.items()} | {"cores": sum(split.values()) / took}

    @contextlib.contextmanager
    def sharing(self, share: float | None) -> Iterator[None]:
        """Each hub process has so much of a core to itself, where a share is wanted; afterwards says how often it wanted more."""
        if share is None:
            yield
            return
        with shares_of(self._hubs, share) as groups:
            yield
            print(f"{share} of a core for each of {len(groups)}: {held_back(groups):.2f} of the time they wanted more", flush=True)


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
    time.sleep(2 * BEAT_S)  # what is measured is two workers that know of each other
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


def round_of(
    stage: Stage, number: int, count: int, postgres: int, watch: LockWatch, share: float | None, *, two: bool
) -> tuple[float, dict[str, float]]:
    """Fresh offices with their queues; documents a second, and CPU µs a document by part."""
    nodes = [stage.node(f"work{number:02d}{one}", f"{200 + number * OFFICES + one:05d}") for one in range(OFFICES)]
    try:
        for node in nodes:
            drafts = [
                Draft(rid, body)
                for rid, body in dossiers(int(node.identity.office) * DOSSIERS_MAX, count, node.identity.office)
            ]
            for at in range(0, count, BATCH):
                node.desk.ledger.save(RECEIVE, drafts[at : at + BATCH])
        with second_worker(stage, two):
            parts = Parts(stage, postgres)
            with parts.sharing(share), watch:
                took = asyncio.run(drain(nodes))
            return count * OFFICES / took, parts.split(count * OFFICES, took)
    finally:
        for node in nodes:
            node.close()


async def replay(office: DrivenOffice, frames: list[bytes]) -> None:
    """Send frames made before, in their order, as many under way as a node has."""
    gate = asyncio.Semaphore(BATCHES_IN_FLIGHT)

    async def send(frame: bytes) -> None:
        assert office.bus is not None
        try:
            while not isinstance(reply := unpack_reply(await office.bus.request(Verb.PUSH, frame, timeout=120)), PushReply):
                if isinstance(reply, Refusal) and reply.retry_after_ms is None:
                    raise RuntimeError(f"{office.node}: refused for good, {reply.code}")
                print(f"{office.node}: {type(reply).__name__}", flush=True)
                await asyncio.sleep(0.2)
        finally:
            gate.release()

    sent = []
    for frame in frames:
        await gate.acquire()
        sent.append(asyncio.create_task(send(frame)))
    await asyncio.gather(*sent)


async def prepared_round(
    stage: Stage, country: Country, count: int, postgres: int, watch: LockWatch, share: float | None, *, two: bool
) -> tuple[float, dict[str, float]]:
    """As `round_of`, with frames made before."""
    frames: dict[str, list[bytes]] = {}
    for one in country.offices:
        one.make(count, BATCH)
        frames[one.node] = [pack(Push(batch)) for batch in one.batches]
        one.batches.clear()
        await country.connect(one)
    try:
        with second_worker(stage, two):
            parts = Parts(stage, postgres)
            with parts.sharing(share), watch:
                began = time.perf_counter()
                await asyncio.gather(*(replay(one, frames[one.node]) for one in country.offices))
                took = time.perf_counter() - began
            return count * OFFICES / took, parts.split(count * OFFICES, took)
    finally:
        await asyncio.gather(*(one.close() for one in country.offices))


def measure(folder: Path, count: int, rounds: int, share: float | None, *, is_prepared: bool, is_recommended: bool) -> None:
    """Alternate, print medians, count."""
    from tests.central_hub.store.postgres.server import running_server

    with open_stage(folder) as stage, running_server() as server:
        stage.hub.stop()
        if is_recommended:
            server.settle_in()
        url = server.empty_at(folder).url
        stage.move_to(url)
        stage.start()
        country = Country(stage, Postgres(url), 0)
        country.offices = [DrivenOffice(20_000 + number, "bench", of_dossier=1) for number in range(OFFICES)]
        asyncio.run(country.admit())
        with psycopg.connect(url) as session:
            row = session.execute("SELECT pg_backend_pid()").fetchone()
            assert row is not None
            parent = int(Path(f"/proc/{row[0]}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
        rates: dict[bool, list[float]] = {False: [], True: []}
        held, spent = [], []
        for number in range(2 * rounds):
            two = number % 2 == 1
            watch = LockWatch(url)
            if is_prepared:
                rate, split = asyncio.run(prepared_round(stage, country, count, parent, watch, share, two=two))
            else:
                rate, split = round_of(stage, number, count, parent, watch, share, two=two)
            rates[two].append(rate)
            lock = watch.shares()
            if not two:
                held.append(lock["held"])
                spent.append(sum(value for name, value in split.items() if name != "cores"))
            print(
                f"{1 + two} workers: {rate:6.0f} documents/s;",
                "; ".join(f"{name} {value:.1f}" for name, value in split.items()),
                "| order:",
                "; ".join(f"{name} {value:.2f}" for name, value in lock.items()),
                flush=True,
            )
        one, other = statistics.median(rates[False]), statistics.median(rates[True])
        print(f"two to one: {other / one:.2f}")
        cores = len(os.sched_getaffinity(0))
        by_lock, by_cores = 1 / max(statistics.median(held), 0.01), cores * 1e6 / statistics.median(spent) / one
        print(f"at best on {cores} cores: {min(2.0, by_lock, by_cores):.2f} (the order's lock allows {by_lock:.2f}, the processors {by_cores:.2f})")
        with psycopg.connect(url) as session:
            found = session.execute(
                "SELECT count(*), count(DISTINCT id), (SELECT count(*) FROM dossier) FROM event WHERE lane > 0"
            ).fetchone()
        sent = 2 * rounds * OFFICES * count
        print(f"sent {sent}; events held, ids, dossiers: {found}")
        country.store.close()
        stage.hub.stop()


def main() -> None:
    """Print rates and split."""
    words = argparse.ArgumentParser()
    words.add_argument("--documents", type=int, default=1_500, help="an office, of four")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--prepared", action="store_true")
    words.add_argument("--recommended", action="store_true", help="the server as deploy/postgresql has it, not as it comes")
    words.add_argument("--share", type=float, help="of a core for each hub process, at most (root, Linux): measures how workers get on, not the cores")
    chosen = words.parse_args()
    if chosen.documents * chosen.rounds * 2 > DOSSIERS_MAX:
        words.error(f"an office has at most {DOSSIERS_MAX} dossiers over all rounds")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        measure(
            Path(folder), chosen.documents, chosen.rounds, chosen.share, is_prepared=chosen.prepared, is_recommended=chosen.recommended
        )  # fmt: skip


if __name__ == "__main__":
    main()
