"""The reading worker: `python -m edge_node.recognition.worker FD`, started by `ReadingService`, never by hand.

It holds the models, takes one page at a time over an inherited socket, and is expendable: limits on address space and CPU end
it when a page misbehaves, and the service starts another. It writes no files and no logs, and what it read leaves only
through the socket.
"""

from __future__ import annotations

import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from edge_node.recognition.limits import PAGE_CPU_SECONDS, WORKER_ADDRESS_BYTES
from edge_node.recognition.model import PageReading, RecogniserKind, Unreadable
from sync_protocol.errors import Problem

if TYPE_CHECKING:
    from edge_node.recognition.draft import Recogniser


class Setup(msgspec.Struct, frozen=True):
    """First message to a worker: which reader, and where Tesseract's language data lies."""

    kind: RecogniserKind
    tessdata: str
    address_bytes: int = WORKER_ADDRESS_BYTES
    page_cpu_seconds: int = PAGE_CPU_SECONDS


class Task(msgspec.Struct, frozen=True):
    """What to do with the picture that the next message is: file bytes (`shape` is None) or raw pixels of `shape` (height, width, 3), BGR.

    `turns`: quarter turns clockwise after which it is shown. `hurry`: the fast reader will do. The picture comes by itself, because
    taking it out of a message would hold it twice.
    """

    dpi: int
    shape: tuple[int, int, int] | None = None
    turns: int = 0
    hurry: bool = False


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The models are loaded and were the measured ones."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The worker cannot start, or could not read this page; the verdict says why."""

    verdict: Unreadable
    operator: str


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """What a page gave, the CPU it took, and the worker's peak of resident memory so far."""

    reading: PageReading | Unreadable
    cpu_seconds: float
    peak_bytes: int


Answer = Ready | Refused | Finished


def serve(connection: Connection) -> int:
    """Answer pages until the other side closes. Returns the exit status."""
    from edge_node.recognition.page_reader import verdict

    setup = msgspec.msgpack.decode(connection.recv_bytes(), type=Setup)
    resource.setrlimit(resource.RLIMIT_AS, (setup.address_bytes, setup.address_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold citizens' pages
    try:
        from edge_node.recognition.readers import recogniser

        reader = recogniser(setup.kind, setup.tessdata)
    except Problem as problem:
        _send(connection, Refused(verdict(problem), problem.operator_line))
        return 1
    _send(connection, Ready())
    while True:
        try:
            task = msgspec.msgpack.decode(connection.recv_bytes(), type=Task)
            picture = connection.recv_bytes()
        except EOFError:
            return 0
        _allow_cpu(setup.page_cpu_seconds)
        _send(connection, _finished(reader, task, picture))
        del picture  # it must not stand beside the next one


def _finished(reader: Recogniser, task: Task, picture: bytes) -> Finished:
    from edge_node.recognition.inference import trim
    from edge_node.recognition.page_reader import as_page, read_picture
    from edge_node.recognition.readers import in_a_hurry

    before = _cpu_seconds()
    page = picture if task.shape is None else as_page(task.shape, picture)
    reading = read_picture(in_a_hurry(reader) if task.hurry else reader, page, task.dpi, task.turns)
    trim()
    return Finished(reading, round(_cpu_seconds() - before, 3), _peak_bytes())


def _allow_cpu(seconds: int) -> None:
    """Let the kernel end this process when the next page uses more CPU than it may."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(_cpu_seconds()) + 1 + seconds, resource.RLIM_INFINITY))


def _peak_bytes() -> int:
    """Largest resident size of this process. `ru_maxrss` would hold the parent's, which survives the exec."""
    for line in Path("/proc/self/status").read_bytes().splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _send(connection: Connection, answer: Answer) -> None:
    connection.send_bytes(msgspec.msgpack.encode(answer))


if __name__ == "__main__":
    sys.exit(serve(Connection(int(sys.argv[1]))))
