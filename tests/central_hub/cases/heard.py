"""What a hub hears of an office, one event at a time and without a desk."""

from __future__ import annotations

import apsw

from central_hub.app import Hub
from central_hub.ingest.commit import spread_events
from central_hub.ingest.feed import enter_scope
from sync_protocol.adapters import event_log
from sync_protocol.bodies import TYPE_OF_BODY, encode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, EventId, Incarnation, NodeId, OfficeCode
from tests.offices import rid


def say(
    c: apsw.Connection,
    hub: Hub,
    number: int,
    office: str,
    body: object,
    seq: int = 1,
    prev: EventId = GENESIS,
    fence: int | None = None,
) -> EventId:
    """One event of one office arrives."""
    node = NodeId(f"n{office}a")
    event = make_event(
        node=node, inc=Incarnation(node.encode().ljust(16, b"0")), seq=seq, prev=prev, type=TYPE_OF_BODY[type(body)], tv=1, rid=rid(number),  # type: ignore[index]
        hlc=seq << 16, actor=f"cb-{office}", body=encode_body(body), base=(), fence=fence,  # type: ignore[arg-type]
    )  # fmt: skip
    enter_scope(c, rid(number), OfficeCode(office), hub.now_ms(), "acted")
    lane = event_log.open_lane(c, node, event.header.inc, "peer")
    _, placed = event_log.append(c, lane, [event], hub.now_ms())
    spread_events(c, hub.identity.epoch, placed, hub.now_ms())
    return event.id
