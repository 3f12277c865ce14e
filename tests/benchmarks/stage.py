"""The stage of the sync benchmarks: a real hub process with its embedded message server, and real nodes enrolled with it."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from central_hub.enrolment.trust import Trust
from central_hub.folder import HubFolder
from deploy.demo.job.stage import Actor, free_port, is_listening, wait_for
from edge_node.app import Node, utc_now
from edge_node.identity import StateFolder
from edge_node.initialise import initialise
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.keys import KeyFileOnDisk

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class Stage:
    """A serving hub in `folder`. Nodes made here run in this process."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", settings: str = "") -> None:
        self.folder = folder
        self.bus_port, self._web_port = free_port(), free_port()
        self.hub = Actor("hub", folder / "hub")
        self.files = HubFolder(folder / "hub")
        self.hub.run("init", "--name", "bench", "--bus-port", str(self.bus_port), "--web-port", str(self._web_port))
        if host != "127.0.0.1":
            text = self.files.settings.read_text(encoding="utf-8")
            names = f'[bus]\nhost = "0.0.0.0"\nnames = ["localhost", "127.0.0.1", "{host}"]\n'
            self.files.settings.write_text(text.replace("[bus]\n", names), encoding="utf-8")
        if settings:
            with self.files.settings.open("a", encoding="utf-8") as more:
                more.write(settings)
        self._host = host
        self.start()

    def start(self) -> None:
        """Serve, and wait until the hub answers."""
        self.files.running.unlink(missing_ok=True)
        self.hub.start("serve")
        wait_for("the hub", lambda: self.files.running.exists() and is_listening(self._web_port))

    def move_to(self, url: str) -> None:
        """Move the stopped hub's tables to PostgreSQL, from where it serves from now on."""
        self.hub.run("store move", "--to-postgres", url, "--json")
        with self.files.settings.open("a", encoding="utf-8") as settings:
            settings.write(f'\n[store]\npostgres = "{url}"\n')

    @property
    def web(self) -> str:
        """Where the hub's pages are."""
        return f"http://127.0.0.1:{self._web_port}"

    @property
    def hub_pid(self) -> int:
        """The serving hub's process."""
        return self.files.read_running().pid

    def node(self, name: str, office: str) -> Node:
        """A fresh node; the caller closes it."""
        bundle = self.folder / f"{name}.bundle"
        server = f"tls://{self._host}:{self.bus_port}"
        handed = self.hub.run("enrol", name, office, "--out", bundle, "--server", server, "--json")
        root = self.folder / name
        initialise(root, bundle.read_bytes(), handed["code"], None, None, utc_now(), secrets.token_bytes)
        return Node(root, KeyFileOnDisk(StateFolder(root).raw_key))

    def worker(self, name: str) -> BusSettings:
        """A way to the same message server inside the hub's own account, for the floor."""
        trust = Trust.load_or_make(self.files.trust, secrets.token_bytes, int(time.time()))
        credentials = trust.worker_credentials(name, secrets.token_bytes, int(time.time()))
        return BusSettings(
            name=name, servers=(self.files.read_running().server,), credentials=read_credentials(credentials),
            ca_pem=self.files.authority.read_bytes(),
        )  # fmt: skip


@contextmanager
def open_stage(folder: Path, host: str = "127.0.0.1", settings: str = "") -> Iterator[Stage]:
    """A stage whose hub ends with the block."""
    made = Stage(folder, host, settings)
    try:
        yield made
    finally:
        made.hub.stop()


def cpu_s(pid: int) -> float:
    """Processor seconds of a process and its threads so far (resolution 10 ms)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def rss_mb(pid: int) -> float:
    """Resident memory of a process in MB (10^6 bytes)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
