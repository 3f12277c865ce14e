"""Erasure by lawful order: which acts lose their body, and what of a body may stay so that the dossier keeps its course.

An order is an event of the hub and nobody else's (bodies.BodyErased). It names an act, not an event, so it also finds the copies that a
restored node issued again. The fold obeys orders by itself: whoever holds the order's event sees the same view, whether the bytes are already
gone or not. What stays is decided once, at the hub, and travels in the order.
Source: Luật 91/2025/QH15 Điều 14 (erasure of personal data on lawful request); sync.md 2.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from sync_protocol.acts import Act, act_id, acts_of
from sync_protocol.bodies import (
    ApplicationArrived,
    BodyErased,
    ComponentDeclared,
    ComponentWithdrawn,
    DecisionMade,
    DecisionReopened,
    DossierReceived,
    DossierRecoded,
    DuplicateJudged,
    IntakeEnded,
    Party,
    ProposalDismissed,
    ReceiptCorrected,
    ReuseKept,
    Revoked,
    SourceRevoked,
    StatusMoved,
    VersionKept,
    decode_body,
    encode_body,
    read_body,
)
from sync_protocol.envelope import Event, Header
from sync_protocol.ids import HUB_NODE, ActId

_OF_PEOPLE: Final = frozenset({
    "application.arrived", "source.revoked", "identity.asserted", "conflict.resolved", "duplicate.judged", "document.coded",
})  # fmt: skip
"""What of the hub's words holds what a person said of the citizen: names, numbers, reasons."""


def order_in(event: Event) -> BodyErased | None:
    """The order that an event carries; None for anything else, and for the words of anybody but the hub."""
    if event.header.type != "body.erased" or event.header.node != HUB_NODE:
        return None
    body = decode_body(event)
    return body if isinstance(body, BodyErased) and body.act else None


def orders_among(events: Iterable[Event]) -> dict[ActId, BodyErased]:
    """The order in force for each act that one names: of several the earliest, the same for every order of the input."""
    found: dict[ActId, tuple[tuple[int, bytes], BodyErased]] = {}
    for event in events:
        order = order_in(event)
        if order is not None:
            rank = (event.header.hlc, event.id)
            if order.act not in found or rank < found[order.act][0]:
                found[order.act] = (rank, order)
    return {act: order for act, (_, order) in found.items()}


def is_out_of_reach(header: Header) -> bool:
    """Whether no order reaches an act: what the hub itself said holds the dossier together, but for others' words that it passed on, and its officers'."""
    return header.node == HUB_NODE and header.type not in _OF_PEOPLE


def left_of(act: Act, order: BodyErased | None) -> Act:
    """The act without what an order took from it, also where the bytes are still here. Pure."""
    if order is None or is_out_of_reach(act.header):
        return act
    return msgspec.structs.replace(act, body=read_body(act.header.type, act.header.tv, order.kept) if order.kept else None)


def acts_under_orders(events: Sequence[Event]) -> list[Act]:
    """The acts of one dossier in the agreed order, each with what orders left of it: of an erased reception still whose it is. Pure."""
    orders = orders_among(events)
    return [left_of(act, orders.get(act.id)) for act in acts_of(events)]


def is_erasable(event: Event) -> bool:
    """Whether an order may name this event: it has a body and is not out of reach."""
    return not is_out_of_reach(event.header) and event.body is not None


def order_for(event: Event, *, number: str, reason: str, asked_by: str) -> BodyErased:
    """The order that erases the act of `event`, which must still have its body (`is_erasable`)."""
    return BodyErased(
        event=event.id, order=number, act=act_id(event.header), body_hash=event.header.body_hash, reason=reason,
        asked_by=asked_by, kept=what_stays(decode_body(event)),
    )  # fmt: skip


def what_stays(body: msgspec.Struct | None) -> bytes:
    """The part of a body that says nothing about a person but carries code, deadline, state or component; b"" when there is none."""
    match body:
        case DossierReceived(applicant=party):
            bare = msgspec.structs.replace(
                body, applicant=Party(kind=party.kind, name=""), authorised=None, foreign_numbers=(), note=""
            )
            return encode_body(bare)
        case IntakeEnded(applicant=party):
            return encode_body(
                msgspec.structs.replace(body, applicant=Party(kind=party.kind, name=""), requests=(), explanation="")
            )
        case ApplicationArrived(applicant=party):
            return encode_body(
                msgspec.structs.replace(body, applicant=Party(kind=party.kind, name=""), papers=(), note="")
            )
        case ComponentDeclared():
            return encode_body(msgspec.structs.replace(body, reason="", source=None))
        case ComponentWithdrawn():  # without a word why it would stand in the dossier again
            return encode_body(msgspec.structs.replace(body, reason="(lý do đã xóa theo lệnh)"))
        case StatusMoved():
            return encode_body(msgspec.structs.replace(body, reason=""))
        case DecisionMade():
            return encode_body(msgspec.structs.replace(body, reason="", number_symbol=""))
        case DuplicateJudged() | DossierRecoded() | ProposalDismissed() | ReceiptCorrected() | Revoked() | SourceRevoked() | ReuseKept() | VersionKept() | DecisionReopened():
            return encode_body(msgspec.structs.replace(body, reason=""))
    return b""
