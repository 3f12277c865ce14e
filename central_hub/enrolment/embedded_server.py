"""The message server that `central-hub serve` brings along: started, watched, restarted, and gone when the hub is gone.

start ─▶ running ─dies─▶ wait ─▶ running …   (the wait grows with every death without a minute of life before it, to half a minute)

It is never given up: a disk that is full for ten seconds let it die five times, and then the whole country was without a line until somebody
started the hub anew. From the fifth death in a row on the log says so with a code of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import structlog

from central_hub.enrolment.certificates import KeyAndCertificate
from central_hub.enrolment.errors import EnrolmentProblem, ServerKeepsDying, ServerNotReady, ServerProblem
from central_hub.enrolment.private_files import write_private
from central_hub.enrolment.server_config import ServerConfig, TlsFiles, config_text
from central_hub.enrolment.server_monitor import check_feed_durable, read_monitor
from central_hub.enrolment.server_process import check_config, end_orphan, find_server, spawn
from central_hub.enrolment.trust import Trust
from sync_protocol.adapters.task_ending import end_task
from sync_protocol.adapters.web.errors import AddressNotFree
from sync_protocol.adapters.web.listening import listen_at
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)

READY_S: Final = 20.0
DEATHS_MAX: Final = 5
STEADY_S: Final = 60.0
FIRST_WAIT_S: Final = 0.2
MOST_WAIT_S: Final = 30.0
_PORT_TRIES: Final = 5
_FREE_TRIES: Final = 20
_FREE_WAIT_S: Final = 0.1


class EmbeddedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller decides. Port 0 picks a free one, which is then kept over restarts."""

    state_dir: Path
    host: str = "127.0.0.1"
    port: int = 0
    monitor_port: int = 0
    feed_bytes: int = 0
    name: str = "lienthong"
    tls: KeyAndCertificate | None = None
    authority_pem: bytes = b""


class EmbeddedServer:
    """One nats-server child. Made by `start`; `stop` is idempotent and safe to call at any time."""

    def __init__(self, settings: EmbeddedSettings, trust: Trust, program: Path) -> None:
        self.restarts = 0
        self.port = settings.port
        self.monitor_port = settings.monitor_port
        self._settings = settings
        self._trust = trust
        self._program = program
        self._config_file = settings.state_dir / "nats.conf"
        self._pid_file = settings.state_dir / "nats.pid"
        self._log_file = settings.state_dir / "nats.log"
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.trouble: ServerProblem | None = None  # while it dies again and again

    @classmethod
    async def start(cls, settings: EmbeddedSettings, trust: Trust) -> EmbeddedServer:
        """Write the configuration, check it, start the server and wait until it takes connections.

        Raises:
            ServerProblem: not installed, configuration refused, not ready, or not durable.
            AddressNotFree: another program has the port; the server itself would need 20 s to say so.
        """
        server = cls(settings, trust, find_server())
        end_orphan(server._pid_file, server._config_file)
        await _until_free(settings.host, settings.port)
        for attempt in range(_PORT_TRIES):
            server._choose_ports()
            server._write_files()
            await check_config(server._program, server._config_file)
            try:
                await server._run_once()
                break
            except ServerNotReady:
                await server._end_process()
                if attempt == _PORT_TRIES - 1 or settings.port or "address already in use" not in server.log_tail():
                    raise
        try:
            if settings.feed_bytes:
                await check_feed_durable(server.monitor_url)
        except ServerProblem:
            await server._end_process()
            raise
        server._watch = asyncio.get_running_loop().create_task(server._keep_alive(), name="nats-server")
        return server

    @property
    def url(self) -> str:
        """Where workers on this machine connect."""
        return f"{'tls' if self._settings.tls else 'nats'}://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        """The loopback monitoring address."""
        return f"http://127.0.0.1:{self.monitor_port}"

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    def log_tail(self, characters: int = 4_000) -> str:
        """The end of the server's own log (it names ports, keys' public halves and addresses; no payloads)."""
        with contextlib.suppress(OSError):
            return self._log_file.read_text(encoding="utf-8", errors="replace")[-characters:]
        return ""

    async def wait_ready(self, timeout_s: float = READY_S) -> None:
        """Wait until the client port takes connections and the server calls itself healthy.

        Raises:
            ServerNotReady: not within `timeout_s` seconds.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while True:
            if await self._accepts():
                return
            if loop.time() > deadline or (self._process is not None and self._process.returncode is not None):
                raise ServerNotReady(seconds=timeout_s, reason=self.log_tail(200).strip() or "no log")
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """End the child (politely, then not) and stop watching. Idempotent."""
        watch, self._watch = self._watch, None
        if watch is not None:
            await end_task(watch)
        await self._end_process()

    async def _run_once(self) -> None:
        self._process = await spawn(self._program, self._config_file, self._log_file)
        try:
            write_private(self._pid_file, str(self._process.pid).encode("ascii"))
        except EnrolmentProblem as problem:  # a full disk; where the kernel ends orphans nobody needs the number
            _log.warning("nats.server.pid_unwritten", code=problem.code)
        await self.wait_ready()

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        deaths = 0
        while self._process is not None:
            began = loop.time()
            status = await self._process.wait()
            deaths = 1 if loop.time() - began > STEADY_S else deaths + 1
            self.trouble = ServerKeepsDying(times=deaths, status=status) if deaths >= DEATHS_MAX else None
            _log.error("nats.server.died", status=status, deaths=deaths, code=self.trouble.code if self.trouble else "")
            await asyncio.sleep(min(FIRST_WAIT_S * 2 ** (deaths - 1), MOST_WAIT_S))
            try:
                await self._run_once()
            except (Problem, OSError) as problem:  # it is waited for if it stands, and counts as dead again if it does not
                _log.error("nats.server.not_started", reason=getattr(problem, "code", type(problem).__name__))
            self.restarts += 1

    async def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for end in (process.terminate, process.kill):
            if process.returncode is not None:
                break
            _end_quietly(end)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 3)
        self._pid_file.unlink(missing_ok=True)

    async def _accepts(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.close()
            await read_monitor(self.monitor_url, "healthz")
        except (OSError, ServerNotReady):
            return False
        return True

    def _choose_ports(self) -> None:
        self.port = self._settings.port or _free_port()
        self.monitor_port = self._settings.monitor_port or _free_port()

    def _write_files(self) -> None:
        folder = self._settings.state_dir
        write_private(folder / "operator.jwt", self._trust.operator_token.encode("ascii"))
        config = ServerConfig(
            name=self._settings.name,
            host=self._settings.host,
            port=self.port,
            monitor_port=self.monitor_port,
            operator_file=folder / "operator.jwt",
            system_account=self._trust.system.public,
            preload=self._trust.preload(self._settings.feed_bytes),
            resolver_dir=folder / "accounts",
            feed_dir=folder / "feed",
            feed_bytes=self._settings.feed_bytes,
            tls=self._write_tls(folder),
        )
        write_private(self._config_file, config_text(config))

    def _write_tls(self, folder: Path) -> TlsFiles | None:
        tls = self._settings.tls
        if tls is None:
            return None
        files = TlsFiles(folder / "server.crt", folder / "server.key", folder / "authority.crt")
        write_private(files.certificate, tls.certificate_pem)
        write_private(files.key, tls.key_pem)
        write_private(files.authority, self._settings.authority_pem)
        return files


def _end_quietly(end: Callable[[], None]) -> None:
    with contextlib.suppress(ProcessLookupError):
        end()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _until_free(host: str, port: int) -> None:
    """Return when a fixed port can be listened at: an orphan that was just ended gives it back within moments. Raises AddressNotFree."""
    for left in reversed(range(_FREE_TRIES)):
        try:
            listen_at(host, port, section="bus").close()
            return
        except AddressNotFree:
            if not left:
                raise
            await asyncio.sleep(_FREE_WAIT_S)
