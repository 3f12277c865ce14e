"""How the bus does on a line of 256 kbit/s, 300 ms and a given loss, over TLS, with the settings an office has.

python -m tests.benchmarks.bus_on_a_bad_line 0.2      (root; prints figures, judges nothing)
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
import statistics
import sys
import tempfile
import threading
from pathlib import Path

from central_hub.enrolment.certificates import issue_server, make_authority
from sync_protocol.adapters.bus.errors import BusProblem
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.settings import BusSettings, BusTiming
from sync_protocol.subjects import Verb
from tests.doubles.namespace_line import HUB_ADDRESS, NamespaceLine
from tests.nats.world import clock, world

RECORD_BYTES = 11_000  # a compressed batch of 50
CHUNK_BYTES = 65_536
RECORDS = 20
CHUNKS = 8


async def _node(settings: BusSettings) -> list[str]:
    loop = asyncio.get_running_loop()
    bus = NodeBus("n0001", settings, clock=clock, chance=secrets.SystemRandom().random)
    began = loop.time()
    await bus.connect(120)
    await bus.wait_connected(120, "files")
    lines = [f"both lanes connected after {loop.time() - began:.1f} s, BBR {bus.state.records.uses_bbr}"]
    resent = 0

    async def ask(verb: Verb, payload: bytes, lane: str) -> float:
        nonlocal resent
        started = loop.time()
        while True:
            try:
                await bus.request(verb, payload, timeout=60, lane=lane)  # type: ignore[arg-type]
                return loop.time() - started
            except BusProblem:
                resent += 1
                await bus.wait_connected(120, lane)  # type: ignore[arg-type]

    async def send_file() -> float:
        started = loop.time()
        for _ in range(CHUNKS):
            await ask(Verb.BLOB, secrets.token_bytes(CHUNK_BYTES), "files")
        return loop.time() - started

    alone = [await ask(Verb.PUSH, secrets.token_bytes(RECORD_BYTES), "records") for _ in range(RECORDS)]
    file = asyncio.create_task(send_file())
    beside = []
    for _ in range(RECORDS):
        beside.append(await ask(Verb.PUSH, secrets.token_bytes(400), "records"))
        await asyncio.sleep(1)
    lines.append(
        f"{RECORDS} batches of {RECORD_BYTES} B: median {statistics.median(alone):.2f} s, max {max(alone):.2f} s"
    )
    lines.append(f"400 B records beside a file: median {statistics.median(beside):.2f} s, max {max(beside):.2f} s")
    lines.append(
        f"file of {CHUNKS * CHUNK_BYTES // 1024} KiB beside them: {await file:.1f} s; requests resent: {resent}"
    )
    await bus.close()
    return lines


async def _measure(loss: float, folder: Path) -> list[str]:
    now = dt.datetime.now(dt.UTC)
    authority = make_authority("bench", now)
    certificate = issue_server(authority, [HUB_ADDRESS, "127.0.0.1"], now)

    async def stored(node: str, payload: bytes) -> bytes:
        return b"receipt"

    async with world(folder, host="0.0.0.0", tls=certificate, authority_pem=authority.certificate_pem) as w:
        await w.hub({Verb.PUSH: stored, Verb.BLOB: stored})
        credentials = await w.enrol("n0001")
        servers = (f"tls://{HUB_ADDRESS}:{w.server.port}",)
        settings = w.settings("n0001", credentials, servers=servers, timing=BusTiming())
        with NamespaceLine(256_000, 0.3, loss) as line:
            done: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
            loop = asyncio.get_running_loop()

            def work() -> None:
                lines = line.run_as_node(lambda: asyncio.run(_node(settings)))
                loop.call_soon_threadsafe(done.set_result, lines)

            threading.Thread(target=work, daemon=True).start()
            lines = await done
            return [*lines, f"packets lost: {line.lost_packets}, bytes carried: {line.carried_bytes}"]


def main() -> None:
    """Print the figures for the loss given on the command line (default 5 %)."""
    loss = float(sys.argv[1]) if len(sys.argv) > 1 else 0.05
    with tempfile.TemporaryDirectory() as folder:
        for line in [f"loss {loss:.0%} each way", *asyncio.run(_measure(loss, Path(folder)))]:
            print(line)


if __name__ == "__main__":
    main()
