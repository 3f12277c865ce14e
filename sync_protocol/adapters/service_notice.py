"""Telling systemd that a service is ready and alive (`Type=notify`, `WatchdogSec=`): one datagram each, nothing without systemd."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping


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


async def stay_alive(environment: Mapping[str, str]) -> None:
    """Say that the event loop turns, at half the watchdog's interval, until cancelled; returns at once without a watchdog."""
    interval_s = int(environment.get("WATCHDOG_USEC", "0") or 0) / 2_000_000
    while interval_s > 0:
        notify(environment, "WATCHDOG=1")
        await asyncio.sleep(interval_s)
