"""What the message server says about itself on its loopback monitoring port."""

from __future__ import annotations

from typing import Any

import httpx

from central_hub.enrolment.errors import FeedNotDurable, ServerNotReady


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
    varz = await read_monitor(url, "varz")
    config = varz.get("jetstream", {}).get("config", {})
    if config.get("sync_always") is not True:
        raise FeedNotDurable(interval_ns=config.get("sync_interval", "unknown"))
