"""What the message server says about itself: ours on its loopback monitoring port, those that IT runs over their own system account."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import httpx
import msgspec

from central_hub.enrolment.errors import FeedNotDurable, ServerNotReady
from sync_protocol.adapters.bus.session import Session
from sync_protocol.adapters.bus.settings import BusSettings

_ASK_ALL: Final = "$SYS.REQ.SERVER.PING.VARZ"
_QUIET_S: Final = 0.5  # servers of a cluster answer one after the other; after so long without another all have


async def read_monitor(url: str, page: str, timeout_s: float = 2.0) -> dict[str, Any]:
    """One monitoring page (`varz`, `connz`, `jsz`, `healthz`) as a dictionary.

    Raises:
        ServerNotReady: no answer, or not a healthy one.
    """
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=timeout_s) as web:
            answer = await web.get(f"{url}/{page}")
            answer.raise_for_status()
            body: dict[str, Any] = answer.json()
            return body
    except (httpx.HTTPError, ValueError) as error:
        raise ServerNotReady(seconds=timeout_s, reason=type(error).__name__) from None


async def check_feed_durable(url: str) -> None:
    """Refuse a server whose JetStream acknowledges before the disk has the message.

    Raises:
        FeedNotDurable: `sync_always` is not in force.
        ServerNotReady: no answer.
    """
    _check_durable(await read_monitor(url, "varz"))


def _check_durable(varz: dict[str, Any]) -> None:
    config = varz.get("jetstream", {}).get("config", {})
    if config.get("sync_always") is not True:
        raise FeedNotDurable(interval_ns=config.get("sync_interval", "unknown"))


async def check_cluster_durable(system: BusSettings, at_least: int, timeout_s: float = 5.0) -> int:
    """As `check_feed_durable`, for servers that IT runs: every one of the cluster that has JetStream must write through.

    Args:
        system: the way to one of them with credentials of the system account.
        at_least: how many with JetStream the feed needs, one for each of its copies.
        timeout_s: patience for the first answer (seconds).

    Returns:
        How many servers with JetStream answered.

    Raises:
        FeedNotDurable: `sync_always` is not in force at one of them.
        ServerNotReady: fewer than `at_least` answered.
        BusProblem: none could be reached.
    """
    session = Session("durable", system.servers[0])
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    try:
        await session.open(system, "_INBOX")
        inbox = session.client.new_inbox()

        async def heard(message: Any) -> None:
            told.put_nowait(msgspec.json.decode(message.data))

        await session.client.subscribe(inbox, cb=heard)
        await session.client.publish(_ASK_ALL, b"", reply=inbox)
        varzs = await _all_of(told, timeout_s)
    finally:
        await session.discard(system.timing.close_s)
    writers = [varz for varz in varzs if varz.get("jetstream", {}).get("config")]
    for varz in writers:
        _check_durable(varz)
    if len(writers) < at_least:
        raise ServerNotReady(seconds=timeout_s, reason=f"JetStream at {len(writers)} of {at_least} servers")
    return len(writers)


async def _all_of(told: asyncio.Queue[dict[str, Any]], timeout_s: float) -> list[dict[str, Any]]:
    """What servers say until none says anything more."""
    found: list[dict[str, Any]] = []
    patience = timeout_s
    while True:
        try:
            answer = await asyncio.wait_for(told.get(), patience)
        except TimeoutError:
            return found
        found.append(answer.get("data") or {})
        patience = _QUIET_S
