"""A country of offices at one hub: `python -m tests.benchmarks.fleet [--offices N] [--backlog EVENTS] [--steady-s S] [--real N] [--postgres] [--json]`.

A real hub process with its embedded message server over TLS; a few real node processes; every other office is a driven connection with its own
account, key and signed chain. First a day's steady load, then all offices come back at once with a backlog. Figures, never gates.

A country's day is 2.5 million events of 700 offices: 3,571 an office. `--backlog` says how many of them an office brings; `share` says what part that is.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import structlog

from central_hub.enrolment.admission import push_accounts
from central_hub.enrolment.nodes import NodeRegistry
from central_hub.enrolment.trust import Trust
from central_hub.ingest.nodes import enrol_node
from central_hub.store.hub_store import Embedded, Engine, HubStore, Postgres
from deploy.demo.job.stage import Actor
from edge_node.store.ledger import Draft
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.keys import KeyFileOnDisk, unlock_keys
from tests.benchmarks.fleet_offices import EVENTS_OF_DOSSIER, DrivenOffice
from tests.benchmarks.stage import Stage, cpu_s, open_stage, percentile, rss_mb
from tests.benchmarks.sync_speed import RECEIVE
from tests.benchmarks.workload import dossiers

DAY_EVENTS = 2_500_000 / 700
BATCH_EVENTS = 120
STEADY_EVENTS_S = 100
Figures = dict[str, float]


class Country:
    """The offices of one run, and the hub's own sight of them."""

    def __init__(self, stage: Stage, engine: Engine, offices: int) -> None:
        self.stage, self.store = stage, HubStore(engine)
        self.offices = [DrivenOffice(10_000 + number, "bench") for number in range(offices)]
        self.credentials: dict[str, str] = {}
        self.ca_pem = stage.files.authority.read_bytes()

    async def admit(self) -> float:
        """Enrol every office as the hub does, and push the accounts; returns seconds."""
        began, now_s = time.perf_counter(), int(time.time())
        trust = Trust.load_or_make(self.stage.files.trust, secrets.token_bytes, now_s)
        registry = NodeRegistry(self.stage.files.trust, trust, secrets.token_bytes)
        admitted = {one.node: registry.enrol(one.node, one.office, now_s) for one in self.offices}
        self.credentials = {node: one.credentials for node, one in admitted.items()}
        self.store.writer.run(
            lambda c: [enrol_node(c, one.node, one.office, b"", now_s * 1000) for one in self.offices]
        )
        system = BusSettings(
            name="bench", servers=(self.server,), ca_pem=self.ca_pem,
            credentials=read_credentials(trust.system_credentials(secrets.token_bytes, now_s)),
        )  # fmt: skip
        await push_accounts(system, {node: one.account_token for node, one in admitted.items()})
        return time.perf_counter() - began

    @property
    def server(self) -> str:
        return self.stage.files.read_running().server

    async def connect(self, one: DrivenOffice) -> None:
        await one.connect(self.credentials[one.node], self.server, self.ca_pem, 600)

    def held(self) -> int:
        """Events of offices that the hub holds."""
        row = self.store.readers.run(
            lambda c: c.execute("SELECT sum(head_seq) FROM lane WHERE node <> 'hub'").fetchone()
        )
        return int(row[0] or 0) if row else 0

    def connected(self) -> int:
        """How many nodes the fleet page shows as connected."""
        row = self.store.readers.run(lambda c: c.execute("SELECT count(*) FROM presence WHERE is_here = 1").fetchone())
        return int(row[0]) if row else 0


class Meter:
    """CPU seconds of the hub and of its message server over a stretch of time."""

    def __init__(self, stage: Stage) -> None:
        self._pids = {"hub": stage.hub_pid, "nats": int((stage.files.bus / "nats.pid").read_text("ascii"))}
        self._before = {name: cpu_s(pid) for name, pid in self._pids.items()}
        self._began = time.perf_counter()

    def read(self) -> Figures:
        """Seconds so far: wall, and CPU of each; the hub's resident memory."""
        took = {f"{name} CPU s": cpu_s(pid) - self._before[name] for name, pid in self._pids.items()}
        return {"wall s": time.perf_counter() - self._began, **took, "hub MB": rss_mb(self._pids["hub"])}


async def steady(country: Country, seconds: int) -> Figures:
    """100 events/s from offices drawn by chance, one dossier (four events) a push, as desks press their buttons."""
    pushes_s = STEADY_EVENTS_S // EVENTS_OF_DOSSIER
    chance = random.Random(7)
    plan = [chance.choice(country.offices) for _ in range(pushes_s * seconds)]
    for one in plan:
        one.make(EVENTS_OF_DOSSIER, EVENTS_OF_DOSSIER)
    await asyncio.gather(*(country.connect(one) for one in country.offices))
    idle = Meter(country.stage)
    await asyncio.sleep(15)
    rest = idle.read()
    meter, latencies = Meter(country.stage), []

    async def press(one: DrivenOffice, at_s: float) -> None:
        await asyncio.sleep(max(0.0, at_s - time.monotonic()))
        async with turns[one.node]:  # an office sends its batches in order
            began = time.monotonic()
            await one.drain(1)
            latencies.append((time.monotonic() - began) * 1e3)

    turns = {one.node: asyncio.Lock() for one in country.offices}
    began = time.monotonic()
    await asyncio.gather(*(press(one, began + number / pushes_s) for number, one in enumerate(plan)))
    used = meter.read()
    events = len(plan) * EVENTS_OF_DOSSIER
    rate, idle_share = events / used["wall s"], rest["hub CPU s"] / rest["wall s"]
    share = used["hub CPU s"] / used["wall s"]
    return {
        "steady events/s": rate, "steady push p50 ms": percentile(latencies, 0.5), "steady push p99 ms": percentile(latencies, 0.99),
        "steady hub share of a core": share, "idle hub share of a core": idle_share, "steady hub share per 100 events/s": share * 100 / rate,
        "steady hub CPU us/event": used["hub CPU s"] / events * 1e6, "steady message server share of a core": used["nats CPU s"] / used["wall s"],
        "connected on the fleet page": country.connected(),
    }  # fmt: skip


async def prepare(country: Country, backlog: int) -> None:
    """Everybody gone, and a backlog made; one more office has what it will do meanwhile."""
    for one in country.offices:
        await one.close()
        one.busy = 0
        if one is not country.offices[0]:
            one.make(backlog, BATCH_EVENTS)
    country.offices[0].make(EVENTS_OF_DOSSIER * 300, EVENTS_OF_DOSSIER)


async def storm(country: Country, backlog: int, real: list[RealOffice]) -> Figures:
    """Everybody back at once, as `prepare` left them; one office works on as if nothing were. Real nodes start as processes at that moment."""
    witness, loud = country.offices[0], country.offices[1:]
    before, meter, began = country.held(), Meter(country.stage), time.monotonic()
    for node in real:
        node.start()

    async def come_back(one: DrivenOffice) -> None:
        await asyncio.sleep(random.uniform(0, 2))  # as a node's own first wait
        await country.connect(one)
        await one.drain()

    seen: list[float] = []
    watching = asyncio.create_task(_hellos(country, witness, seen))
    finishing = [asyncio.create_task(node.finished(country, began)) for node in real]
    await asyncio.gather(*(come_back(one) for one in loud))
    took = time.monotonic() - began
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    finished_real = await asyncio.gather(*finishing)
    used = meter.read()
    ends = [one.finished_s - began for one in loud]
    events = country.held() - before
    return {
        "storm events": events, "storm share of a day": backlog / DAY_EVENTS, "storm s": took, "storm events/s": events / took,
        "storm fastest office s": min(ends), "storm median office s": percentile(ends, 0.5), "storm slowest office s": max(ends),
        "storm slowest to median": max(ends) / percentile(ends, 0.5),
        "storm asked again": sum(one.busy for one in loud), "storm hub CPU us/event": used["hub CPU s"] / max(1, events) * 1e6,
        "storm message server CPU s": used["nats CPU s"], "storm hub MB": used["hub MB"], "storm other office p50 ms": percentile(seen, 0.5) if seen else -1,
        "storm other office max ms": max(seen, default=-1),
        "whole day on one core min": used["hub CPU s"] / max(1, events) * DAY_EVENTS * len(country.offices) / 60,
    } | _of_real(real, finished_real)  # fmt: skip


def _of_real(real: list[RealOffice], finished_s: list[float]) -> Figures:
    """When the real nodes had drained their queues (-1: one had not), and what they hold of the machine."""
    if not real:
        return {}
    resident = [rss_mb(node.process.pid) for node in real if node.process.pid is not None]
    return {
        "real nodes": len(real), "real nodes that drained": sum(end >= 0 for end in finished_s), "real fastest s": min(finished_s),
        "real median s": percentile(finished_s, 0.5), "real slowest s": max(finished_s), "real node MB median": percentile(resident, 0.5),
        "real node MB most": max(resident), "real nodes MB together": sum(resident),
        "real node CPU s median": percentile([cpu_s(node.process.pid) for node in real if node.process.pid is not None], 0.5),
    }  # fmt: skip


async def _hellos(country: Country, one: DrivenOffice, seen: list[float]) -> None:
    """An office that was never away sends one dossier a second."""
    await country.connect(one)
    while one.batches:
        began = time.monotonic()
        await one.drain(1)
        seen.append((time.monotonic() - began) * 1e3)
        await asyncio.sleep(1)


class RealOffice:
    """A whole node process with its own database and outbox."""

    def __init__(self, stage: Stage, number: int, backlog: int) -> None:
        self.node, office = f"n{number:05d}a", f"{number:05d}"
        made = stage.node(self.node, office)
        drafts = [Draft(rid, body) for rid, body in dossiers(number * 100_000, backlog, office)]
        for at in range(0, len(drafts), 500):
            made.desk.ledger.save(RECEIVE, drafts[at : at + 500])
        self._head = made.head()
        made.store.close()
        settings = stage.folder / self.node / "node.toml"
        text = settings.read_text("utf-8") if settings.exists() else ""
        settings.write_text(f'{text}\n[reading]\nkind = "manual"\n[web]\nport = {8_500 + number % 1000}\n', "utf-8")
        self.process = Actor("node", stage.folder / self.node)

    def start(self) -> None:
        self.process.start("serve")

    async def finished(self, country: Country, began: float) -> float:
        """Seconds since `began` until the hub held everything; -1 when it did not within ten minutes."""
        until = began + 600
        while time.monotonic() < until:
            row = country.store.readers.run(
                lambda c: c.execute("SELECT max(head_seq) FROM lane WHERE node = ?", (self.node,)).fetchone()
            )
            if row and row[0] and int(row[0]) >= self._head:
                return time.monotonic() - began
            await asyncio.sleep(0.5)
        return -1.0


@contextlib.contextmanager
def engine_for(stage_folder: Path, postgres: bool) -> Iterator[tuple[str, Engine | None]]:
    """Settings for the hub and its engine (None: the embedded file of its folder)."""
    if not postgres:
        yield "", None
        return
    from tests.central_hub.store.postgres.server import running_server

    with running_server() as server:
        engine: Postgres = server.empty_at(stage_folder)
        yield f'\n[store]\npostgres = "{engine.url}"\n', engine


async def run(args: argparse.Namespace, folder: Path) -> Figures:
    """The whole run."""
    with engine_for(folder, args.postgres) as (settings, engine), open_stage(folder, settings=settings) as stage:
        keys = unlock_keys(stage.files.keys, KeyFileOnDisk(stage.files.raw_key))
        country = Country(stage, engine or Embedded(stage.files.database, keys.database_key), args.offices)
        figures: Figures = {"offices": args.offices, "admit s": await country.admit()}
        real = [RealOffice(stage, 20_001 + number, args.backlog) for number in range(args.real)]
        try:
            figures |= await steady(country, args.steady_s)
            await prepare(country, args.backlog)
            figures |= await storm(country, args.backlog, real)
        finally:
            for node in real:
                node.process.stop()
            await asyncio.gather(*(one.close() for one in country.offices))
            country.store.close()
        return figures


def main() -> None:
    asking = argparse.ArgumentParser()
    asking.add_argument("--offices", type=int, default=690)
    asking.add_argument("--backlog", type=int, default=360)
    asking.add_argument("--steady-s", type=int, default=60)
    asking.add_argument("--real", type=int, default=10)
    asking.add_argument("--postgres", action="store_true")
    asking.add_argument("--json", action="store_true")
    args = asking.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        figures = asyncio.run(run(args, Path(folder)))
    if args.json:
        json.dump(figures, sys.stdout, indent=1)
        return
    for name, value in figures.items():
        print(f"{name:40} {value:12.3f}")


if __name__ == "__main__":
    main()
