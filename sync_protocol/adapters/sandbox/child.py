"""The near end of one task: a process forked from its stem limits itself, closes the filter, and only then reads the outside bytes.

Descriptor 0 holds an 8-byte length, a header (msgpack) and the payload; descriptor 1 receives the result and, when there is one,
a trailer with the price, which counts from the fork: the libraries of the stem are nobody's.

Invariant: no byte of the payload is read before the system-call filter is active. A task therefore imports
everything it needs at the top of its module: where no mount namespace exists, later imports cannot open their file.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Callable
from typing import Any

import msgspec

RAISED, OUT_OF_MEMORY, RESULT_TOO_LARGE, NOT_READY = 70, 71, 72, 73
PREFIX = struct.Struct(">Q")
TRAILER = struct.Struct(">QQ")  # processor time in ms, largest resident size in KiB
Entry = Callable[[bytes, dict[str, Any]], bytes]
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 1, 22, 38, 2


class _FilterProgram(ctypes.Structure):
    """`struct sock_fprog` of the kernel."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def serve_one(entry: Entry, filter_program: bytes) -> int:
    """Run the one task that descriptor 0 holds; the exit status tells how it went. Never raises."""
    try:
        header = msgspec.msgpack.decode(_read_all(PREFIX.unpack(_read_all(PREFIX.size))[0]))
        _apply_limits(header["limits"])
        status = _open_own_status()
        _install_filter(filter_program)
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as problem:  # any reason must reach the operator
        _write_all(f"{type(problem).__name__}: {problem}".encode())
        return NOT_READY
    return _run(entry, header, status)


def _apply_limits(limits: dict[str, int]) -> None:
    pairs = (
        (resource.RLIMIT_AS, limits["memory_mb"] << 20),
        (resource.RLIMIT_FSIZE, (limits["result_mb"] << 20) + TRAILER.size),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    )
    for which, value in pairs:
        resource.setrlimit(which, (value, value))
    # With soft equal to hard the kernel sends SIGKILL and the reason would be lost.
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_s"], limits["cpu_s"] + 1))


def _install_filter(program: bytes) -> None:
    """Activate the BPF program for this process for ever, and let it die with its stem."""
    libc = ctypes.CDLL(None, use_errno=True)
    filter_program = _FilterProgram(len(program) // 8, program)
    arguments = (_SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0)
    steps = (
        (_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0),
        (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        (_PR_SET_SECCOMP, *arguments),
    )
    if any(libc.prctl(*step) for step in steps):
        raise OSError(ctypes.get_errno(), "seccomp")


def _write_all(content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(1, view) :]


def _read_all(size_bytes: int) -> bytes:
    parts = bytearray()
    while len(parts) < size_bytes and (part := os.read(0, min(size_bytes - len(parts), 1 << 24))):
        parts += part
    return bytes(parts)


def _open_own_status() -> int | None:
    """`/proc/self/status`, opened while that is still allowed; inside namespaces there is no `/proc`."""
    try:
        return os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return None


def _resident_kb(status: int | None) -> int:
    """Largest resident size, the libraries shared with the stem among it."""
    if status is not None:
        for line in os.pread(status, 4096, 0).splitlines():
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _run(entry: Entry, header: dict[str, Any], status: int | None) -> int:
    try:
        _write_all(entry(_read_all(header["payload_bytes"]), header["arguments"]))
        usage = resource.getrusage(resource.RUSAGE_SELF)
        _write_all(TRAILER.pack(int((usage.ru_utime + usage.ru_stime) * 1000), _resident_kb(status)))
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as problem:
        if problem.errno == 27:  # EFBIG: the result cap
            return RESULT_TOO_LARGE
        _write_all(type(problem).__name__.encode())
        return RAISED
    except BaseException as problem:  # the process ends here; the type name is all that may be told
        _write_all(type(problem).__name__.encode())
        return RAISED
    return 0
