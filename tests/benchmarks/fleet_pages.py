"""Pages of a hub with a million papers and 700 offices, while offices push: `python -m tests.benchmarks.fleet_pages [--documents N] [--postgres]`.

A real hub process on a filled database, a browser session over HTTP, driven offices pushing 100 events a second beside it. For each page: median and
95th percentile of the wall time, and the hub's own CPU a request when nothing else runs. Look-ups by exact code or number are asked as nodes ask
them, while pages are drawn and afterwards, with the pushes beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import random
import re
import shutil
import tempfile
import time
from pathlib import Path

import httpx
import structlog

from central_hub.people.accounts import ROLES, Account, Accounts
from central_hub.store.hub_store import Embedded, Engine, HubStore, Postgres
from central_hub.store.moving import move
from sync_protocol.adapters.keys import KeyFileOnDisk, unlock_keys
from sync_protocol.messages import Find, FindReply, Purpose
from tests.benchmarks.fleet import Country, engine_for
from tests.benchmarks.fleet_country import fill
from tests.benchmarks.fleet_offices import EVENTS_OF_DOSSIER
from tests.benchmarks.stage import Stage, cpu_s, open_stage, percentile
from tests.benchmarks.workers import second_worker

PASSWORD = "mat khau dai cho phep do 1"
PAGES = (
    "/fleet", "/fleet/list", "/fleet?view=table", "/alarms", "/nodes/n10007a", "/dossiers", "/dossiers/list", "/cases", "/numbers", "/lookup",
    "/looks", "/oversight", "/reports", "/reports/quality", "/reports/appendix", "/quarantine", "/erasures", "/catalogue", "/catalogue/entries", "/drafts", "/units", "/offices",
    "/officers", "/accounts", "/health/ready", "/metrics", "/tra-cuu",
)  # fmt: skip
PUSHERS = 25
LOOK_GAP_S = 0.03
ALONE_S = 12.0
KNOWN = "SELECT d.code, p.owner FROM document p JOIN dossier d ON d.rid = p.rid WHERE p.owner <> '' LIMIT 500"


async def sign_in(web: httpx.AsyncClient) -> None:
    """A session of an account with every role."""
    page = await web.get("/login")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
    assert token is not None
    answer = await web.post("/login", data={"account": "all", "password": PASSWORD, "_csrf_token": token[1]})
    assert answer.status_code == 303, answer.text[answer.text.index("<main") :][:600]


async def push_on(country: Country, gone: asyncio.Event) -> int:
    """100 events a second until told to stop; returns how many."""
    sent = 0
    while not gone.is_set():
        began = time.monotonic()
        sent += sum(await asyncio.gather(*(one.drain(1) for one in country.offices if one.batches)))
        await asyncio.sleep(max(0.0, 1 - (time.monotonic() - began)))
    return sent


async def look_ups(country: Country, known: list[tuple[str, str]], gone: asyncio.Event, gap_s: float) -> list[float]:
    """Milliseconds of exact look-ups over the message server, by code and by number in turn, until told to stop."""
    took: list[float] = []
    while not gone.is_set():
        code, owner = known[len(took) % len(known)]
        line = country.offices[len(took) % PUSHERS].line
        assert line is not None
        purpose = Purpose("10001-261122-00000001", "giải quyết hồ sơ", f"cb{len(took) // 400:02d}", "resolving")
        ask = Find("code", code, "", purpose) if len(took) % 2 else Find("personal_id", owner, "", purpose)
        began = time.perf_counter()
        await line.expect(ask, FindReply)
        took.append((time.perf_counter() - began) * 1e3)
        await asyncio.sleep(gap_s)
    return took


async def measure(stage: Stage, country: Country, known: list[tuple[str, str]], rounds: int) -> None:
    """Print a line for each page."""
    async with httpx.AsyncClient(base_url=stage.web, timeout=60, trust_env=False) as web:
        await sign_in(web)
        quiet: dict[str, float] = {}
        for page in PAGES:
            await web.get(page)
            before = cpu_s(stage.hub_pid)
            for _ in range(3):
                assert (await web.get(page)).status_code == 200, page
            quiet[page] = (cpu_s(stage.hub_pid) - before) / 3 * 1e3
        for one in country.offices:
            one.make(EVENTS_OF_DOSSIER * 600, EVENTS_OF_DOSSIER)
            await country.connect(one)
        gone, drawn = asyncio.Event(), asyncio.Event()
        pushing, began = asyncio.create_task(push_on(country, gone)), time.monotonic()
        looking = asyncio.create_task(look_ups(country, known, drawn, LOOK_GAP_S))
        taken: dict[str, list[float]] = {page: [] for page in PAGES}
        for _ in range(rounds):
            for page in random.sample(PAGES, len(PAGES)):
                at = time.perf_counter()
                await web.get(page)
                taken[page].append((time.perf_counter() - at) * 1e3)
        drawn.set()
        beside = await looking
        alone = asyncio.Event()
        asyncio.get_running_loop().call_later(ALONE_S, alone.set)
        found = await look_ups(country, known, alone, LOOK_GAP_S)
        gone.set()
        pushed, seconds = await pushing, time.monotonic() - began
    print(f"pushed beside it: {pushed / seconds:.0f} events/s")
    for page in sorted(PAGES, key=lambda one: -percentile(taken[one], 0.95)):
        print(
            f"{page:24} p50 {percentile(taken[page], 0.5):8.1f} ms   p95 {percentile(taken[page], 0.95):8.1f} ms   hub CPU alone {quiet[page]:7.1f} ms"
        )
    every = [one for page in PAGES for one in taken[page]]
    print(f"{'all pages':24} p50 {percentile(every, 0.5):8.1f} ms   p95 {percentile(every, 0.95):8.1f} ms")
    for name, these in (("look-up beside pages", beside), ("look-up beside pushes", found)):
        print(
            f"{name:24} p50 {percentile(these, 0.5):8.1f} ms   p99 {percentile(these, 0.99):8.1f} ms   longest {max(these):.1f} ms   {len(these)} asked"
        )


def engine_of(
    args: argparse.Namespace, folder: Path
) -> contextlib.AbstractContextManager[tuple[str, Engine | None]]:
    """The engine of this run: what was moved to `--at` before, a fresh PostgreSQL, or the hub's own file."""
    if args.at:
        return contextlib.nullcontext((f'\n[store]\npostgres = "{args.at}"\n', Postgres(args.at)))
    return engine_for(folder, args.postgres)


async def run(args: argparse.Namespace, folder: Path) -> None:
    """Fill, start, measure."""
    with engine_of(args, folder) as (settings, engine), open_stage(folder) as stage:
        stage.hub.run("catalogue build")
        stage.hub.stop()
        keys = unlock_keys(stage.files.keys, KeyFileOnDisk(stage.files.raw_key))
        embedded = Embedded(stage.files.database, keys.database_key)
        if args.load is not None:
            shutil.rmtree(stage.files.root)
            shutil.copytree(args.load, stage.files.root)
            keys = unlock_keys(stage.files.keys, KeyFileOnDisk(stage.files.raw_key))
            embedded = Embedded(stage.files.database, keys.database_key)
            text = stage.files.settings.read_text("utf-8")
            text = re.sub(r"(\[bus\]\nport = )\d+", rf"\g<1>{stage.bus_port}", text)
            stage.files.settings.write_text(
                re.sub(r"(\[web\]\nport = )\d+", rf"\g<1>{stage.web.rpartition(':')[2]}", text), "utf-8"
            )
        began, store = time.perf_counter(), HubStore(embedded)
        if args.load is None:
            fill(store, args.documents, 700, int(time.time() * 1000))
        known = [
            (str(code), str(owner))
            for code, owner in store.readers.run(lambda c: c.execute(KNOWN).fetchall())
        ]
        papers = store.readers.run(lambda c: c.execute("SELECT count(*) FROM document").fetchone())
        store.close()
        print(
            f"{papers} papers after {time.perf_counter() - began:.0f} s; {stage.files.database.stat().st_size / 1e6:.0f} MB",
            flush=True,
        )
        if args.save is not None:
            shutil.copytree(stage.files.root, args.save)
            return
        if engine is not None:
            began = time.perf_counter()
            if not args.at:
                rows = sum(move(embedded, engine).values())
                print(f"moved {rows} rows to PostgreSQL in {time.perf_counter() - began:.0f} s", flush=True)
            with stage.files.settings.open("a", encoding="utf-8") as more:
                more.write(settings)
        Accounts(stage.files.root).put(Account("all", "Mọi việc", ROLES), PASSWORD)
        stage.start()
        country = Country(stage, engine or embedded, PUSHERS)
        for one in country.offices:  # beside the 700 that are in the database: these push
            one.node, one.office = type(one.node)(f"p{one.number:05d}a"), type(one.office)(f"{one.number + 50_000:05d}")
        try:
            await country.admit()
            with second_worker(stage, args.worker):
                await measure(stage, country, known, args.rounds)
        finally:
            await asyncio.gather(*(one.close() for one in country.offices))
            country.store.close()


def main() -> None:
    asking = argparse.ArgumentParser()
    asking.add_argument("--documents", type=int, default=1_000_000)
    asking.add_argument("--rounds", type=int, default=20)
    asking.add_argument("--postgres", action="store_true")
    asking.add_argument("--worker", action="store_true", help="a second process answers beside the serving one (PostgreSQL)")
    asking.add_argument("--save", type=Path, help="fill only, and leave the hub's folder here for --load")
    asking.add_argument("--load", type=Path, help="begin with a folder that --save left")
    asking.add_argument("--at", default="", help="with --load: a PostgreSQL database to which that folder was moved before")
    args = asking.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="fleet-pages-") as folder, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(args, Path(folder)))


if __name__ == "__main__":
    main()
