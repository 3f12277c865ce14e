"""Who pushes: a node's office and key, as they were read last and as they are where its batch commits.

A batch may be proven with what is remembered of its node. It is committed only after the same was read again inside the transaction: what was
revoked, or given another key, since then is refused there, however long the batch was under way.
"""

from __future__ import annotations

import apsw
import msgspec

from central_hub.ingest.errors import KeyMismatch, RevokedNode, UnknownNode
from central_hub.store.epoch import EPOCH
from sync_protocol.ids import HubEpoch, NodeId, OfficeCode

_ASKED = """
SELECT n.office, n.public_key, n.revoked_ms, (SELECT value FROM hub_state WHERE key = ?),
    EXISTS(SELECT 1 FROM node o WHERE o.office = n.office AND o.node <> n.node AND o.revoked_ms IS NULL)
FROM node n WHERE n.node = ?
"""


class Asker(msgspec.Struct, frozen=True):
    """A node that is not revoked. `epoch` is the hub's, None before its first; an asker that is alone has nobody of its office to be told."""

    node: NodeId
    office: OfficeCode
    public_key: bytes
    epoch: HubEpoch | None
    is_alone: bool


def asker_of(connection: apsw.Connection, node: NodeId) -> Asker:
    """Who pushes, as the database says now.

    Raises:
        UnknownNode: nobody enrolled it.
        RevokedNode: it was revoked.
    """
    found = connection.execute(_ASKED, (EPOCH, node)).fetchone()
    if found is None:
        raise UnknownNode(node=node)
    office, key, revoked_ms, epoch, has_neighbour = found
    if revoked_ms is not None:
        raise RevokedNode(node=node)
    return Asker(node, OfficeCode(str(office)), bytes(key), HubEpoch(bytes(epoch)) if epoch is not None else None, not has_neighbour)


def same_asker(connection: apsw.Connection, known: Asker) -> Asker:
    """Who pushes now, proven to have the office and key with which the batch was proven. Belongs into the transaction that commits it.

    Raises:
        KeyMismatch: it was given another key or office meanwhile.
        UnknownNode, RevokedNode: as `asker_of`.
    """
    now = asker_of(connection, known.node)
    if (now.office, now.public_key) != (known.office, known.public_key):
        raise KeyMismatch(node=known.node)
    return now
