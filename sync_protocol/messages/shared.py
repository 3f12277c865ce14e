"""What both directions of the wire carry: the head of a lane, a block of numbers, and what is offered as a signed file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from sync_protocol.ids import BlobDigest, EventId, Incarnation, NodeId, OfficeCode
from sync_protocol.limits import Natural


class LaneHead(msgspec.Struct, frozen=True, array_like=True):
    """How far a lane is held: the last sequence number and that event's id."""

    inc: Incarnation
    seq: int
    id: EventId
    backup_seq: int = 0


class CodeBlock(msgspec.Struct, frozen=True, array_like=True):
    """Daily numbers `first … last` of the dossier code that only this incarnation may use (domain.md B.5)."""

    office: OfficeCode
    inc: Incarnation
    first: Natural
    last: Natural


class CatalogueOffer(msgspec.Struct, frozen=True, array_like=True):
    """The catalogue file that is in force: a blob with the hub's detached signature."""

    version: int
    digest: BlobDigest
    size: int
    signature: bytes


class TrustOffer(msgspec.Struct, frozen=True, array_like=True):
    """The newest revocation lists and issuing certificates: a blob with the hub's detached signature (`adapters.trust_lists`)."""

    made_ms: int
    digest: BlobDigest
    size: int
    signature: bytes


def mark_of_event(identifier: EventId) -> bytes:
    """Eight bytes that tell the event at one place of a feed from another that a hub which was put back may have there."""
    return identifier[:8]


def mark_of_offices(offices: Sequence[tuple[NodeId, OfficeCode]]) -> bytes:
    """Eight bytes that tell one list of nodes and offices from another: it changes a few times a year, and need not travel with every greeting."""
    return hashlib.sha256(msgspec.msgpack.encode(tuple(offices))).digest()[:8]
