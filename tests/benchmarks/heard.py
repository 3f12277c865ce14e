"""How soon a dead line shows, and what a slow one is called: `python -m tests.benchmarks.heard 0.2` (root; prints figures, judges nothing).

A real message server over TLS, a node behind 256 kbit/s, 300 ms and the given loss each way: first idle, then with a file going up, then every packet is
dropped without a word, then the line carries again. The hub's own watch tells how the node is heard, once a second.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
import sys
import tempfile
import threading
from pathlib import Path

from central_hub.enrolment.certificates import issue_server, make_authority
from central_hub.operations import watching
from central_hub.operations.hearing import Hearing
from central_hub.operations.presence import Roll
from sync_protocol.adapters.bus.errors import BusProblem
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.session import Session
from sync_protocol.adapters.bus.settings import BusSettings, BusTiming
from sync_protocol.subjects import Verb
from tests.doubles.namespace_line import HUB_ADDRESS, NamespaceLine
from tests.nats.world import World, clock, world

CHUNK_BYTES = 65_536
IDLE_S, FILE_S, CUT_S, BACK_S = 90, 60, 20, 30
NODE = "n0001"


class Watch:
    """The hub's watch without its database: the voice now, and when it changed."""

    def __init__(self, w: World) -> None:
        self._w = w
        self.voice = "clear"
        self.changes: list[tuple[float, str]] = []
        self.oldest_ms = 0

    async def run(self) -> None:
        loop, session, heard_ms, hearing = asyncio.get_running_loop(), Session("watch", self._w.server.url), dict[str, int](), Hearing()
        await session.open(self._w.system(), "_INBOX")
        servers = await watching._servers(session)
        while True:
            roll = Roll()
            listed = [one async for one in watching._open_connections(session, servers, set())]
            roll.listed((node, connection) for node, connection, _ in listed)
            now_ms = int(loop.time() * 1000)
            ages = await watching._ages(session, servers, roll.holders(), heard_ms, now_ms)
            self.oldest_ms = max(self.oldest_ms, ages.get(NODE, 0))
            for heard in hearing.look(ages, now_ms).values():
                self.voice = heard.voice
                self.changes.append((loop.time(), heard.voice))
            await asyncio.sleep(watching.HEAR_S)

    def stretch(self, began: float, seconds: float) -> str:
        """What was said in a stretch of time."""
        said = [voice for at, voice in self.changes if began <= at < began + seconds]
        worst, self.oldest_ms = self.oldest_ms, 0
        return f"longest unheard {worst / 1000:.1f} s, {len(said)} changes of word {said}, at the end {self.voice}"


async def _node(settings: BusSettings, wants_file: threading.Event, ends: threading.Event) -> None:
    bus = NodeBus(NODE, settings, clock=clock, chance=secrets.SystemRandom().random)
    await bus.connect(120)
    while not ends.is_set():
        if wants_file.is_set():
            try:
                await bus.request(Verb.BLOB, secrets.token_bytes(CHUNK_BYTES), timeout=60, lane="files")
            except BusProblem:
                await asyncio.sleep(1)
        else:
            await asyncio.sleep(0.2)
    await bus.close()


async def _measure(loss: float, folder: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    authority = make_authority("bench", now)
    certificate = issue_server(authority, [HUB_ADDRESS, "127.0.0.1"], now)

    async def stored(node: str, payload: bytes) -> bytes:
        return b"receipt"

    async with world(folder, host="0.0.0.0", tls=certificate, authority_pem=authority.certificate_pem) as w:
        await w.hub({Verb.BLOB: stored})
        servers = (f"tls://{HUB_ADDRESS}:{w.server.port}",)
        settings = w.settings(NODE, await w.enrol(NODE), servers=servers, timing=BusTiming())
        wants_file, ends, loop = threading.Event(), threading.Event(), asyncio.get_running_loop()
        with NamespaceLine(256_000, 0.3, loss) as line:
            node = threading.Thread(target=lambda: line.run_as_node(lambda: asyncio.run(_node(settings, wants_file, ends))))
            node.start()
            watch = Watch(w)
            watching_on = asyncio.create_task(watch.run())
            await asyncio.sleep(15)
            watch.oldest_ms = 0

            began, carried = loop.time(), line.carried_bytes
            await asyncio.sleep(IDLE_S)
            print(f"idle {IDLE_S} s: {(line.carried_bytes - carried) / IDLE_S:.0f} B/s both ways; {watch.stretch(began, IDLE_S)}", flush=True)
            wants_file.set()
            began = loop.time()
            await asyncio.sleep(FILE_S)
            print(f"file going up {FILE_S} s: {watch.stretch(began, FILE_S)}", flush=True)
            wants_file.clear()
            await asyncio.sleep(20)
            for what, seconds, loses in (("every packet dropped", CUT_S, 1.0), ("carries again", BACK_S, loss)):
                line._loss, began = loses, loop.time()
                await asyncio.sleep(seconds)
                after = [f"{at - began:.1f} s {voice}" for at, voice in watch.changes if at >= began]
                print(f"{what}: {', '.join(after) or 'no change'}", flush=True)
            ends.set()
            if watching_on.done():
                print(f"the watch ended: {watching_on.exception()!r}", flush=True)
            watching_on.cancel()
            await asyncio.gather(watching_on, return_exceptions=True)
            await asyncio.to_thread(node.join)


def main() -> None:
    """Print the figures for the loss given on the command line (default 0)."""
    loss = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    with tempfile.TemporaryDirectory() as folder:
        print(f"loss {loss:.0%} each way", flush=True)
        asyncio.run(_measure(loss, Path(folder)))


if __name__ == "__main__":
    main()
