"""The stage: state folders, processes, and the product's own commands, called as an operator would call them."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[3]
START_S = 60.0
OTHER_PORTS = range(20_000, 32_000)


class CommandFailed(RuntimeError):
    """A command of the product did not end well; its own words are in the message."""


class Actor:
    """One of the product's programs over one state folder."""

    def __init__(self, program: str, state: Path) -> None:
        self.state = state
        self._module = {"hub": "central_hub.cli", "node": "edge_node.cli"}[program]
        self._process: subprocess.Popen[bytes] | None = None
        self.log = state.with_suffix(".log")

    def run(self, *words: str | Path, ok: Sequence[int] = (0,)) -> Any:
        """Run one command to its end; its JSON answer, or None where it has none.

        Raises:
            CommandFailed: another exit code than those in `ok`.
        """
        ended = subprocess.run(self._command(words), capture_output=True, cwd=ROOT, env=_environment())
        if ended.returncode not in ok:
            said = ended.stderr.decode(errors="replace").strip()
            raise CommandFailed(f"{' '.join(str(word) for word in words)}\n{said}")
        text = ended.stdout.strip()
        return msgspec.json.decode(text) if text.startswith((b"{", b"[")) else None

    def start(self, *words: str | Path) -> None:
        """Start a serving process in a process group of its own."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(words), stdout=log, stderr=log, cwd=ROOT, env=_environment(), start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL the process and everything it started: a power cut."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Ask the process to end, and see that it does."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def is_running(self) -> bool:
        """Whether the process stands."""
        return self.pid is not None

    @property
    def pid(self) -> int | None:
        """The serving process, while it stands."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def stands(self) -> bool:
        """True. Raises CommandFailed with its last words when the process ended."""
        if not self.is_running():
            raise CommandFailed(f"chương trình đã dừng:\n{self.said()}")
        return True

    def said(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-2_000:] if self.log.exists() else ""

    def _command(self, words: Sequence[str | Path]) -> list[str]:
        verb, *rest = (str(word) for word in words)
        call = f"from {self._module} import main; main()"
        words_of_verb = verb.split()
        return [sys.executable, "-c", call, *words_of_verb, "--state", str(self.state), *rest]


def wait_for(what: str, look: Callable[[], Any], within_s: float = START_S) -> Any:
    """Look until there is something; raises CommandFailed when there never is."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.2)
    raise CommandFailed(f"chờ mãi không thấy: {what}")


def is_listening(port: int) -> bool:
    """Whether something takes connections on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port(preferred: int | None = None) -> int:
    """The preferred port, or another free one below those that systems hand out for outgoing connections.

    A program binds its port seconds after it was looked for here. One that the kernel hands out was taken meanwhile by some connection of
    this machine: the hub ended with "address already in use" in a whole run of the tests.
    """
    usual = [preferred] if preferred else []
    for port in (*usual, *random.SystemRandom().sample(OTHER_PORTS, 50)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandFailed("không còn cổng trống")


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120", "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
