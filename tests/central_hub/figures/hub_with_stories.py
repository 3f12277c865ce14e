"""A hub's database with told dossiers, arrived in a chosen order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import apsw

from central_hub.ingest.commit import spread_events
from central_hub.store.schema import MIGRATIONS
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite import migrate, open_database
from sync_protocol.envelope import Event
from sync_protocol.ids import HubEpoch
from tests.sync_protocol.figures.stories import Story, events_of

EPOCH = HubEpoch(b"e" * 16)


def empty_hub(folder: Path) -> apsw.Connection:
    """A new database of a hub; the caller closes it."""
    connection = open_database(folder / "hub.db", b"k" * 32)
    migrate(connection, MIGRATIONS)
    return connection


def arrive(connection: apsw.Connection, events: Iterable[Event], now_ms: int = 1) -> None:
    """Store events as the hub does after its judgement, each lane in its own order."""
    with connection:
        for event in events:
            lane = event_log.open_lane(connection, event.header.node, event.header.inc, "peer")
            _, placed = event_log.append(connection, lane, [event], now_ms)
            spread_events(connection, EPOCH, placed, now_ms)


def tell(connection: apsw.Connection, *stories: Story) -> None:
    """Let whole stories arrive."""
    for story in stories:
        arrive(connection, events_of(story))
