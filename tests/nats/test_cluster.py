"""Three real message servers as deploy/nats renders them: a hub and a node over them, one is killed, and the work goes on."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import secrets
import socket
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import nats.errors
import nats.js.errors
import pytest

from central_hub.enrolment.admission import push_accounts
from central_hub.enrolment.certificates import issue_server, make_authority
from central_hub.enrolment.errors import FeedNotDurable, ServerNotReady
from central_hub.enrolment.event_feed import FEED_STREAM, ensure_feed
from central_hub.enrolment.nodes import NodeRegistry
from central_hub.enrolment.private_files import write_private
from central_hub.enrolment.server_config import ClusterPeers, ServerConfig, TlsFiles, config_text
from central_hub.enrolment.server_monitor import check_cluster_durable
from central_hub.enrolment.server_process import check_config, find_server, spawn
from central_hub.enrolment.trust import Trust
from deploy.nats.cluster import SERVERS, server_of
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.errors import BusProblem
from sync_protocol.adapters.bus.hub import HubBus
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.subjects import Verb
from tests.nats.world import TIMING, clock, echo, error_reply, on_loop

T = TypeVar("T")


class Cluster:
    """Three servers on this machine, with the ports and paths of the test in place of the site's."""

    def __init__(self, folder: Path, feed_bytes: int = 0) -> None:
        self.folder, self.feed_bytes = folder, feed_bytes
        self.trust = Trust.load_or_make(folder / "keys", secrets.token_bytes, int(time.time()))
        self.authority = make_authority("hub-test", dt.datetime.now(dt.UTC))
        self.ports = {name: (free_port(), free_port(), free_port()) for name in SERVERS}
        self.processes: dict[str, Process] = {}

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(f"tls://127.0.0.1:{self.ports[name][0]}" for name in SERVERS)

    def _config(self, name: str) -> ServerConfig:
        place = self.folder / name
        place.mkdir()
        made = issue_server(self.authority, ("localhost", "127.0.0.1"), dt.datetime.now(dt.UTC))
        for file, content in (
            ("server.crt", made.certificate_pem),
            ("server.key", made.key_pem),
            ("authority.crt", self.authority.certificate_pem),
        ):
            write_private(place / file, content)
        write_private(place / "operator.jwt", self.trust.operator_token.encode())
        routes = tuple(f"nats-route://127.0.0.1:{self.ports[one][2]}" for one in SERVERS)
        return msgspec.structs.replace(
            server_of(name), host="127.0.0.1", port=self.ports[name][0], monitor_port=self.ports[name][1], operator_file=place / "operator.jwt",
            system_account=self.trust.system.public, preload=self.trust.preload(self.feed_bytes), feed_bytes=self.feed_bytes, resolver_dir=place / "accounts", feed_dir=place / "feed",
            tls=TlsFiles(place / "server.crt", place / "server.key", place / "authority.crt"),
            cluster=ClusterPeers("lienthong", f"127.0.0.1:{self.ports[name][2]}", routes),
        )  # fmt: skip

    async def start(self, careless: str = "") -> None:
        """All three; `careless` acknowledges what its disk does not have yet."""
        program = find_server()
        for name in SERVERS:
            file = self.folder / f"{name}.conf"
            text = config_text(self._config(name))
            write_private(file, text.replace(b'"sync_interval": "always"', b'"sync_interval": "2m"') if name == careless else text)
            await check_config(program, file)
            self.processes[name] = await spawn(program, file, self.folder / f"{name}.log")

    async def stop(self) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def system(self) -> BusSettings:
        return self.settings("pusher", self.trust.system_credentials(secrets.token_bytes, int(time.time())))

    async def hub(self) -> HubBus:
        """A connected hub worker."""
        credentials = self.trust.worker_credentials("worker", secrets.token_bytes, int(time.time()))
        bus = HubBus(self.settings("worker", credentials), error_reply=error_reply, clock=clock, chance=lambda: 0.5)
        await bus.serve({Verb.PUSH: echo}, 15)
        return bus

    def settings(self, name: str, credentials: str) -> BusSettings:
        return BusSettings(
            name=name,
            servers=self.urls,
            ca_pem=self.authority.certificate_pem,
            credentials=read_credentials(credentials),
            timing=TIMING,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def insisted(node: NodeBus, payload: bytes) -> bytes:
    """Ask as the outbox does: until an answer comes."""
    while True:
        try:
            return await node.request(Verb.PUSH, payload, timeout=2)
        except BusProblem:
            await asyncio.sleep(0.05)


@on_loop
async def test_a_node_and_a_hub_go_on_when_one_of_three_servers_is_killed(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    now_s = int(time.time())
    hub = node = None
    try:
        await cluster.start()
        worker = cluster.settings("worker", cluster.trust.worker_credentials("worker", secrets.token_bytes, now_s))
        hub = HubBus(worker, error_reply=error_reply, clock=clock, chance=lambda: 0.5)
        await hub.serve({Verb.PUSH: echo}, 15)
        registry = NodeRegistry(tmp_path / "keys", cluster.trust, secrets.token_bytes)
        admitted = registry.enrol("n0001", "00101", now_s)
        await push_accounts(
            cluster.settings("pusher", cluster.trust.system_credentials(secrets.token_bytes, now_s)),
            {"n0001": admitted.account_token},
        )
        node = NodeBus("n0001", cluster.settings("n0001", admitted.credentials), clock=clock, chance=lambda: 0.5)
        await node.connect(10)
        assert await insisted(node, b"1") == b"n0001:1"
        served = {lane for lane in (hub.client.connected_url.port,)}
        victim = next(name for name in SERVERS if cluster.ports[name][0] in served)
        cluster.processes[victim].kill()  # the very one that the hub is at
        for number in range(2, 12):
            assert await insisted(node, str(number).encode()) == f"n0001:{number}".encode()
        assert hub.client.connected_url.port not in served
    finally:
        if node is not None:
            await node.close()
        if hub is not None:
            await hub.close(0.1)
        await cluster.stop()


FEED = 4 * 2**20


async def all_durable(cluster: Cluster) -> int:
    """Asked as the hub does: again until the servers have found each other."""
    until = time.monotonic() + 30
    while True:
        try:
            return await check_cluster_durable(cluster.system(), 3)
        except ServerNotReady:
            assert time.monotonic() < until


async def insisted_feed(hub: HubBus) -> None:
    """Open the feed as the hub does: again and again until the servers have found each other."""
    until = time.monotonic() + 30
    while True:
        try:
            await ensure_feed(hub.client, FEED // 4, replicas=3)
            return
        except ServerNotReady:
            assert time.monotonic() < until
            await asyncio.sleep(0.1)


@on_loop
async def test_the_feed_is_kept_three_times_and_goes_on_when_one_server_is_killed(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, FEED)
    hub = None
    try:
        await cluster.start()
        assert await all_durable(cluster) == 3
        hub = await cluster.hub()
        await insisted_feed(hub)
        streams = hub.client.jetstream()
        for number in range(3):
            await until_published(hub, b"%d" % number)
        cluster.processes[next(name for name in SERVERS if cluster.ports[name][0] != hub.client.connected_url.port)].kill()
        for number in range(3, 6):
            await until_published(hub, b"%d" % number)
        info = await in_the_end(lambda: streams.stream_info(FEED_STREAM))
        assert info.config.num_replicas == 3
        reader = await in_the_end(lambda: streams.subscribe("feed.>", ordered_consumer=True))
        told = [(await in_the_end(lambda: reader.next_msg(5))).data for _ in range(6)]
        assert sorted(set(told)) == [b"%d" % number for number in range(6)]
    finally:
        if hub is not None:
            await hub.close(0.1)
        await cluster.stop()


async def until_published(hub: HubBus, content: bytes) -> None:
    """As the filling of the feed does: once more with the same id where no answer came."""
    name = {"Nats-Msg-Id": content.decode()}
    await in_the_end(lambda: hub.client.jetstream().publish("feed.dossier.received", content, timeout=2, headers=name))


async def in_the_end(asked: Callable[[], Awaitable[T]]) -> T:
    """What is asked again while the servers that are left choose who leads: for a few seconds nobody answers."""
    until = time.monotonic() + 30
    while True:
        try:
            return await asked()
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError):
            if time.monotonic() > until:
                raise


@on_loop
async def test_a_cluster_of_which_one_server_acknowledges_too_early_gets_no_feed(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, FEED)
    try:
        await cluster.start(careless=SERVERS[1])
        with pytest.raises(FeedNotDurable):
            await all_durable(cluster)
        cluster.processes[SERVERS[1]].kill()
        with pytest.raises(ServerNotReady):  # two are left, and the feed is to be kept three times
            await check_cluster_durable(cluster.system(), 3)
    finally:
        await cluster.stop()


@on_loop
async def test_servers_without_a_feed_are_not_ready_for_one(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    try:
        await cluster.start()
        with pytest.raises(ServerNotReady):
            await check_cluster_durable(cluster.system(), 1)
    finally:
        await cluster.stop()
