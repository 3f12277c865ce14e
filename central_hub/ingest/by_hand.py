"""What came by hand: which questions of a stick are answered, and what a greeting on it says about now.

A stick may come late, twice, or from before the hub was put back. Its greeting registers the key and teaches what the node holds, as any other. But only one that
names the hub's present life says that the node was heard in it: otherwise numbers that the hub forgot could be granted a second time (I9, decision 0006).
"""

from __future__ import annotations

import apsw
import msgspec

from central_hub.ingest.errors import UnprovenStick
from central_hub.ingest.nodes import NodeRow
from central_hub.store.epoch import EPOCH_SINCE
from central_hub.store.hub_store import read_state
from sync_protocol.ids import HubEpoch
from sync_protocol.messages import (
    BlobGet,
    BlobHave,
    BlobPut,
    ExistenceAsk,
    Hello,
    Offer,
    Pull,
    Push,
    Remind,
    Request,
    Witness,
)

_SELF_PROVING = Push | Witness | BlobHave | BlobPut
_PROVEN = Hello | Remind | Pull | ExistenceAsk | BlobGet | Offer


class ByHand(msgspec.Struct, frozen=True):
    """A request's way: on a stick that its node was proven to have written, or on one of which nobody knows who did."""

    is_proven: bool

    def check(self, node: str, request: Request) -> None:
        """Raises UnprovenStick: this is not answered to whoever brings a stick."""
        if not isinstance(request, _SELF_PROVING) and not (self.is_proven and isinstance(request, _PROVEN)):
            raise UnprovenStick(node=node, asked=type(request).__name__)


def is_of_this_life(connection: apsw.Connection, node: NodeRow, hello: Hello, epoch: HubEpoch) -> bool:
    """Whether a greeting was written by a node that knew of the hub's present life, or was enrolled in it."""
    return hello.epoch == epoch or (node.enrolled_ms >= _since(connection) and hello.epoch is None)


def is_newer(node: NodeRow, hello: Hello) -> bool:
    """Whether a greeting was written after the last that was heard, by the node's own clock."""
    return node.hello is None or hello.clock_ms > node.hello.clock_ms


def was_heard(connection: apsw.Connection, node: NodeRow) -> bool:
    """Whether the node was heard in this life of the hub before: what it is granted here stands."""
    return (node.last_hello_ms or 0) >= max(1, _since(connection))


def _since(connection: apsw.Connection) -> int:
    return int.from_bytes(read_state(connection, EPOCH_SINCE) or b"", "big")
