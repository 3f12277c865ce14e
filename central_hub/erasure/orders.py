"""Orders to erase: asked for by one person, approved by another, carried out as events of the hub.

Nothing is erased on one person's word, and nothing without the number of a written order and its ground. Carrying out is one transaction: the
hub's events, the bodies gone here, the quarantine cleaned, the audit row. Offices follow when they pull (adapters/erasures.py).
Source: Luật 91/2025/QH15 Điều 14; domain.md E.1–E.3; sync.md 2.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import apsw
import msgspec

from central_hub.erasure.errors import NothingToErase, OrderIncomplete, OrderSettled, SecondPersonNeeded
from central_hub.ingest.commit import place_hub_events
from central_hub.ingest.errors import UnknownRecord
from central_hub.ingest.quarantine import scrub
from central_hub.ingest.revoked_papers import tellings_of
from central_hub.lookup import audit
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import Revoked, decode_body
from sync_protocol.envelope import Event
from sync_protocol.erasure import is_erasable, order_for
from sync_protocol.ids import HUB_NODE, EventId, HubEpoch, OfficeCode, RecordId
from sync_protocol.messages import Purpose

_ID_BYTES = 32
SHOWN = 200  # orders on a page
_COLUMNS = "id, number, reason, rid, events, asked_by, asked_ms, settled_by, settled_ms, state"
OrderState = Literal["waiting", "carried_out", "withdrawn"]


class Order(msgspec.Struct, frozen=True):
    """One order. `number` is that of the written order; times are UTC ms."""

    id: int
    number: str
    reason: str
    rid: RecordId
    events: bytes
    asked_by: str
    asked_ms: int
    settled_by: str
    settled_ms: int
    state: OrderState

    @property
    def event_ids(self) -> tuple[EventId, ...]:
        """The events it names."""
        return tuple(EventId(self.events[at : at + _ID_BYTES]) for at in range(0, len(self.events), _ID_BYTES))


class Erasable(msgspec.Struct, frozen=True):
    """One event whose body an order may take: what it is, when, by whom; never what it says."""

    event: EventId
    type: str
    hlc: int
    actor: str
    node: str


def erasable(connection: apsw.Connection, rid: RecordId) -> list[Erasable]:
    """What of a dossier could be erased, oldest first."""
    events = [event for event in event_log.events_of(connection, rid) if is_erasable(event)]
    return [
        Erasable(one.id, one.header.type, one.header.hlc, one.header.actor, one.header.node)
        for one in sorted(events, key=lambda one: (one.header.hlc, one.id))
    ]


def ask(
    connection: apsw.Connection,
    rid: RecordId,
    events: Sequence[EventId],
    *,
    number: str,
    reason: str,
    officer: str,
    now_ms: int,
) -> int:
    """Write an order down; returns its id. Nothing is erased yet.

    Raises:
        OrderIncomplete, UnknownRecord; NothingToErase for an event that has nothing to take.
    """
    for text, missing, what in ((number, "số văn bản", "number"), (reason, "căn cứ", "reason")):
        if not text.strip():
            raise OrderIncomplete(missing=missing, what=what)
    if not events:
        raise OrderIncomplete(missing="nội dung cần xóa", what="events")
    if projection.view_of(connection, rid) is None:
        raise UnknownRecord()
    named = tuple(dict.fromkeys(events))
    _still_there(connection, rid, named)
    connection.execute(
        "INSERT INTO erasure_order(number, reason, rid, events, asked_by, asked_ms, state) VALUES(?,?,?,?,?,?,'waiting')",
        (number.strip(), reason.strip(), rid, b"".join(named), officer, now_ms),
    )
    order_id = connection.last_insert_rowid()
    _audit(
        connection,
        order_of(connection, order_id),
        officer,
        "erasure:ask",
        now_ms,
        f"order {order_id}: {len(named)} events",
    )
    return order_id


def approve(
    connection: apsw.Connection, order_id: int, officer: str, epoch: HubEpoch, now_ms: int
) -> tuple[int, set[OfficeCode]]:
    """Carry an order out; returns the number of bodies it names and the offices with news. What repeats a body in other dossiers goes with it.

    Raises:
        OrderSettled; SecondPersonNeeded: the approver asked for it; NothingToErase: something it names is gone meanwhile.
    """
    order = order_of(connection, order_id)
    if order.state != "waiting":
        raise OrderSettled(order_id=order_id)
    if officer.strip().casefold() == order.asked_by.strip().casefold():
        raise SecondPersonNeeded(order_id=order_id)
    events = _still_there(connection, order.rid, order.event_ids)
    bodies = [
        (event.header.rid, order_for(event, number=order.number, reason=order.reason, asked_by=order.asked_by))
        for event in (*events, *_repeated(connection, events))
    ]
    news = place_hub_events(connection, epoch, bodies, now_ms, officer)
    scrub(connection)
    _settle(connection, order_id, "carried_out", officer, now_ms)
    _audit(connection, order, officer, "erasure:approve", now_ms, f"order {order_id}: {len(events)} bodies")
    return len(events), news


def withdraw(connection: apsw.Connection, order_id: int, officer: str, now_ms: int) -> None:
    """Take a waiting order back, by whoever may ask or approve. Raises OrderSettled."""
    order = order_of(connection, order_id)
    if order.state != "waiting":
        raise OrderSettled(order_id=order_id)
    _settle(connection, order_id, "withdrawn", officer, now_ms)
    _audit(connection, order, officer, "erasure:withdraw", now_ms, f"order {order_id}")


def orders(connection: apsw.Connection, limit: int = SHOWN, before: int = 0) -> list[Order]:
    """Orders, newest first, those that wait before all others; or the settled ones older than the order `before`."""
    older = " WHERE state != 'waiting' AND id < ?" if before else ""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM erasure_order{older} ORDER BY state = 'waiting' DESC, id DESC LIMIT ?",
        (before, limit) if before else (limit,),
    )
    return [Order(*row) for row in rows]


def order_of(connection: apsw.Connection, order_id: int) -> Order:
    """One order. Raises OrderSettled where there is none under this id."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM erasure_order WHERE id = ?", (order_id,)).fetchone()
    if row is None:
        raise OrderSettled(order_id=order_id)
    return Order(*row)


def _repeated(connection: apsw.Connection, events: Sequence[Event]) -> list[Event]:
    """What was told of these acts in other dossiers with their words: a revocation, where the paper is reused."""
    said = ((event, decode_body(event)) for event in events)
    return [one for event, body in said if isinstance(body, Revoked) for one in tellings_of(connection, event.header.rid, body) if is_erasable(one)]


def _still_there(connection: apsw.Connection, rid: RecordId, named: Sequence[EventId]) -> list[Event]:
    held = {event.id: event for event in event_log.events_of(connection, rid) if is_erasable(event)}
    for one in named:
        if one not in held:
            raise NothingToErase(event_id=one.hex()[:16])
    return [held[one] for one in named]


def _settle(connection: apsw.Connection, order_id: int, state: OrderState, officer: str, now_ms: int) -> None:
    connection.execute(
        "UPDATE erasure_order SET state = ?, settled_by = ?, settled_ms = ? WHERE id = ?",
        (state, officer, now_ms, order_id),
    )


def _audit(connection: apsw.Connection, order: Order, officer: str, what: str, now_ms: int, outcome: str) -> None:
    purpose = Purpose(order.number, order.reason, officer, "erasure")
    audit.record(
        connection, at_ms=now_ms, node=HUB_NODE, office=OfficeCode("hub"), purpose=purpose, what=what, rid=order.rid, outcome=outcome
    )  # fmt: skip
