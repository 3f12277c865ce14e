"""The stem: a process in the cell that has loaded the libraries of one task, and grows a fresh process for every file.

Loading pyHanko or OpenCV costs half a second of processor, judging a file a tenth of it (measured, decision 0024). So the libraries are
loaded once, before any outside byte is near, and each file gets a fork of that clean state, with its own limits and filter.

Run as a script, isolated (`-I -S`); descriptor 0 is a socket to the program that opened the sandbox. The first message names the entry
and carries the filter; each further one is a wall limit with two descriptors, the request and the answer.

Invariants: the stem never reads a request, so nothing a file holds can change what the next file meets. It has one thread when it
forks. It ends when its owner is gone, or when nobody has asked for a while, without losing a message already sent.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync_protocol.adapters.sandbox.child import Entry

IDLE_S = 120.0
READY = b"ready"
ASKING = struct.Struct(">d")  # wall limit, s
TOLD = struct.Struct(">i?")  # exit status, or minus the signal; ended by the wall limit
_HELLO_BYTES = 1 << 16
# Codecs are modules loaded at first use; these are the ones document libraries reach for.
_CODECS = (
    *("ascii", "latin_1", "cp1252", "idna", "raw_unicode_escape"),
    *("utf_8", "utf_8_sig", "utf_16", "utf_16_be", "utf_16_le", "utf_32"),
)


def main() -> int:
    """Load, tell that all is ready (or why not), and serve until nobody needs it."""
    sys.path[:0] = sys.argv[1:]
    owner = socket.socket(fileno=0)
    hello = owner.recv(_HELLO_BYTES)
    try:
        name, _, program = hello.partition(b"\0")
        module, _, function = name.decode("ascii").partition(":")
        entry: Entry = getattr(importlib.import_module(module), function)
        for codec in _CODECS:
            importlib.import_module(f"encodings.{codec}")
        importlib.import_module("sync_protocol.adapters.sandbox.child")
    except Exception as problem:  # any reason must reach the operator
        owner.send(f"{type(problem).__name__}: {problem}".encode()[:200])
        return 1
    gc.freeze()  # the pages of what is loaded stay shared with every fork
    owner.send(READY)
    while (asked := _next(owner)) is not None:
        owner.send(_serve(owner, entry, program, *asked))
    return 0


def _next(owner: socket.socket) -> tuple[float, int, int] | None:
    """(wall limit, request, answer), or None when it is time to end."""
    if not select.select([owner], [], [], IDLE_S)[0]:
        # From here on asking fails at the asker, who starts another stem; what was asked before is still served.
        owner.shutdown(socket.SHUT_RD)
    message, descriptors, _, _ = socket.recv_fds(owner, ASKING.size, 2)
    if len(message) != ASKING.size or len(descriptors) != 2:
        return None
    return ASKING.unpack(message)[0], descriptors[0], descriptors[1]


def _serve(owner: socket.socket, entry: Entry, program: bytes, wall_s: float, request: int, answer: int) -> bytes:
    grown = os.fork()
    if grown == 0:
        from sync_protocol.adapters.sandbox.child import NOT_READY, serve_one

        try:
            os.setsid()
            os.dup2(request, 0)  # takes the place of the socket: a task has no way to the stem's owner
            os.dup2(answer, 1)
            os.closerange(3, 256)
            status = serve_one(entry, program)
        except BaseException:
            status = NOT_READY
        os._exit(status)
    os.close(request)
    os.close(answer)
    return TOLD.pack(*_watched(owner, grown, wall_s))


def _watched(owner: socket.socket, grown: int, wall_s: float) -> tuple[int, bool]:
    """Wait for the fork, and make sure it is gone: at its end, at the wall limit, or when the owner is."""
    watch = os.pidfd_open(grown)
    try:
        poll = select.poll()
        poll.register(watch, select.POLLIN)
        poll.register(owner, 0)  # hang-up only
        woken = [descriptor for descriptor, _ in poll.poll(wall_s * 1000)]
        timed_out = watch not in woken
        if timed_out:
            os.kill(grown, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(grown, 0)[1]), timed_out
    finally:
        os.close(watch)


if __name__ == "__main__":
    os._exit(main())
