"""Tasks that try to get out of the sandbox, each with what they say when they are out."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

OUT = b"out"
_LIBC = ctypes.CDLL(None, use_errno=True)
_BAD = -1


def _called(answer: int) -> None:
    if answer == _BAD:
        raise OSError(ctypes.get_errno(), "refused")


def _socket(target: str) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _unix_socket(target: str) -> None:
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def _trace(target: str) -> None:
    _called(_LIBC.ptrace(0, 0, 0, 0))


def _mount(target: str) -> None:
    _called(_LIBC.mount(b"none", b"/", b"tmpfs", 0, None))


def _unshare(target: str) -> None:
    _called(_LIBC.unshare(0x10000000))


def _write(target: str) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600))


def _write_in_tmp(target: str) -> None:
    os.close(os.open("/tmp/escaped", os.O_WRONLY | os.O_CREAT, 0o600))


def _read_passwd(target: str) -> None:
    Path("/etc/passwd").read_bytes()


def _read_data(target: str) -> None:
    Path(target).read_bytes()


def _shell(target: str) -> None:
    os.execv("/bin/sh", ["sh", "-c", "true"])


def _fork(target: str) -> None:
    if os.fork() == 0:
        os._exit(0)


def _kill_parent(target: str) -> None:
    os.kill(os.getppid(), signal.SIGCONT)


def _raise_limits(target: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))


def _reach_the_stem(target: str) -> None:
    found = [number for number in range(64) if _is_socket(number)]
    if not found:
        raise OSError("no socket to anybody")
    os.dup(found[0])


def _is_socket(number: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False


def _remove(target: str) -> None:
    Path(target).unlink()


ATTEMPTS: dict[str, Callable[[str], None]] = {
    function.__name__.strip("_"): function
    for function in (
        *(_socket, _unix_socket, _trace, _mount, _unshare, _write, _write_in_tmp, _read_passwd, _read_data),
        *(_shell, _fork, _kill_parent, _raise_limits, _reach_the_stem, _remove),
    )
}


def attempt(payload: bytes, arguments: dict[str, Any]) -> bytes:
    """Try one way out; the name of the refusal is the answer of a sandbox that holds."""
    try:
        ATTEMPTS[arguments["attempt"]](arguments["target"])
    except (OSError, ValueError) as refused:  # setrlimit turns EPERM into ValueError
        return type(refused).__name__.encode()
    return OUT


SEEN: list[bytes] = []


def remember(payload: bytes, arguments: dict[str, Any]) -> bytes:
    """Leave a mark in the module and tell every mark that is there: what a poisoned library would look like."""
    SEEN.append(payload)
    return b" ".join(SEEN)


def misbehave(payload: bytes, arguments: dict[str, Any]) -> bytes:
    """Use too much of something, or fail."""
    how = arguments["how"]
    if how == "spin":
        while True:
            pass
    if how == "hang":
        while True:
            time.sleep(1)
    if how == "grow":
        return b"x" * (8 << 30)
    if how == "flood":
        return b"x" * int(arguments["size"])
    if how == "abort":
        os.abort()
    if how == "crash":
        ctypes.string_at(0)
    raise ValueError("a person's name")
