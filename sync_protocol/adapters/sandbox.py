"""The sandbox: one untrusted input, one short-lived process, one result.

Every file from outside is parsed here and nowhere else. Three layers, each active by itself: resource limits and a
system-call filter always; new namespaces through bubblewrap where the machine allows them. The caller passes the allow
list of tasks, so that this room knows nothing about documents or signatures.

Invariant: whatever the input does, the caller gets the result bytes or a `SandboxProblem`, within the wall limit.
Input and output live in anonymous memory; nothing is written to disk.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from sync_protocol.adapters import sandbox_child
from sync_protocol.adapters.sandbox_cell import bubblewrap_command, child_command, child_environment
from sync_protocol.adapters.sandbox_errors import (
    SandboxOutOfMemory,
    SandboxProblem,
    SandboxResultTooLarge,
    SandboxTaskRaised,
    SandboxTaskUnknown,
    SandboxTimeout,
    SandboxUnavailable,
)
from sync_protocol.adapters.sandbox_filter import compile_filter

_PROBE = "sync_protocol.adapters.sandbox_probe:echo"


@dataclass(frozen=True)
class SandboxLimits:
    """What one task may use. Memory is address space, which is larger than what is resident."""

    memory_mb: int = 1024
    cpu_s: int = 10
    wall_s: float = 20.0
    result_mb: int = 64
    open_files: int = 32


@dataclass(frozen=True)
class Layers:
    """Which protections are active on this machine, and why one is not."""

    resource_limits: bool
    system_call_filter: bool
    namespaces: bool
    reason: str = ""


@dataclass(frozen=True)
class Finished:
    """A result with its price: processor seconds and the largest resident size in MB."""

    result: bytes
    cpu_s: float
    resident_mb: int


@dataclass(frozen=True)
class Sandbox:
    """A way to run registered tasks. Made by `open_sandbox`; safe to share between threads."""

    tasks: Mapping[str, str]
    layers: Layers
    _cell: tuple[str, ...]
    _slots: threading.Semaphore

    def run(
        self, task: str, payload: bytes, arguments: Mapping[str, Any], *, limits: SandboxLimits | None = None
    ) -> bytes:
        """Run one registered task on one payload and return its result bytes.

        Waits for a free slot first; the wall limit counts from the start of the process. Blocking: an event loop
        calls it in a thread. Repeating it is harmless.

        Raises:
            SandboxProblem: SBX-001 … SBX-007; the process is gone when this is raised.
        """
        return self.run_measured(task, payload, arguments, limits=limits).result

    def run_measured(
        self, task: str, payload: bytes, arguments: Mapping[str, Any], *, limits: SandboxLimits | None = None
    ) -> Finished:
        """Like `run`, with the processor time and memory the task used."""
        if task not in self.tasks:
            raise SandboxTaskUnknown(task=task)
        with self._slots:
            return _run_once(task, self.tasks[task], payload, arguments, limits or SandboxLimits(), self._cell)

    def describe(self) -> dict[str, bool | str]:
        """The active layers, for the start-up log and `doctor`."""
        return asdict(self.layers)


def open_sandbox(tasks: Mapping[str, str], *, use_namespaces: bool = True, slots: int = 2) -> Sandbox:
    """Find out by trying which layers work here and return a sandbox for the given tasks.

    Args:
        tasks: allow list, task name → `module:function`; the function takes (payload, arguments) and returns bytes.
        use_namespaces: False leaves bubblewrap out, for machines whose policy forbids it (and for tests).
        slots: tasks that may run at the same time.

    Raises:
        SandboxUnavailable: not even limits and the system-call filter work; no outside file may be opened then.
    """
    top_packages = {entry.partition(":")[0].partition(".")[0] for entry in tasks.values()} - {"sync_protocol"}
    cell = bubblewrap_command(sorted(top_packages)) if use_namespaces else None
    reason = "" if cell else ("bubblewrap is not installed" if use_namespaces else "switched off by the caller")
    if cell:
        try:
            _probe(tuple(cell))
        except SandboxProblem as problem:
            cell, reason = None, problem.operator_line
    if not cell:
        _probe(())
    layers = Layers(resource_limits=True, system_call_filter=True, namespaces=bool(cell), reason=reason)
    return Sandbox(dict(tasks), layers, tuple(cell or ()), threading.Semaphore(slots))


def _probe(cell: tuple[str, ...]) -> None:
    try:
        answer = _run_once("probe", _PROBE, b"probe", {}, SandboxLimits(), cell).result
    except SandboxUnavailable:
        raise
    except SandboxProblem as problem:
        raise SandboxUnavailable(reason=problem.operator_line) from problem
    if answer != b"probe":
        raise SandboxUnavailable(reason="the probe task answered something else")


def _run_once(
    task: str, entry: str, payload: bytes, arguments: Mapping[str, Any], limits: SandboxLimits, cell: tuple[str, ...]
) -> Finished:
    try:
        program = compile_filter(may_read_files=bool(cell))
    except (OSError, RuntimeError, ImportError) as cause:
        raise SandboxUnavailable(reason=f"seccomp: {type(cause).__name__}") from cause
    header = msgspec.msgpack.encode(
        {
            "entry": entry,
            "filter": program,
            "limits": {name: int(value) for name, value in asdict(limits).items()},
            "arguments": dict(arguments),
            "payload_bytes": len(payload),
        }
    )
    request = os.memfd_create("request")
    answer = os.memfd_create("answer")
    try:
        with os.fdopen(request, "wb", closefd=False) as stream:
            stream.write(sandbox_child.PREFIX.pack(len(header)) + header)
            stream.write(payload)
        os.lseek(request, 0, os.SEEK_SET)
        status, timed_out = _spawn_and_wait([*cell, *child_command()], request, answer, limits.wall_s)
        told = os.pread(answer, os.fstat(answer).st_size, 0)
    finally:
        os.close(request)
        os.close(answer)
    if timed_out:
        raise SandboxTimeout(task=task, which="wall", limit_s=limits.wall_s)
    if status != 0 or len(told) < sandbox_child.TRAILER.size:
        raise _problem_of(task, status, told, limits)
    cpu_ms, resident_kb = sandbox_child.TRAILER.unpack(told[-sandbox_child.TRAILER.size :])
    return Finished(told[: -sandbox_child.TRAILER.size], cpu_ms / 1000, resident_kb >> 10)


def _spawn_and_wait(command: list[str], stdin: int, stdout: int, wall_s: float) -> tuple[int, bool]:
    """Start, wait, and make sure the process is gone: (exit status or -signal, timed out)."""
    try:
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            close_fds=True,
            start_new_session=True,
        )
    except OSError as cause:
        raise SandboxUnavailable(reason=f"spawn: {cause.strerror}") from cause
    # A pidfd wakes us at once; Popen.wait(timeout=…) polls and would add up to 50 ms to every page.
    watch = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(watch, select.POLLIN)
        timed_out = not poll.poll(wall_s * 1000)
        if timed_out:
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait(), timed_out
    finally:
        os.close(watch)


def _problem_of(task: str, status: int, told: bytes, limits: SandboxLimits) -> SandboxProblem:
    # bubblewrap reports a child killed by a signal as 128 + number, a bare process as -number.
    killed_by = -status if status < 0 else status - 128 if status > 128 else 0
    if killed_by == signal.SIGXCPU:
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
