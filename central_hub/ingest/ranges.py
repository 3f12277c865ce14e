"""Range: where a node does not hold what its office was told. Reading only; what follows from a difference is the node's business."""

from __future__ import annotations

import apsw

from central_hub.ingest.feed import feed_head
from central_hub.ingest.nodes import NodeRow
from sync_protocol.adapters.exits import STANDING
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import EventId, HubEpoch, RecordId
from sync_protocol.messages import RangeAsk, RangeReply
from sync_protocol.ranges import differing, prints_of

_FED = "SELECT {} e.rid, e.id FROM feed f JOIN event e ON e.position = f.position WHERE f.office = ?"
_EXIT = "(SELECT 1 FROM scope_exit x WHERE x.rid = e.rid AND x.office = f.office"
_TOLD = (
    f"{_FED.format('')} AND NOT EXISTS{_EXIT}) UNION ALL"
    f" {_FED.format('DISTINCT')} AND EXISTS{_EXIT}) AND NOT EXISTS{_EXIT} AND {STANDING})"
)
"""What an office left it need not hold; what it entered again was told twice and is held once."""


def compare(connection: apsw.Connection, node: NodeRow, ask: RangeAsk, epoch: HubEpoch) -> RangeReply:
    """The ranges below the prefix that differ from the node's. None are named to a node that stands elsewhere in the feed.

    It is a walk over the office's whole feed (about a second for a million events), asked for once a week.
    """
    head = feed_head(connection, node.office)
    if ask.epoch != epoch or ask.cursor != head:
        return RangeReply(head, ())
    told = ((RecordId(as_bytes(rid)), EventId(as_bytes(id_))) for rid, id_ in connection.execute(_TOLD, (node.office, node.office)))
    found = differing(ask.prints, prints_of(told, ask.prefix))
    return RangeReply(head, found if ask.leaves_out else tuple(one for one in found if not _has_left_below(connection, node, one)))


def _has_left_below(connection: apsw.Connection, node: NodeRow, prefix: bytes) -> bool:
    """Whether the office left a dossier in this range: of it a desk of an earlier version holds what nobody can say."""
    last = prefix + b"\xff" * (16 - len(prefix))
    query = f"SELECT 1 FROM scope_exit WHERE office = ? AND rid BETWEEN ? AND ? AND {STANDING} LIMIT 1"
    return connection.execute(query, (node.office, prefix, last)).fetchone() is not None
