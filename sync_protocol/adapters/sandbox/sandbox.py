"""The sandbox: one untrusted input, one short-lived process, one result.

The process is forked from one that has loaded the libraries and never sees an input (`stem.py`).

Every file from outside is parsed here and nowhere else. Three layers, each active by itself: resource limits and a
system-call filter always; new namespaces through bubblewrap where the machine allows them. The caller passes the allow
list of tasks, so that this room knows nothing about documents or signatures.

Invariant: whatever the input does, the caller gets the result bytes or a `SandboxProblem`, within the wall limit.
Input and output live in anonymous memory; nothing is written to disk.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sync_protocol.adapters.sandbox.cell import bubblewrap_command
from sync_protocol.adapters.sandbox.errors import SandboxProblem, SandboxTaskUnknown, SandboxUnavailable
from sync_protocol.adapters.sandbox.process import Finished, SandboxLimits, Stems

__all__ = ["Finished", "Layers", "Sandbox", "SandboxLimits", "open_sandbox"]

_PROBE = "sync_protocol.adapters.sandbox.probe:echo"


@dataclass(frozen=True)
class Layers:
    """Which protections are active on this machine, and why one is not."""

    resource_limits: bool
    system_call_filter: bool
    namespaces: bool
    reason: str = ""


@dataclass(frozen=True)
class Sandbox:
    """A way to run registered tasks. Made by `open_sandbox`; safe to share between threads."""

    tasks: Mapping[str, str]
    layers: Layers
    _stems: Stems
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
            return self._stems.run(task, self.tasks[task], payload, arguments, limits or SandboxLimits())

    def close(self) -> None:
        """End the processes that wait for work; a later task starts one again. Idempotent."""
        self._stems.close()

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
    stems = Stems(tuple(cell or ()))
    opened = Sandbox(dict(tasks), layers, stems, threading.Semaphore(slots))
    weakref.finalize(opened, stems.close)
    return opened


class SandboxOnDemand:
    """A sandbox that is opened by its first task: finding out which layers work takes a fifth of a second of a node's start."""

    def __init__(self, tasks: Mapping[str, str]) -> None:
        self._tasks = dict(tasks)
        self._lock = threading.Lock()
        self._opened: Sandbox | None = None

    def run(
        self, task: str, payload: bytes, arguments: Mapping[str, Any], *, limits: SandboxLimits | None = None
    ) -> bytes:
        """As `Sandbox.run`. Raises what opening and running raise."""
        with self._lock:
            if self._opened is None:
                self._opened = open_sandbox(self._tasks)
        return self._opened.run(task, payload, arguments, limits=limits)


def _probe(cell: tuple[str, ...]) -> None:
    stems = Stems(cell)
    try:
        answer = stems.run("probe", _PROBE, b"probe", {}, SandboxLimits()).result
    except SandboxUnavailable:
        raise
    except SandboxProblem as problem:
        raise SandboxUnavailable(reason=problem.operator_line) from problem
    finally:
        stems.close()
    if answer != b"probe":
        raise SandboxUnavailable(reason="the probe task answered something else")
