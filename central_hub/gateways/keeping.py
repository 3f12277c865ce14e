"""The gateways beside a serving hub: opened from the settings, one look every few seconds, until cancelled."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from central_hub.gateways import identity, portal
from central_hub.gateways.client import Client
from central_hub.gateways.mailbox import Gateway
from central_hub.gateways.post import Post
from sync_protocol.errors import Problem
from sync_protocol.ids import HUB_NODE, OfficeCode

if TYPE_CHECKING:
    from central_hub.app import Hub

_log = structlog.get_logger(__name__)
LOOK_S = 5.0
RETRY_S = 30.0


def post_of(hub: Hub) -> Post | None:
    """The post over the gateways that the settings name, or None when there is none."""
    chosen = hub.settings.gateways
    clients: dict[Gateway, Client] = {}
    if chosen.portal.address:
        clients["portal"] = Client(
            portal.NAME, chosen.portal.address, _token(hub.folder.root, chosen.portal.token_file)
        )
    if chosen.identity.address:
        clients["identity"] = Client(
            identity.NAME, chosen.identity.address, _token(hub.folder.root, chosen.identity.token_file)
        )
    if not clients:
        return None

    async def spread(news: set[OfficeCode]) -> None:
        await hub.service.spread(news, but=HUB_NODE)

    return Post(
        hub.store, clients, epoch=hub.identity.epoch, now_ms=hub.now_ms, chance=secrets.SystemRandom().random, spread=spread,
        catalogue=hub.law, units=chosen.portal.units,
        poll_every_s=chosen.portal.poll_every_s,
    )  # fmt: skip


async def keep_gateways(hub: Hub) -> None:
    """Send and fetch, until cancelled. What fails inside the hub is logged and tried again."""
    post = post_of(hub)
    while post is not None:
        moved = False
        try:
            moved = await post.step()
        except Problem as problem:
            _log.error("hub.gateways.stopped", code=problem.code, detail=problem.operator_line)
            await asyncio.sleep(RETRY_S)
        await asyncio.sleep(0 if moved else LOOK_S)


def _token(root: Path, name: str) -> Path | None:
    return root / name if name else None
