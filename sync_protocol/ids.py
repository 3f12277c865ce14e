"""Identities that cross the wire, as distinct types so that two byte strings cannot be swapped.

Ids are made by the caller (randomness lives in the shells); this module only names and prints them.
"""

from __future__ import annotations

from typing import NewType

NodeId = NewType("NodeId", str)  # "n00101a": also the NATS subject token
OfficeCode = NewType("OfficeCode", str)  # BHXH agency code, e.g. "00101"
Incarnation = NewType("Incarnation", bytes)  # 16 random bytes, new after every restore or clone
HubEpoch = NewType("HubEpoch", bytes)  # 16 random bytes, new after every hub restore or lagging failover
EventId = NewType("EventId", bytes)  # SHA-256 of the canonical header
ActId = NewType("ActId", EventId)  # SHA-256 of the header without its place in a lane (acts.py)
RecordId = NewType("RecordId", bytes)  # 16 bytes (UUIDv7): dossier
DocumentId = NewType("DocumentId", bytes)  # 16 bytes (UUIDv7): one digitized paper
ComponentId = NewType("ComponentId", bytes)  # 16 bytes (UUIDv7)
BlobDigest = NewType("BlobDigest", bytes)  # SHA-256 of the file's bytes

GENESIS = EventId(bytes(32))  # `prev` of the first event of a lane
HUB_NODE = NodeId("hub")  # the hub's own lane


def short(identifier: bytes) -> str:
    """First eight hexadecimal digits, for logs and screens; never used as a key.

    >>> short(bytes(32))
    '00000000'
    """
    return identifier[:4].hex()
