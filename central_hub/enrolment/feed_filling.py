"""Filling the event feed for other systems from the hub's log, in the hub's order, after the commit and never in front of it.

A message says what happened to which dossier and where in the hub's order; it holds no content and no person. A system that wants more asks for
it over `/api/v1` under its own rights. The place up to which the feed is filled stands in the database and moves after the server's
acknowledgement: a crash repeats at most one page, under the same message ids. After a restore the epoch in the message is another one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import apsw
import msgspec
import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client

from central_hub.enrolment.errors import ServerNotReady
from central_hub.enrolment.event_feed import ensure_feed
from central_hub.enrolment.server_monitor import check_cluster_durable
from central_hub.store.hub_store import HubStore, read_state, write_state
from sync_protocol.adapters import event_log
from sync_protocol.envelope import Event
from sync_protocol.errors import Problem
from sync_protocol.ids import HubEpoch

if TYPE_CHECKING:
    from central_hub.app import Hub

_log = structlog.get_logger(__name__)
FED_UPTO: Final = "feed_upto"
PAGE_EVENTS: Final = 500
ANSWER_S: Final = 5.0
REST_S: Final = 30.0


class FeedMessage(msgspec.Struct, frozen=True):
    """One event as other systems see it. `position` orders everything within an `epoch`; `at_ms` is the author's clock (UTC)."""

    epoch: str
    position: int
    event: str
    dossier: str
    type: str
    version: int
    node: str
    at_ms: int


def fed_upto(connection: apsw.Connection) -> int:
    """The position up to which the server has acknowledged."""
    raw = read_state(connection, FED_UPTO)
    return 0 if raw is None else int.from_bytes(raw, "big")


def message_of(epoch: HubEpoch, position: int, event: Event) -> FeedMessage:
    """What the feed says of an event. Pure."""
    h = event.header
    return FeedMessage(epoch.hex(), position, event.id.hex(), h.rid.hex(), h.type, h.tv, h.node, h.hlc >> 16)


def subject_of(event: Event) -> str:
    """Where it is published: `feed.<type>`; a type of a newer version that is no subject goes to `feed.other`."""
    name = event.header.type
    return (
        f"feed.{name}"
        if all(one.isalnum() or one in "._" for one in name) and ".." not in name and name.isascii()
        else "feed.other"
    )


async def fill(client: Client, store: HubStore, epoch: HubEpoch) -> int:
    """Publish one page of what is new; returns how many events. Idempotent within the stream's window.

    Raises:
        ServerNotReady: no acknowledgement, or the stream is full. What was acknowledged before is not published again.
    """
    upto = await asyncio.to_thread(store.settled_position)
    page = await store.readers.run_async(lambda c: _next_page(c, upto))
    if page:
        await _publish(client, epoch, page)
        await store.writer.run_async(lambda c: write_state(c, FED_UPTO, page[-1][0].to_bytes(8, "big")))
    return len(page)


async def _publish(client: Client, epoch: HubEpoch, page: Sequence[tuple[int, Event]]) -> None:
    streams = client.jetstream()
    try:
        for position, event in page:
            name = {"Nats-Msg-Id": f"{epoch.hex()}-{position}"}
            content = msgspec.json.encode(message_of(epoch, position, event))
            await streams.publish(subject_of(event), content, timeout=ANSWER_S, headers=name)
    except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as error:
        raise ServerNotReady(seconds=ANSWER_S, reason=type(error).__name__) from None


def _next_page(connection: apsw.Connection, upto: int) -> list[tuple[int, Event]]:
    found: list[tuple[int, Event]] = []
    for position, _, event in event_log.all_events(connection, fed_upto(connection)):
        if position > upto:
            break
        found.append((position, event))
        if len(found) == PAGE_EVENTS:
            break
    return found


async def keep_feed(hub: Hub) -> None:
    """Keep the feed filled, until cancelled. A server that does not answer is asked again; offices never wait for it."""
    chosen = hub.settings.feed
    if not chosen.bytes:
        return
    is_made = False
    while True:
        try:
            client = hub.bus_client()
            if not is_made:
                if outside := hub.settings.bus.servers:
                    await check_cluster_durable(hub.system_settings(*outside), chosen.replicas)
                await ensure_feed(client, chosen.bytes, chosen.replicas)
                is_made = True
            while await fill(client, hub.store, hub.identity.epoch) == PAGE_EVENTS:
                pass
            await asyncio.sleep(chosen.every_s)
        except Problem as problem:
            _log.warning("hub.feed.waiting", code=problem.code, detail=problem.operator_line)
            await asyncio.sleep(REST_S)
