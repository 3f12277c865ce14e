"""The hub's own lane: custody grants, suspected duplicates, erasures. Signed acts of the hub, ordered like everybody's events.

The lane's incarnation is the hub's epoch: after a restore the hub never continues an old lane of its own (hub rule H4).
"""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import msgspec

from central_hub.store.epoch import EPOCH
from central_hub.store.hub_store import read_state
from sync_protocol.adapters import event_log
from sync_protocol.bodies import TYPE_OF_BODY, encode_body
from sync_protocol.clock import tick
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import HUB_NODE, EventId, HubEpoch, Incarnation, RecordId


def append_hub_events(
    connection: apsw.Connection,
    epoch: HubEpoch,
    bodies: Sequence[tuple[RecordId, msgspec.Struct]],
    now_ms: int,
    actor: str,
    base: Sequence[EventId] = (),
) -> list[tuple[int, Event]]:
    """Append hub events inside the caller's transaction; returns (position, event) of each. `base` are the acts they were based on."""
    now_held = read_state(connection, EPOCH)  # a caller may not have heard yet that another began
    lane = event_log.open_lane(connection, HUB_NODE, Incarnation(now_held or epoch), "own")
    row = connection.execute("SELECT max(hlc) FROM event WHERE lane = ?", (lane.lane,)).fetchone()
    hlc = int(row[0] or 0) if row else 0
    placed: list[tuple[int, Event]] = []
    for rid, body in bodies:
        hlc = tick(hlc, now_ms)
        event = make_event(
            node=HUB_NODE, inc=lane.inc, seq=lane.head.seq + 1, prev=lane.head.id, type=TYPE_OF_BODY[type(body)], tv=1,
            rid=rid, hlc=hlc, actor=actor, body=encode_body(body), base=tuple(base),
        )  # fmt: skip
        lane, new = event_log.append(connection, lane, [event], now_ms)
        placed += new
    return placed
