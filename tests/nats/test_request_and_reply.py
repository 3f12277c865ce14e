"""Requests of nodes reach the hub across accounts and are always answered or refused in words."""

from __future__ import annotations

from pathlib import Path

from sync_protocol.subjects import Verb
from tests.nats.world import echo, on_loop, world


@on_loop
async def test_a_request_crosses_from_the_nodes_account_to_the_hub_and_back(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        node = await w.node("n0001")
        assert await node.request(Verb.PUSH, b"x", timeout=2) == b"n0001:x"
        assert await node.request("push", b"y", timeout=2, lane="files") == b"n0001:y"
