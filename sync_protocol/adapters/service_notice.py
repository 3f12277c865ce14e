"""Telling systemd that a service begins, is ready and alive (`Type=notify`, `WatchdogSec=`): one datagram each, nothing without systemd."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Final

TOLD_AFTER_S: Final = 10.0
EVERY_S: Final = 20.0
BEGINNING_MAX_S: Final = 6 * 3_600  # what takes longer has come to a stop


def notify(environment: Mapping[str, str], message: str) -> bool:
    """Send one notice (`READY=1`, `WATCHDOG=1`, `STOPPING=1`); says whether somebody listens. Never raises."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.connect("\0" + address[1:] if address.startswith("@") else address)
        line.sendall(message.encode())
        return True
    return False


@contextlib.contextmanager
def slow_beginning(
    environment: Mapping[str, str], tell: Callable[[], None], *, told_after_s: float = TOLD_AFTER_S, every_s: float = EVERY_S, most_s: float = BEGINNING_MAX_S
) -> Iterator[None]:
    """For as long as the block takes, `most_s` at most, systemd is told again and again to wait for the service; `tell` is called once, when it takes long.

    The first start after an upgrade changes the tables: in a large database that takes longer than systemd waits by itself. Ended in the middle it would be
    undone, and begun anew for ever.
    """
    ended = threading.Event()

    def keep() -> None:
        if ended.wait(told_after_s):
            return
        tell()
        for _ in range(int(most_s / max(every_s, 0.001))):
            notify(environment, f"EXTEND_TIMEOUT_USEC={int(3 * every_s * 1_000_000)}")
            if ended.wait(every_s):
                return

    keeper = threading.Thread(target=keep, name="slow-beginning", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


async def stay_alive(environment: Mapping[str, str]) -> None:
    """Say that the event loop turns, at half the watchdog's interval, until cancelled; returns at once without a watchdog."""
    interval_s = int(environment.get("WATCHDOG_USEC", "0") or 0) / 2_000_000
    while interval_s > 0:
        notify(environment, "WATCHDOG=1")
        await asyncio.sleep(interval_s)
