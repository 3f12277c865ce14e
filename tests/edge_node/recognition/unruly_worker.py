"""A worker for tests that misbehaves as the page tells it: dies, hangs, eats memory or CPU, or answers nonsense.

The page's bytes are the order; it speaks the real worker's protocol.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from edge_node.recognition.model import PageReading, RecogniserKind
from edge_node.recognition.worker import Finished, Ready, Setup, Task


def serve(connection: Connection) -> None:
    """Obey the first word of each page."""
    setup = msgspec.msgpack.decode(connection.recv_bytes(), type=Setup)
    resource.setrlimit(resource.RLIMIT_AS, (setup.address_bytes, setup.address_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    connection.send_bytes(msgspec.msgpack.encode(Ready()))
    while True:
        msgspec.msgpack.decode(connection.recv_bytes(), type=Task)
        order = connection.recv_bytes().decode()
        word, _, path = order.partition(":")
        if word == "die" or (word == "die-once" and not Path(path).exists()):
            if path:
                Path(path).touch()
            os._exit(9)
        if word == "hang":
            while True:
                time.sleep(60)
        if word == "spin":
            used = resource.getrusage(resource.RUSAGE_SELF)
            resource.setrlimit(
                resource.RLIMIT_CPU, (int(used.ru_utime) + 1 + setup.page_cpu_seconds, resource.RLIM_INFINITY)
            )
            while True:
                pass
        if word == "eat":
            bytearray(64 * 1024**3)
        if word == "babble":
            connection.send_bytes(b"\xc1nonsense")
            continue
        reading = PageReading(RecogniserKind.MANUAL, 200, os.getpid(), 1)
        connection.send_bytes(msgspec.msgpack.encode(Finished(reading, 0.5, 1000)))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
