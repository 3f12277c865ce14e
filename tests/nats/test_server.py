"""The message server as a child of the hub: configured, checked, kept alive, and never left behind."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from central_hub.enrolment import embedded_server
from central_hub.enrolment.certificates import issue_server, make_authority
from central_hub.enrolment.embedded_server import EmbeddedServer, EmbeddedSettings
from central_hub.enrolment.errors import (
    FeedNotDurable,
    MaterialDamaged,
    ServerBinaryMissing,
    ServerConfigRefused,
    ServerKeepsDying,
    ServerNotReady,
)
from central_hub.enrolment.event_feed import FEED_STREAM, ensure_feed
from central_hub.enrolment.private_files import write_private
from central_hub.enrolment.server_config import ClusterPeers, ServerConfig, TlsFiles, config_text, external_notes
from central_hub.enrolment.server_monitor import check_feed_durable
from central_hub.enrolment.server_process import check_config, end_orphan, find_server, spawn
from central_hub.enrolment.trust import Trust
from sync_protocol.adapters.web.errors import AddressNotFree
from sync_protocol.subjects import Verb
from tests.nats.world import echo, on_loop, until, world

FEED = 64 * 1_048_576


def is_running(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def config_for(folder: Path, number: int = 0, cluster: bool = False) -> ServerConfig:
    """A whole configuration with its files in `folder`."""
    trust = Trust.load_or_make(folder / "keys", secrets.token_bytes, 1_790_000_000)
    now = dt.datetime.now(dt.UTC)
    authority = make_authority("Liên Thông", now)
    certificate = issue_server(authority, ["127.0.0.1", "localhost"], now)
    files = TlsFiles(folder / "s.crt", folder / "s.key", folder / "ca.crt")
    for path, content in (
        (files.certificate, certificate.certificate_pem),
        (files.key, certificate.key_pem),
        (files.authority, authority.certificate_pem),
        (folder / "operator.jwt", trust.operator_token.encode()),
    ):
        write_private(path, content)
    routes = tuple(f"nats-route://hub-{index}.bhxh.example:6222" for index in range(3))
    return ServerConfig(
        name=f"hub-{number}",
        host="0.0.0.0",
        port=4222 + number,
        monitor_port=8222 + number,
        operator_file=folder / "operator.jwt",
        system_account=trust.system.public,
        preload=trust.preload(FEED),
        resolver_dir=folder / "accounts",
        feed_dir=folder / "feed",
        feed_bytes=FEED,
        tls=files,
        cluster=ClusterPeers("lienthong", "0.0.0.0:6222", routes) if cluster else None,
    )


@pytest.mark.parametrize("cluster", [False, True])
def test_every_generated_configuration_passes_the_servers_own_check(tmp_path: Path, cluster: bool) -> None:
    @on_loop
    async def scenario() -> None:
        for number in range(3 if cluster else 1):
            config = config_for(tmp_path, number, cluster)
            for text in (config_text(config), external_notes(config)):
                (tmp_path / "nats.conf").write_bytes(text)
                await check_config(find_server(), tmp_path / "nats.conf")

    scenario()


def test_the_configuration_holds_what_bad_lines_and_durability_need(tmp_path: Path) -> None:
    body = msgspec.json.decode(config_text(config_for(tmp_path, cluster=True)))
    assert body["tls"]["handshake_first"] is True and body["tls"]["min_version"] == "1.3"
    assert body["jetstream"]["sync_interval"] == "always"
    assert body["http"].startswith("127.0.0.1:")
    assert body["write_deadline"] == "60s"
    assert body["cluster"]["tls"]["verify"] is True and len(body["cluster"]["routes"]) == 3


@on_loop
async def test_canary_a_configuration_with_a_slip_is_refused_with_the_servers_own_words(tmp_path: Path) -> None:
    (tmp_path / "nats.conf").write_bytes(b'{"port": "not a port"}')
    with pytest.raises(ServerConfigRefused) as refusal:
        await check_config(find_server(), tmp_path / "nats.conf")
    assert "nats.conf:1:2" in refusal.value.operator_line and str(tmp_path) not in refusal.value.operator_line


def test_a_missing_program_is_named_with_the_next_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("central_hub.enrolment.server_process.sysconfig.get_path", lambda name: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerBinaryMissing):
        find_server()


@on_loop
async def test_a_killed_server_is_started_again_on_the_same_port(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        port, first = w.server.port, w.server.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: w.server.restarts == 1 and w.server.pid is not None)
        await w.server.wait_ready()
        assert w.server.port == port and w.server.pid != first


@on_loop
async def test_enrolled_nodes_are_still_known_after_a_restart_of_the_server(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        credentials = await w.enrol("n0001")
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        node = await w.node("n0001", credentials)
        assert await node.request(Verb.PUSH, b"x", timeout=5) == b"n0001:x"


@on_loop
async def test_a_server_that_dies_again_and_again_is_named_and_started_again_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_server, "DEATHS_MAX", 2)
    async with world(tmp_path) as w:
        for deaths in range(2):
            await until(lambda: w.server.restarts == deaths)  # noqa: B023
            pid = w.server.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        await until(lambda: w.server.restarts == 2 and w.server.pid is not None)
        assert isinstance(w.server.trouble, ServerKeepsDying)
        await w.server.wait_ready()


@on_loop
async def test_a_full_disk_while_the_server_is_started_again_does_not_end_its_keeping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def full(path: Path, content: bytes) -> None:
        refused.append(path.name)
        raise MaterialDamaged(name=path.name, reason="No space left on device")

    async def no_room(program: Path, config: Path, log: Path) -> asyncio.subprocess.Process:
        monkeypatch.setattr(embedded_server, "spawn", spawn)
        raise OSError(28, "No space left on device")

    async with world(tmp_path) as w:
        first = w.server.pid
        assert first is not None
        monkeypatch.setattr(embedded_server, "write_private", full)
        monkeypatch.setattr(embedded_server, "spawn", no_room)  # its log cannot be opened, the first time
        os.kill(first, signal.SIGKILL)
        await until(lambda: w.server.restarts == 2 and w.server.pid is not None)
        await w.server.wait_ready()
        assert refused == ["nats.pid"] and w.server.pid != first


@on_loop
async def test_a_taken_port_is_a_reason_and_not_a_hang(tmp_path: Path) -> None:
    async with world(tmp_path / "first") as w:
        trust = Trust.make(secrets.token_bytes, 1_790_000_000)
        with pytest.raises(AddressNotFree, match=r"\[bus\]"):
            await EmbeddedServer.start(EmbeddedSettings(state_dir=tmp_path / "second", port=w.server.port), trust)


def test_the_server_dies_with_its_parent_even_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import asyncio, secrets, sys\n"
        "from pathlib import Path\n"
        "from central_hub.enrolment.embedded_server import EmbeddedServer, EmbeddedSettings\n"
        "from central_hub.enrolment.trust import Trust\n"
        "async def main():\n"
        "    trust = Trust.make(secrets.token_bytes, 1_790_000_000)\n"
        "    server = await EmbeddedServer.start(EmbeddedSettings(state_dir=Path(sys.argv[1])), trust)\n"
        "    print(server.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    asyncio.run(until(lambda: not is_running(child)))


@on_loop
async def test_an_orphan_of_an_earlier_run_is_ended_and_a_stranger_is_left_alone(tmp_path: Path) -> None:
    config = tmp_path / "nats.conf"
    config.write_text('{"host": "127.0.0.1", "port": -1}')
    process = await spawn(find_server(), config, tmp_path / "log")
    (tmp_path / "pid").write_text(str(process.pid))
    assert not end_orphan(tmp_path / "pid", tmp_path / "another.conf")
    assert process.returncode is None
    assert end_orphan(tmp_path / "pid", config)
    assert await process.wait() == -signal.SIGKILL
    assert not end_orphan(tmp_path / "pid", config)


@on_loop
async def test_the_feed_is_durable_bounded_and_made_once(tmp_path: Path) -> None:
    async with world(tmp_path, feed_bytes=FEED) as w:
        hub = await w.hub({Verb.PUSH: echo})
        made = await ensure_feed(hub._lane.client, FEED // 2)
        again = await ensure_feed(hub._lane.client, FEED // 4)
        assert made.config.name == FEED_STREAM and again.config.max_bytes == FEED // 2
        assert again.config.deny_delete and again.config.deny_purge
        acknowledged = await hub._lane.client.jetstream().publish("feed.case", b"x", timeout=5)
        assert acknowledged.seq == 1


@on_loop
async def test_canary_a_server_with_the_default_sync_interval_is_refused(tmp_path: Path) -> None:
    async with world(tmp_path, feed_bytes=FEED) as w:
        await check_feed_durable(w.server.monitor_url)
        config = msgspec.json.decode((tmp_path / "nats" / "nats.conf").read_bytes())
        monitor = w.server.monitor_port
        await w.server.stop()
        del config["jetstream"]["sync_interval"]
        (tmp_path / "lax.conf").write_bytes(msgspec.json.encode(config))
        process = await spawn(find_server(), tmp_path / "lax.conf", tmp_path / "log")
        try:
            async with asyncio.timeout(10):
                while True:
                    try:
                        await check_feed_durable(f"http://127.0.0.1:{monitor}")
                    except ServerNotReady:
                        await asyncio.sleep(0.02)
                    except FeedNotDurable:
                        break
        finally:
            process.kill()
            await process.wait()


@on_loop
async def test_key_files_of_the_running_server_are_private(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.enrol("n0001")
        for name in (
            "keys/trust.json",
            "keys/nodes/n0001.json",
            "nats/nats.conf",
            "nats/nats.log",
            "nats/operator.jwt",
        ):
            assert (tmp_path / name).stat().st_mode & 0o777 == 0o600, name
        (tmp_path / "keys" / "trust.json").chmod(0o644)
        with pytest.raises(MaterialDamaged):
            Trust.load_or_make(tmp_path / "keys", secrets.token_bytes, 0)
