"""The far side of the sandbox: limits first, libraries second, the filter third, and only then the outside bytes.

This file is run as a script by `sandbox.py`, isolated (`-I -S`), in a process that lives for one task. Standard input
holds an 8-byte length, a header (msgpack) and the payload; standard output receives the result and, when there is one,
a trailer with the price: bubblewrap does not hand on the resource usage of what it ran (measured: 3 ms for any task).

Invariant: no byte of the payload is interpreted before the system-call filter is active. A task therefore imports
everything it needs at the top of its module: where no mount namespace exists, later imports cannot open their file.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import struct
import sys
from typing import Any

RAISED, OUT_OF_MEMORY, RESULT_TOO_LARGE, NOT_READY = 70, 71, 72, 73
PREFIX = struct.Struct(">Q")
TRAILER = struct.Struct(">QQ")  # processor time in ms, largest resident size in KiB
# Codecs are modules loaded at first use; these are the ones document libraries reach for.
_CODECS = (
    *("ascii", "latin_1", "cp1252", "idna", "raw_unicode_escape"),
    *("utf_8", "utf_8_sig", "utf_16", "utf_16_be", "utf_16_le", "utf_32"),
)
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _SECCOMP_MODE_FILTER = 22, 38, 2


class _FilterProgram(ctypes.Structure):
    """`struct sock_fprog` of the kernel."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


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
    """Activate the BPF program for this process for ever."""
    libc = ctypes.CDLL(None, use_errno=True)
    filter_program = _FilterProgram(len(program) // 8, program)
    arguments = (_SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_PR_SET_SECCOMP, *arguments):
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
    """Largest resident size. Without namespaces `ru_maxrss` still holds the parent's, which survives the exec."""
    if status is not None:
        for line in os.pread(status, 4096, 0).splitlines():
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _run(entry: Any, payload: bytes, arguments: dict[str, Any], status: int | None) -> int:
    try:
        _write_all(entry(payload, arguments))
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


def main() -> int:
    """Serve the one task on standard input; the exit status tells how it went."""
    sys.path[:0] = sys.argv[1:]
    import msgspec

    header = msgspec.msgpack.decode(_read_all(PREFIX.unpack(_read_all(PREFIX.size))[0]))
    _apply_limits(header["limits"])
    try:
        module, _, function = header["entry"].partition(":")
        entry = getattr(importlib.import_module(module), function)
        for codec in _CODECS:
            importlib.import_module(f"encodings.{codec}")
        status = _open_own_status()
        _install_filter(header["filter"])
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as problem:  # any reason must reach the operator
        _write_all(f"{type(problem).__name__}: {problem}".encode())
        return NOT_READY
    return _run(entry, _read_all(header["payload_bytes"]), header["arguments"], status)


if __name__ == "__main__":
    os._exit(main())
