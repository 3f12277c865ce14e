"""A real message server with real accounts, for tests: started in a moment, gone at the end of the block."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from central_hub.enrolment.admission import push_accounts
from central_hub.enrolment.embedded_server import EmbeddedServer, EmbeddedSettings
from central_hub.enrolment.nodes import NodeRegistry
from central_hub.enrolment.trust import Trust
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.hub import Handler, HubBus
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.settings import BusSettings, BusTiming
from sync_protocol.errors import Problem
from sync_protocol.subjects import Verb

TIMING = BusTiming(
    connect_timeout_s=3, ping_interval_s=0.2, pings_unanswered=3, backoff_first_s=0.05, backoff_max_s=0.2,
    refused_wait_s=0.4, stall_s=30, files_pause_max_s=10, close_s=1,
)  # fmt: skip


def clock() -> dt.datetime:
    """Aware UTC now."""
    return dt.datetime.now(dt.UTC)


def error_reply(node: str, verb: Verb, failure: Exception) -> bytes:
    """What the hub of these tests says about a failed request."""
    return f"error:{failure.code if isinstance(failure, Problem) else type(failure).__name__}".encode()


class World:
    """One server, the hub's keys, and makers of nodes and workers. Everything made here is closed with it."""

    def __init__(self, server: EmbeddedServer, trust: Trust, folder: Path) -> None:
        self.server = server
        self.trust = trust
        self.registry = NodeRegistry(folder, trust, secrets.token_bytes)
        self.chance = random.Random(7).random
        self.authority_pem: bytes | None = None
        self._open: list[NodeBus | HubBus] = []

    def now_s(self) -> int:
        """Unix seconds for tokens."""
        return int(time.time())

    def settings(self, name: str, credentials: str, **changes: Any) -> BusSettings:
        """The way to this server with `credentials`."""
        given = {"servers": (self.server.url,), "ca_pem": self.authority_pem, "timing": TIMING} | changes
        return BusSettings(name=name, credentials=read_credentials(credentials), **given)

    def system(self) -> BusSettings:
        """The way to push accounts."""
        return self.settings("pusher", self.trust.system_credentials(secrets.token_bytes, self.now_s()))

    async def enrol(self, node: str) -> str:
        """A node known to the server; returns its credentials."""
        admitted = self.registry.enrol(node, "00101", self.now_s())
        await push_accounts(self.system(), {node: admitted.account_token})
        return admitted.credentials

    async def node(
        self, name: str = "n0001", credentials: str | None = None, wait_s: float = 5, **changes: Any
    ) -> NodeBus:
        """A connected node (enrolled first where no credentials are given)."""
        credentials = credentials or await self.enrol(name)
        bus = NodeBus(name, self.settings(name, credentials, **changes), clock=clock, chance=self.chance)
        self._open.append(bus)
        await bus.connect(wait_s)
        if wait_s > 0:
            await bus.wait_connected(wait_s, "files")
        return bus

    async def hub(self, handlers: Mapping[Verb, Handler], **changes: Any) -> HubBus:
        """A connected hub worker."""
        credentials = self.trust.worker_credentials("worker", secrets.token_bytes, self.now_s())
        bus = HubBus(
            self.settings("worker", credentials), error_reply=error_reply, clock=clock, chance=self.chance, **changes
        )
        self._open.append(bus)
        await bus.serve(handlers, 5)
        return bus

    async def close(self) -> None:
        """Close everything, the server last."""
        await asyncio.gather(*(bus.close(0.1) if isinstance(bus, HubBus) else bus.close() for bus in self._open))
        await self.server.stop()


@contextlib.asynccontextmanager
async def world(folder: Path, **settings: Any) -> AsyncIterator[World]:
    """A world in `folder`."""
    trust = Trust.load_or_make(folder / "keys", secrets.token_bytes, int(time.time()))
    server = await EmbeddedServer.start(EmbeddedSettings(state_dir=folder / "nats", **settings), trust)
    made = World(server, trust, folder / "keys")
    made.authority_pem = settings.get("authority_pem") or None
    try:
        yield made
    finally:
        await made.close()


async def echo(node: str, payload: bytes) -> bytes:
    """A handler that shows who asked."""
    return node.encode() + b":" + payload


async def until(claim: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Return as soon as `claim()` holds; fail after `timeout_s` seconds."""
    async with asyncio.timeout(timeout_s):
        while not claim():
            await asyncio.sleep(0.01)


def on_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an async test on its own loop, with a bound that turns a hang into a failure."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(30):
                await test(*args, **kwargs)

        asyncio.run(bounded())

    return run
