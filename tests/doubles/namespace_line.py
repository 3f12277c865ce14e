"""A line that loses packets: a network namespace joined to this machine by two TUN devices and a shuttle. Benchmarks only.

Real kernel TCP runs over it, so congestion control, retransmission and time-outs are the real ones. Needs root, Linux and
`ip`; the kernel needs no netem. The node's side is the namespace (10.99.0.2), the hub's side is this machine (10.99.0.1).
"""

from __future__ import annotations

import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TypeVar

HUB_ADDRESS = "10.99.0.1"
NODE_ADDRESS = "10.99.0.2"

_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x1001
_CLONE_NEWNET = 0x40000000
_MTU = 1400
_T = TypeVar("_T")


class NamespaceLine:
    """One bad line.

    Args:
        bits_per_s: rate of each direction.
        round_trip_s: twice the delay of each direction.
        loss: probability that a packet is lost, each way.
        queue_bytes: what the slow router holds before it drops the tail.
        seed: makes the losses repeatable.
    """

    def __init__(
        self, bits_per_s: int, round_trip_s: float, loss: float, *, queue_bytes: int = 65_536, seed: int = 1
    ) -> None:
        self.lost_packets = 0
        self.carried_bytes = 0
        self._bytes_per_s = bits_per_s / 8
        self._delay_s = round_trip_s / 2
        self._loss = loss
        self._queue_bytes = queue_bytes
        self._chance = random.Random(seed).random
        self._name = f"lt{os.getpid() % 100_000}"
        self._stop = threading.Event()
        self._shuttle = threading.Thread(target=self._carry, daemon=True)
        self._ends: tuple[int, int] = (-1, -1)

    def __enter__(self) -> NamespaceLine:
        _ip("netns", "add", self._name)
        node, hub = _tun(f"{self._name}n"), _tun(f"{self._name}h")
        self._ends = (node, hub)
        _ip("link", "set", f"{self._name}n", "netns", self._name)
        inside = ("netns", "exec", self._name, "ip")
        _ip(*inside, "addr", "add", f"{NODE_ADDRESS}/24", "dev", f"{self._name}n")
        _ip(*inside, "link", "set", f"{self._name}n", "mtu", str(_MTU), "up")
        _ip("addr", "add", f"{HUB_ADDRESS}/24", "dev", f"{self._name}h")
        _ip("link", "set", f"{self._name}h", "mtu", str(_MTU), "up")
        self._shuttle.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._shuttle.join()
        for end in self._ends:
            os.close(end)
        _ip("netns", "del", self._name)

    def run_as_node(self, work: Callable[[], _T]) -> _T:
        """Run `work` in a thread whose sockets live at the node's end of the line."""
        outcome: list[_T] = []

        def inside() -> None:
            with Path(f"/run/netns/{self._name}").open() as namespace:
                if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), _CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            outcome.append(work())

        thread = threading.Thread(target=inside)
        thread.start()
        thread.join()
        return outcome[0]

    def _carry(self) -> None:
        node, hub = self._ends
        other = {node: hub, hub: node}
        free_at = {node: 0.0, hub: 0.0}
        held: list[tuple[float, int, int, bytes]] = []
        number = 0
        while not self._stop.is_set():
            now = time.monotonic()
            while held and held[0][0] <= now:
                _, _, sink, packet = heapq.heappop(held)
                os.write(sink, packet)
                self.carried_bytes += len(packet)
            wait_s = min(0.05, max(0.0, held[0][0] - now)) if held else 0.05
            readable, _, _ = select.select(self._ends, [], [], wait_s)
            for source in readable:
                packet = os.read(source, 65_536)
                now = time.monotonic()
                starts = max(now, free_at[source])
                if self._chance() < self._loss or (starts - now) * self._bytes_per_s > self._queue_bytes:
                    self.lost_packets += 1
                    continue
                free_at[source] = starts + len(packet) / self._bytes_per_s
                number += 1
                heapq.heappush(held, (free_at[source] + self._delay_s, number, other[source], packet))


def _tun(name: str) -> int:
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN_NO_PI))
    return descriptor


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
