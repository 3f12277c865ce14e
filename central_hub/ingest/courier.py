"""Courier files at the hub: every frame is answered as if it had come on the line, and the answers go back on the stick."""

from __future__ import annotations

from central_hub.ingest.service import HubService
from sync_protocol.courier import CourierReply, read_courier, write_courier


async def answer_courier(service: HubService, raw: bytes) -> bytes:
    """Answer a courier file; applying it twice or late changes nothing.

    Raises:
        RemoteProtocolError: damaged, or for another hub. A bad frame inside only gets a refusal among the answers.
    """
    sent = read_courier(raw, hub=service.identity.hub)
    answers = [await service.answer(sent.node, frame) for frame in sent.frames]
    return write_courier(CourierReply(service.identity.hub, sent.node, tuple(answers)))
