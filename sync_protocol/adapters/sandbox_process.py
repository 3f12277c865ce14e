"""One sandboxed process: started, fed, watched and gone, with its result or the reason why there is none.

Input and output live in anonymous memory; nothing is written to disk. Called by `sandbox.py` only.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from sync_protocol.adapters import sandbox_child
from sync_protocol.adapters.sandbox_cell import child_command, child_environment
from sync_protocol.adapters.sandbox_errors import (
    SandboxOutOfMemory,
    SandboxProblem,
    SandboxResultTooLarge,
    SandboxTaskRaised,
    SandboxTimeout,
    SandboxUnavailable,
)
from sync_protocol.adapters.sandbox_filter import compile_filter


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


def run_once(
    task: str, entry: str, payload: bytes, arguments: Mapping[str, Any], limits: SandboxLimits, cell: tuple[str, ...]
) -> Finished:
    """Run one entry point in a fresh process inside `cell` (a command prefix, empty for none).

    Raises:
        SandboxProblem: SBX-001 … SBX-006; the process is gone by then.
    """
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
