"""Audit heads: how far a node's audit chain had come, under the hub's signature, so that rows before it cannot be rewritten unseen.

A hash chain alone can be rewritten from the start by whoever owns the machine. With every hello the node tells its newest row and what its
chain says now at the last countersigned one; the hub compares, and signs the newest. Rows after the newest mark remain the owner's
word until the next hello (sync.md; reliability.md §6: residual).

Source: domain.md E.3 (logs immutable); Luật 91/2025/QH15 Điều 19.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import Incarnation, NodeId
from sync_protocol.limits import Natural

_DOMAIN = b"lienthong/audit-head/1\0"
_encode = msgspec.msgpack.Encoder().encode

Doubt = Literal["", "shorter", "rewritten", "restored"]
"""Why a told head does not continue the marked one: fewer rows, another hash at the mark, or a node that came back from a backup."""


class AuditHead(msgspec.Struct, frozen=True, array_like=True):
    """A row of an audit chain: its number and its hash (empty: the chain has no such row)."""

    rows: Natural
    head: bytes


class AuditMark(msgspec.Struct, frozen=True):
    """A head that the hub has seen and signed. `at_ms` is hub time."""

    hub: str
    node: NodeId
    inc: Incarnation
    head: AuditHead
    at_ms: Natural
    signature: bytes = b""


def mark_message(one: AuditMark) -> bytes:
    """What the hub signs."""
    return _DOMAIN + _encode((one.hub, one.node, one.inc, one.head.rows, one.head.head, one.at_ms))


def sign_mark(one: AuditMark, sign: Callable[[bytes], bytes]) -> AuditMark:
    """The mark with the hub's signature."""
    return msgspec.structs.replace(one, signature=sign(mark_message(one)))


def check_mark(one: AuditMark, *, hub: str, node: NodeId, verify: Callable[[bytes, bytes], None]) -> None:
    """Prove that a mark is from our hub and about this node's chain.

    Raises:
        RemoteProtocolError: it names another hub or node. Problem: whatever `verify` raises for a wrong signature.
    """
    if one.hub != hub or one.node != node:
        raise RemoteProtocolError(what="audit mark for somebody else")
    verify(mark_message(one), one.signature)


def is_proven(mark: AuditHead, told: AuditHead, at_mark: AuditHead | None) -> bool:
    """Whether a node spoke of the very row marked last. If not, an answer was lost: it is given the mark again and asked next time."""
    return told.rows <= mark.rows or (at_mark is not None and at_mark.rows == mark.rows)


def doubt_of(mark: AuditHead, told: AuditHead, at_mark: AuditHead | None, *, same_incarnation: bool) -> Doubt:
    """Whether what a node tells continues the last mark. Pure. What is not proven yet is no doubt.

    >>> doubt_of(AuditHead(5, b"e"), AuditHead(9, b"i"), AuditHead(5, b"e"), same_incarnation=True)
    ''
    >>> doubt_of(AuditHead(5, b"e"), AuditHead(4, b"d"), None, same_incarnation=True)
    'shorter'
    >>> doubt_of(AuditHead(5, b"e"), AuditHead(9, b"i"), AuditHead(5, b"x"), same_incarnation=True)
    'rewritten'
    """
    if told.rows < mark.rows:
        return "shorter" if same_incarnation else "restored"
    said = told if told.rows == mark.rows else at_mark
    if said is None or said.rows != mark.rows or said == mark:
        return ""
    return "rewritten" if same_incarnation else "restored"
