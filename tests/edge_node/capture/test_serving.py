"""The serving command itself: it watches the scanners' folder, goes on when the folder comes late, and survives SIGKILL."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from central_hub.enrolment.nodes import NodeRegistry
from central_hub.enrolment.trust import Trust
from edge_node.app import Node
from edge_node.capture.piles import piles_in
from edge_node.identity import StateFolder
from sync_protocol.adapters.disk import RESERVE_NAME, Ballast
from sync_protocol.adapters.keys import KeyFileOnDisk
from tests.browser.desk import make_node
from tests.edge_node.capture.sheets import sheet

BOUND_S = 120


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _node(root: Path, folder: Path) -> None:
    """A node enrolled at a hub that cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    make_node(root, _now, settings=f'[web]\nport = {port}\n[capture]\nwatch_folder = "{folder}"\n').close()  # type: ignore[arg-type]
    trust = Trust.make(secrets.token_bytes, 0)
    credentials = NodeRegistry(root.parent / "hub", trust, secrets.token_bytes).enrol("n00101a", "00101", 5).credentials
    state = StateFolder(root)
    state.write_identity(
        msgspec.structs.replace(state.read_identity(), credentials=credentials, servers=("nats://127.0.0.1:9",))
    )


@contextlib.contextmanager
def _serving(root: Path, end: signal.Signals) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", "from edge_node.cli import main; main()", "serve", "--state", str(root)]
    process = subprocess.Popen(
        command, cwd=Path(__file__).parents[3], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": ""}
    )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(end)
        process.wait(BOUND_S)


def _until(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + BOUND_S
    while not holds():
        assert process.poll() is None, "the node ended"
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.1)


def test_what_scanners_write_reaches_the_tray_of_a_serving_node_also_after_sigkill(tmp_path: Path) -> None:
    root, folder = tmp_path / "node", tmp_path / "quet"
    _node(root, folder)
    with _serving(root, signal.SIGKILL) as node:
        _until(StateFolder(root).lock.exists, node)
        folder.mkdir()
        (folder / "a.jpg").write_bytes(sheet("một"))
        _until((folder / "taken" / "a.jpg").exists, node)
    assert Ballast(root / RESERVE_NAME).is_held  # what the runbook gives back when the disk is full
    (folder / "received").mkdir(exist_ok=True)
    (folder / "received" / "b.jpg").write_bytes(sheet("hai"))  # whole, but the power went before it was sealed
    with _serving(root, signal.SIGTERM) as node:
        _until((folder / "taken" / "b.jpg").exists, node)
    kept = Node(root, KeyFileOnDisk(root / "unattended.key"), now=_now)
    from edge_node.capture.landing import lay_waiting

    lay_waiting(kept.desk)
    assert sum(len(pile.tray.pages) for pile in kept.store.readers.run(lambda c: piles_in(c, "open"))) == 2
    kept.close()
