"""Desks and the hub as processes: started as an operator starts them, killed as nobody would."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from deploy.demo.job.stage import ROOT, Actor, free_port, wait_for
from tests.faults.processes.clerk import Saved
from tests.faults.processes.lines import OfficeLine

SETTINGS = """office_name = "{office}"

[web]
port = {port}

[[officers]]
account = "cb"
name = "Cán bộ"
roles = ["intake", "resolving", "leader"]
"""


class DeskProcess(Actor):
    """A node's program behind the line of its office."""

    def __init__(self, state: Path, line: OfficeLine) -> None:
        super().__init__("node", state)
        self._line = line

    def _command(self, words: object) -> list[str]:
        return [*self._line.prefix, *super()._command(words)]  # type: ignore[arg-type]


class ClerkProcess:
    """An officer at work (`clerk.py`). What it says is gathered by a thread, so that nothing said before a kill is missed."""

    def __init__(self, state: Path, seed: int, log: Path, *, says_first: bool = False) -> None:
        words = [sys.executable, "-m", "tests.faults.processes.clerk", str(state), str(seed)]
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*words, *(["--says-first"] if says_first else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        self.said: queue.Queue[Saved] = queue.Queue()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def ask(self, acts: int) -> None:
        """Let it do so many things; returns at once."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(b"\n" * acts)
            self._process.stdin.flush()

    def kill(self) -> None:
        """SIGKILL; afterwards everything it had said is in `said`."""
        self._process.kill()
        self._end()

    def finish(self) -> None:
        """No more work: it does what it was asked, and ends."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._end()

    def wait_for_word(self) -> None:
        """Wait until it has said something; what it said stays to be heard. Raises queue.Empty when it never does."""
        self.said.put(self.said.get(timeout=60))

    def words(self) -> Iterator[Saved]:
        """What it has said since the last time."""
        while not self.said.empty():
            yield self.said.get()

    def _end(self) -> None:
        self._process.wait()
        self._listening.join()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith(b"\n"):  # half a word was shown to nobody
                self.said.put(msgspec.json.decode(line, type=Saved))


class Desk:
    """One node: its folder, its programs, its line. `is_copy`: it does not know yet that it was put back or copied whole."""

    def __init__(self, node: str, office: str, state: Path, line: OfficeLine) -> None:
        self.node, self.office, self.state, self.line = node, office, state, line
        self.process = DeskProcess(state, line)
        self.clerk: ClerkProcess | None = None
        self.is_copy = False

    def settle_in(self, bundle: bytes, code: str) -> None:
        """Initialise from an enrolment, through the product's own command."""
        sealed, settings = self.state.with_suffix(".ket-noi"), self.state.with_suffix(".toml")
        sealed.write_bytes(bundle)
        settings.write_text(SETTINGS.format(office=self.office, port=free_port()), encoding="utf-8")
        self.process.run("init", "--bundle", sealed, "--code", code, "--settings", settings)

    def start(self) -> None:
        """Serve; returns when it does."""
        lock = self.state / "serve.pid"
        lock.unlink(missing_ok=True)
        self.process.start("serve")
        wait_for(f"desk {self.node}", lambda: self.process.stands() and lock.exists())

    def begin_work(self, seed: int, *, says_first: bool = False) -> ClerkProcess:
        """An officer sits down."""
        self.clerk = ClerkProcess(self.state, seed, self.state.with_suffix(".clerk.log"), says_first=says_first)
        return self.clerk

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the serving program, politely or with SIGKILL."""
        self.process.kill() if number == signal.SIGKILL else self.process.stop()

    def pids(self) -> list[int]:
        """Every program of this desk that stands."""
        return [pid for pid in (self.process.pid, self.clerk.pid if self.clerk else None) if pid is not None]
