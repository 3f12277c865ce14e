"""The owner's side of a stem: started once per task, asked once per file, started anew when it is gone.

Input and output of every file live in anonymous memory of their own; nothing is written to disk. Called by `sandbox.py` only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from sync_protocol.adapters.sandbox import child as sandbox_child
from sync_protocol.adapters.sandbox import stem as sandbox_stem
from sync_protocol.adapters.sandbox.cell import child_environment, stem_command
from sync_protocol.adapters.sandbox.errors import (
    SandboxOutOfMemory,
    SandboxProblem,
    SandboxResultTooLarge,
    SandboxTaskRaised,
    SandboxTimeout,
    SandboxUnavailable,
)
from sync_protocol.adapters.sandbox.filter import compile_filter

_START_S = 60.0
_GRACE_S = 10.0


@dataclass(frozen=True)
class SandboxLimits:
    """What one task may use. Memory is address space, which is larger than what is resident."""

    memory_mb: int = 1024
    cpu_s: int = 10
    wall_s: float = 20.0
    result_mb: int = 64
    open_files: int = 32


@dataclass(frozen=True)
class Finished:
    """A result with its price: processor seconds and the largest resident size in MB."""

    result: bytes
    cpu_s: float
    resident_mb: int


class StemGone(Exception):
    """The stem did not take the request, or ended without an answer; another one may be asked."""


class Stem:
    """One stem, asked by one thread at a time."""

    def __init__(self, entry: str, cell: tuple[str, ...]) -> None:
        """Start it and wait until its libraries are loaded.

        Raises:
            SandboxUnavailable: it cannot start here, or the entry does not exist.
        """
        try:
            program = compile_filter(may_read_files=bool(cell))
        except (OSError, RuntimeError, ImportError) as cause:
            raise SandboxUnavailable(reason=f"seccomp: {type(cause).__name__}") from cause
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._process = _spawn([*cell, *stem_command()], theirs)
        except OSError as cause:
            self._socket.close()
            raise SandboxUnavailable(reason=f"spawn: {cause.strerror}") from cause
        finally:
            theirs.close()
        self._socket.settimeout(_START_S)
        told = b""
        with contextlib.suppress(OSError):
            self._socket.send(entry.encode("ascii") + b"\0" + program)
            told = self._socket.recv(1 << 10)
        if told != sandbox_stem.READY:
            self.close()
            reason = told.decode("utf-8", "replace") or f"the stem ended with status {self._process.returncode}"
            raise SandboxUnavailable(reason=reason)

    def ask(self, request: int, answer: int, wall_s: float) -> tuple[int, bool]:
        """Let it grow a process for a request: (exit status or minus the signal, ended by the wall limit).

        Raises:
            StemGone: nothing is known of the request; repeating it elsewhere is harmless.
        """
        self._socket.settimeout(wall_s + _GRACE_S)
        try:
            socket.send_fds(self._socket, [sandbox_stem.ASKING.pack(wall_s)], [request, answer])
            told = self._socket.recv(sandbox_stem.TOLD.size)
        except OSError as cause:
            raise StemGone from cause
        if len(told) != sandbox_stem.TOLD.size:
            raise StemGone
        status, timed_out = sandbox_stem.TOLD.unpack(told)
        return status, timed_out

    def close(self) -> None:
        """End it with all it grew. Idempotent."""
        self._socket.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Stems:
    """The stems of one sandbox that wait for work, by entry. Safe to share between threads."""

    def __init__(self, cell: tuple[str, ...]) -> None:
        self._cell, self._lock = cell, threading.Lock()
        self._idle: dict[str, list[Stem]] = {}

    def run(
        self, task: str, entry: str, payload: bytes, arguments: Mapping[str, Any], limits: SandboxLimits
    ) -> Finished:
        """Run one entry point in a process of its own.

        Raises:
            SandboxProblem: SBX-001 … SBX-006; the process is gone by then.
        """
        names = {name: int(value) for name, value in asdict(limits).items()}
        described = {"limits": names, "arguments": dict(arguments), "payload_bytes": len(payload)}
        header = msgspec.msgpack.encode(described)
        for is_last in (False, True):
            request, answer = os.memfd_create("request"), os.memfd_create("answer")
            try:
                with os.fdopen(request, "wb", closefd=False) as stream:
                    stream.write(sandbox_child.PREFIX.pack(len(header)) + header)
                    stream.write(payload)
                os.lseek(request, 0, os.SEEK_SET)
                status, timed_out = self._ask(entry, request, answer, limits.wall_s)
                told = os.pread(answer, os.fstat(answer).st_size, 0)
                break
            except StemGone:  # ended while idle, or by a machine short of memory: once more, from a fresh start
                if is_last:
                    raise SandboxProblem(task=task, status=-signal.SIGKILL) from None
            finally:
                os.close(request)
                os.close(answer)
        if timed_out:
            raise SandboxTimeout(task=task, which="wall", limit_s=limits.wall_s)
        if status != 0 or len(told) < sandbox_child.TRAILER.size:
            raise _problem_of(task, status, told, limits)
        cpu_ms, resident_kb = sandbox_child.TRAILER.unpack(told[-sandbox_child.TRAILER.size :])
        return Finished(told[: -sandbox_child.TRAILER.size], cpu_ms / 1000, resident_kb >> 10)

    def close(self) -> None:
        """End every stem that waits. Idempotent; a later task starts one again."""
        with self._lock:
            waiting = [stem for stems in self._idle.values() for stem in stems]
            self._idle.clear()
        for stem in waiting:
            stem.close()

    def _ask(self, entry: str, request: int, answer: int, wall_s: float) -> tuple[int, bool]:
        with self._lock:
            waiting = self._idle.setdefault(entry, [])
            stem = waiting.pop() if waiting else None
        stem = stem or Stem(entry, self._cell)
        try:
            told = stem.ask(request, answer, wall_s)
        except BaseException:
            stem.close()
            raise
        with self._lock:
            self._idle.setdefault(entry, []).append(stem)
        return told


def _spawn(command: list[str], theirs: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=theirs.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        close_fds=True,
        start_new_session=True,
    )


def _problem_of(task: str, status: int, told: bytes, limits: SandboxLimits) -> SandboxProblem:
    if status == -signal.SIGXCPU:
        return SandboxTimeout(task=task, which="processor", limit_s=limits.cpu_s)
    if status == sandbox_child.OUT_OF_MEMORY:
        return SandboxOutOfMemory(task=task, limit_mb=limits.memory_mb)
    if status == sandbox_child.RESULT_TOO_LARGE:
        return SandboxResultTooLarge(task=task, limit_mb=limits.result_mb)
    if status == sandbox_child.RAISED:
        return SandboxTaskRaised(task=task, raised=told[:60].decode("ascii", "replace"))
    if status == sandbox_child.NOT_READY:
        return SandboxUnavailable(reason=told[:200].decode("utf-8", "replace"))
    return SandboxProblem(task=task, status=status)
